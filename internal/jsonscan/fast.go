// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"
	"encoding/binary"
	"unsafe"
)

const (
	// Documents shorter than fastMin are scanned without an index, which is faster; above
	// fastMax the index would use too much memory.
	fastMin = 64
	fastMax = 1 << 20
)

// fast is a walk that uses the index: it has the positions of all closing quotes and of all
// brackets outside strings, and jumps from one to the next. It accepts what [walk] accepts and
// finds the same values. If in doubt, for example at invalid JSON or at a key with escapes, it
// gives up, and walk starts over.
//
// Its methods correspond to those of walk, but return the position -1 to give up. On entry,
// next is the first token at or after the start position; on return, the first one at or after
// the returned position.
type fast struct {
	walk
	tokens  []uint32
	next    int
	escapes bool // the text has backslashes
}

// scanFast is Scan with an index. If ok is false, the result is undefined.
func (s *Set) scanFast(data []byte, r *Result) (ok bool) {
	if !r.index.Fill(data, [2]byte{}) {
		return false
	}
	state := &r.index.state
	if state.nuls != 0 {
		if text := trimNUL(data); len(text) < len(data) {
			return s.scanFast(text, r)
		}
	}
	r.tokens = r.index.tokens(r.tokens, len(data))
	f := fast{walk: walk{data: data, r: r, nodes: s.nodes}, tokens: r.tokens, escapes: state.escapes != 0}
	r.reset(s, data)
	r.blanks, r.nuls = state.blanks != 0, state.nuls != 0
	i := f.value(skipSpace(data, 0), &s.nodes[0], 0)
	return i >= 0 && (f.decided || skipSpace(data, i) == len(data))
}

// token consumes the next token.
func (f *fast) token() int {
	if f.next >= len(f.tokens) {
		return len(f.data)
	}
	at := f.tokens[f.next]
	f.next++
	return int(at)
}

// value is walk.value.
func (f *fast) value(i int, n *node, elem int32) int {
	if i >= len(f.data) {
		return -1
	}
	s := Span{Start: uint32(i)}
	switch f.data[i] {
	case '"':
		s.Kind = String
		end := f.token()
		if end >= len(f.data) {
			return -1
		}
		s.Escaped = f.escapes && n.slot >= 0 && bytes.IndexByte(f.data[i+1:end], '\\') >= 0
		i = end + 1
	case '{':
		s.Kind = Object
		f.next++
		if len(n.kids) == 0 {
			i = f.nested()
		} else {
			i = f.object(i, n, elem)
		}
	case '[':
		s.Kind = Array
		f.next++
		if len(n.elems) == 0 && n.every < 0 {
			i = f.nested()
		} else {
			i = f.array(i, n, elem)
		}
	default:
		end := skipScalar(f.data, i)
		if end < 0 {
			return -1
		}
		if s.Kind = scalarKind(f.data[i:end]); s.Kind == Absent {
			return -1
		}
		i = end
	}
	if i >= 0 && n.slot >= 0 {
		s.End = uint32(i)
		f.r.put(n, s, elem)
	}
	return i
}

// deeper is the change of depth by a token.
var deeper = [256]int8{'{': 1, '[': 1, '}': -1, ']': -1}

// nested is skipNested for the depth 1.
func (f *fast) nested() int {
	data, tokens := f.data, f.tokens
	depth := 1
	for k := f.next; k < len(tokens); k++ {
		at := int(tokens[k])
		if at >= len(data) {
			break
		}
		if depth += int(deeper[data[at]]); depth == 0 {
			f.next = k + 1
			return at + 1
		}
	}
	return -1
}

// skip is skipValue.
func (f *fast) skip(i int) int {
	if i >= len(f.data) {
		return -1
	}
	switch c := f.data[i]; {
	case c == '"':
		return f.token() + 1
	case c|0x20 == '{':
		f.next++
		return f.nested()
	default:
		return max(-1, skipScalar(f.data, i))
	}
}

