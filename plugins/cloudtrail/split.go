// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"bytes"
	"fmt"

	"github.com/gyr-dev/gyr/internal/jsonscan"
)

// span is a record in a buffer: its bytes and its time in nanoseconds since the epoch.
type span struct {
	start, end int
	time       uint64
}

// splitter finds the records of a log file, {"Records":[{...},...]}, that arrives piece by
// piece. Strings are respected, so brackets in them do no harm. It accepts more than
// that: other members beside the records, several such documents one after the other,
// and elements that are no objects (they are skipped).
type splitter struct {
	result jsonscan.Result
	quick  quick
	state  state
	docs   int // documents that have ended
	lists  int // lists of records that have begun

	skipped  int // records without time or type, or of a type that is left out
	broken   int // of these, records that are not JSON inside their brackets
	oversize int // records over MaxRecord
	largest  int // size of the largest of them
}

// state is what the splitter expects next.
type state uint8

const (
	inFile   state = iota // a document
	inRoot                // a key or the end of the document
	inRootAt              // a comma or the end of the document
	inList                // a record or the end of the list
	inListAt              // a comma or the end of the list
)

func (s *splitter) reset() {
	s.result.Forget()
	*s = splitter{result: s.result, quick: s.quick}
}

// record is what the splitter looks at in a record.
var record = func() (p struct {
	set       *jsonscan.Set
	time, typ int
}) {
	var b jsonscan.Builder
	b.Add(nil) // all of it, for its end
	p.time = b.Add(jsonscan.Keys("eventTime"))
	p.typ = b.Add(jsonscan.Keys("eventType"))
	p.set = b.Build()
	return p
}()

// split appends the records that begin at or behind buf[pos] and end in buf, and returns
// how far it got: what is behind that place has to be there again, with more bytes after
// it, in the next call. last says that nothing more will come. An error means that the file
// is damaged at that place; there are no further records.
func (s *splitter) split(buf []byte, pos int, last bool, out []span) (int, []span, error) {
	s.quick.reset(buf, pos)
	for {
		pos = jsonscan.SkipSpace(buf, pos)
		if pos == len(buf) {
			break
		}
		var next int
		switch s.state {
		case inFile:
			next = s.file(buf, pos)
		case inRoot:
			next = s.root(buf, pos, last)
		case inRootAt:
			next = s.follow(buf, pos, inRoot, '}', inFile)
		case inListAt:
			next = s.follow(buf, pos, inList, ']', inRootAt)
		case inList:
			next, out = s.element(buf, pos, last, out)
		}
		if next < 0 && ^next == len(buf) {
			break // not enough bytes
		}
		if next < 0 {
			return ^next, out, fmt.Errorf("not a log of records: unexpected %q", buf[^next])
		}
		pos = next
	}
	if last {
		return pos, out, s.atEnd()
	}
	return pos, out, nil
}

// atEnd says whether the file may end here.
func (s *splitter) atEnd() error {
	switch {
	case s.state != inFile && s.lists > 0:
		return fmt.Errorf("the file ends in the middle of its records")
	case s.state != inFile:
		return fmt.Errorf("the file ends too early")
	case s.docs == 0:
		return fmt.Errorf("the file is empty")
	case s.lists == 0:
		return fmt.Errorf("the file has no list of records")
	}
	return nil
}

// The methods below take one step from buf[pos], which is no white space, and return the
// position behind it. A negative one is ^position of the damage, or ^len(buf) if there
// are not enough bytes.

func (s *splitter) file(buf []byte, pos int) int {
	if buf[pos] != '{' {
		return ^pos
	}
	s.state = inRoot
	return pos + 1
}

// follow is for what comes behind a member or element: a comma, or the end.
func (s *splitter) follow(buf []byte, pos int, more state, end byte, after state) int {
	switch buf[pos] {
	case ',':
		s.state = more
	case end:
		s.leave(after)
	default:
		return ^pos
	}
	return pos + 1
}

