// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"bytes"

	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/internal/logfiles"
)

// A file is made of documents, one after the other or in arrays. A document is an object:
//
//	{"Records":[{...},...]}            records, as CloudTrail delivers them
//	{"Events":[{...},...]}             what aws cloudtrail lookup-events prints
//	{"CloudTrailEvent":"{...}"}        one of its events, with the record as a text
//	{"detail":{...}}                   an event of EventBridge
//	{"eventData":{...}}                an event of CloudTrail Lake
//	{"eventTime":...,"eventType":...}  a record
//	{"digestStartTime":...}            a digest, which has no records
//
// The names are looked for among the document's own members only. A document with the two
// members of a record is one, whatever else it has, unless a list comes before them: where
// a list begins the document is not read to its end first, as it may be of any size.

// place is where a value stands in a buffer: its first byte and behind its last one; both
// are 0 if there is none.
type place struct{ start, end int }

// text returns a string without quotes and escapes, nil for any other value.
func (p place) text(buf []byte) []byte {
	if p.end == 0 || buf[p.start] != '"' {
		return nil
	}
	return unescaped(buf[p.start+1 : p.end-1])
}

func unescaped(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	return jsonscan.AppendUnescaped(nil, b)
}

// members are those of a document that say what it is. Of equal names the first counts.
type members struct {
	time, typ, inner place // inner is the record that it wraps
	timed, typed     bool  // time and typ are texts
	named            bool  // it has a member that says what was called
	lake             bool  // inner is of CloudTrail Lake
	digest           bool
}

// role is what a member means.
type role uint8

const (
	roleOther role = iota
	roleRecords
	roleEvents
	roleWrapper
	roleLake
	roleTime
	roleType
	roleName
	roleDigest
)

func roleOf(key []byte) role {
	switch string(key) {
	case "Records":
		return roleRecords
	case "Events":
		return roleEvents
	case "CloudTrailEvent", "detail":
		return roleWrapper
	case "eventData":
		return roleLake
	case "eventTime":
		return roleTime
	case "eventType":
		return roleType
	case "eventName", "eventSource":
		return roleName
	case "digestStartTime", "digestS3Object":
		return roleDigest
	}
	return roleOther
}

// note takes a member whose value stands at p.
func (m *members) note(r role, p place, buf []byte) {
	c := buf[p.start]
	switch r {
	case roleTime:
		if m.time.end == 0 {
			m.time, m.timed = p, c == '"'
		}
	case roleType:
		if m.typ.end == 0 {
			m.typ, m.typed = p, c == '"'
		}
	case roleName:
		m.named = true
	case roleDigest:
		m.digest = true
	case roleWrapper, roleLake, roleRecords:
		if m.inner.end == 0 && (c == '{' || c == '"' && r != roleRecords) {
			m.inner, m.lake = p, r == roleLake
		}
	}
}

// isRecord reports whether the document is a record itself: it has a time and a type, both
// texts. Events of CloudTrail Lake have them too, but do not say what was called.
func (m *members) isRecord() bool { return m.timed && m.typed && (m.named || !m.lake) }

// document takes the document at buf[pos] == '{' as a whole, or if lists may be in it, up to
// the bracket of its list.
func (s *splitter) document(buf []byte, pos int, last, lists bool, out []logfiles.Span) (int, []logfiles.Span) {
	var m members
	for i := pos + 1; ; {
		i = skipSeparators(buf, i)
		if i == len(buf) {
			return ^i, out
		}
		if buf[i] == '}' {
			return i + 1, s.single(buf, pos, i+1, &m, out)
		}
		key, at := keyAt(buf, i)
		if at < 0 {
			return s.damaged(buf, pos, at, last), out
		}
		r := roleOf(key)
		if lists && s.list(buf, at, r, &m) {
			return at + 1, out
		}
		end := skipWhole(buf, at, last)
		if end < 0 {
			return s.damaged(buf, pos, end, last), out
		}
		m.note(r, place{at, end}, buf)
		i = end
	}
}

// list reports whether the value at buf[at] is the list of a document with the members m,
// and has the splitter read it.
func (s *splitter) list(buf []byte, at int, r role, m *members) bool {
	if buf[at] != '[' || r != roleRecords && r != roleEvents || m.isRecord() {
		return false
	}
	if s.state = inList; r == roleEvents {
		s.state = inEvents
	}
	s.root = *m
	s.dropped = false
	s.found = true
	return true
}

// damaged is for a document that is no JSON at ^at, or goes on behind buf. Others can be
// read nevertheless if its brackets are in order.
func (s *splitter) damaged(buf []byte, pos, at int, last bool) int {
	if ^at == len(buf) {
		return at
	}
	end := skipWhole(buf, pos, last)
	switch {
	case end < 0 && last:
		return at
	case end >= 0:
		s.counts[notJSON]++
		if s.fault == nil {
			s.fault = s.unexpected(buf, ^at)
		}
	}
	return end
}

// keyAt reads the key at buf[i] and the colon behind it. at is the position of the value,
// or negative as that of a step.
func keyAt(buf []byte, i int) (key []byte, at int) {
	if buf[i] != '"' {
		return nil, ^i
	}
	end, ok := jsonscan.SkipValue(buf, i)
	if !ok {
		return nil, ^end
	}
	key = buf[i+1 : end-1]
	if i = jsonscan.SkipSpace(buf, end); i == len(buf) || buf[i] != ':' {
		return nil, ^i
	}
	if i = jsonscan.SkipSpace(buf, i+1); i == len(buf) {
		return nil, ^i
	}
	return unescaped(key), i
}

