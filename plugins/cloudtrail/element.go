// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/internal/logfiles"
)

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

// element takes an element of the list of records.
func (s *splitter) element(buf []byte, pos int, last bool, out []logfiles.Span) (int, []logfiles.Span) {
	if buf[pos] == ']' {
		s.state = inRoot
		return pos + 1, out
	}
	if buf[pos] != '{' {
		return s.other(buf, pos, last), out
	}
	end, why := 0, taken
	var time uint64
	quick, short := s.quick.find(buf, pos)
	switch {
	case quick:
		end = s.quick.end
		time, why = wanted(s.quick.time.of(buf), s.quick.typ.of(buf))
	case short && !last:
		return ^len(buf), out
	default:
		if end, why = s.scan(buf, pos); end < 0 {
			return end, out
		}
		if why == taken {
			time, why = s.scanned()
		}
	}
	return end, s.take(logfiles.Span{Start: pos, End: end, Time: time}, why, out)
}

// take appends a record if it is to be an event, and counts it if not.
func (s *splitter) take(r logfiles.Span, why reason, out []logfiles.Span) []logfiles.Span {
	if size := r.End - r.Start; why == taken && size > MaxRecord {
		why = tooLarge
		s.largest = max(s.largest, size)
	}
	if why != taken {
		s.counts[why]++
		return out
	}
	return append(out, r)
}

// scan finds the end of the record at pos, and its time and type. It may be notJSON: then
// the other records can be read nevertheless, as its brackets are in order.
func (s *splitter) scan(buf []byte, pos int) (end int, why reason) {
	end, ok := record.set.ScanValue(buf, pos, &s.result)
	if ok {
		return end, taken
	}
	if end == len(buf) {
		return ^end, notJSON
	}
	if end, ok = jsonscan.SkipValue(buf, pos); !ok {
		return ^end, notJSON
	}
	return end, notJSON
}

// scanned returns the time of the record that was scanned, and whether it is to be an event.
func (s *splitter) scanned() (time uint64, why reason) {
	r := &s.result
	at, typ := r.At(record.time), r.At(record.typ)
	switch {
	case typ.Kind != jsonscan.String:
		return 0, noType
	case at.Kind != jsonscan.String:
		return 0, noTime
	}
	return wanted(inside(r, at), inside(r, typ))
}

// inside returns a string without quotes and escapes.
func inside(r *jsonscan.Result, s jsonscan.Span) []byte {
	raw := r.Raw(s)
	return unescaped(raw[1 : len(raw)-1])
}
