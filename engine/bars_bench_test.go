// SPDX-License-Identifier: Apache-2.0

package engine_test

import (
	"flag"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/internal/rulegen"
)

var bars = flag.Bool("bars", false, "hold the speed against what is promised")

// TestBarsRules compares the time that events take with 10, 1,000 and 10,000 mixed rules,
// without reading. The sets take turns and the fastest pass of each counts, so that what
// else the machine does hits all of them or none.
func TestBarsRules(t *testing.T) {
	if !*bars {
		t.Skip("measures speed, which other tests disturb: make bars")
	}
	list := batches(trail(t, 1, 4000))
	counts := []int{10, 1000, 10000}
	best := make([]time.Duration, len(counts))
	var passes []func()
	for _, n := range counts {
		w, h := prepare(t, rulegen.Rules(n, 1)).NewWorker(), &render{}
		passes = append(passes, func() { run(t, w, list, h) })
	}
	for range 25 {
		for i, pass := range passes {
			start := time.Now()
			pass()
			if d := time.Since(start); best[i] == 0 || d < best[i] {
				best[i] = d
			}
		}
	}
	for i, want := range []float64{1, 1.2, 1.5} {
		ratio := float64(best[i]) / float64(best[0])
		t.Logf("%5d rules: %5d ns per event, %.2f × that of %d", counts[i], best[i].Nanoseconds()/int64(countEvents(list)), ratio, counts[0])
		if ratio > want {
			t.Errorf("%d rules take %.2f × the time of %d, want at most %.1f", counts[i], ratio, counts[0], want)
		}
	}
}