// skipSeparators is SkipSpace for commas too.
func skipSeparators(buf []byte, i int) int {
	for {
		if i = jsonscan.SkipSpace(buf, i); i == len(buf) || buf[i] != ',' {
			return i
		}
		i++
	}
}

// member takes a member of a document behind its list, or what was before it if that was
// too large.
func (s *splitter) member(buf []byte, pos int, last bool) int {
	if buf[pos] == '}' {
		s.leave()
		return pos + 1
	}
	key, at := keyAt(buf, pos)
	if at < 0 {
		return at
	}
	r := roleOf(key)
	if s.list(buf, at, r, &s.root) {
		return at + 1
	}
	end := skipWhole(buf, at, last)
	if end >= 0 && s.dropped {
		s.root.note(r, place{at, end}, buf)
	}
	return end
}

// leave ends a document that was not read as a whole.
func (s *splitter) leave() {
	s.state = inFile
	if s.dropped {
		s.judge(&s.root, tooLarge)
	}
	s.dropped = false
}

// single takes a document without a list, buf[start:end].
func (s *splitter) single(buf []byte, start, end int, m *members, out []logfiles.Span) []logfiles.Span {
	switch s.judge(m, taken) {
	case itself:
		time, why := wanted(m.time.text(buf), m.typ.text(buf))
		return s.take(logfiles.Span{Start: start, End: end, Time: time}, why, out)
	case wrapper:
		return s.inner(buf, m.inner, m, out)
	}
	return out
}

// verdict says what a document without a list is.
type verdict uint8

const (
	nothing verdict = iota
	itself          // a record
	wrapper         // around one
)

// judge says what a document with the members m is, and counts it if it is no record: or if
// it is one, for the given reason.
func (s *splitter) judge(m *members, why reason) (v verdict) {
	switch {
	case m.isRecord():
		v = itself
	case m.inner.end > 0:
		v = wrapper
	case m.digest:
		s.digests++
		return nothing
	case m.typed:
		why = noTime
	case m.timed || m.named:
		why = noType
	default:
		s.counts[noRecord]++
		return nothing
	}
	s.found = true
	if why != taken {
		s.counts[why]++
	}
	return v
}

// lookup takes a result of lookup-events.
func (s *splitter) lookup(buf []byte, pos int, last bool, out []logfiles.Span) (int, []logfiles.Span) {
	switch buf[pos] {
	case ']':
		s.state = inRoot
		return pos + 1, out
	case '{':
		return s.document(buf, pos, last, false, out)
	case '"':
		return s.quoted(buf, pos, last, out)
	}
	return s.other(buf, pos, last), out
}

// quoted takes a record that is written as a text, as the command prints it if it is asked
// for Events[].CloudTrailEvent.
func (s *splitter) quoted(buf []byte, pos int, last bool, out []logfiles.Span) (int, []logfiles.Span) {
	end := skipWhole(buf, pos, last)
	if end < 0 {
		return end, out
	}
	alone := s.state == inFile && s.arrays == 0
	if text := bytes.TrimSpace(buf[pos+1 : end-1]); alone && !bytes.HasPrefix(text, []byte("{")) {
		return ^pos, out
	}
	return end, s.inner(buf, place{pos, end}, &members{}, out)
}

// inner takes the record at p, an object or a text, of the document with the members m.
func (s *splitter) inner(buf []byte, p place, m *members, out []logfiles.Span) []logfiles.Span {
	text, start := buf[:p.end], p.start
	if text[start] == '"' {
		raw := text[start+1 : p.end-1]
		if bytes.IndexByte(raw, '\\') >= 0 {
			raw = jsonscan.AppendUnescaped(raw[:0], raw) // which is never longer
		}
		text = text[:start+1+len(raw)]
		if start = jsonscan.SkipSpace(text, start+1); start == len(text) || text[start] != '{' {
			s.counts[noRecord]++
			return out
		}
	}
	s.found = true
	end, why := s.scan(text, start)
	if end < 0 || jsonscan.SkipSpace(text, end) < len(text) {
		why = notJSON
	}
	var time uint64
	if why == taken {
		time, why = s.scanned()
	}
	if m.lake && (why == noType || why == noTime) {
		time, why = s.lakeTime(m.time.text(buf), m.typ.text(buf))
	}
	return s.take(logfiles.Span{Start: start, End: end, Time: time}, why, out)
}

// lakeTime is scanned for an event of CloudTrail Lake: what it does not say itself, the
// document around it does. Lake's times may be without the Z for UTC.
func (s *splitter) lakeTime(at, typ []byte) (time uint64, why reason) {
	r := &s.result
	if own := r.At(record.time); own.Kind == jsonscan.String {
		at = inside(r, own)
	}
	if own := r.At(record.typ); own.Kind == jsonscan.String {
		typ = inside(r, own)
	}
	if typ == nil {
		return 0, noType
	}
	if time, why = wanted(at, typ); why == noTime {
		time, why = wanted(append(bytes.Clone(at), 'Z'), typ)
	}
	return time, why
}
