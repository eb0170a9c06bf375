// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// acks passes acknowledgements to a source in the order of its batches. The sink may finish
// batches in any order and from any goroutine. It holds at most ReadAhead+1 entries, because the
// reader waits for room.
//
// The source is called by a separate goroutine (run, which drain ends) without a lock, so that a
// slow source does not block the sequencer or an output.
type acks struct {
	source event.Acker

	mu      sync.Mutex
	pending []*pending    // in the order of the batches
	due     chan struct{} // the first batch may be done; closed by drain
	changed chan struct{} // a batch was acknowledged
	ended   chan struct{} // run has returned
}

type pending struct {
	token any
	done  bool
	err   error
}

// errUndelivered acknowledges batches whose alerts are not done when the pipeline ends.
var errUndelivered = errors.New("gyr ended before all alerts were delivered")

// errCut acknowledges a batch of which [Config.MaxTime] cut off events.
var errCut = errors.New("gyr ended before all events were evaluated")

func newAcks(a event.Acker) *acks {
	return &acks{source: a, due: make(chan struct{}, 1), changed: make(chan struct{}, 1), ended: make(chan struct{})}
}

// add adds a batch that was read.
func (a *acks) add(token any) *pending {
	e := &pending{token: token}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending = append(a.pending, e)
	return e
}

// finish marks the batch as done. It has no effect on a batch that was given up.
func (a *acks) finish(e *pending, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e.done {
		return
	}
	e.done, e.err = true, err
	signal(a.due) // with the lock held: drain closes it when this batch is acknowledged
}

// run acknowledges the done batches at the head of the list, until drain ends it.
func (a *acks) run() {
	defer close(a.ended)
	for range a.due {
		for e := a.head(); e != nil; e = a.head() {
			a.source.Ack(e.token, e.err)
			a.removeHead()
		}
	}
}

// head returns the first batch if it is done.
func (a *acks) head() *pending {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.pending) == 0 || !a.pending[0].done {
		return nil
	}
	return a.pending[0]
}

func (a *acks) removeHead() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending[0] = nil
	a.pending = a.pending[1:]
	signal(a.changed)
}

// signal sends to a channel with capacity one, unless it is full.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// waiting returns the number of unacknowledged batches, including one whose call has not
// returned.
func (a *acks) waiting() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.pending)
}

// wait waits until the reader may read another batch. It returns false if ctx is done.
func (a *acks) wait(ctx context.Context) bool {
	for a.waiting() > max(a.source.ReadAhead(), 0) {
		select {
		case <-a.changed:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// drain waits until all batches are acknowledged, then ends run. Once ctx is done it waits at
// most grace; batches that are not done by then are acknowledged with an error, so that the
// source sends their events again. It returns [ErrStuck] if the source does not return from a
// call.
func (a *acks) drain(ctx context.Context, grace time.Duration) error {
	stuck := false
	if !a.empty(ctx) && !a.emptyWithin(grace) {
		a.giveUp()
		stuck = !a.emptyWithin(grace)
	}
	close(a.due) // every batch is finished
	if stuck {
		return fmt.Errorf("an acknowledgement %w", ErrStuck)
	}
	<-a.ended
	return nil
}

// empty waits until all batches are acknowledged. It returns false if ctx is done before.
func (a *acks) empty(ctx context.Context) bool {
	for a.waiting() > 0 {
		select {
		case <-a.changed:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func (a *acks) emptyWithin(d time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return a.empty(ctx)
}

// giveUp finishes all batches that are not done with errUndelivered.
func (a *acks) giveUp() {
	a.mu.Lock()
	rest := slices.Clone(a.pending)
	a.mu.Unlock()
	for _, e := range rest {
		a.finish(e, errUndelivered)
	}
}
