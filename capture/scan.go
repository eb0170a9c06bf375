// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"errors"
	"fmt"
	"io"
)

// advance moves to the next event block and reads its header into typ and total. It handles
// all other blocks on the way. At the end of the file or at a malformed block it sets r.err
// and returns false.
func (r *Reader) advance() bool {
	for r.err == nil {
		off := r.in.offset()
		if !r.in.need(8) {
			r.finish(off, "block header")
			return false
		}
		h := r.in.buf[r.in.pos:]
		typ, total := le.Uint32(h), le.Uint32(h[4:])
		kind := kindOf(typ)
		if err := r.expect(typ, total, kind); err != nil {
			r.fail(r.malformed(off, err))
			return false
		}
		if kind != 0 {
			r.typ, r.total, r.inEvents = typ, total, true
			return true
		}
		r.meta(off, typ, total)
	}
	return false
}

// expect checks that a block of this type is allowed here and has a valid length.
func (r *Reader) expect(typ, total uint32, kind eventKind) error {
	if typ != typeSection && r.sections == 0 {
		return fmt.Errorf("invalid block type %#x: a capture starts with a section header", typ)
	}
	if typ != typeSection && kind == 0 && r.inEvents {
		return fmt.Errorf("unexpected block type %#x among events", typ)
	}
	return checkLength(typ, total, kind, r.o.MaxBlock)
}

// meta handles a block that is not an event.
func (r *Reader) meta(off int64, typ, total uint32) {
	var err error
	switch {
	case typ == typeSection:
		err = r.section(off, total)
	case (typ == typeMachine || typ == typeMachineOld) && total < machineLen+frameLen:
		err = fmt.Errorf("machine info of %d bytes is shorter than %d", total-frameLen, machineLen)
	case typ == typeMachine || typ == typeMachineOld:
		if r.in.need(8 + machineLen) {
			r.machine, r.hasMach = parseMachine(r.in.buf[r.in.pos+8:]), true
		}
	case typ == typeOrigin && total <= maxOrigin && r.in.need(int(total)):
		var o origin
		if o, err = parseOrigin(r.in.buf[r.in.pos+8 : r.in.pos+int(total)-4]); err == nil {
			r.learn(o)
		}
	}
	if err != nil {
		r.fail(r.malformed(off, err))
		return
	}
	if r.err == nil {
		r.skipBlock(off, typ, total)
	}
}

// skipBlock skips a block and checks the length at its end.
func (r *Reader) skipBlock(off int64, typ, total uint32) {
	if n := r.in.skip(int64(total) - 4); n < int64(total)-4 || !r.in.need(4) {
		r.finish(off, fmt.Sprintf("block of type %#x with %d bytes", typ, total))
		return
	}
	if t := le.Uint32(r.in.buf[r.in.pos:]); t != total {
		r.fail(r.malformed(off, badTrailer(typ, total, t)))
		return
	}
	r.in.pos += 4
}

func badTrailer(typ, total, trailer uint32) error {
	return fmt.Errorf("block of type %#x: wrong block total length, header=%d, trailer=%d", typ, total, trailer)
}

// section reads a section header, which starts another capture.
func (r *Reader) section(off int64, total uint32) error {
	if !r.in.need(minSectionLen) {
		r.finish(off, fmt.Sprintf("section header with %d bytes", total))
		return nil
	}
	body := r.in.buf[r.in.pos+8:]
	switch magic := le.Uint32(body); {
	case magic == swappedMagic:
		return errors.New("invalid magic number: the capture was made on a big-endian machine")
	case magic != sectionMagic:
		return fmt.Errorf("invalid magic number %#x", magic)
	}
	if v := le.Uint16(body[4:]); v > majorVersion {
		return fmt.Errorf("cannot correctly parse the capture: version %d.%d is newer than the supported version %d. Upgrade your version.", v, le.Uint16(body[6:]), majorVersion)
	}
	if r.sections > 1 && r.initial { // the previous capture had only initial state
		r.num = r.savedNum
	}
	r.sections++
	r.inEvents, r.initial, r.declared = false, true, noInitial
	r.savedNum = r.num
	return nil
}

// learn stores the content of an origin block.
func (r *Reader) learn(o origin) {
	r.declared = o.initial
	for _, p := range o.plugins {
		if len(r.plugins) < maxPlugins && !known(r.plugins, p) {
			r.plugins = append(r.plugins, p)
		}
	}
}

func known(list []Plugin, p Plugin) bool {
	for i := range list {
		if list[i] == p {
			return true
		}
	}
	return false
}

// finish handles the end of the file at off, where fewer bytes are left than what needs.
func (r *Reader) finish(off int64, what string) {
	cause := r.in.err
	rest := r.in.offset() + int64(r.in.have()) - off
	switch {
	case cause != io.EOF && cause != io.ErrUnexpectedEOF:
		e := fmt.Errorf("read failed: %w", cause)
		r.fail(r.malformed(r.in.offset()+int64(r.in.have()), e))
		return
	case r.sections == 0 && rest > 0 && !r.startsLikeCapture():
		r.fail(r.malformed(off, fmt.Errorf("invalid block type: the %d bytes are not a capture", rest)))
		return
	}
	switch {
	case rest > 0:
		r.tail = &Tail{File: r.name, Offset: off, Rest: rest, Reason: fmt.Sprintf("expecting %s, read %d bytes. Is the file truncated?", what, rest)}
	case cause == io.ErrUnexpectedEOF:
		r.tail = &Tail{File: r.name, Offset: off, Reason: "the gzip stream ends without its trailer. Is the file truncated?"}
	case r.sections == 0:
		r.tail = &Tail{File: r.name, Offset: off, Reason: "the file is empty: it has no section header"}
	}
	r.fail(io.EOF)
	r.in.pos = r.in.end
	r.warn()
}

// startsLikeCapture reports whether the few bytes available may be the start of a truncated
// section header.
func (r *Reader) startsLikeCapture() bool {
	want := [4]byte{0x0A, 0x0D, 0x0D, 0x0A}
	h := r.in.buf[r.in.pos:r.in.end]
	if len(h) == 1 && h[0] == 0x1F { // of gzip
		return true
	}
	n := min(len(h), len(want))
	return string(h[:n]) == string(want[:n])
}

func (r *Reader) warn() {
	if r.o.Log == nil {
		return
	}
	if r.tail != nil {
		r.o.Log.Warn("capture file is truncated; all complete events were read", "file", r.name,
			"offset", r.tail.Offset, "rest", r.tail.Rest, "reason", r.tail.Reason, "events", r.num)
	}
	if !r.inEvents && r.num == 0 {
		r.o.Log.Warn("no events in file", "file", r.name)
	}
}
