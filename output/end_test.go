// SPDX-License-Identifier: Apache-2.0

package output

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// closing is how long Close takes, and what it returns.
func closing(q *Queue) (time.Duration, error) {
	start := time.Now()
	err := q.Close()
	return time.Since(start), err
}

// As long as alerts are delivered the end takes the time it takes.
func TestCloseWaitsWhileAlertsAreDelivered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dones{}
		g := &gate{most: 1, wait: 900 * time.Millisecond}
		q := NewQueue(g, Options{Timeout: time.Second, Log: quiet()})
		q.Write(batch(make([]string, 1000)...), d.one)
		if took, err := closing(q); err != nil || d.ok != 1 || took != 900*time.Second {
			t.Errorf("Close = %v after %v with %d dones, want nil, 900s and 1", err, took, d.ok)
		}
	})
}

// The first attempt for an alert has its own time, not so the second.
func TestCloseWaitsForFirstAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{most: 1, wait: 5 * time.Second}
		q := NewQueue(g, Options{Timeout: time.Second, First: 10 * time.Second, Log: quiet()})
		q.Write(batch("a", "b", "c"), nothing)
		if took, err := closing(q); err != nil || took != 15*time.Second {
			t.Errorf("Close = %v after %v, want nil and 15s", err, took)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		g := &gate{wait: 6 * time.Second, fail: func(int, string) error { return errDown }}
		q := NewQueue(g, Options{Timeout: time.Second, First: 10 * time.Second, Log: quiet()})
		q.Write(batch("a"), nothing)
		if took, err := closing(q); err == nil || took != 6*time.Second {
			t.Errorf("Close = %v after %v, want an error after 6s", err, took)
		}
	})
}

// What is on its way and what waits is counted as lost, as soon as nothing was delivered
// for the time allowed.
func TestCloseGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dones{}
		g := &gate{most: 1, wait: time.Hour}
		q := NewQueue(g, Options{Timeout: time.Second, Log: quiet()})
		q.Write(batch("a", "b"), d.one)
		q.Write(batch("c"), d.one)
		took, err := closing(q)
		if took != time.Second || !errors.Is(err, ErrClosed) || !strings.Contains(err.Error(), "output gate: 3 alerts lost") {
			t.Errorf("Close = %v after %v, want 3 alerts lost after 1s", err, took)
		}
		if c := q.Counts(); c != (Counts{Queued: 3, Failed: 3}) || len(d.errs) != 2 || !errors.Is(d.errs[0], ErrClosed) {
			t.Errorf("counts %+v, errors %v; want 3 failed and ErrClosed twice", c, d.errs)
		}
		q.Write(batch("late"), d.one)
		if len(d.errs) != 3 {
			t.Errorf("a Write after Close is done with %v", d.errs)
		}
	})
}

// A pause between attempts is cut short at the end, so that the time left is made use of.
func TestCloseTriesOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		var up atomic.Bool
		g.fail = func(int, string) error {
			if up.Load() {
				return nil
			}
			return errDown
		}
		q := NewQueue(g, Options{Timeout: time.Second, Log: quiet()})
		q.Write(batch("a"), nothing)
		time.Sleep(5 * time.Minute)
		up.Store(true)
		if took, err := closing(q); err != nil || took != 0 || len(g.got) != 1 {
			t.Errorf("Close = %v after %v, %d alerts; want the alert at once", err, took, len(g.got))
		}
	})
}

// The pauses begin small again at the end.
func TestCloseTriesOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{fail: func(int, string) error { return errDown }}
		q := NewQueue(g, Options{Timeout: time.Second, Log: quiet()})
		q.Write(batch("a"), nothing)
		time.Sleep(5 * time.Minute)
		before := q.Counts().Retried
		if took, err := closing(q); err == nil || took != time.Second {
			t.Errorf("Close = %v after %v, want an error after 1s", err, took)
		}
		if n := q.Counts().Retried - before; n < 6 || n > 12 {
			t.Errorf("%d attempts in the last second, want some at growing pauses", n)
		}
	})
}

