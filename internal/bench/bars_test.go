// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"flag"
	"sync"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/internal/rulegen"
)

var bars = flag.Bool("bars", false, "hold the speed against what is promised")

// needBars skips a test of speed, which other tests would disturb.
func needBars(t *testing.T) {
	t.Helper()
	if !*bars {
		t.Skip("measures speed, which other tests disturb: make bars")
	}
}

// rounds is how often each side of a comparison runs; the sides take turns.
const rounds = 9

// fastest runs all sides in turn and returns the shortest time of each.
func fastest(sides ...func() time.Duration) []time.Duration {
	best := make([]time.Duration, len(sides))
	for range rounds {
		for i, side := range sides {
			if d := side(); best[i] == 0 || d < best[i] {
				best[i] = d
			}
		}
	}
	return best
}

// perEvent is a side that runs gyr bench.
func perEvent(t *testing.T, s setup, args ...string) func() time.Duration {
	t.Helper()
	config := s.write(t)
	return func() time.Duration { return time.Duration(1e9 / rate(t, config, args...).Rate) }
}

// atMost logs a ratio and holds it against a bar.
func atMost(t *testing.T, what string, got, want float64) {
	t.Helper()
	t.Logf("%s: %.2f, wanted at most %.2f", what, got, want)
	if got > want {
		t.Errorf("%s: %.2f, want at most %.2f", what, got, want)
	}
}

// atLeast is the other way round.
func atLeast(t *testing.T, what string, got, want float64) {
	t.Helper()
	t.Logf("%s: %.2f, wanted at least %.2f", what, got, want)
	if got < want {
		t.Errorf("%s: %.2f, want at least %.2f", what, got, want)
	}
}

func TestBarsWholeRules(t *testing.T) {
	needBars(t)
	var sides []func() time.Duration
	for _, n := range []int{10, 1000, 10000} {
		sides = append(sides, wholeAndLoad(t, trail(t, rulegen.Rules(n, 1), "").write(t))...)
	}
	d := fastest(sides...)
	few, many, most := d[0]-d[1], d[2]-d[3], d[4]-d[5]
	t.Logf("evaluation: %v, %v, %v", few, many, most)
	atMost(t, "1,000 rules against 10, with reading", float64(many)/float64(few), 1.2)
	atMost(t, "10,000 rules against 10, with reading", float64(most)/float64(few), 1.5)
}

// wholeAndLoad are two sides, gyr and gyr without events. The difference of their fastest
// runs is what the evaluation takes; that of two runs in a row would be small where the
// second happened to be slow.
func wholeAndLoad(t *testing.T, config string) []func() time.Duration {
	t.Helper()
	return []func() time.Duration{
		func() time.Duration { _, whole := gyr(t, "-c", config); return whole },
		func() time.Duration { _, load := gyr(t, "-c", config, "--dry-run"); return load },
	}
}

func TestBarsFloor(t *testing.T) {
	needBars(t)
	config, folder := trail(t, trailRules(t), "").write(t), must(t, logs)
	reads := func() time.Duration {
		start := time.Now()
		if err := floor(folder); err != nil {
			t.Fatal(err)
		}
		return time.Since(start)
	}
	d := fastest(append(wholeAndLoad(t, config), reads)...)
	t.Logf("floor %v, gyr %v, of which %v before the first event", d[2], d[0], d[1])
	atMost(t, "the rules of the cloudtrail plugin against the floor", float64(d[0]-d[1])/float64(d[2]), 1.6)
}

func TestBarsLibrary(t *testing.T) {
	needBars(t)
	rules := rulegen.Rules(22, 1)
	d := fastest(perEvent(t, alone(trail(t, rules, ""))), perEvent(t, trail(t, rules, library(t, "cloudtrail"))))
	t.Logf("per event, linked in and library: %v", d)
	atLeast(t, "speed of a library against linked in", float64(d[0])/float64(d[1]), 0.4)
}

func TestBarsWorkers(t *testing.T) {
	needBars(t)
	s := dummy(numberRules(20), "")
	d := fastest(
		perEvent(t, s, "--workers", "1", "--events", "200000"),
		perEvent(t, s, "--workers", "2", "--events", "200000"),
		func() time.Duration { return spin(1) },
		func() time.Duration { return spin(2) },
	)
	machine := 2 * float64(d[2]) / float64(d[3])
	t.Logf("per event, one and two workers: %v; two loops do %.2f × the work of one here", d[:2], machine)
	atLeast(t, "speed of two workers against one", float64(d[0])/float64(d[1]), 1.7/2*min(machine, 2))
}

// spin has n goroutines do the same work each, and returns how long they take. It tells
// how much more two processors of a shared machine do than one.
func spin(n int) time.Duration {
	start := time.Now()
	var wg sync.WaitGroup
	sums := make([]uint64, 8*n)
	for i := range n {
		wg.Go(func() {
			x := uint64(i + 1)
			for range 300_000_000 {
				x ^= x << 13
				x ^= x >> 7
				x ^= x << 17
			}
			sums[8*i] = x
		})
	}
	wg.Wait()
	return time.Since(start)
}

func TestBarsStart(t *testing.T) {
	needBars(t)
	few, many := trail(t, rulegen.Rules(22, 1), "").write(t), trail(t, rulegen.Rules(3000, 1), "").write(t)
	dry := func(config string) func() time.Duration {
		return func() time.Duration { _, d := gyr(t, "-c", config, "--dry-run"); return d }
	}
	d := fastest(dry(few), dry(many))
	atMost(t, "milliseconds to start with 22 rules", float64(d[0].Microseconds())/1000, 50)
	atMost(t, "milliseconds to start with 3,000 rules", float64(d[1].Microseconds())/1000, 1000)
}

func TestBarsDummy(t *testing.T) {
	needBars(t)
	_, n := numbers()
	config, cpp := dummy([]byte(oneNumber), "").write(t), dummyC(t).write(t)
	whole := func(config string, args ...string) func() time.Duration {
		return func() time.Duration { _, d := gyr(t, append([]string{"-c", config}, args...)...); return d }
	}
	d := fastest(whole(config), whole(config, "--dry-run"), whole(cpp))
	atLeast(t, "million events per second of the dummy, linked in", float64(n)/(d[0]-d[1]).Seconds()/1e6, 5)
	atLeast(t, "million events per second of dummy_c, a library, with the start", float64(n)/d[2].Seconds()/1e6, 2.7)
}
