// SPDX-License-Identifier: Apache-2.0

package output

import (
	"sync"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// DefaultCapacity is how many alerts wait for a destination at most, unless said otherwise.
const DefaultCapacity = 16384

// patience is how long an alert may be on its way before a full queue drops others.
const patience = 10 * time.Millisecond

// Queue is an [alert.Sink] in front of one destination: alerts in memory, and the [Worker]
// that delivers them. Write may be called from many goroutines at once; the alerts of one
// call stay together.
type Queue struct {
	*Worker
	capacity int
	drop     bool

	turn sync.Mutex    // of Write, so that one call waits for room at a time
	room chan struct{} // has a token when alerts have left since somebody looked
	work chan struct{} // has a token when there is something new for the worker

	mu     sync.Mutex
	alerts ring
	in     uint64 // alerts that ever came in
	out    uint64 // alerts that ever left
	marks  []mark // in order of end; those of Write calls whose alerts wait
	closed bool   // nothing more comes
	lost   bool   // everything is discarded, now and later,
	cause  error  // and done gets this
}

// mark is the end of the alerts of one Write.
type mark struct {
	end  uint64
	done func(error)
}

var _ alert.Sink = (*Queue)(nil)

// NewQueue starts a queue in front of dest. Close ends both.
func NewQueue(dest Destination, o Options) *Queue {
	if o.Capacity <= 0 {
		o.Capacity = DefaultCapacity
	}
	q := &Queue{
		capacity: o.Capacity, drop: o.Drop,
		room: make(chan struct{}, 1), work: make(chan struct{}, 1),
	}
	q.Worker = newWorker(dest, q, o)
	go q.run()
	return q
}

// Write queues the alerts, in pieces if there is not room for all of them at once; see
// [alert.Sink] and [Options.Drop].
func (q *Queue) Write(alerts []alert.Alert, done func(error)) {
	q.turn.Lock()
	waits, err := q.put(alerts, done)
	q.turn.Unlock()
	if !waits {
		done(err)
	}
}

// put queues the alerts. It reports whether some of them wait now, and done with them.
// Otherwise done is up to the caller, with the error.
func (q *Queue) put(alerts []alert.Alert, done func(error)) (bool, error) {
	for {
		q.mu.Lock()
		if q.closed || q.lost {
			q.queued.Add(uint64(len(alerts)))
			q.failed.Add(uint64(len(alerts)))
			err := q.cause
			if !q.lost {
				err = ErrClosed
			}
			q.mu.Unlock()
			return false, err
		}
		fit := min(len(alerts), q.capacity-q.alerts.n)
		q.alerts.push(alerts[:fit])
		q.in += uint64(fit)
		q.queued.Add(uint64(fit))
		if alerts = alerts[fit:]; len(alerts) == 0 {
			waits := q.mark(done)
			q.mu.Unlock()
			signal(q.work)
			return waits, nil
		}
		q.mu.Unlock()
		signal(q.work)
		if !q.wait() {
			q.report.dropped(len(alerts))
			alerts = nil
		}
	}
}

// mark has done called when all that came in has left, unless it has.
func (q *Queue) mark(done func(error)) bool {
	if q.out == q.in {
		return false
	}
	q.marks = append(q.marks, mark{q.in, done})
	return true
}

// wait waits for room. It returns false if alerts are to be dropped instead.
func (q *Queue) wait() bool {
	if !q.drop {
		<-q.room
		return true
	}
	left := patience - q.stuck()
	if left <= 0 {
		return false
	}
	t := time.NewTimer(left)
	defer t.Stop()
	select {
	case <-q.room:
	case <-t.C:
	}
	return true
}

// Peek implements [Feed].
func (q *Queue) Peek() ([]alert.Alert, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.alerts.front(), !q.closed
}

// Ready implements [Feed].
func (q *Queue) Ready() <-chan struct{} { return q.work }

// Done implements [Feed].
func (q *Queue) Done(n int) int {
	q.mu.Lock()
	n = min(n, q.alerts.n)
	q.alerts.drop(n)
	q.out += uint64(n)
	settled := 0
	for settled < len(q.marks) && q.marks[settled].end <= q.out {
		settled++
	}
	if settled == 0 {
		q.mu.Unlock()
		signal(q.room)
		return n
	}
	var few [8]mark
	dones := append(few[:0], q.marks[:settled]...)
	rest := copy(q.marks, q.marks[settled:])
	clear(q.marks[rest:])
	q.marks = q.marks[:rest]
	q.mu.Unlock()
	signal(q.room)
	for _, m := range dones {
		m.done(nil)
	}
	return n
}

// Discard implements [Feed].
func (q *Queue) Discard(err error) int {
	q.mu.Lock()
	n, marks := q.alerts.n, q.marks
	// A worker that is stuck may still read the alerts, so their memory is left to it.
	q.alerts, q.marks = ring{}, nil
	q.out += uint64(n)
	q.lost, q.cause = true, err
	q.mu.Unlock()
	signal(q.room)
	for _, m := range marks {
		m.done(err)
	}
	return n
}

// Close implements [alert.Sink]. The error says how many alerts were given up.
func (q *Queue) Close() error {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	signal(q.work)
	signal(q.room)
	q.End(time.Time{})
	return q.Wait()
}

// Room is how many alerts fit into the queue at the moment.
func (q *Queue) Room() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.capacity - q.alerts.n
}

// signal leaves a token for who waits at c.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
