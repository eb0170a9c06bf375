// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// acks passes acknowledgements to a source in the order of its batches. The sink may
// finish batches in any order and from any goroutine. It holds at most ReadAhead+1
// entries, because the reader waits for room.
//
// The source is called by one goroutine at a time and without the lock: whoever finds the
// head of the line dealt with calls it, and goes on as long as there is such a head;
// the others only note what they know and go their way.
type acks struct {
	source event.Acker

	mu      sync.Mutex
	pending []*pending // in the order of the batches
	calling bool       // a goroutine calls the source; it takes what is noted meanwhile
	changed chan struct{}
}

type pending struct {
	token any
	done  bool
	err   error
}

// errUndelivered is what the source gets for batches whose alerts are not dealt with when
// the pipeline ends.
var errUndelivered = errors.New("gyr ended before all alerts were delivered")

// errCut is what it gets for a batch of which [Config.MaxTime] cut off events.
var errCut = errors.New("gyr ended before all events were evaluated")

func newAcks(a event.Acker) *acks {
	return &acks{source: a, changed: make(chan struct{}, 1)}
}

// add enters a batch that was read.
func (a *acks) add(token any) *pending {
	e := &pending{token: token}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending = append(a.pending, e)
	return e
}

// finish notes that the batch's alerts are dealt with, and acknowledges every batch at the
// head of the line that is. It does nothing for a batch that was given up.
func (a *acks) finish(e *pending, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e.done {
		return
	}
	e.done, e.err = true, err
	a.acknowledge()
}

// acknowledge calls the source for the batches at the head of the line that are dealt
// with. The caller holds the lock, which is free during the calls.
func (a *acks) acknowledge() {
	if a.calling {
		return
	}
	a.calling = true
	for len(a.pending) > 0 && a.pending[0].done {
		a.call(a.pending[0])
		a.pending[0] = nil
		a.pending = a.pending[1:]
		select {
		case a.changed <- struct{}{}:
		default:
		}
	}
	a.calling = false
}

// call calls the source without the lock.
func (a *acks) call(e *pending) {
	a.mu.Unlock()
	defer a.mu.Lock()
	a.source.Ack(e.token, e.err)
}

// waiting returns how many batches are not acknowledged, one whose call has not returned
// among them.
func (a *acks) waiting() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.pending)
}

// wait returns true when the reader may read another batch, false when ctx is done.
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

// drain waits until all batches are acknowledged. Once ctx is done it waits no longer
// than grace; batches that are not dealt with by then are acknowledged with an error, so
// that the source gives their events again. It returns [ErrStuck] if the source does not
// return from a call.
func (a *acks) drain(ctx context.Context, grace time.Duration) error {
	if a.empty(ctx) || a.emptyWithin(grace) {
		return nil
	}
	go a.giveUp()
	if a.emptyWithin(grace) {
		return nil
	}
	return fmt.Errorf("an acknowledgement %w", ErrStuck)
}

// empty waits until nothing is left to be acknowledged. It returns false if ctx is done
// before.
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

// giveUp acknowledges what is not dealt with as undelivered.
func (a *acks) giveUp() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.pending {
		if !e.done {
			e.done, e.err = true, errUndelivered
		}
	}
	a.acknowledge()
}
