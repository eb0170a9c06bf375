// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "next.h"

#cgo noescape gyr_fill
#cgo noescape gyr_stream_progress
*/
import "C"

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
)

// Open implements [host.Plugin].
func (p *plugin) Open(params string) (event.Source, error) {
	info := p.mod.info
	if !info.Caps.Has(host.Sourcing) {
		return nil, p.fail("open", errors.New("the plugin has no event source"))
	}
	if info.ID == 0 {
		return nil, p.fail("open", errors.New("the plugin is a source of system events, which gyr does not support"))
	}
	s := &stream{p: p, name: info.Name}
	s.mem = cmem.Zeroed(int(unsafe.Sizeof(C.gyr_stream{})))
	s.c = (*C.gyr_stream)(unsafe.Pointer(unsafe.SliceData(s.mem)))
	s.c.st, s.c.id, s.c.max_event = p.c, C.uint32_t(info.ID), C.uint32_t(p.mod.opts.MaxEvent)
	text := cmem.CString(params)
	defer cmem.Free(text)
	lib := p.mod.lib
	lib.mu.Lock()
	defer lib.mu.Unlock()
	var rc C.gyr_rc
	p.keepSignals(func() { rc = C.gyr_stream_open(s.c, cstr(text)) })
	if rc != C.GYR_SUCCESS {
		err := errorText(C.gyr_state_error(p.c))
		cmem.Free(s.mem)
		return nil, p.fail("open", err)
	}
	if lib.version[0] < 2 {
		s.turn = &lib.mu
	}
	s.idle.waits = C.gyr_stream_waits(s.c) != 0
	acks, progress := s.asks(), lib.c.get_progress != nil
	switch {
	case acks && progress:
		return ackProgressStream{&progressStream{s}}, nil
	case acks:
		return ackStream{s}, nil
	case progress:
		return &progressStream{s}, nil
	}
	return s, nil
}

// stream is an open stream of the plugin's events.
type stream struct {
	p      *plugin
	name   string
	mem    []byte // of c
	c      *C.gyr_stream
	turn   *sync.Mutex // nil: no need to wait for other calls
	end    error       // set when the stream has ended
	idle   idle
	acking acking
}

// room is the memory a batch's events get at first. What is not used goes back.
const room = 64 << 10

// Next implements [event.Source].
func (s *stream) Next(ctx context.Context, b *event.Batch) error {
	if s.end != nil {
		return s.end
	}
	s.idle.before(ctx, s)
	from := len(b.Events)
	defer func() { s.idle.after(len(b.Events) > from) }()
	size := room
	for s.end == nil && ctx.Err() == nil && !b.Full() {
		dst := b.Arena.Bytes(size)
		status := s.fill(dst, b.Max-len(b.Events))
		used := int(s.c.used)
		s.append(b, dst[:used:used])
		b.Arena.GiveBack(dst, used)
		if status != C.GYR_FILL_ROOM {
			s.end = s.result(status)
			break
		}
		size = int(s.c.need)
	}
	if s.c.ahead > 0 && len(b.Events) > from {
		b.Token = taken{uint64(C.gyr_stream_complete(s.c))}
	}
	return s.end
}

// fill is the one crossing into C per batch.
func (s *stream) fill(dst []byte, limit int) C.int {
	if s.turn != nil {
		s.turn.Lock()
		defer s.turn.Unlock()
	}
	return C.gyr_fill(s.c, (*C.uint8_t)(unsafe.SliceData(dst)), C.size_t(len(dst)), C.uint32_t(limit))
}

// append makes events of the blobs in mem, which C has checked.
func (s *stream) append(b *event.Batch, mem []byte) {
	le, id := binary.LittleEndian, s.p.mod.info.ID
	for range int(s.c.count) {
		n := int(le.Uint32(mem[16:]))
		blob := mem[:n:n]
		b.Events = append(b.Events, event.Event{
			Time: le.Uint64(blob), PluginID: id, Type: abi.PluginEvent,
			Data: blob[abi.PayloadOffset:], Blob: blob,
		})
		mem = mem[(n+7)&^7:]
	}
}

// result turns the status of a crossing into what Next returns.
func (s *stream) result(status C.int) error {
	switch status {
	case C.GYR_FILL_OK:
		return nil
	case C.GYR_FILL_EOF:
		return io.EOF
	case C.GYR_FILL_FAILED:
		return fmt.Errorf("plugin %s: next batch: %w", s.name, errorText(&s.c.error[0]))
	case C.GYR_FILL_EMPTY:
		return fmt.Errorf("unexpected 0 size event returned by plugin %s", s.name)
	case C.GYR_FILL_WRONG_ID:
		return fmt.Errorf("unexpected plugin ID in plugin event: plugin='%s', expected_id=%d, actual_id=%d", s.name, s.p.mod.info.ID, s.c.detail)
	case C.GYR_FILL_TOO_LARGE:
		return fmt.Errorf("plugin %s: next batch: an event of %d bytes is larger than the limit of %d", s.name, s.c.detail, s.c.max_event)
	case C.GYR_FILL_TOO_MANY:
		return fmt.Errorf("plugin %s: next batch: %d events in one batch are too many", s.name, s.c.detail)
	}
	return fmt.Errorf("malformed plugin event produced by plugin: '%s'", s.name)
}

// Close implements [event.Source].
func (s *stream) Close() error {
	if s.c == nil {
		return fmt.Errorf("plugin %s: close: the stream is closed already", s.name)
	}
	lib := s.p.mod.lib
	s.idle.stop()
	s.acking.stop()
	c := s.c
	err := lib.bounded(s.name, "close", func() { C.gyr_stream_close(c) })
	if err == nil {
		cmem.Free(s.mem)
	}
	s.c, s.mem, s.end = nil, nil, fmt.Errorf("plugin %s: the stream is closed", s.name)
	return err
}

// progressStream is a stream of a plugin that knows how far it is.
type progressStream struct{ *stream }

// Progress implements [event.Progresser].
func (s *progressStream) Progress() (float64, string) {
	if s.turn != nil {
		s.turn.Lock()
		defer s.turn.Unlock()
	}
	var hundredths C.uint32_t
	text := goText(C.gyr_stream_progress(s.c, &hundredths), maxText)
	share := min(float64(hundredths)/10000, 1)
	if text == "" {
		text = fmt.Sprintf("%.2f%%", share*100)
	}
	return share, text
}
