// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// take adds the next event to the batch, or skips an event that is not from a plugin. done
// means that the event belongs in another batch.
//
// On entry and on exit the reader stands at an event block, unless r.err is set.
func (r *Reader) take(f *filling) (done bool, err error) {
	total := int(r.total)
	off := r.in.offset()
	if !r.in.need(total) {
		r.finish(off, fmt.Sprintf("event block with %d bytes", total))
		return false, nil
	}
	block := r.in.buf[r.in.pos : r.in.pos+total]
	if t := le.Uint32(block[total-4:]); t != r.total {
		return false, r.malformed(off, badTrailer(r.typ, r.total, t))
	}
	kind := kindOf(r.typ)
	blob, err := eventOf(block, kind)
	if err != nil {
		return false, r.malformed(off, err)
	}
	typ := le.Uint16(blob[20:])
	state := kind&hasFlags != 0 && le.Uint32(block[8+cpuLen:])&flagStateOnly != 0
	switch {
	case typ >= eventTypeLimit:
	case typ == abi.PluginEvent || typ == abi.AsyncEvent:
		if done, err = r.add(f, blob, kind, state); done || err != nil {
			return done, r.at(off, err)
		}
	default:
		if err := r.passOver(blob, kind, typ); err != nil {
			return false, r.malformed(off, err)
		}
	}
	r.in.pos += total
	r.ahead()
	return false, nil
}

// ahead is a fast path of advance: the next block has the same type as this one.
func (r *Reader) ahead() {
	if r.in.have() >= 8 {
		h := r.in.buf[r.in.pos:]
		if total := le.Uint32(h[4:]); le.Uint32(h) == r.typ && total >= 64 && total <= r.fast && total%4 == 0 {
			r.total = total
			return
		}
	}
	r.advance()
}

// at adds the position to an error of add.
func (r *Reader) at(off int64, err error) error {
	var unknown *UnknownPluginError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unknown):
		unknown.File, unknown.Offset = r.name, off
		return unknown
	}
	return r.malformed(off, err)
}

// eventOf returns the event in a block, cut to the length in its header.
func eventOf(block []byte, kind eventKind) ([]byte, error) {
	blob := block[kind.eventOffset() : len(block)-4]
	if len(blob) < kind.headerSize() {
		return nil, fmt.Errorf("event header exceeds block payload: %d bytes", len(blob))
	}
	n := le.Uint32(blob[16:])
	if int64(n) < int64(kind.headerSize()) {
		return nil, fmt.Errorf("invalid event: len %d is smaller than the event header size %d", n, kind.headerSize())
	}
	if int64(n) > int64(len(blob)) {
		return nil, fmt.Errorf("invalid event: len %d is larger than the %d bytes available in the block", n, len(blob))
	}
	return blob[:n:n], nil
}

// add appends a plugin event or an async event to the batch.
func (r *Reader) add(f *filling, blob []byte, kind eventKind, state bool) (done bool, err error) {
	b := f.b
	if kind&isV2 == 0 {
		if blob, err = upgrade(blob, b.Arena); err != nil {
			return false, err
		}
	}
	n := len(b.Events)
	b.Events = append(b.Events, event.Event{})
	e := &b.Events[n]
	if err = e.Decode(blob); err != nil {
		b.Events = b.Events[:n]
		if kind&isV2 != 0 { // Falco's reason, if it has one
			err = cmp.Or(checkShape(blob, true), err)
		}
		return false, err
	}
	initial := r.isInitial(e.Type)
	source, wanted, err := r.sourceOf(e.PluginID)
	switch {
	case err != nil || !wanted:
		b.Events = b.Events[:n]
		if err == nil {
			r.number(initial)
			r.skipped++
		}
		return false, err
	case n == 0:
		b.Source, b.StateOnly = source, state || initial
	case b.Source != source || b.StateOnly != (state || initial):
		b.Events = b.Events[:n]
		return true, nil
	}
	e.Num = r.number(initial)
	r.delivered++
	if c := r.in.cur; c != nil && c != f.held {
		c.refs.Add(1)
		b.Hold(c)
		f.held = c
	}
	return false, nil
}

// isInitial reports whether an event of the type, next in the file, is initial state.
func (r *Reader) isInitial(typ uint16) bool {
	if !r.initial {
		return false
	}
	if r.declared != noInitial {
		return r.declared > 0
	}
	switch typ {
	case abi.AsyncEvent, containerAdded, userAdded, userDeleted, groupAdded, groupDeleted:
		return true
	}
	return false
}

// number counts an event and returns its number. As in Falco, the initial state of any
// capture but the first in a file does not count.
func (r *Reader) number(initial bool) uint64 {
	if r.initial {
		if !initial {
			r.initial = false
			if r.sections > 1 {
				r.num = r.savedNum
			}
		} else if r.declared != noInitial {
			r.declared--
		}
	}
	r.num++
	return r.num
}

// passOver counts an event that is not from a plugin.
func (r *Reader) passOver(blob []byte, kind eventKind, typ uint16) error {
	if kind&isV2 != 0 {
		if err := checkShape(blob, largeType(typ)); err != nil {
			return err
		}
	}
	initial := r.isInitial(typ)
	if initial || typ%2 != 0 { // enter events of system calls have even types and do not count
		r.number(initial)
	}
	r.skipped++
	return nil
}

// checkShape checks that the parameters of an event lie within the event.
func checkShape(blob []byte, large bool) error {
	width := uint64(2)
	if large {
		width = 4
	}
	params := uint64(le.Uint32(blob[22:]))
	at := abi.HeaderSize + params*width
	if at > uint64(len(blob)) {
		return fmt.Errorf("invalid event: nparams %d does not fit in event len %d", params, len(blob))
	}
	for i := range params {
		n := uint64(0)
		if p := blob[abi.HeaderSize+i*width:]; large {
			n = uint64(le.Uint32(p))
		} else {
			n = uint64(le.Uint16(p))
		}
		if at += n; at > uint64(len(blob)) {
			return fmt.Errorf("invalid event: param %d len %d exceeds event len %d", i, n, len(blob))
		}
	}
	return nil
}

// sourceOf returns the event source of a plugin ID; wanted is false if its events are skipped.
func (r *Reader) sourceOf(id uint32) (source string, wanted bool, err error) {
	for i := range r.sources {
		if s := &r.sources[i]; s.id == id {
			return s.name, s.ok, nil
		}
	}
	if r.o.Sources == nil {
		for i := range r.plugins {
			if r.plugins[i].ID == id {
				return r.plugins[i].Source, true, nil
			}
		}
		return "", true, nil
	}
	name, ok := r.o.Sources(id)
	if !ok && id != 0 {
		e := &UnknownPluginError{ID: id}
		for i := range r.plugins {
			if r.plugins[i].ID == id {
				p := r.plugins[i]
				e.Origin = &p
			}
		}
		return "", false, e
	}
	r.sources = append(r.sources, sourceID{id: id, ok: ok, name: name})
	return name, ok, nil
}
