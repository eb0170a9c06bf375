// SPDX-License-Identifier: Apache-2.0

package rim

/*
#cgo CFLAGS: -I${SRCDIR}/../../../../abi
#include <stdlib.h>
#include "plugin_abi.h"

static inline gyr_rc gyr_emit(gyr_async_handler h, gyr_owner *o, const void *evt, char *err) { return h(o, evt, err); }
*/
import "C"

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// gate is a period in which events may be injected.
type gate struct {
	owner   unsafe.Pointer
	handler C.gyr_async_handler

	mu     sync.RWMutex // held for reading while the host's handler runs
	closed bool
}

// emission is the memory of one injected event and of the host's response.
type emission struct {
	blob []byte
	err  [abi.MaxErrorLen]byte
}

var emissions = sync.Pool{New: func() any { return new(emission) }}

var errClosed = errors.New("events cannot be injected now")

// emit is an [sdk.EmitFunc].
func (g *gate) emit(name string, time uint64, data []byte) error {
	if strings.IndexByte(name, 0) >= 0 || name == "" {
		return fmt.Errorf("invalid event name %q", name)
	}
	if time == 0 {
		time = abi.NoTime
	}
	e := event.Event{Time: time, Type: abi.AsyncEvent, Name: name, Data: data}
	if uint64(e.BlobLen()) > math.MaxUint32 {
		return fmt.Errorf("event of %d bytes is too large", e.BlobLen())
	}
	m := emissions.Get().(*emission)
	defer emissions.Put(m)
	m.blob = e.AppendBlob(m.blob[:0])
	m.err[0] = 0
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.closed {
		return errClosed
	}
	rc := C.gyr_emit(g.handler, g.owner, unsafe.Pointer(&m.blob[0]), (*C.char)(unsafe.Pointer(&m.err[0])))
	if rc == C.GYR_SUCCESS {
		return nil
	}
	text, _, _ := bytes.Cut(m.err[:], []byte{0})
	if len(text) == 0 {
		return errors.New("the host rejects the event without a reason")
	}
	return errors.New(string(text))
}

// close ends the period. No handler is running after it has returned.
func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
}

// SetAsyncHandler starts the injection of events, or stops it if handler is NULL.
func SetAsyncHandler(p, owner, handler unsafe.Pointer) int32 {
	s := states.get(p)
	if s == nil {
		return abi.Failure
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := guard(func() error {
		a, ok := s.plugin.(sdk.AsyncSource)
		if !ok {
			return errNoState
		}
		s.stopAsync()
		if handler == nil {
			return nil
		}
		s.gate = &gate{owner: owner, handler: C.gyr_async_handler(handler)}
		err := a.StartAsync(s.gate.emit)
		if err != nil {
			_ = guard(func() error { s.stopAsync(); return nil })
		}
		return err
	})
	if err != nil {
		return s.fail(err)
	}
	return abi.Success
}

// stopAsync stops the plugin's async events if they were started.
func (s *state) stopAsync() {
	if s.gate == nil {
		return
	}
	defer func() {
		s.gate.close()
		s.gate = nil
	}()
	if a, ok := s.plugin.(sdk.AsyncSource); ok {
		a.StopAsync()
	}
}

// DumpState lets the plugin describe its state in events.
func DumpState(p, owner, handler unsafe.Pointer) int32 {
	s := states.get(p)
	if s == nil {
		return abi.Failure
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.plugin.(sdk.StateDumper)
	if !ok || handler == nil {
		return abi.Success
	}
	g := &gate{owner: owner, handler: C.gyr_async_handler(handler)}
	defer g.close()
	if err := guard(func() error { return d.DumpState(g.emit) }); err != nil {
		return s.fail(err)
	}
	return abi.Success
}
