// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

// Error is a failed scan: the text is not valid JSON at Offset.
type Error struct {
	Offset int
	// Truncated is true if the text ends within a value.
	Truncated bool
}

// Error returns a message with the position.
func (e *Error) Error() string {
	if e.Truncated {
		return fmt.Sprintf("truncated JSON after %d bytes", e.Offset)
	}
	return fmt.Sprintf("invalid JSON at byte %d", e.Offset)
}

// Scan searches a document for the paths of the set and stores the values in r. It ignores
// zero bytes at the end, which plugins written in C may append. After an error r holds the
// values found before it. The error is an [*Error].
func (s *Set) Scan(data []byte, r *Result) error {
	if hasKernel && len(data) >= fastMin && len(data) <= fastMax && s.scanFast(data, r) {
		return nil
	}
	return s.scanSlow(trimNUL(data), r)
}

// scanSlow is Scan without an index.
func (s *Set) scanSlow(data []byte, r *Result) error {
	w := walk{data: data, r: r, nodes: s.nodes}
	i := w.start(s, 0)
	if i >= 0 && !w.decided {
		if i = skipSpace(data, i); i < len(data) {
			i = ^i
		}
	}
	return w.fault(i)
}

// ScanValue searches the value that starts at data[pos], after white space, for the paths of
// the set, and returns the position after it. It does not read further. The set must contain
// the empty path, the value itself; otherwise the position is undefined if all paths were
// decided before the end of the value.
//
// If ok is false, end is the position of the invalid JSON, or len(data) if the text ends within
// the value.
func (s *Set) ScanValue(data []byte, pos int, r *Result) (end int, ok bool) {
	w := walk{data: data, r: r, nodes: s.nodes}
	return result(w.start(s, pos))
}

// walk is a scan in progress. Its methods follow the convention of skip.go.
type walk struct {
	data    []byte
	r       *Result
	nodes   []node
	decided bool // all paths are decided
}

func (w *walk) start(s *Set, pos int) int {
	w.r.reset(s, w.data)
	if len(w.data) > math.MaxInt32 {
		return ^math.MaxInt32
	}
	return w.value(skipSpace(w.data, pos), &w.nodes[0], 0)
}

func (w *walk) fault(i int) error {
	if i >= 0 {
		return nil
	}
	return &Error{Offset: ^i, Truncated: ^i >= len(w.data)}
}

// value stores what n wants of the value at data[i]. elem is the index of the innermost
// element of a Path.Each that contains it.
func (w *walk) value(i int, n *node, elem int32) int {
	if i >= len(w.data) {
		return ^i
	}
	s := Span{Start: uint32(i)}
	switch w.data[i] {
	case '"':
		s.Kind = String
		end := skipString(w.data, i)
		if end < 0 {
			return end
		}
		s.Escaped = n.slot >= 0 && bytes.IndexByte(w.data[i+1:end-1], '\\') >= 0
		i = end
	case '{':
		s.Kind = Object
		if len(n.kids) == 0 {
			i = skipNested(w.data, i+1, 1)
		} else {
			i = w.object(i, n, elem)
		}
	case '[':
		s.Kind = Array
		if len(n.elems) == 0 && n.every < 0 {
			i = skipNested(w.data, i+1, 1)
		} else {
			i = w.array(i, n, elem)
		}
	default:
		end := skipScalar(w.data, i)
		if end < 0 {
			return end
		}
		if s.Kind = scalarKind(w.data[i:end]); s.Kind == Absent {
			if end == len(w.data) {
				return ^end
			}
			return ^i
		}
		i = end
	}
	if i >= 0 && n.slot >= 0 {
		s.End = uint32(i)
		w.r.put(n, s, elem)
	}
	return i
}

// isFirst marks kid k of an object as seen and reports whether this is its first occurrence.
func isFirst(seen []uint64, k int) bool {
	bit := uint64(1) << (k & 63)
	first := seen[k>>6]&bit == 0
	seen[k>>6] |= bit
	return first
}

