// SPDX-License-Identifier: Apache-2.0

package output

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// DefaultCapacity is how many alerts wait for a destination at most, unless said otherwise.
const DefaultCapacity = 16384

const defaultTimeout = 2 * time.Second

// Options configure a Queue.
type Options struct {
	// Capacity is how many alerts may wait; 0 means DefaultCapacity.
	Capacity int
	// Drop drops alerts that find no room, else Write waits.
	Drop bool
	// Timeout is how long a single write may take before the log says so, and how long
	// Close waits without progress; 0 means two seconds.
	Timeout time.Duration
	// Log takes the reports about drops and failures. It must not be nil.
	Log *slog.Logger
}

// Queue is an [alert.Sink] in front of one destination.
type Queue struct {
	dest Destination
	opts Options

	mu      sync.Mutex
	room    sync.Cond // signalled when entries leave or the queue closes
	work    sync.Cond // signalled when there is something to do
	entries []entry
	spare   [][]alert.Alert // of entries that are settled, for others
	waiting int             // alerts in entries and in the destination's Write
	reopen  bool
	closed  bool
	ended   chan struct{}

	delivered, drops, failures atomic.Uint64
	progress                   atomic.Uint64 // writes that have returned
}

type entry struct {
	alerts []alert.Alert
	done   func(error)
}

var _ alert.Sink = (*Queue)(nil)

// ErrClosed is what done gets for alerts that were discarded because the destination did
// not take them in time at the end.
var ErrClosed = errors.New("output closed before the alerts were delivered")

// NewQueue starts a queue in front of dest. Close ends both.
func NewQueue(dest Destination, o Options) *Queue {
	if o.Capacity <= 0 {
		o.Capacity = DefaultCapacity
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	q := &Queue{dest: dest, opts: o, ended: make(chan struct{})}
	q.room.L, q.work.L = &q.mu, &q.mu
	go q.run()
	return q
}

// Name is the destination's name.
func (q *Queue) Name() string { return q.dest.Name() }

// Counts are what became of the alerts.
type Counts struct{ Delivered, Dropped, Failed uint64 }

// Counts returns the counts up to now.
func (q *Queue) Counts() Counts {
	return Counts{Delivered: q.delivered.Load(), Dropped: q.drops.Load(), Failed: q.failures.Load()}
}

// Write queues the alerts; see [alert.Sink] and [Options.Drop].
func (q *Queue) Write(alerts []alert.Alert, done func(error)) {
	if len(alerts) == 0 {
		done(nil)
		return
	}
	q.mu.Lock()
	if q.opts.Drop {
		fit := max(min(len(alerts), q.opts.Capacity-q.waiting), 0)
		q.dropped(len(alerts) - fit)
		alerts = alerts[:fit]
	} else {
		// an entry larger than the queue goes in when the queue is empty
		for q.waiting > 0 && q.waiting+len(alerts) > q.opts.Capacity && !q.closed {
			q.room.Wait()
		}
	}
	if q.closed || len(alerts) == 0 {
		closed := q.closed
		q.mu.Unlock()
		if closed {
			q.failures.Add(uint64(len(alerts)))
			done(ErrClosed)
		} else {
			done(nil)
		}
		return
	}
	q.entries = append(q.entries, entry{alerts: append(q.takeSpare(), alerts...), done: done})
	q.waiting += len(alerts)
	q.work.Signal()
	q.mu.Unlock()
}

// maxSpare is how many slices of settled entries a queue keeps.
const maxSpare = 32

// takeSpare returns an empty slice. The caller holds the lock.
func (q *Queue) takeSpare() []alert.Alert {
	n := len(q.spare)
	if n == 0 {
		return nil
	}
	s := q.spare[n-1]
	q.spare[n-1] = nil
	q.spare = q.spare[:n-1]
	return s
}

// settle tells the writer of an entry what became of it.
func (q *Queue) settle(e entry, err error) {
	e.done(err)
	clear(e.alerts)
	q.mu.Lock()
	if len(q.spare) < maxSpare {
		q.spare = append(q.spare, e.alerts[:0])
	}
	q.mu.Unlock()
}

// dropped counts alerts that found no room. The log gets the first and every doubling.
func (q *Queue) dropped(n int) {
	if n == 0 {
		return
	}
	before := q.drops.Load()
	after := q.drops.Add(uint64(n))
	if doubled(before, after) {
		q.opts.Log.Error("Outputs queue out of memory. Drop event and continue on ...", "output", q.dest.Name(), "dropped", after)
	}
}

// failed counts alerts that the destination did not take.
func (q *Queue) failed(n int, err error) {
	before := q.failures.Load()
	after := q.failures.Add(uint64(n))
	if n == 0 || doubled(before, after) {
		q.opts.Log.Error(fmt.Sprintf("%s: %v", q.dest.Name(), err), "lost", after)
	}
}

// doubled reports whether a counter went over a power of two (the first from zero).
func doubled(before, after uint64) bool { return after&^before > before }

// Reopen has the destination reopened, in turn with its writes. It does not wait.
func (q *Queue) Reopen() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.reopen = true
	q.work.Signal()
}

// Close implements [alert.Sink]. The error says that alerts were given up.
func (q *Queue) Close() error {
	q.mu.Lock()
	if !q.closed {
		q.closed = true
		q.work.Signal()
		q.room.Broadcast()
	}
	q.mu.Unlock()
	for last := q.progress.Load(); ; {
		select {
		case <-q.ended:
			return nil
		case <-time.After(q.opts.Timeout):
		}
		now := q.progress.Load()
		if now == last {
			return q.discard()
		}
		last = now
	}
}

// discard gives up what is queued behind a write that does not return.
func (q *Queue) discard() error {
	q.mu.Lock()
	entries := q.entries
	q.entries = nil
	q.mu.Unlock()
	n := 0
	for _, e := range entries {
		n += len(e.alerts)
		e.done(ErrClosed)
	}
	q.failures.Add(uint64(n))
	q.log(levelNotice, "output channels still blocked, discarding all remaining notifications", "output", q.dest.Name(), "lost", n)
	return fmt.Errorf("output %s: blocked, %d alerts lost", q.dest.Name(), n)
}

func (q *Queue) log(level slog.Level, msg string, args ...any) {
	q.opts.Log.Log(context.Background(), level, msg, args...)
}

// levelNotice lies between info and warning.
const levelNotice = slog.Level(2)
