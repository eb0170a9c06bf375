// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"context"
	"sync"
	"unsafe"
)

// waiting is a wait that another thread can interrupt. An interrupt between two waits ends the
// next one, so that none is lost.
type waiting struct {
	mu     sync.Mutex
	ctx    context.Context // of the current or next wait; initially nil
	cancel context.CancelFunc
}

// begin starts a wait within parent. done ends it.
func (w *waiting) begin(parent context.Context) (ctx context.Context, done func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.prepare(parent)
	return w.ctx, w.renew
}

// prepare makes the context of the next wait, unless it exists. mu must be held.
func (w *waiting) prepare(parent context.Context) {
	if w.ctx == nil {
		w.ctx, w.cancel = context.WithCancel(parent)
	}
}

// renew discards the context of an interrupted wait.
func (w *waiting) renew() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ctx.Err() != nil {
		w.ctx = nil
	}
}

// interrupt ends the current or the next wait.
func (w *waiting) interrupt(parent context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.prepare(parent)
	w.cancel()
}

// Interrupt ends a patient [NextBatch] of the stream, or the next one if there is none. It may be
// called from any thread.
func Interrupt(h unsafe.Pointer) {
	if st := streams.get(h); st != nil {
		st.wait.interrupt(st.ctx)
	}
}