// object walks the object at data[i] == '{'.
func (w *walk) object(i int, n *node, elem int32) int {
	data := w.data
	left := len(n.kids)
	seen := w.r.seen[n.seen : int(n.seen)+(left+63)/64]
	clear(seen)
	if i = skipSpace(data, i+1); i < len(data) && data[i] == '}' {
		return i + 1
	}
	for {
		k, after := w.key(i, n)
		if after < 0 {
			return after
		}
		if k < 0 || !isFirst(seen, k) {
			i = skipValue(data, after)
		} else {
			left--
			i = w.value(after, &w.nodes[n.kids[k].node], elem)
			if left == 0 && i >= 0 && !w.decided {
				if n == &w.nodes[0] && n.slot < 0 {
					w.decided = true
					return i
				}
				return skipNested(data, i, 1)
			}
		}
		if i < 0 {
			return i
		}
		if i < len(data) && data[i] != ',' {
			i = skipSpace(data, i)
		}
		if i >= len(data) {
			return ^i
		}
		switch data[i] {
		case ',':
			if i++; i < len(data) && data[i] != '"' {
				i = skipSpace(data, i)
			}
		case '}':
			return i + 1
		default:
			return ^i
		}
	}
}

// key reads the key at data[i] and the colon. It returns the number of the kid of n with that
// key, -1 for none, and the position of the member's value.
func (w *walk) key(i int, n *node) (kid, after int) {
	data := w.data
	if i >= len(data) || data[i] != '"' {
		return -1, ^i
	}
	kid, p := w.quickKey(i+1, n)
	if p < 0 {
		if kid, p = w.slowKey(i, n); p < 0 {
			return -1, p
		}
	}
	if p < len(data) && data[p] != ':' {
		p = skipSpace(data, p)
	}
	if p >= len(data) || data[p] != ':' {
		return -1, ^min(p, len(data))
	}
	if p++; p < len(data) && data[p] <= ' ' {
		p = skipSpace(data, p)
	}
	return kid, p
}

// quickKey is a fast path of key that starts after the opening quote. It requires that there is
// no backslash in or near the key, and that it is not near the end of the text; otherwise
// after is negative.
func (w *walk) quickKey(start int, n *node) (kid, after int) {
	data := w.data
	for p := start; p+16 <= len(data); p += 16 {
		block := data[p : p+16]
		low, high := binary.LittleEndian.Uint64(block), binary.LittleEndian.Uint64(block[8:])
		if firstOf(low, backslash)|firstOf(high, backslash) != 0 {
			break
		}
		k := quoteIn16(block)
		if k == 16 {
			continue
		}
		if p > start {
			low = binary.LittleEndian.Uint64(data[start:])
		} else if k < 8 {
			low &= 1<<(8*k) - 1
		}
		return n.find(data[start:p+k], low), p + k + 1
	}
	return -1, -1
}

// slowKey is key for keys with escapes and near the end of the text. It returns the position
// after the key.
func (w *walk) slowKey(i int, n *node) (kid, after int) {
	end := skipString(w.data, i)
	if end < 0 {
		return -1, end
	}
	key := w.data[i+1 : end-1]
	var buf [128]byte
	if bytes.IndexByte(key, '\\') >= 0 {
		// Keys longer than the buffer allocate.
		key = AppendUnescaped(buf[:0], key)
	}
	return n.find(key, head(key)), end
}

// array walks the array at data[i] == '['.
func (w *walk) array(i int, n *node, elem int32) int {
	data := w.data
	if i = skipSpace(data, i+1); i < len(data) && data[i] == ']' {
		return i + 1
	}
	for index := 0; ; index++ {
		start := i
		i = -1
		for k := range n.elems {
			if e := &n.elems[k]; e.index == index {
				if i = w.value(start, &w.nodes[e.node], elem); i < 0 {
					return i
				}
			}
		}
		if n.every >= 0 {
			i = w.value(start, &w.nodes[n.every], int32(index))
		} else if i < 0 {
			i = skipValue(data, start)
		}
		if i < 0 {
			return i
		}
		if i = skipSpace(data, i); i >= len(data) {
			return ^i
		}
		switch data[i] {
		case ',':
			i = skipSpace(data, i+1)
		case ']':
			return i + 1
		default:
			return ^i
		}
	}
}
