// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "next.h"
*/
import "C"

import (
	"context"
	"sync"
	"time"
)

const (
	// A plugin that said so often in a row, and so quickly, that it has no event is asked
	// again after a pause. That is short enough for an alert to leave within 100 ms of
	// its event.
	idleCalls = 10
	idleQuick = 5 * time.Millisecond
	idlePause = 50 * time.Millisecond
)

// idle keeps a stream without events from costing much. Libraries of our own wait until
// there is an event and are interrupted when nobody waits any more. Others wait for some
// 30 ms, which is best left to them: a pause between their calls costs more, as the runtime of
// a Go library stays awake for a while after each. Those that do not wait at all get one.
type idle struct {
	waits bool // the library waits, and can be interrupted
	calls int  // in a row that brought no event and did not wait for any
	since time.Time

	ctx  context.Context // whose end interrupts
	quit func() bool     // ends the watch over ctx
	mu   sync.Mutex      // held while the library is interrupted
	done bool            // the stream is closed: no interrupts
}

// before prepares a call of the plugin for events: it pauses, or sees to it that the end of
// ctx ends the call.
func (i *idle) before(ctx context.Context, s *stream) {
	switch {
	case i.waits && ctx != i.ctx && ctx.Err() == nil:
		if i.quit != nil {
			i.quit()
		}
		i.ctx, i.quit = ctx, context.AfterFunc(ctx, func() { i.interrupt(s) })
	case !i.waits && i.calls >= idleCalls:
		select {
		case <-time.After(idlePause):
		case <-ctx.Done():
		}
	}
	i.since = time.Now()
}

func (i *idle) interrupt(s *stream) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.done {
		C.gyr_stream_interrupt(s.c)
	}
}

// after says whether the call brought events.
func (i *idle) after(events bool) {
	if i.calls++; events || time.Since(i.since) > idleQuick {
		i.calls = 0
	}
}

// stop ends the interrupts. It returns when none is under way.
func (i *idle) stop() {
	if i.quit != nil {
		i.quit()
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.done = true
}
