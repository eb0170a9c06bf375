// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"errors"
	"io"
)

// scanner reads the records of a file one after the other and skips what is not one.
type scanner struct {
	file  File
	limit int64 // nothing is read from here on
	// skipped counts the bytes that belong to no record. Those at the end that may become
	// one are not among them.
	skipped int64

	buf    []byte // read and not used yet
	mem    []byte // buf is part of it
	offset int64  // of the first byte of buf in the file
}

// scanRoom is how much is read at once at least.
const scanRoom = 256 << 10

// seek goes on at an offset of the file.
func (s *scanner) seek(offset int64) { s.buf, s.offset = nil, offset }

// next returns the next record. ok is false at the limit, and if what stands before it may be
// the beginning of a record. The payload is valid until the next call.
func (s *scanner) next() (seq uint64, payload []byte, ok bool, err error) {
	for {
		seq, payload, size, what := parseRecord(s.buf)
		switch what {
		case valid:
			s.use(size)
			return seq, payload, true, nil
		case short:
			rest := s.limit - s.offset
			switch {
			case int64(size) <= rest:
				err = s.fill(size)
			case int64(len(s.buf)) < rest:
				err = s.fill(int(rest))
			case !s.behindMark():
				return 0, nil, false, nil
			}
			if err != nil {
				return 0, nil, false, err
			}
		case bad:
			n := nextMark(s.buf)
			s.skipped += int64(n)
			s.use(n)
		}
	}
}

// behindMark is called if a record would reach beyond the limit: it is the torn end of the
// file, or its length is damaged and another mark follows, to which this skips.
func (s *scanner) behindMark() bool {
	n := nextMark(s.buf)
	if n+len(mark) > len(s.buf) {
		return false
	}
	s.skipped += int64(n)
	s.use(n)
	return true
}

func (s *scanner) use(n int) {
	s.buf = s.buf[n:]
	s.offset += int64(n)
}

// fill reads on until buf has n bytes, or all that there are.
func (s *scanner) fill(n int) error {
	room := max(n, scanRoom)
	if cap(s.mem) < room {
		s.mem = make([]byte, room)
	}
	have := copy(s.mem[:cap(s.mem)], s.buf)
	s.buf = s.mem[:have]
	at := s.offset + int64(have)
	more := s.mem[have:min(int64(cap(s.mem)), int64(have)+s.limit-at)]
	if len(more) == 0 {
		return errShort
	}
	got, err := s.file.ReadAt(more, at)
	s.buf = s.mem[:have+got]
	if got == 0 && errors.Is(err, io.EOF) {
		return errShort
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// errShort says that a file is shorter than it was.
var errShort = errors.New("file is shorter than expected")
