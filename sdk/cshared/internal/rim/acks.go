// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"errors"
	"math"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/event"
)

// acks are the acknowledgements of a stream that is an [event.Acker]. By default a batch is
// acknowledged when the next one is asked for; a host that has asked how far it may read
// ahead does it itself.
type acks struct {
	to event.Acker // nil if the stream wants none

	mu     sync.Mutex
	byHost bool
	first  uint64 // number of the batch of tokens[0], from 1
	tokens []any  // of batches that were returned and are not acknowledged; nil for none
	closed bool
}

// returned notes that the host gets a batch.
func (a *acks) returned(token any) {
	if a.to == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tokens = append(a.tokens, token)
}

// next acknowledges all batches if the host does not do it.
func (a *acks) next() {
	a.mu.Lock()
	byHost := a.byHost
	a.mu.Unlock()
	if !byHost {
		a.ack(math.MaxUint64, nil)
	}
}

// ack acknowledges the batches up to a number, in their order.
func (a *acks) ack(upto uint64, err error) {
	a.mu.Lock()
	defer a.mu.Unlock() // also while the stream is told, so that the order is kept
	for !a.closed && len(a.tokens) > 0 && a.first+1 <= upto {
		token := a.tokens[0]
		a.tokens[0] = nil
		a.tokens = a.tokens[1:]
		a.first++
		if token != nil {
			_ = guard(func() error { a.to.Ack(token, err); return nil })
		}
	}
}

// close ends the acknowledgements: none is under way when it returns.
func (a *acks) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed, a.tokens = true, nil
}

// ReadAhead returns how many batches of a stream may be read before the first is
// acknowledged, 0 if it wants no acknowledgements. From then on the host calls [Ack].
func ReadAhead(h unsafe.Pointer) uint32 {
	st := streams.get(h)
	if st == nil || st.acks.to == nil {
		return 0
	}
	var n int
	_ = guard(func() error { n = st.acks.to.ReadAhead(); return nil })
	st.acks.mu.Lock()
	defer st.acks.mu.Unlock()
	st.acks.byHost = true
	return uint32(min(max(n, 1), math.MaxUint32))
}

// Ack acknowledges the batches of a stream up to a number; why is NULL if they are dealt
// with. It may be called from any thread.
func Ack(h unsafe.Pointer, batch uint64, why unsafe.Pointer) {
	st := streams.get(h)
	if st == nil || st.acks.to == nil {
		return
	}
	var err error
	if why != nil {
		err = errors.New(goString(why))
	}
	st.acks.ack(batch, err)
}
