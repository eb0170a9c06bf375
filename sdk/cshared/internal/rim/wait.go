// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"context"
	"sync"
	"unsafe"
)

// waiting is a wait that another thread can end. An interrupt that comes between two waits
// ends the next one, so that none is lost.
type waiting struct {
	mu     sync.Mutex
	ctx    context.Context // of the wait that is or will be; nil at first
	cancel context.CancelFunc
}

// begin begins a wait within parent. done ends it.
func (w *waiting) begin(parent context.Context) (ctx context.Context, done func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.prepare(parent)
	return w.ctx, w.renew
}

// prepare makes the context of the next wait, if it is not there. mu is held.
func (w *waiting) prepare(parent context.Context) {
	if w.ctx == nil {
		w.ctx, w.cancel = context.WithCancel(parent)
	}
}

// renew forgets a wait that was interrupted.
func (w *waiting) renew() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ctx.Err() != nil {
		w.ctx = nil
	}
}

// interrupt ends the wait that is or will be.
func (w *waiting) interrupt(parent context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.prepare(parent)
	w.cancel()
}

// Interrupt ends a patient [NextBatch] of the stream, the next one if there is none. It may
// be called from any thread.
func Interrupt(h unsafe.Pointer) {
	if st := streams.get(h); st != nil {
		st.wait.interrupt(st.ctx)
	}
}
