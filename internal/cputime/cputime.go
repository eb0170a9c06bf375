// SPDX-License-Identifier: Apache-2.0

// Package cputime tells tests what work costs, in a unit that depends neither on the
// machine nor on what else it does: processor time relative to that of a fixed piece of
// work, which is done right before and after.
package cputime

import (
	"hash/maphash"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"
)

// Cost returns the processor time that the process uses while f runs, in units of the time
// of a fixed piece of work: some ten milliseconds of allocations, map accesses and sorting
// on a machine of 2025. The process does nothing else meanwhile.
func Cost(f func()) float64 {
	before := measure(unit)
	took := measure(f)
	after := measure(unit)
	return 2 * float64(took) / float64(max(before+after, 1))
}

// AtMost fails the test if f costs more than limit.
func AtMost(t testing.TB, limit float64, f func()) {
	t.Helper()
	if got := Cost(f); got > limit {
		t.Errorf("costs %.1f times a fixed piece of work, want at most %.1f", got, limit)
	}
}

// measure returns the processor time of f. What was left to collect before is not counted.
func measure(f func()) time.Duration {
	runtime.GC()
	start := Process()
	f()
	return Process() - start
}

var seed = maphash.MakeSeed()

// unit is the fixed piece of work.
func unit() {
	const words = 30_000
	seen := map[string]uint64{}
	list := make([]string, 0, words)
	for i := range words {
		w := "word " + strconv.Itoa(i*7919%words)
		seen[w] = maphash.String(seed, w)
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b string) int {
		if seen[a] < seen[b] {
			return -1
		}
		return 1
	})
	sum += seen[list[0]]
}

var sum uint64 // keeps the work from being left out
