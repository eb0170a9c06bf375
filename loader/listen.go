// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "capability.h"
*/
import "C"

import (
	"fmt"
	"sync"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/sdk"
)

// listening is the capture that the plugin listens to, and its routines.
type listening struct {
	mu      sync.Mutex
	threads sdk.Routines // nil without a capture
	last    C.uintptr_t
	started map[C.uintptr_t]sdk.Routine
}

// CaptureOpen implements [host.Listener].
func (p *plugin) CaptureOpen(r sdk.Routines) error { return p.capture(r, 1, "open") }

// CaptureClose implements [host.Listener].
func (p *plugin) CaptureClose(r sdk.Routines) error { return p.capture(r, 0, "close") }

func (p *plugin) capture(r sdk.Routines, open C.int, name string) error {
	if !p.mod.info.Caps.Has(host.Listening) {
		return nil
	}
	l := &p.listening
	l.mu.Lock()
	l.threads = r
	l.mu.Unlock()
	var rc C.gyr_rc
	p.keepSignals(func() { rc = C.gyr_capture(p.c, open) })
	if open == 0 || rc != C.GYR_SUCCESS {
		l.mu.Lock()
		l.threads, l.started = nil, nil // the routines are the host's to stop
		l.mu.Unlock()
	}
	if rc != C.GYR_SUCCESS {
		return fmt.Errorf("capture_%s error for plugin '%s' : %w", name, p.mod.info.Name, errorText(C.gyr_state_error(p.c)))
	}
	return nil
}

// gyr_go_subscribe starts a routine. The result is its number, 0 if there is no capture.
//
//export gyr_go_subscribe
func gyr_go_subscribe(number C.uintptr_t, f C.gyr_routine_fn, arg C.uintptr_t) C.uintptr_t {
	p := numbered(number)
	if p == nil {
		return 0
	}
	l := &p.listening
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.threads == nil {
		return 0
	}
	l.last++
	n, c := l.last, p.c
	r, err := l.threads.Start(func() bool {
		more := C.gyr_routine_run(c, f, arg, n) != 0
		return l.goOn(n, more)
	})
	if err != nil {
		return 0
	}
	if l.started == nil {
		l.started = map[C.uintptr_t]sdk.Routine{}
	}
	l.started[n] = r
	return n
}

// goOn reports whether a routine shall be called again: it wants that and has not been
// ended from within. One that does not go on is forgotten.
func (l *listening) goOn(n C.uintptr_t, more bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.started[n] == nil {
		return false
	}
	if !more {
		delete(l.started, n)
	}
	return more
}

// gyr_go_unsubscribe ends a routine.
//
//export gyr_go_unsubscribe
func gyr_go_unsubscribe(number, routine C.uintptr_t, within C.int) C.gyr_rc {
	p := numbered(number)
	if p == nil {
		return C.GYR_FAILURE
	}
	l := &p.listening
	l.mu.Lock()
	r := l.started[routine]
	delete(l.started, routine)
	l.mu.Unlock()
	if r == nil || within == 0 && r.Stop() != nil {
		return C.GYR_FAILURE
	}
	return C.GYR_SUCCESS
}
