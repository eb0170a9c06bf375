// SPDX-License-Identifier: Apache-2.0

package jsonscan

// Elems goes over the elements of an array that a scan found.
type Elems struct {
	data []byte
	i    int
}

// Elems returns the elements of the array s; none if s is something else.
func (r *Result) Elems(s Span) Elems {
	e := Elems{data: r.data[:s.End], i: -1}
	if s.Kind == Array {
		e.i = skipSpace(e.data, int(s.Start)+1)
	}
	return e
}

// Next reports whether there is a further element and returns its text. It ends at the
// first thing that is no JSON.
func (e *Elems) Next() (raw []byte, ok bool) {
	if e.i < 0 || e.i >= len(e.data) || e.data[e.i] == ']' {
		return nil, false
	}
	end := skipValue(e.data, e.i)
	if end < 0 {
		e.i = end
		return nil, false
	}
	raw = e.data[e.i:end:end]
	if e.i = skipSpace(e.data, end); e.i < len(e.data) && e.data[e.i] == ',' {
		e.i = skipSpace(e.data, e.i+1)
	}
	return raw, true
}