// A destination that is stuck in a call is left alone after another second.
func TestCloseLeavesAStuckDestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines safeBuffer
		d := &dones{}
		g := &gate{hold: make(chan struct{})}
		q := NewQueue(g, Options{Timeout: time.Second, Log: logTo(&lines)})
		q.Write(batch("a", "b"), d.one)
		if took, err := closing(q); err == nil || took != time.Second+grace {
			t.Errorf("Close = %v after %v, want an error after %v", err, took, time.Second+grace)
		}
		if !strings.Contains(lines.String(), "output channels still blocked, discarding all remaining notifications") {
			t.Errorf("the log does not say so: %s", lines.String())
		}
		close(g.hold)
		synctest.Wait()
		if c := q.Counts(); c != (Counts{Queued: 2, Failed: 2}) || d.ok != 0 || len(d.errs) != 1 {
			t.Errorf("when the call returns: counts %+v, dones %d, errors %v; want 2 failed, one error", c, d.ok, d.errs)
		}
	})
}

// After a signal there is a limit whatever is delivered, also for a Write that waits, and
// for the first attempt.
func TestEndWithLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dones{}
		g := &gate{most: 1, wait: 900 * time.Millisecond}
		q := NewQueue(g, Options{Capacity: 3, Timeout: time.Second, First: time.Hour, Log: quiet()})
		wrote := make(chan time.Time, 1)
		go func() {
			q.Write(batch(make([]string, 1000)...), d.one)
			wrote <- time.Now()
		}()
		synctest.Wait()
		start := time.Now()
		q.End(start.Add(20 * time.Second))
		q.End(start.Add(time.Minute)) // a later limit changes nothing
		if took := (<-wrote).Sub(start); took != 20*time.Second {
			t.Errorf("a Write that waited returned after %v, want 20s", took)
		}
		if err := q.Close(); err == nil {
			t.Error("Close returned nil")
		}
		if c := q.Counts(); c.Queued != 1000 || c.Delivered != 22 || c.Failed != 978 || len(d.errs) != 1 {
			t.Errorf("counts %+v, errors %v; want 22 delivered, 978 failed, one error", c, d.errs)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		g := &gate{wait: time.Hour}
		q := NewQueue(g, Options{Timeout: time.Second, First: time.Hour, Log: quiet()})
		q.Write(batch("a"), nothing)
		start := time.Now()
		q.End(start.Add(20 * time.Second))
		if _, err := closing(q); err == nil || time.Since(start) != time.Second {
			t.Errorf("Close = %v after %v, want an error 1s after the signal", err, time.Since(start))
		}
	})
}

// While nothing waits, time does not count: a source may take long to stop.
func TestEndOfAnIdleOutput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, d := &gate{}, &dones{}
		q := NewQueue(g, Options{Timeout: time.Second, Log: quiet()})
		q.End(time.Now().Add(20 * time.Second))
		time.Sleep(15 * time.Second)
		q.Write(batch("a"), d.one)
		if took, err := closing(q); err != nil || took != 0 || d.ok != 1 {
			t.Errorf("Close = %v after %v with %d dones, want nil, 0 and 1", err, took, d.ok)
		}
	})
}

// A destination that does not close in time keeps nobody; nothing is lost by that.
func TestCloseOfADestinationMayTakeLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &lingers{hold: make(chan struct{})}
		q := NewQueue(g, Options{Timeout: time.Second, Log: quiet()})
		q.Write(batch("a"), nothing)
		if took, err := closing(q); err != nil || took != time.Second+grace {
			t.Errorf("Close = %v after %v, want nil after %v", err, took, time.Second+grace)
		}
		close(g.hold)
	})
}

type lingers struct {
	gate
	hold chan struct{}
}

func (l *lingers) Close() error { <-l.hold; return nil }
