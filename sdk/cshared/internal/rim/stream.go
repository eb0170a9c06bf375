// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// batchSize is the maximum number of events that next_batch returns.
const batchSize = 128

// stream is an open stream of events.
type stream struct {
	mu     sync.Mutex
	src    event.Source
	ctx    context.Context
	cancel context.CancelFunc
	wait   waiting
	acks   acks
	batch  *event.Batch
	end    error  // how the stream ended
	list   buffer // pointers to the events
	blobs  buffer
	text   buffer
}

var streams registry[stream]

// Open opens a stream.
func Open(p, params unsafe.Pointer) (unsafe.Pointer, int32) {
	s := states.get(p)
	if s == nil {
		return nil, abi.Failure
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st := &stream{batch: event.NewBatch(batchSize, event.NewArena(nil, nil))}
	err := guard(func() (err error) {
		o, ok := s.plugin.(sdk.Sourcer)
		if !ok {
			return errNoState
		}
		if st.src, err = o.Open(goString(params)); err == nil && st.src == nil {
			err = errors.New("no stream")
		}
		return err
	})
	if err != nil {
		return nil, s.fail(err)
	}
	st.acks.to, _ = st.src.(event.Acker)
	st.ctx, st.cancel = context.WithCancel(context.Background())
	return streams.add(st), abi.Success
}

// Close closes a stream.
func Close(p, h unsafe.Pointer) {
	st := streams.remove(h)
	if st == nil {
		return
	}
	st.cancel()
	st.mu.Lock()
	defer st.mu.Unlock()
	st.acks.close()
	err := guard(st.src.Close)
	if s := states.get(p); s != nil && err != nil {
		s.fail(err)
	}
	for _, b := range []*buffer{&st.list, &st.blobs, &st.text} {
		b.free()
	}
}

// NextBatch returns the next events of a stream: an array of n pointers. Without events it
// waits for one for about 30 ms, or if patient, until [Interrupt].
func NextBatch(p, h unsafe.Pointer, patient bool) (list unsafe.Pointer, n int, rc int32) {
	s, st := states.get(p), streams.get(h)
	if s == nil || st == nil {
		return nil, 0, abi.Failure
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.release()
	if st.end == nil {
		st.end = guard(func() error { return st.read(patient) })
	}
	if n = st.encode(); n > 0 {
		st.acks.returned(st.batch.Token)
		return st.list.p, n, abi.Success
	}
	switch {
	case st.end == nil:
		return nil, 0, abi.Timeout
	case st.end == io.EOF: //nolint:errorlint // a wrapped io.EOF is a failure
		return nil, 0, abi.EOF
	}
	return nil, 0, s.fail(st.end)
}

// patience is how long to wait for an event if the host cannot interrupt the call.
const patience = 30 * time.Millisecond

func (st *stream) read(patient bool) error {
	if patient {
		ctx, done := st.wait.begin(st.ctx)
		defer done()
		return st.src.Next(ctx, st.batch)
	}
	ctx, cancel := context.WithTimeout(st.ctx, patience)
	defer cancel()
	return st.src.Next(ctx, st.batch)
}

// release acknowledges the last batch, unless the host does that, and makes room for the
// next one.
func (st *stream) release() {
	st.acks.next()
	_ = guard(func() error { st.batch.Release(); return nil })
}

// encode writes the batch's events to C memory and returns their number. An event that is too
// large for the C interface ends the stream after the events before it.
func (st *stream) encode() (n int) {
	size := 0
	for n = range st.batch.Events {
		e := &st.batch.Events[n]
		l := e.BlobLen()
		if uint64(l) > math.MaxUint32 {
			st.end = fmt.Errorf("event of %d bytes is too large", l)
			st.batch.Events = st.batch.Events[:n]
			break
		}
		if e.PluginID == 0 {
			e.PluginID = exported.info.ID
		}
		size += aligned(l)
	}
	n = len(st.batch.Events)
	if n == 0 {
		return 0
	}
	mem := st.blobs.grow(size)
	st.list.grow(n * pointerSize)
	list := unsafe.Slice((*unsafe.Pointer)(st.list.p), n)
	for i := range list {
		list[i] = unsafe.Pointer(unsafe.SliceData(mem))
		l := len(st.batch.Events[i].AppendBlob(mem[:0]))
		mem = mem[aligned(l):]
	}
	return n
}

// aligned returns n rounded up to a multiple of eight.
func aligned(n int) int { return (n + 7) &^ 7 }

// Progress returns the progress of a stream: hundredths of a percent, and a text.
func Progress(_, h unsafe.Pointer) (text unsafe.Pointer, hundredths int) {
	st := streams.get(h)
	if st == nil {
		return nil, 0
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	p, ok := st.src.(event.Progresser)
	if !ok {
		return nil, 0
	}
	var share float64
	var s string
	_ = guard(func() error { share, s = p.Progress(); return nil })
	if !(share >= 0) { // also for NaN
		share = 0
	}
	return st.text.setText([]byte(s)), int(min(share, 1)*10000 + 0.5)
}
