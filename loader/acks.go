// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "next.h"
*/
import "C"

import (
	"errors"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/cmem"
)

// acking is a stream of a library that wants to know when its events are dealt with
// ([event.Acker]). The library numbers its own batches. One of them may fill several of the
// host's, but one of the host's never has events of two: gyr_fill sees to it.
type acking struct {
	mu     sync.Mutex
	closed bool
	acked  uint64 // number of the last batch of the library that was acknowledged
	failed error  // of a part of the batch after that
}

// taken is the token of a batch of the host.
type taken struct {
	complete uint64 // number of the library's last batch all events of which were taken
}

// asks finds out whether the stream's library wants acknowledgements.
func (s *stream) asks() bool {
	lib := s.p.mod.lib
	if lib.version[0] < 3 || lib.c.gyr_read_ahead == nil || lib.c.gyr_ack == nil {
		return false
	}
	s.c.ahead = C.gyr_stream_read_ahead(s.c)
	return s.c.ahead > 0
}

// ackStream adds [event.Acker] to a stream.
type ackStream struct{ *stream }

// Ack implements [event.Acker].
func (s ackStream) Ack(token any, err error) { s.stream.ack(token, err) }

// ReadAhead implements [event.Acker].
func (s ackStream) ReadAhead() int { return int(s.c.ahead) }

// ackProgressStream is both.
type ackProgressStream struct{ *progressStream }

// Ack implements [event.Acker].
func (s ackProgressStream) Ack(token any, err error) { s.stream.ack(token, err) }

// ReadAhead implements [event.Acker].
func (s ackProgressStream) ReadAhead() int { return int(s.c.ahead) }

var (
	_ event.Acker = ackStream{}
	_ event.Acker = ackProgressStream{}
)

// ack tells the library of a batch of the host. A batch of the library of which a part
// failed has failed, whatever becomes of the rest.
func (s *stream) ack(token any, err error) {
	t, ok := token.(taken)
	a := &s.acking
	a.mu.Lock()
	defer a.mu.Unlock()
	if !ok || a.closed {
		return
	}
	a.failed = errors.Join(a.failed, err)
	if t.complete <= a.acked {
		return
	}
	var why []byte
	if a.failed != nil {
		why = cmem.CString(a.failed.Error())
		defer cmem.Free(why)
	}
	C.gyr_stream_ack(s.c, C.uint64_t(t.complete), (*C.char)(unsafe.Pointer(unsafe.SliceData(why))))
	a.acked, a.failed = t.complete, nil
}

// stop ends the acknowledgements. It returns when none is under way.
func (a *acking) stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
}
