// SPDX-License-Identifier: Apache-2.0

package output

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

var errDown = errors.New("down")

// pauses are the times between the calls.
func (g *gate) pauses() []time.Duration {
	var list []time.Duration
	for i := 1; i < len(g.calls); i++ {
		list = append(list, g.calls[i].Sub(g.calls[i-1]))
	}
	return list
}

// What fails is tried again, in order, first at once, then after pauses that double, up to
// 30 s; a success sets them back.
func TestRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, d := &gate{most: 1}, &dones{}
		g.fail = func(attempt int, next string) error {
			if next == "a" && attempt <= 16 || next == "b" && attempt == 18 {
				return errDown
			}
			return nil
		}
		q := NewQueue(g, Options{Log: quiet()})
		q.Write(batch("a", "b", "c"), d.one)
		time.Sleep(5 * time.Minute)
		_ = q.Close()
		if got := strings.Join(g.got, ""); got != "abc" || d.ok != 1 {
			t.Errorf("delivered %q, %d dones; want abc and 1", got, d.ok)
		}
		if c := q.Counts(); c != (Counts{Queued: 3, Delivered: 3, Retried: 17}) {
			t.Errorf("counts %+v, want 3 delivered, 17 retried", c)
		}
		want := leastPause
		for i, p := range g.pauses() {
			switch {
			case i == 0 || i > 15: // the first retry, b and c
				if p != 0 {
					t.Errorf("pause %d is %v, want none", i, p)
				}
			default:
				if p > want || p < want/2 {
					t.Errorf("pause %d is %v, want half of %v to the whole", i, p, want)
				}
				want = min(2*want, mostPause)
			}
		}
		if want != mostPause {
			t.Errorf("the pauses end at %v, want them to reach %v", want, mostPause)
		}
	})
}

// An error behind delivered alerts is about the next one, whose first attempt that was.
func TestRetryOfTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &partial{}
		q := NewQueue(g, Options{Log: quiet()})
		q.Write(batch("a", "b", "c", "d", "e"), nothing)
		_ = q.Close()
		if got := strings.Join(g.got, ""); got != "abcde" {
			t.Errorf("delivered %q, want abcde", got)
		}
		if c := q.Counts(); c.Delivered != 5 || c.Retried != 2 {
			t.Errorf("counts %+v, want 5 delivered and 2 retried", c)
		}
		if p := g.pauses(); !slices.Equal(p, []time.Duration{0, 0}) {
			t.Errorf("pauses %v, want none", p)
		}
	})
}

// partial takes two alerts of a call and fails at the third.
type partial struct{ gate }

func (p *partial) Write(ctx context.Context, alerts []alert.Alert) (int, error) {
	p.most = 2
	n, err := p.gate.Write(ctx, alerts)
	if err == nil && len(alerts) > 2 {
		err = errDown
	}
	return n, err
}

func TestBusyIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{fail: func(attempt int, _ string) error {
			if attempt > 3 {
				return nil
			}
			return &Busy{errDown, []time.Duration{time.Minute, 0, time.Second}[attempt-1]}
		}}
		q := NewQueue(g, Options{Log: quiet()})
		q.Write(batch("a"), nothing)
		time.Sleep(30 * time.Second)
		q.Reopen() // does not cut it short
		time.Sleep(31 * time.Second)
		_ = q.Close() // nor does this
		if p := g.pauses(); !slices.Equal(p, []time.Duration{time.Minute, 0, time.Second}) || len(g.got) != 1 {
			t.Errorf("pauses %v, %d alerts; want 1m, 0, 1s and one", p, len(g.got))
		}
	})
}

func TestReopen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		q := NewQueue(g, Options{Log: quiet()})
		q.Reopen()
		synctest.Wait()
		if g.reopened != 1 {
			t.Errorf("reopened %d times, want once", g.reopened)
		}
		g.fail = func(attempt int, _ string) error {
			if g.reopened < 2 {
				return errDown
			}
			return nil
		}
		q.Write(batch("a"), nothing)
		time.Sleep(10 * time.Second) // the pause is several seconds long by now
		q.Reopen()
		synctest.Wait()
		if g.reopened != 2 || len(g.got) != 1 {
			t.Errorf("reopened %d times, %d alerts; want 2 and 1: a pause ends when the output is reopened", g.reopened, len(g.got))
		}
		_ = q.Close()
	})
}

// A refused alert is dealt with: counted, logged, and not tried again.
func TestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines safeBuffer
		g, d := &gate{}, &dones{}
		g.fail = func(_ int, next string) error {
			if next == "b" {
				return &Refused{Err: errors.New("no b wanted")}
			}
			return nil
		}
		g.most = 1
		q := NewQueue(g, Options{Log: logTo(&lines)})
		q.Write(batch("a", "b"), d.one)
		q.Write(batch("b", "c"), d.one)
		q.Write(batch("b"), d.one)
		if err := q.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
		if got := strings.Join(g.got, ""); got != "ac" || d.ok != 3 {
			t.Errorf("delivered %q, %d dones without an error; want ac and 3", got, d.ok)
		}
		if c := q.Counts(); c != (Counts{Queued: 5, Delivered: 2, Refused: 3}) || c.Lost() != 3 {
			t.Errorf("counts %+v, want 2 delivered, 3 refused", c)
		}
		if n := strings.Count(lines.String(), "gate: alert refused: no b wanted"); n != 2 {
			t.Errorf("%d lines about three refused alerts, want 2:\n%s", n, lines.String())
		}
	})
}

