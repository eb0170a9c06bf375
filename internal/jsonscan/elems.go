// SPDX-License-Identifier: Apache-2.0

package jsonscan

// Elems iterates over the elements of an array found by a scan.
type Elems struct {
	data []byte
	i    int
}

// Elems returns the elements of the array s; none if s is not an array.
func (r *Result) Elems(s Span) Elems {
	e := Elems{data: r.data[:s.End], i: -1}
	if s.Kind == Array {
		e.i = skipSpace(e.data, int(s.Start)+1)
	}
	return e
}

// Next returns the text of the next element; ok is false at the end. It stops at invalid JSON.
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
