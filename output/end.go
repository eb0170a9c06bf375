// SPDX-License-Identifier: Apache-2.0

package output

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// grace is how long a worker that is given up may take to leave its destination's Write.
const grace = time.Second

// ending is how a worker comes to its end.
type ending struct {
	mu      sync.Mutex
	began   time.Time     // when End was called first
	limit   time.Time     // the earliest that End was told; zero for none
	changed chan struct{} // has a token when there may be less time left
	given   atomic.Bool   // the worker is being given up
	over    chan struct{} // closed when it was
	lost    int           // alerts lost by that
}

// End limits the time that the worker has left. From now on it is given up when its
// destination has had something to take and has taken nothing for [Options.Timeout]; and at
// the time by at the latest, unless that is zero. Without such a limit, the first attempt
// for an alert may take [Options.First].
//
// End returns at once and may be called again with an earlier limit. It does not keep the
// worker from working; that the feed ends is up to the feed.
func (w *Worker) End(by time.Time) {
	w.end.mu.Lock()
	defer w.end.mu.Unlock()
	if !by.IsZero() && (w.end.limit.IsZero() || by.Before(w.end.limit)) {
		w.end.limit = by
		signal(w.end.changed)
	}
	if w.end.began.IsZero() {
		w.end.began = time.Now()
		signal(w.wake)
		go w.watch()
	}
}

// Wait waits until the worker has ended or is given up; End must have been called. The
// error says how many alerts were lost by giving up.
func (w *Worker) Wait() error {
	select {
	case <-w.ended:
		if !w.end.given.Load() {
			return nil
		}
	case <-w.end.over:
	}
	<-w.end.over
	if w.end.lost > 0 {
		return fmt.Errorf("output %s: %d alerts lost: %w", w.Name(), w.end.lost, ErrClosed)
	}
	return nil
}

// GivenUp waits until the worker has ended, and reports whether it was given up.
func (w *Worker) GivenUp() bool {
	select {
	case <-w.ended:
	case <-w.end.over:
	}
	return w.end.given.Load()
}

// watch gives the worker up when its time is over.
func (w *Worker) watch() {
	for {
		left := w.left()
		if left <= 0 {
			break
		}
		t := time.NewTimer(left)
		select {
		case <-w.ended:
			t.Stop()
			return
		case <-w.end.changed:
			t.Stop()
		case <-t.C:
		}
	}
	w.end.given.Store(true)
	w.giveUp()
	select {
	case <-w.ended:
	case <-time.After(grace):
		w.report.stuck()
	}
	w.end.lost = w.feed.Discard(ErrClosed)
	w.failed.Add(uint64(w.end.lost))
	close(w.end.over)
}

// left is how long the worker may go on without taking an alert.
func (w *Worker) left() time.Duration {
	w.end.mu.Lock()
	began, limit := w.end.began, w.end.limit
	w.end.mu.Unlock()
	now := time.Now()
	until := now.Add(w.opts.Timeout)
	if since := w.since.Load(); since != 0 {
		next := w.base.Add(time.Duration(since))
		until = later(next, began).Add(w.opts.Timeout)
		if limit.IsZero() && w.first.Load() {
			until = later(until, next.Add(w.opts.First))
		}
	}
	if !limit.IsZero() && limit.Before(until) {
		until = limit
	}
	return until.Sub(now)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
