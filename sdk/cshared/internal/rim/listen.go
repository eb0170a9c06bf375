// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include <stdlib.h>
// #include "listen.h"
import "C"

import (
	"errors"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/sdk"
)

// CaptureOpen notifies the plugin of the start of a capture. If it fails, no routine is left.
func CaptureOpen(p, in unsafe.Pointer) int32 {
	return listen(p, in, func(s *state, l sdk.Listener, r sdk.Routines) error {
		s.freeRoutines() // of the previous capture
		err := guard(func() error { return l.CaptureOpen(r) })
		if err != nil {
			s.stopRoutines()
		}
		return err
	})
}

// CaptureClose notifies the plugin of the end of a capture, and stops its routines.
func CaptureClose(p, in unsafe.Pointer) int32 {
	return listen(p, in, func(s *state, l sdk.Listener, r sdk.Routines) error {
		defer s.stopRoutines()
		return l.CaptureClose(r)
	})
}

func listen(p, in unsafe.Pointer, call func(*state, sdk.Listener, sdk.Routines) error) int32 {
	s := states.get(p)
	if s == nil {
		return abi.Failure
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	input := (*C.gyr_listen_input)(in)
	s.tables.refresh(unsafe.Pointer(input.table_reader_ext), unsafe.Pointer(input.table_writer_ext))
	err := guard(func() error {
		l, ok := s.plugin.(sdk.Listener)
		if !ok {
			return errNoState
		}
		return call(s, l, &starter{s: s, in: input})
	})
	if err != nil {
		return s.fail(err)
	}
	return abi.Success
}

// starter implements [sdk.Routines] during a call.
type starter struct {
	s  *state
	in *C.gyr_listen_input
}

// Start implements [sdk.Routines].
func (st *starter) Start(f func() bool) (sdk.Routine, error) {
	if st.in.routine == nil {
		return nil, errors.New("the host does not support routines")
	}
	r := &routine{f: f, fail: func(err error) { st.s.fail(err) }, owner: st.in.owner}
	r.vtable = (*C.gyr_routine_vtable)(C.malloc(C.sizeof_gyr_routine_vtable))
	*r.vtable = *st.in.routine
	r.self = routines.add(r)
	if r.handle = C.gyr_rim_subscribe(r.vtable, r.owner, r.self); r.handle == 0 {
		r.free()
		return nil, errors.New("the host rejects the routine")
	}
	st.s.routines = append(st.s.routines, r)
	return r, nil
}

// routines holds all routines that the host may call.
var routines registry[routine]

type routine struct {
	f      func() bool
	fail   func(error)
	owner  unsafe.Pointer
	vtable *C.gyr_routine_vtable
	self   unsafe.Pointer // argument of the host's calls
	handle C.uintptr_t    // of the host

	run  sync.Mutex // held during f
	over bool       // f must not be called again
}

// Stop implements [sdk.Routine]. It ignores the host's result: the host drops a routine that
// returned 0, which may just have happened. The routine has ended in any case.
func (r *routine) Stop() error {
	r.run.Lock() // the last call has ended
	over := r.over
	r.over = true
	r.run.Unlock()
	if !over {
		C.gyr_rim_unsubscribe(r.vtable, r.owner, r.handle)
	}
	return nil
}

// free is called when the host can no longer call the routine.
func (r *routine) free() {
	routines.remove(r.self)
	C.free(unsafe.Pointer(r.vtable))
}

// stopRoutines stops the remaining routines. Hosts with a thread pool may still call routines
// until the capture is closed, so the routines are not freed yet.
func (s *state) stopRoutines() {
	for _, r := range s.routines {
		_ = r.Stop()
	}
}

// freeRoutines frees the routines. It is called when there is no capture.
func (s *state) freeRoutines() {
	s.stopRoutines()
	for _, r := range s.routines {
		r.free()
	}
	s.routines = nil
}

//export gyrRoutine
func gyrRoutine(self unsafe.Pointer) C.gyr_bool {
	r := routines.get(self)
	if r == nil {
		return 0
	}
	r.run.Lock()
	defer r.run.Unlock()
	if r.over {
		return 0
	}
	goOn := false
	if err := guard(func() error { goOn = r.f(); return nil }); err != nil {
		r.fail(err)
	}
	if goOn {
		return 1
	}
	r.over = true
	return 0
}
