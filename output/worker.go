// SPDX-License-Identifier: Apache-2.0

package output

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

const defaultTimeout = 2 * time.Second

// Options configure a Queue and a Worker.
type Options struct {
	// Capacity is how many alerts may wait in a queue; 0 means DefaultCapacity.
	Capacity int
	// Drop drops alerts that find no room while the destination has been busy with one
	// for over 10 ms, else Write waits.
	Drop bool
	// Timeout is how long a write may take before the log says so, and how long the
	// destination may take nothing at the end; 0 means two seconds.
	Timeout time.Duration
	// First is how long the first attempt for an alert may take when the sources have
	// ended, if that is longer than Timeout.
	First time.Duration
	// Kept says that the feed keeps alerts for as long as it takes, so that a refusal that is
	// not about the alert is tried again.
	Kept bool
	// Log takes the reports about drops and failures. It must not be nil.
	Log *slog.Logger
}

// Feed is where a worker's alerts come from. Its methods are called by the worker, Discard
// from any goroutine.
type Feed interface {
	// Peek returns the alerts that come next, as many as lie together, and whether more
	// may follow. The alerts stay as they are until Done or Discard. Without any the
	// worker waits for Ready, or ends if no more follow.
	Peek() ([]alert.Alert, bool)
	// Ready has a token when something has changed since the last Peek.
	Ready() <-chan struct{}
	// Done removes the first n alerts: they are dealt with. It returns how many that
	// were: none after Discard.
	Done(n int) int
	// Discard gives up all alerts that wait, and those that will come, with err as the
	// reason, nil if they are dealt with by being lost. It returns how many wait.
	Discard(err error) int
}

// Worker delivers the alerts of a feed to a destination, in order, and tries again what
// was not taken.
type Worker struct {
	dest   Destination
	feed   Feed
	opts   Options
	report reports

	ctx    context.Context // done when the worker is given up
	giveUp context.CancelFunc
	wake   chan struct{} // has a token when a pause is to end early
	reopen atomic.Bool
	late   *time.Timer // reports a write that takes long
	ended  chan struct{}
	end    ending

	// of the goroutine
	failures int // failed attempts in a row
	attempts int // for the alert that comes next

	base  time.Time
	since atomic.Int64 // nanoseconds from base to when the alert that comes next did; 0 without one
	first atomic.Bool  // the attempt that is made is the first for its alert

	queued, drops, delivered, refused, failed, retried atomic.Uint64
}

func newWorker(dest Destination, feed Feed, o Options) *Worker {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	w := &Worker{
		dest: dest, feed: feed, opts: o, base: time.Now().Add(-1),
		wake: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	w.report = reports{w: w, log: o.Log}
	w.end.changed, w.end.over = make(chan struct{}, 1), make(chan struct{})
	w.ctx, w.giveUp = context.WithCancel(context.Background())
	w.late = time.AfterFunc(time.Hour, w.report.late)
	w.late.Stop()
	return w
}

// NewWorker starts a worker that delivers what feed has to dest. It ends, and closes dest,
// when the feed has ended, or as [Worker.End] says.
func NewWorker(dest Destination, feed Feed, o Options) *Worker {
	w := newWorker(dest, feed, o)
	go w.run()
	return w
}

// Name is the destination's name.
func (w *Worker) Name() string { return w.dest.Name() }

// Counts returns the counts up to now.
func (w *Worker) Counts() Counts {
	c := Counts{
		Dropped: w.drops.Load(), Delivered: w.delivered.Load(),
		Refused: w.refused.Load(), Failed: w.failed.Load(), Retried: w.retried.Load(),
	}
	c.Queued = w.queued.Load() // last, so that it is not less than the others
	return c
}

// Reopen has the destination reopened, in turn with its writes, and a pause ended. It does
// not wait.
func (w *Worker) Reopen() {
	w.reopen.Store(true)
	signal(w.wake)
}

// run delivers until the feed has ended, the destination is gone, or the worker is given up.
func (w *Worker) run() {
	defer close(w.ended)
	defer w.giveUp()
	for {
		alerts := w.next()
		if len(alerts) == 0 || !w.deliver(alerts) {
			break
		}
	}
	w.mark() // closing may take its time, too
	if err := w.dest.Close(); err != nil {
		w.report.closing(err)
	}
	w.since.Store(0)
}

// mark notes that an alert has become the next one.
func (w *Worker) mark() { w.since.Store(int64(time.Since(w.base))) }

// next waits for alerts. It returns none if the worker is to end.
func (w *Worker) next() []alert.Alert {
	for w.ctx.Err() == nil {
		if w.reopen.Swap(false) {
			if err := w.dest.Reopen(); err != nil {
				w.report.reopening(err)
			}
		}
		alerts, more := w.feed.Peek()
		if len(alerts) > 0 {
			if w.since.Load() == 0 {
				w.mark()
			}
			return alerts
		}
		w.since.Store(0)
		if !more {
			return nil
		}
		select {
		case <-w.feed.Ready():
		case <-w.wake:
		case <-w.ctx.Done():
		}
	}
	return nil
}

// deliver makes one attempt and deals with what comes of it. It returns false when the
// destination is gone.
func (w *Worker) deliver(alerts []alert.Alert) bool {
	if w.attempts++; w.attempts > 1 {
		w.retried.Add(1)
	}
	w.first.Store(w.attempts == 1)
	w.late.Reset(w.opts.Timeout)
	n, err := w.dest.Write(w.ctx, alerts)
	if w.late.Stop() {
		w.report.inTime()
	}
	w.first.Store(false)
	if n > 0 {
		w.mark()
		w.delivered.Add(uint64(w.feed.Done(n)))
		w.report.took()
		w.attempts, w.failures = 0, 0
	} else if err == nil {
		err = io.ErrNoProgress
	}
	if err == nil {
		return true
	}
	var refused *Refused
	var gone *Gone
	switch {
	case errors.As(err, &refused) && !(refused.Setup && w.opts.Kept):
		w.mark()
		w.attempts, w.failures = 0, 0
		w.refused.Add(uint64(w.feed.Done(1)))
		w.report.refused(err)
	case errors.As(err, &gone):
		w.failed.Add(uint64(w.feed.Discard(nil)))
		w.report.gone(err)
		return false
	case w.ctx.Err() == nil:
		w.failures++
		signal(w.end.changed)           // a first attempt may take longer than others
		w.attempts = max(w.attempts, 1) // the alert behind those delivered was tried, too
		w.report.retry(err)
		w.pause(err)
	}
	return true
}

// Oldest is how long the destination has been busy with the alert that comes next; 0 if
// there is none.
func (w *Worker) Oldest() time.Duration { return w.stuck() }

func (w *Worker) stuck() time.Duration {
	since := w.since.Load()
	if since == 0 {
		return 0
	}
	return time.Since(w.base) - time.Duration(since)
}