func (s *splitter) leave(to state) {
	if s.state = to; to == inFile {
		s.docs++
	}
}

var recordsKey = []byte("Records")

// root takes a member of the document: up to the bracket of the list of records, or all
// of anything else.
func (s *splitter) root(buf []byte, pos int, last bool) int {
	if buf[pos] == '}' {
		s.leave(inFile)
		return pos + 1
	}
	if buf[pos] != '"' {
		return ^pos
	}
	end, ok := jsonscan.SkipValue(buf, pos)
	if !ok {
		return ^end
	}
	key := buf[pos+1 : end-1]
	if bytes.IndexByte(key, '\\') >= 0 {
		key = jsonscan.AppendUnescaped(nil, key)
	}
	end = jsonscan.SkipSpace(buf, end)
	if end == len(buf) || buf[end] != ':' {
		return ^end
	}
	end = jsonscan.SkipSpace(buf, end+1)
	if end == len(buf) {
		return ^end
	}
	if bytes.Equal(key, recordsKey) && buf[end] == '[' {
		s.state = inList
		s.lists++
		return end + 1
	}
	if end = skipWhole(buf, end, last); end >= 0 {
		s.state = inRootAt
	}
	return end
}

// skipWhole is SkipValue for a value that may go on behind buf.
func skipWhole(buf []byte, pos int, last bool) int {
	end, ok := jsonscan.SkipValue(buf, pos)
	if !ok || end == len(buf) && !last {
		return ^end
	}
	return end
}

// element takes an element of the list of records.
func (s *splitter) element(buf []byte, pos int, last bool, out []span) (int, []span) {
	if buf[pos] == ']' {
		s.leave(inRootAt)
		return pos + 1, out
	}
	if buf[pos] != '{' {
		next := skipWhole(buf, pos, last)
		if next >= 0 {
			s.skipped++
			s.state = inListAt
		}
		return next, out
	}
	end, ok := 0, false
	var time uint64
	quick, short := s.quick.find(buf, pos)
	switch {
	case quick:
		end = s.quick.end
		time, ok = wanted(s.quick.time.of(buf), s.quick.typ.of(buf))
	case short && !last:
		return ^len(buf), out
	default:
		if end = s.scan(buf, pos); end < 0 {
			return end, out
		}
		time, ok = s.scanned()
	}
	s.state = inListAt
	switch {
	case !ok:
		s.skipped++
	case end-pos > MaxRecord:
		s.oversize++
		s.largest = max(s.largest, end-pos)
	default:
		out = append(out, span{start: pos, end: end, time: time})
	}
	return end, out
}

// scan finds the end of the record at pos, and its time and type.
func (s *splitter) scan(buf []byte, pos int) int {
	end, ok := record.set.ScanValue(buf, pos, &s.result)
	if ok {
		return end
	}
	if end == len(buf) {
		return ^end
	}
	// Its own damage: the others can be read if its brackets are in order.
	if end, ok = jsonscan.SkipValue(buf, pos); !ok {
		return ^end
	}
	s.broken++
	s.result.Clear()
	return end
}

// scanned returns the time of the record that was scanned, and whether it is to be an event.
func (s *splitter) scanned() (time uint64, ok bool) {
	r := &s.result
	at, typ := r.At(record.time), r.At(record.typ)
	if at.Kind != jsonscan.String || typ.Kind != jsonscan.String {
		return 0, false
	}
	return wanted(inside(r, at), inside(r, typ))
}

// inside returns a string without quotes and escapes.
func inside(r *jsonscan.Result, s jsonscan.Span) []byte {
	raw := r.Raw(s)
	raw = raw[1 : len(raw)-1]
	if s.Escaped {
		raw = jsonscan.AppendUnescaped(nil, raw)
	}
	return raw
}

// wanted returns the time of a record, and whether it is to be an event.
func wanted(at, typ []byte) (time uint64, ok bool) {
	if string(typ) == "AwsCloudTrailInsight" {
		return 0, false
	}
	return parseTime(at)
}