// Where alerts are kept, a refusal that is not about the alert is tried again.
func TestRefusalAboutSetup(t *testing.T) {
	for _, kept := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			g := &gate{fail: func(attempt int, _ string) error {
				if attempt < 10 {
					return &Refused{Err: errors.New("who are you?"), Setup: true}
				}
				return nil
			}}
			q := NewQueue(g, Options{Log: quiet(), Kept: kept, Timeout: time.Hour})
			q.Write(batch("a"), nothing)
			_ = q.Close()
			want := Counts{Queued: 1, Refused: 1}
			if kept {
				want = Counts{Queued: 1, Delivered: 1, Retried: 9}
			}
			if c := q.Counts(); c != want {
				t.Errorf("kept %v: counts %+v, want %+v", kept, c, want)
			}
		})
	}
}

// A destination that is gone for good loses its alerts, with one line; nobody waits for it.
func TestGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines safeBuffer
		g, d := &gate{most: 1}, &dones{}
		g.fail = func(_ int, next string) error {
			if next == "b" {
				return &Gone{errors.New("broken pipe")}
			}
			return nil
		}
		q := NewQueue(g, Options{Capacity: 2, Log: logTo(&lines)})
		for range 10 {
			q.Write(batch("a", "b", "c"), d.one)
		}
		if err := q.Close(); err != nil {
			t.Errorf("Close = %v, want nil: nothing was given up at the end", err)
		}
		if c := q.Counts(); c != (Counts{Queued: 30, Delivered: 1, Failed: 29}) || d.ok != 10 || !g.closed {
			t.Errorf("counts %+v, %d dones, closed %v; want 1 delivered, 29 failed, 10, true", c, d.ok, g.closed)
		}
		if n := strings.Count(lines.String(), "\n"); n != 1 || !strings.Contains(lines.String(), "gate: broken pipe; this output is given up") {
			t.Errorf("%d lines, want one:\n%s", n, lines.String())
		}
	})
}

// A failing output logs a line when the number of failures has doubled, and one when it is
// back after a while.
func TestFailuresAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines safeBuffer
		g := &gate{most: 1}
		g.fail = func(attempt int, next string) error {
			if attempt < 100 && next != "short" || next == "short" && attempt%2 == 0 {
				return errDown
			}
			return nil
		}
		q := NewQueue(g, Options{Log: logTo(&lines), Timeout: 2 * time.Second})
		q.Write(batch("a"), nothing)
		time.Sleep(time.Hour)
		for range 100 {
			q.Write(batch("short"), nothing)
		}
		_ = q.Close()
		if n := strings.Count(lines.String(), "gate: down; will try again"); n != 8 {
			t.Errorf("%d lines about failures, want 8: 1 to 128:\n%s", n, lines.String())
		}
		if n := strings.Count(lines.String(), "gate: delivers again after "); n != 1 {
			t.Errorf("%d lines about the end of a failure, want one, about the long one:\n%s", n, lines.String())
		}
	})
}

// A write that takes long is reported once, and again only after one that did not.
func TestBlockedIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines safeBuffer
		g := &gate{most: 1, wait: 3 * time.Second}
		q := NewQueue(g, Options{Timeout: 2 * time.Second, First: time.Minute, Log: logTo(&lines)})
		count := func(want int) {
			t.Helper()
			synctest.Wait()
			if n := strings.Count(lines.String(), `\"gate\" output timeout`); n != want {
				t.Errorf("%d lines about a blocked output, want %d", n, want)
			}
		}
		q.Write(batch("a", "b", "c"), nothing)
		time.Sleep(2500 * time.Millisecond)
		count(1)
		time.Sleep(time.Minute)
		count(1)
		g.take(time.Second)
		q.Write(batch("d"), nothing)
		time.Sleep(time.Minute)
		g.take(5 * time.Second)
		q.Write(batch("e"), nothing)
		time.Sleep(time.Minute)
		count(2)
		_ = q.Close()
		if c := q.Counts(); c.Delivered != 5 || c.Retried != 0 {
			t.Errorf("counts %+v, want 5 delivered at once", c)
		}
	})
}

// A destination that takes nothing without an error does not make the worker spin.
func TestNoProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &none{}
		q := NewQueue(g, Options{Log: quiet()})
		q.Write(batch("a"), nothing)
		time.Sleep(time.Minute)
		_ = q.Close()
		if g.calls > 30 {
			t.Errorf("%d calls within a minute", g.calls)
		}
	})
}

type none struct{ calls int }

func (*none) Name() string                                        { return "none" }
func (n *none) Write(context.Context, []alert.Alert) (int, error) { n.calls++; return 0, nil }
func (*none) Reopen() error                                       { return nil }
func (*none) Close() error                                        { return fmt.Errorf("not closed") }
