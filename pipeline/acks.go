// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// acks passes acknowledgements to a source in the order of its batches. The sink may
// finish batches in any order and from any goroutine. It holds at most ReadAhead+1
// entries, because the reader waits for room.
type acks struct {
	source event.Acker

	mu      sync.Mutex
	pending []*pending // in the order of the batches
	changed chan struct{}
	closed  bool
}

type pending struct {
	token any
	done  bool
	err   error
}

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
// head of the line that is. The lock is held meanwhile, which keeps the order.
func (a *acks) finish(e *pending, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e.done, e.err = true, err
	for len(a.pending) > 0 && a.pending[0].done && !a.closed {
		head := a.pending[0]
		a.pending = a.pending[1:]
		a.source.Ack(head.token, head.err)
	}
	select {
	case a.changed <- struct{}{}:
	default:
	}
}

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
// than grace; what is not acknowledged by then never is, and the source will see those
// events again.
func (a *acks) drain(ctx context.Context, grace time.Duration) {
	defer func() {
		a.mu.Lock()
		a.closed = true
		a.mu.Unlock()
	}()
	var late <-chan time.Time
	over := ctx.Done()
	for a.waiting() > 0 {
		select {
		case <-a.changed:
		case <-over:
			over = nil
			t := time.NewTimer(grace)
			defer t.Stop()
			late = t.C
		case <-late:
			return
		}
	}
}
