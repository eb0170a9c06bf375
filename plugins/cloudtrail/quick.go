// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"bytes"

	"github.com/gyr-dev/gyr/internal/jsonscan"
)

// quick finds the end of a record, its time and its type several times as fast as a scan
// does. Reading is little more than inflating thanks to it.
//
// Where there is a [jsonscan.Index], that tells the end of the record, and also which of
// the strings directly in it may be "eventTime" and "eventType".
//
// Where there is none, it hops from brace to brace. One is inside a string if there is an
// odd number of quotes before it; the others give the depth, and where it is 0, the end.
// The bytes between are looked at with nothing but functions of package bytes, which take
// 32 of them at a time.
//
// That "eventTime" with its quotes and a colon behind it is a key needs no proof: no JSON
// has this anywhere else. Without an index all this holds without backslashes, with one
// without \u, so other records, and those in which not everything is found at once, are
// left to the scan. Of records that are no JSON, it may take some that a scan would refuse.
type quick struct {
	slash int // position of a backslash in the buffer, with none between it and the last record

	index   jsonscan.Index
	indexed bool
	base    int // where in the buffer the index begins

	end       int
	time, typ inner // values
}

// inner is the inside of a string: positions in the buffer, both 0 if there is none.
type inner struct{ start, end int }

func (t inner) of(buf []byte) []byte { return buf[t.start:t.end] }

// reset prepares for another buffer, which will be split from pos on.
func (q *quick) reset(buf []byte, pos int) {
	q.slash = -1
	q.base = pos
	q.indexed = jsonscan.Available() && q.index.Fill(buf[pos:], [2]byte{'e', 'T'})
}

// findIndexed is find with an index.
func (q *quick) findIndexed(buf []byte, pos int) (ok, short bool) {
	var marked [8]int
	end, n := q.index.End(pos-q.base, marked[:])
	if end < 0 {
		return false, true
	}
	q.end = q.base + end
	// Only \u can hide a key.
	if n > len(marked) || q.slash < q.end && bytes.Contains(buf[q.slash:q.end], unicode) {
		return false, false
	}
	for _, at := range marked[:n] {
		if !q.key(buf[:q.end], q.base+at) {
			return false, false
		}
	}
	return q.time.end > 0 && q.typ.end > 0, false
}

// key looks at the string at buf[at], which may be one of the keys, with its value. It is
// false if that is no string.
func (q *quick) key(buf []byte, at int) bool {
	const size = len(`"eventTime"`)
	if at+size >= len(buf) {
		return true
	}
	var v *inner
	switch string(buf[at : at+size]) {
	case `"eventTime"`:
		v = &q.time
	case `"eventType"`:
		v = &q.typ
	default:
		return true
	}
	i := jsonscan.SkipSpace(buf, at+size)
	if i == len(buf) || buf[i] != ':' || v.end > 0 { // a value, or the key again
		return true
	}
	if i = jsonscan.SkipSpace(buf, i+1); i == len(buf) || buf[i] != '"' {
		return false
	}
	v.start, v.end = i+1, next(buf, i+1, '"')
	return v.end < len(buf) && bytes.IndexByte(v.of(buf), '\\') < 0
}

var unicode = []byte(`\u`)

// find looks at the record that starts at buf[pos] == '{'. Without ok it has no answer;
// with short, because the end of the record is not there yet.
func (q *quick) find(buf []byte, pos int) (ok, short bool) {
	if q.slash < pos {
		q.slash = next(buf, pos, '\\')
	}
	q.time, q.typ = inner{}, inner{}
	if q.indexed {
		return q.findIndexed(buf, pos)
	}
	depth, quotes := 1, 0
	from := pos + 1
	open, shut := next(buf, from, '{'), next(buf, from, '}')
	for {
		at := min(open, shut)
		if q.slash < at {
			return false, false
		}
		if at == len(buf) {
			return false, true
		}
		if depth == 1 && q.time.end*q.typ.end == 0 && !q.keys(buf, from, at) {
			return false, false
		}
		quotes += bytes.Count(buf[from:at], quote)
		from = at + 1
		inside := quotes&1 == 1
		if at == open {
			open = next(buf, from, '{')
			if !inside {
				depth++
			}
			continue
		}
		shut = next(buf, from, '}')
		if inside {
			continue
		}
		if depth--; depth == 0 {
			q.end = from
			return q.time.end > 0 && q.typ.end > 0 && max(q.time.end, q.typ.end) < from, false
		}
	}
}

var quote = []byte{'"'}

// next returns the position of the first c at or after from, len(buf) if there is none.
func next(buf []byte, from int, c byte) int {
	if k := bytes.IndexByte(buf[from:], c); k >= 0 {
		return from + k
	}
	return len(buf)
}

// keys looks for eventTime and eventType in a part of the record without braces, where they
// are keys of the record itself. Both have their T at the sixth place. It is false if the
// value of one is no string.
func (q *quick) keys(buf []byte, from, to int) bool {
	const before, after = len(`"event`), len(`Time"`)
	for t := from; ; t++ {
		k := bytes.IndexByte(buf[t:to], 'T')
		if k < 0 {
			return true
		}
		if t += k; t-before < from || t+after > to || string(buf[t-before:t]) != `"event` {
			continue
		}
		var v *inner
		switch string(buf[t : t+after]) {
		case `Time"`:
			v = &q.time
		case `Type"`:
			v = &q.typ
		default:
			continue
		}
		i := jsonscan.SkipSpace(buf, t+after)
		if i == len(buf) || buf[i] != ':' || v.end > 0 { // a value, or the key again
			continue
		}
		if i = jsonscan.SkipSpace(buf, i+1); i == len(buf) || buf[i] != '"' {
			return false
		}
		v.start, v.end = i+1, next(buf, i+1, '"')
	}
}
