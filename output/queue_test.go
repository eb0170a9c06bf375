// SPDX-License-Identifier: Apache-2.0

package output

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

func TestQueueDeliversInOrder(t *testing.T) {
	g, d := &gate{}, &dones{}
	q := NewQueue(g, Options{Log: quiet()})
	q.Write(batch("a", "b"), d.one)
	q.Write(nil, d.one)
	q.Write(batch("c"), d.one)
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(g.got, " "); got != "a b c" || d.ok != 3 || !g.closed {
		t.Errorf("delivered %q with %d dones, closed %v; want a b c, 3, true", got, d.ok, g.closed)
	}
	if c := q.Counts(); c != (Counts{Queued: 3, Delivered: 3}) {
		t.Errorf("counts %+v, want 3 queued and delivered", c)
	}
}

func TestQueueWaitsWhenFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, d := &gate{hold: make(chan struct{})}, &dones{}
		q := NewQueue(g, Options{Capacity: 3, Log: quiet()})
		written := 0
		go func() {
			for i := range 4 {
				q.Write(batch(strconv.Itoa(i), "x"), d.one)
				written++
			}
		}()
		synctest.Wait()
		if written != 1 || q.Room() != 0 {
			t.Errorf("%d calls with 2 alerts went into a queue of 3, room for %d; want 1 and 0", written, q.Room())
		}
		close(g.hold)
		synctest.Wait()
		if written != 4 || d.ok != 4 {
			t.Errorf("%d calls, %d done after the destination was released, want 4", written, d.ok)
		}
		_ = q.Close()
		if got := strings.Join(g.got, ""); got != "0x1x2x3x" {
			t.Errorf("delivered %s", got)
		}
	})
}

// A batch that is larger than the queue goes in piece by piece, even if alerts may be
// dropped, as long as the destination is not busy with one for over 10 ms.
func TestBurstThroughSmallQueue(t *testing.T) {
	for _, drop := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			g, d := &gate{most: 7, wait: 9 * time.Millisecond}, &dones{}
			q := NewQueue(g, Options{Capacity: 100, Drop: drop, Log: quiet()})
			for range 40 {
				q.Write(batch(make([]string, 250)...), d.one)
			}
			_ = q.Close()
			if c := q.Counts(); c != (Counts{Queued: 10000, Delivered: 10000}) || d.ok != 40 {
				t.Errorf("drop %v: counts %+v, %d dones; want 10000 delivered, 40", drop, c, d.ok)
			}
		})
	}
}

func TestQueueDropsIfTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines safeBuffer
		g, d := &gate{hold: make(chan struct{})}, &dones{}
		q := NewQueue(g, Options{Capacity: 3, Drop: true, Log: logTo(&lines)})
		start := time.Now()
		q.Write(batch("a", "b"), d.one)
		q.Write(batch("c", "d"), d.one)
		if took := time.Since(start); took != patience {
			t.Errorf("dropped after %v, want %v", took, patience)
		}
		q.Write(batch("e", "f"), d.one)
		if took := time.Since(start); took != patience || d.ok != 0 {
			t.Errorf("dropped again after %v, %d dones; want no further wait and 0", took, d.ok)
		}
		close(g.hold)
		_ = q.Close()
		if got := strings.Join(g.got, " "); got != "a b c" || d.ok != 3 {
			t.Errorf("delivered %q with %d dones, want a b c and 3", got, d.ok)
		}
		if c := q.Counts(); c != (Counts{Queued: 3, Delivered: 3, Dropped: 3}) {
			t.Errorf("counts %+v, want 3 delivered, 3 dropped", c)
		}
		if n := strings.Count(lines.String(), "Outputs queue out of memory. Drop event and continue on ..."); n != 2 {
			t.Errorf("%d lines about 1, then 3 dropped alerts; want 2", n)
		}
	})
}

// A destination that fails makes no progress: what finds no room is dropped.
func TestQueueDropsWhileItsOutputFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{fail: func(int, string) error { return errors.New("down") }}
		q := NewQueue(g, Options{Capacity: 3, Drop: true, Log: quiet()})
		for range 10 {
			q.Write(batch("a"), nothing)
		}
		_ = q.Close()
		if c := q.Counts(); c.Queued != 3 || c.Dropped != 7 || c.Failed != 3 {
			t.Errorf("counts %+v; want 3 queued and failed, 7 dropped", c)
		}
	})
}

// The alerts of one call stay together, whoever else writes.
func TestQueueTakesConcurrentWrites(t *testing.T) {
	const writers, calls, size = 8, 50, 9
	g, d := &gate{most: 4}, &dones{}
	q := NewQueue(g, Options{Capacity: 5, Log: quiet()})
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for c := range calls {
				var lines []string
				for i := range size {
					lines = append(lines, strconv.Itoa(w)+" "+strconv.Itoa(c*size+i))
				}
				q.Write(batch(lines...), d.one)
			}
		})
	}
	wg.Wait()
	_ = q.Close()
	if len(g.got) != writers*calls*size || d.ok != writers*calls {
		t.Fatalf("%d alerts, %d dones; want %d, %d", len(g.got), d.ok, writers*calls*size, writers*calls)
	}
	next := map[string]int{}
	for i, line := range g.got {
		w, n, _ := strings.Cut(line, " ")
		if n != strconv.Itoa(next[w]) || i%size != 0 && !strings.HasPrefix(g.got[i-1], w+" ") {
			t.Fatalf("alert %d is %q behind %q", i, line, g.got[i-1])
		}
		next[w]++
	}
}

// TestQueueModel has random calls meet random failures, and a random end. Every call is
// done once, in order; what is done without an error is delivered, refused or dropped.
func TestQueueModel(t *testing.T) {
	for seed := range uint64(300) {
		synctest.Test(t, func(t *testing.T) { model(t, rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 2))) })
	}
}

