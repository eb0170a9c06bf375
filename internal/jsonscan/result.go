// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"

	"github.com/gyr-dev/gyr/event"
)

// Kind is the kind of a value.
type Kind uint8

// The kinds of values.
const (
	Absent Kind = iota
	String
	Number
	True
	False
	Null
	Object
	Array
	// list marks the slot of a path with Step.Every: Start and End are the first and the last
	// hit.
	list
)

// Span is a value in a document: the bytes from Start up to End, including quotes.
type Span struct {
	Start, End uint32
	Kind       Kind
	// Escaped is true if a string contains a backslash.
	Escaped bool
}

// Hit is a value found by a path with [Path.Each].
type Hit struct {
	Span
	// Elem is the index of the value's element in the innermost such array.
	Elem int32
	next int32 // next hit of the slot, 0 for none
}

// Result holds the result of a scan: views of the document, valid until the next scan. The
// zero value is ready to use. A Result that is reused stops allocating. It is not safe for
// concurrent use.
type Result struct {
	data  []byte
	spans []Span
	hits  []Hit
	seen  []uint64
	// blanks reports whether the document may have white space between tokens, nuls whether
	// it may have zero bytes.
	blanks, nuls bool

	// For scans with an index.
	index  Index
	tokens []uint32
}

// At returns the value of a slot whose path has no [Path.Each].
func (r *Result) At(slot int) Span { return r.spans[slot] }

// First returns the first value of a slot whose path has a [Path.Each]; nil if there is none.
// The values are in document order:
//
//	for h := r.First(slot); h != nil; h = r.Next(h) {
func (r *Result) First(slot int) *Hit {
	if s := r.spans[slot]; s.Kind == list {
		return &r.hits[s.Start]
	}
	return nil
}

// Next returns the value after h; nil after the last one.
func (r *Result) Next(h *Hit) *Hit {
	if h.next == 0 {
		return nil
	}
	return &r.hits[h.next]
}

// Raw returns the text of the value in the document, with the quotes of a string.
func (r *Result) Raw(s Span) []byte { return r.data[s.Start:s.End:s.End] }

// Text returns a value as the text of a field: a string without quotes and escapes, any other
// value as compact JSON, "" if absent. The result is a view of the document or in mem. It ends
// at the first NUL, as strings of the plugin interface do.
func (r *Result) Text(s Span, mem *event.Arena) string {
	switch s.Kind {
	case Absent:
		return ""
	case String:
		b := r.data[s.Start+1 : s.End-1]
		if s.Escaped {
			// Resolved escapes are never longer than the escapes.
			b = AppendUnescaped(mem.Bytes(len(b))[:0], b)
		}
		return r.clip(b)
	default:
		return r.JSON(s, mem)
	}
}

// Plain is Text for the usual case, a string without escapes. ok is false for other values.
func (r *Result) Plain(slot int) (text string, ok bool) {
	s := &r.spans[slot]
	if s.Kind != String || s.Escaped || r.nuls {
		return "", false
	}
	return event.String(r.data[s.Start+1 : s.End-1]), true
}

// JSON returns a value as compact JSON, with the quotes and escapes of strings; "" if absent.
// Otherwise it is like Text.
func (r *Result) JSON(s Span, mem *event.Arena) string {
	if s.Kind == Absent {
		return ""
	}
	raw := r.Raw(s)
	if r.blanks && (s.Kind == Object || s.Kind == Array) {
		raw = Compact(raw, mem)
	}
	if !r.nuls {
		return event.String(raw)
	}
	return r.clip(raw)
}

// clip cuts a text at its first NUL. Escapes can produce a NUL that the document does not have.
func (r *Result) clip(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return event.String(b)
}

// Is reports whether the value is the string want, which must not contain a NUL.
func (r *Result) Is(s Span, want string) bool {
	if s.Kind != String {
		return false
	}
	b := r.data[s.Start+1 : s.End-1]
	if !s.Escaped {
		return string(b) == want
	}
	if len(b) > 6*len(want) { // no escape is longer than \u0041
		return false
	}
	var buf [256]byte
	return string(AppendUnescaped(buf[:0], b)) == want
}

// Forget drops the references to the document but keeps the result's memory.
func (r *Result) Forget() { r.data = nil }

// Clear makes all values absent.
func (r *Result) Clear() {
	clear(r.spans)
	r.hits = r.hits[:0]
}

// reset prepares the result for a scan.
func (r *Result) reset(s *Set, data []byte) {
	r.data, r.blanks, r.nuls = data, true, true
	if cap(r.spans) < s.slots {
		r.spans = make([]Span, s.slots)
	}
	r.spans = r.spans[:s.slots]
	clear(r.spans)
	r.hits = r.hits[:0]
	if cap(r.seen) < s.words {
		r.seen = make([]uint64, s.words)
	}
	r.seen = r.seen[:s.words]
}

// put stores a wanted value.
func (r *Result) put(n *node, s Span, elem int32) {
	if !n.many {
		r.spans[n.slot] = s
		return
	}
	at := uint32(len(r.hits))
	r.hits = append(r.hits, Hit{Span: s, Elem: elem})
	l := &r.spans[n.slot]
	if l.Kind == Absent {
		*l = Span{Kind: list, Start: at, End: at}
		return
	}
	r.hits[l.End].next = int32(at)
	l.End = at
}
