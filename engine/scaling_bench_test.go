// SPDX-License-Identifier: Apache-2.0

package engine_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/rulegen"
)

// sizes are the numbers of rules; -short leaves out what takes long to prepare.
func sizes() []int {
	if testing.Short() {
		return []int{10, 1000}
	}
	return []int{1, 10, 100, 1000, 10000}
}

// BenchmarkRules evaluates mixed rules on CloudTrail records: extraction, index and
// evaluation, without reading.
func BenchmarkRules(b *testing.B) {
	list := batches(trail(b, 1, 4000))
	for _, n := range sizes() {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			p := prepare(b, rulegen.Rules(n, 1))
			measure(b, p, list)
			reportIndex(b, p, list)
		})
	}
}

// BenchmarkAlerts has one rule that matches a share of the events, whose message is
// rendered.
func BenchmarkAlerts(b *testing.B) {
	for _, percent := range []int{0, 1, 100} {
		var records [][]byte
		for i := range 2560 {
			records = append(records, record(i, 1000, i%100 < percent))
		}
		list := batches(records)
		b.Run(fmt.Sprintf("alerts=%d%%", percent), func(b *testing.B) {
			measure(b, prepare(b, []byte(hitRule)), list)
		})
	}
}

// BenchmarkEventSize has a hundred mixed rules on events of several sizes.
func BenchmarkEventSize(b *testing.B) {
	p := prepare(b, rulegen.Rules(100, 1))
	for _, size := range []int{200, 2000, 20000} {
		var records [][]byte
		for i := range 512 {
			records = append(records, record(i, size, false))
		}
		list := batches(records)
		b.Run(fmt.Sprintf("event=%dB", size), func(b *testing.B) {
			b.SetBytes(int64(len(records) * len(records[0])))
			measure(b, p, list)
		})
	}
}

// measure runs the program over all batches, again and again. ns/op is the mean, ns/event
// and events/s are those of the fastest pass, the one that was disturbed least.
func measure(b *testing.B, p *engine.Program, list []*event.Batch) {
	b.Helper()
	w, h := p.NewWorker(), &render{}
	run(b, w, list, h) // buffers grow to their size
	events, alerts := float64(countEvents(list)), float64(h.n)
	b.ReportAllocs()
	best := time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		run(b, w, list, h)
		best = min(best, time.Since(start))
	}
	b.ReportMetric(float64(best.Nanoseconds())/events, "ns/event")
	b.ReportMetric(events/best.Seconds(), "events/s")
	b.ReportMetric(100*alerts/events, "%alerts")
}