func model(t *testing.T, rnd, chance *rand.Rand) {
	var refused []string
	g := &gate{most: rnd.IntN(4)}
	g.fail = func(_ int, next string) error {
		switch chance.IntN(8) {
		case 0:
			return errors.New("plain")
		case 1:
			return &Busy{errors.New("busy"), time.Duration(chance.IntN(50)) * time.Millisecond}
		case 2:
			refused = append(refused, next)
			return &Refused{Err: errors.New("refused")}
		}
		return nil
	}
	q := NewQueue(g, Options{Capacity: 1 + rnd.IntN(20), Drop: rnd.IntN(2) == 0, Timeout: time.Hour, Log: quiet()})
	calls, next := rnd.IntN(30), 0
	end := calls // the call before which the time is up
	if rnd.IntN(2) == 0 {
		end = rnd.IntN(calls + 1)
	}
	var mu sync.Mutex
	results := make([][]error, calls)
	last := -1
	for c := range calls {
		if c == end {
			q.End(time.Now())
		}
		lines := make([]string, rnd.IntN(15))
		for i := range lines {
			lines[i] = strconv.Itoa(next)
			next++
		}
		if len(lines) == 0 {
			lines = nil
		}
		q.Write(batch(lines...), func(err error) {
			mu.Lock()
			defer mu.Unlock()
			results[c] = append(results[c], err)
			if c < last && lines != nil && end == calls {
				t.Errorf("call %d is done after call %d", c, last)
			}
			if lines != nil {
				last = max(last, c)
			}
		})
	}
	err := q.Close()
	counts := q.Counts()
	failures := false
	for c, r := range results {
		if len(r) != 1 {
			t.Fatalf("done of call %d was called %d times", c, len(r))
		}
		failures = failures || r[0] != nil
	}
	if failures != (counts.Failed > 0) || end == calls && (failures || err != nil) {
		t.Errorf("a done with an error: %v; counts %+v; Close: %v", failures, counts, err)
	}
	if counts.Queued+counts.Dropped != uint64(next) || counts.Queued != counts.Delivered+counts.Refused+counts.Failed {
		t.Errorf("of %d alerts the counts are %+v", next, counts)
	}
	if counts.Delivered != uint64(len(g.got)) || counts.Refused != uint64(len(refused)) {
		t.Errorf("%d delivered, %d refused; the counts are %+v", len(g.got), len(refused), counts)
	}
	if counts.Retried > uint64(len(g.calls)) || counts.Retried+counts.Delivered+counts.Refused < uint64(len(g.calls))/2 && g.most == 1 {
		t.Errorf("%d calls; the counts are %+v", len(g.calls), counts)
	}
	before := -1
	for _, line := range g.got {
		n, _ := strconv.Atoi(line)
		if n <= before {
			t.Errorf("%d is delivered behind %d", n, before)
		}
		before = n
	}
}

func TestFanout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, good, d := &gate{hold: make(chan struct{})}, &gate{}, &dones{}
		f := Fanout([]alert.Sink{NewQueue(slow, Options{Capacity: 1, Log: quiet()}), NewQueue(good, Options{Log: quiet()})})
		go func() {
			f.Write(batch("a", "b"), d.one)
			f.Write(nil, d.one)
		}()
		synctest.Wait()
		if len(good.got) != 2 || d.ok != 0 {
			t.Errorf("beside a full output %d alerts arrive, %d dones; want 2 and 0", len(good.got), d.ok)
		}
		close(slow.hold)
		synctest.Wait()
		if err := f.Close(); err != nil || len(slow.got) != 2 || d.ok != 2 {
			t.Errorf("Close = %v, %d alerts, %d dones; want nil, 2 and 2", err, len(slow.got), d.ok)
		}
	})
}

func TestFanoutJoinsErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		good, d := &gate{}, &dones{}
		bad := &gate{fail: func(int, string) error { return errors.New("down") }}
		f := Fanout([]alert.Sink{NewQueue(bad, Options{Log: quiet()}), NewQueue(good, Options{Log: quiet()})})
		f.Write(batch("a"), d.one)
		if err := f.Close(); !errors.Is(err, ErrClosed) {
			t.Errorf("Close = %v, want %v", err, ErrClosed)
		}
		if len(good.got) != 1 || len(d.errs) != 1 || !errors.Is(d.errs[0], ErrClosed) {
			t.Errorf("the good output got %v, errors %v; want one alert and %v", good.got, d.errs, ErrClosed)
		}
	})
}

func TestRing(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var r ring
	next, first := uint64(1), uint64(1)
	for range 20000 {
		if rnd.IntN(2) == 0 {
			list := make([]alert.Alert, rnd.IntN(90))
			for i := range list {
				list[i].Num = next
				next++
			}
			r.push(list)
		} else {
			n := rnd.IntN(r.n + 1)
			r.drop(n)
			first += uint64(n)
		}
		if uint64(r.n) != next-first {
			t.Fatalf("%d alerts, want %d", r.n, next-first)
		}
		if r.n > 0 && (len(r.front()) == 0 || r.front()[0].Num != first) {
			t.Fatalf("the front is %d alerts from %d on, want those from %d on", len(r.front()), r.front()[0].Num, first)
		}
	}
}

func BenchmarkQueue(b *testing.B) {
	alerts := batch(make([]string, 46)...)
	for i := range alerts {
		alerts[i].Line = []byte(strings.Repeat("x", 500))
	}
	q := NewQueue(NewStdout(discard{}, false), Options{Log: quiet()})
	b.ReportAllocs()
	for b.Loop() {
		q.Write(alerts, nothing)
	}
	_ = q.Close()
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
