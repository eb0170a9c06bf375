// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"

	"github.com/gyr-dev/gyr/event"
)

// Kind says what a value is.
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
	// list marks the slot of a path with Step.Every: Start and End are the first and
	// the last of its hits.
	list
)

// Span is a value in a document: the bytes from Start to before End, quotes included.
type Span struct {
	Start, End uint32
	Kind       Kind
	// Escaped says that a string contains a backslash.
	Escaped bool
}

// Hit is a value found by a path with [Path.Each].
type Hit struct {
	Span
	// Elem is the index of the element of the innermost such array that has the value.
	Elem int32
	next int32 // hit of the same slot, 0 for none
}

// Result is what a scan found: views of the document, until the next scan. The zero
// value is ready to use; one that is used again and again stops allocating. A Result
// is used by one goroutine at a time.
type Result struct {
	data  []byte
	spans []Span
	hits  []Hit
	seen  []uint64
	// blanks says that there may be white space between the tokens of the document, nuls
	// that there may be zeros in it.
	blanks, nuls bool

	// Of scans by index.
	index  Index
	tokens []uint32
}

// At returns the value of a slot whose path has no [Path.Each].
func (r *Result) At(slot int) Span { return r.spans[slot] }

// First returns the first value of a slot whose path has a [Path.Each], nil if there is none.
// All values come in their order in the document:
//
//	for h := r.First(slot); h != nil; h = r.Next(h) {
func (r *Result) First(slot int) *Hit {
	if s := r.spans[slot]; s.Kind == list {
		return &r.hits[s.Start]
	}
	return nil
}

// Next returns the value after h, nil after the last.
func (r *Result) Next(h *Hit) *Hit {
	if h.next == 0 {
		return nil
	}
	return &r.hits[h.next]
}

// Raw returns the value's text in the document, with the quotes of a string.
func (r *Result) Raw(s Span) []byte { return r.data[s.Start:s.End:s.End] }

// Text returns a value as fields show it: a string without quotes and escapes, anything
// else as compact JSON; "" for an absent one. The string is a view of the document or in
// mem. It ends before the first NUL, as strings of the plugin interface do.
func (r *Result) Text(s Span, mem *event.Arena) string {
	switch s.Kind {
	case Absent:
		return ""
	case String:
		b := r.data[s.Start+1 : s.End-1]
		if s.Escaped {
			// Resolved escapes are never longer than written ones.
			b = AppendUnescaped(mem.Bytes(len(b))[:0], b)
		}
		return r.clip(b)
	default:
		return r.JSON(s, mem)
	}
}

// Plain is Text for the usual case, a string without escapes: ok is false for all others.
func (r *Result) Plain(slot int) (text string, ok bool) {
	s := &r.spans[slot]
	if s.Kind != String || s.Escaped || r.nuls {
		return "", false
	}
	return event.String(r.data[s.Start+1 : s.End-1]), true
}

// JSON returns a value as compact JSON, strings with their quotes and escapes; "" for an
// absent one. Else it is like Text.
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

// clip ends a text before its first zero. Those of escapes come out of text without one.
func (r *Result) clip(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return event.String(b)
}

// Is reports whether the value is the string want, which contains no NUL.
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

// Forget drops the result's references to the document and keeps its memory.
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

// put notes a value that the node wants.
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
