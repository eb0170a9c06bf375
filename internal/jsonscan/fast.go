// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"
	"encoding/binary"
)

const (
	// Documents below fastMin are scanned sooner than indexed; above fastMax the index
	// would take too much memory.
	fastMin = 64
	fastMax = 1 << 20
)

// fast is a walk that knows where strings and brackets are: it has the positions of all
// quotes that end strings and of all brackets outside of strings, and goes from one to the
// next. It accepts what [walk] accepts and finds the same; when in doubt, as always when
// the text is no JSON or when a key has escapes, it gives up, and walk does it all again.
//
// Its methods are those of walk, but the position that they return is -1 for giving up.
// next is the first token at or behind the position that they start at, and behind that
// which they return.
type fast struct {
	walk
	tokens  []uint32
	next    int
	escapes bool // the text has backslashes
}

// scanFast is Scan by index. Without ok nothing is known.
func (s *Set) scanFast(data []byte, r *Result) (ok bool) {
	if !r.index.Fill(data, [2]byte{}) {
		return false
	}
	r.tokens = r.index.tokens(r.tokens, len(data))
	f := fast{walk: walk{data: data, r: r, nodes: s.nodes}, tokens: r.tokens, escapes: r.index.state.escapes != 0}
	r.reset(s, data)
	i := f.value(skipSpace(data, 0), &s.nodes[0], 0)
	return i >= 0 && (f.decided || skipSpace(data, i) == len(data))
}

// token takes the next token.
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

// deeper is by how much a token changes the depth.
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

// object is walk.object.
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
	for {
		if i = f.members(i, n, seen, &left, elem); i >= len(data) {
			return -1
		}
		k, after := f.key(i, n)
		if after < 0 {
			return -1
		}
		if k < 0 || seen[k>>6]&(1<<(k&63)) != 0 {
			i = f.skip(after)
		} else {
			seen[k>>6] |= 1 << (k & 63)
			left--
			i = f.value(after, &f.nodes[n.kids[k].node], elem)
			if left == 0 && i >= 0 && !f.decided {
				if n == &f.nodes[0] && n.slot < 0 {
					f.decided = true
					return i
				}
				return f.nested()
			}
		}
		if i < 0 {
			return -1
		}
		if i < len(data) && data[i] != ',' {
			i = skipSpace(data, i)
		}
		if i >= len(data) {
			return -1
		}
		switch data[i] {
		case ',':
			if i++; i < len(data) && data[i] != '"' {
				i = skipSpace(data, i)
			}
		case '}':
			f.next++
			return i + 1
		default:
			return -1
		}
	}
}

const (
	colonQuote = ':' | '"'<<8
	commaQuote = ',' | '"'<<8
)

// members takes members as long as they are of the usual kind: their values are strings,
// further ones follow, and there is no white space. It stops before the one that decides
// the last kid.
func (f *fast) members(i int, n *node, seen []uint64, left *int, elem int32) int {
	data, tokens, next := f.data, f.tokens, f.next
	for next+1 < len(tokens) {
		p, end := int(tokens[next]), int(tokens[next+1])
		if end+3 > len(data) || i+9 > len(data) || data[i] != '"' ||
			binary.LittleEndian.Uint16(data[p+1:]) != colonQuote || binary.LittleEndian.Uint16(data[end+1:]) != commaQuote ||
			f.escapes && bytes.IndexByte(data[i:end], '\\') >= 0 {
			break
		}
		key := data[i+1 : p]
		k := n.find(key, binary.LittleEndian.Uint64(data[i+1:])&(1<<(8*len(key))-1))
		if k >= 0 && seen[k>>6]&(1<<(k&63)) == 0 {
			if *left == 1 {
				break
			}
			*left--
			seen[k>>6] |= 1 << (k & 63)
			if to := &n.kids[k]; to.slot >= 0 {
				s := Span{Start: uint32(p + 2), End: uint32(end + 1), Kind: String}
				if to.many {
					f.r.put(&f.nodes[to.node], s, elem)
				} else {
					f.r.spans[to.slot] = s
				}
			}
		}
		i = end + 2
		next += 2
	}
	f.next = next
	return i
}

// key is walk.key.
func (f *fast) key(i int, n *node) (kid, after int) {
	data := f.data
	if i >= len(data) || data[i] != '"' {
		return -1, -1
	}
	p := f.token()
	if p+2 >= len(data) {
		return -1, -1
	}
	key := data[i+1 : p]
	var w uint64
	if i+9 <= len(data) {
		w = binary.LittleEndian.Uint64(data[i+1:]) & (1<<(8*len(key)) - 1)
	} else {
		w = head(key)
	}
	if f.escapes && bytes.IndexByte(key, '\\') >= 0 {
		return -1, -1
	}
	kid = n.find(key, w)
	if p++; data[p] != ':' {
		if p = skipSpace(data, p); p >= len(data) || data[p] != ':' {
			return -1, -1
		}
	}
	if p++; p < len(data) && data[p] <= ' ' {
		p = skipSpace(data, p)
	}
	return kid, p
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