// object is walk.object. A scan spends most of its time in this loop. It therefore handles the
// most frequent form of a member inline, a key without white space after it and a string, and
// reads without bounds checks: all tokens are before the end of the text except the last two,
// which are at the end and make it give up.
func (f *fast) object(i int, n *node, elem int32) int {
	data := f.data
	left := len(n.kids)
	seen := f.r.seen[n.seen : int(n.seen)+(left+63)/64]
	clear(seen)
	if i++; i < len(data) && data[i] != '"' {
		if i = skipSpace(data, i); i < len(data) && data[i] == '}' {
			f.next++
			return i + 1
		}
	}
	text, tokens, heads := unsafe.Pointer(unsafe.SliceData(data)), unsafe.Pointer(unsafe.SliceData(f.tokens)), unsafe.Pointer(unsafe.SliceData(n.heads))
	end, next, shift := len(data), f.next, n.shift&63
	for more := true; more; {
		found := false
		p := int(*(*uint32)(unsafe.Add(tokens, next*4)))
		if p+2 < end && i+9 <= end && *(*byte)(unsafe.Add(text, i)) == '"' && *(*byte)(unsafe.Add(text, p+1)) == ':' && !f.escapes {
			next++
			size := p - i - 1
			w := *(*uint64)(unsafe.Add(text, i+1)) & headMask[min(uint(size), 8)]
			first := *(*int16)(unsafe.Add(heads, hash(w, size)>>shift*2))
			if *(*byte)(unsafe.Add(text, p+2)) == '"' {
				q := int(*(*uint32)(unsafe.Add(tokens, next*4)))
				if next++; q >= end {
					return -1
				}
				if first != 0 {
					if k := n.match(first, data[i+1:p], w); k >= 0 && isFirst(seen, k) {
						found = true
						s := Span{Start: uint32(p + 2), End: uint32(q + 1), Kind: String}
						if to := &n.kids[k]; to.many {
							f.each(to, s, elem)
						} else if to.slot >= 0 {
							f.r.spans[to.slot] = s
						}
					}
				}
				i = q + 1
			} else {
				k := -1
				if first != 0 {
					if k = n.match(first, data[i+1:p], w); k >= 0 && !isFirst(seen, k) {
						k = -1
					}
				}
				found = k >= 0
				f.next = next
				if i = f.other(p+2, n, k, elem); i < 0 {
					return -1
				}
				next = f.next
			}
		} else {
			f.next = next
			if i, found = f.member(i, n, seen, elem); i < 0 {
				return -1
			}
			next = f.next
		}
		if found {
			if left--; left == 0 && !f.decided {
				f.next = next
				return f.rest(i, n)
			}
		}
		if i+1 < end && *(*uint16)(unsafe.Add(text, i)) == commaQuote {
			i++
			continue
		}
		f.next = next
		i, more = f.separator(i)
		next = f.next
	}
	return i
}

const commaQuote = ',' | '"'<<8

// each stores a string on a path with a [Path.Each].
func (f *fast) each(to *kid, s Span, elem int32) {
	if to.slot >= 0 {
		f.r.put(&f.nodes[to.node], s, elem)
	}
}

// member handles members of any form. It returns the position after the value, and whether the
// value is wanted.
func (f *fast) member(i int, n *node, seen []uint64, elem int32) (after int, found bool) {
	k, i := f.key(i, n)
	if k >= 0 && !isFirst(seen, k) {
		k = -1
	}
	return f.other(i, n, k, elem), k >= 0
}

// other handles the value of kid k of n, or of another member, with white space before it.
func (f *fast) other(i int, n *node, k int, elem int32) int {
	if i >= 0 && i < len(f.data) && f.data[i] <= ' ' {
		i = skipSpace(f.data, i)
	}
	if uint(i) >= uint(len(f.data)) {
		return -1
	}
	if k < 0 {
		return f.skip(i)
	}
	return f.value(i, &f.nodes[n.kids[k].node], elem)
}

// rest skips the rest of an object after its last wanted member, which ends at i.
func (f *fast) rest(i int, n *node) int {
	if n == &f.nodes[0] && n.slot < 0 {
		f.decided = true
		return i
	}
	return f.nested()
}

// separator handles what follows a member, unless it is a comma and a quote. It returns the
// position of the next key, or the position after the object.
func (f *fast) separator(i int) (after int, more bool) {
	data := f.data
	if i < len(data) && data[i] != '}' {
		i = skipSpace(data, i)
	}
	if i >= len(data) {
		return -1, false
	}
	switch data[i] {
	case ',':
		return skipSpace(data, i+1), true
	case '}':
		f.next++
		return i + 1, false
	}
	return -1, false
}

// key is walk.key. kid is undefined if after is negative.
func (f *fast) key(i int, n *node) (kid, after int) {
	data := f.data
	if i >= len(data) || data[i] != '"' || f.next >= len(f.tokens) {
		return -1, -1
	}
	p := int(f.tokens[f.next])
	if p+2 >= len(data) || f.escapes && bytes.IndexByte(data[i:p], '\\') >= 0 {
		return -1, -1
	}
	f.next++
	key := data[i+1 : p]
	if i+9 <= len(data) {
		kid = n.find(key, binary.LittleEndian.Uint64(data[i+1:])&headMask[min(len(key), 8)])
	} else {
		kid = n.find(key, head(key))
	}
	if data[p+1] != ':' || data[p+2] <= ' ' {
		return kid, f.colon(p + 1)
	}
	return kid, p + 2
}

// colon returns the position of the value after a colon surrounded by white space.
func (f *fast) colon(i int) int {
	if i = skipSpace(f.data, i); i >= len(f.data) || f.data[i] != ':' {
		return -1
	}
	return skipSpace(f.data, i+1)
}

// array is walk.array.
func (f *fast) array(i int, n *node, elem int32) int {
	data := f.data
	if i = skipSpace(data, i+1); i < len(data) && data[i] == ']' {
		f.next++
		return i + 1
	}
	for index := 0; ; index++ {
		start, first := i, f.next
		i = -1
		for k := range n.elems {
			if e := &n.elems[k]; e.index == index {
				f.next = first
				if i = f.value(start, &f.nodes[e.node], elem); i < 0 {
					return -1
				}
			}
		}
		if n.every >= 0 {
			f.next = first
			i = f.value(start, &f.nodes[n.every], int32(index))
		} else if i < 0 {
			i = f.skip(start)
		}
		if i < 0 {
			return -1
		}
		if i = skipSpace(data, i); i >= len(data) {
			return -1
		}
		switch data[i] {
		case ',':
			i = skipSpace(data, i+1)
		case ']':
			f.next++
			return i + 1
		default:
			return -1
		}
	}
}
