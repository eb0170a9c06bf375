// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"
	"math/bits"
)

// block describes 64 bytes of text: bit i of each mask belongs to byte i.
type block struct {
	closing uint64 // quotes that end a string
	opening uint64 // { and [ outside strings
	shut    uint64 // } and ] outside strings
	marked  uint64 // quotes that start a string with the marks of [Index.Fill]
}

// state is the state carried from block to block. The kernel depends on its layout.
type state struct {
	escaped uint64 // 1 if the first byte is escaped
	inside  uint64 // all ones if the first byte is in a string, else 0
	odd     uint64 // not 0 if there was a backslash outside a string
	escapes uint64 // not 0 if there was a backslash
	blanks  uint64 // not 0 if there was a byte <= space outside a string
	nuls    uint64 // not 0 if there was a zero
}

const (
	blockSize = 64
	// lookahead is the number of bytes that classify reads after its last block, with a margin.
	lookahead = 8
)

// Index holds the positions of the strings and brackets in a text. Building it takes a look at
// every byte, 64 at a time and without data-dependent branches, which is several times as
// fast as walking from string to string. The zero value is ready to use. An Index that is
// reused stops allocating.
type Index struct {
	blocks []block
	state  state
	tail   [2*blockSize + lookahead]byte
}

// filling pads the last blocks with bytes that have no meaning in JSON.
var filling = [2*blockSize + lookahead]byte(bytes.Repeat([]byte{'x'}, 2*blockSize+lookahead))

// Available reports whether this processor can build an [Index].
func Available() bool { return hasKernel }

// Fill builds the index of data, which must start outside a string. marks are the second and
// the seventh byte, including the quote, of the strings that End counts; zeros for none. It
// returns false if data has a backslash outside a string and is therefore invalid JSON.
func (x *Index) Fill(data []byte, marks [2]byte) bool {
	n := (len(data) + blockSize - 1) / blockSize
	if cap(x.blocks) < n {
		x.blocks = make([]block, n+n/4+1)
	}
	x.blocks = x.blocks[:n]
	x.state = state{}
	whole := max(0, len(data)-lookahead) / blockSize
	if whole > 0 {
		classify(&data[0], whole, &x.blocks[0], &x.state, &marks)
	}
	if whole < n {
		copy(x.tail[copy(x.tail[:], data[whole*blockSize:]):], filling[:])
		classify(&x.tail[0], n-whole, &x.blocks[whole], &x.state, &marks)
	}
	return x.state.odd == 0
}

// tokens sets list to the positions of closing quotes and of brackets outside strings, in
// order, followed by end twice.
func (x *Index) tokens(list []uint32, end int) []uint32 {
	// list512 and the loop below may write more numbers than there are tokens.
	if size := (len(x.blocks) + 1) * blockSize; cap(list) < size {
		list = make([]uint32, size+size/4)
	}
	list = list[:cap(list)]
	n := 0
	if has512 && len(x.blocks) > 0 {
		n = list512(&x.blocks[0], len(x.blocks), &list[0])
	} else {
		n = x.list(list)
	}
	list[n], list[n+1] = uint32(end), uint32(end)
	return list[:n+2]
}

// list is the portable version of list512.
func (x *Index) list(list []uint32) (n int) {
	for i := range x.blocks {
		b := &x.blocks[i]
		base := uint32(i * blockSize)
		m := b.closing | b.opening | b.shut
		next := n + bits.OnesCount64(m)
		for m != 0 {
			out := list[n : n+4 : n+4]
			out[0] = base + uint32(bits.TrailingZeros64(m))
			m &= m - 1
			out[1] = base + uint32(bits.TrailingZeros64(m))
			m &= m - 1
			out[2] = base + uint32(bits.TrailingZeros64(m))
			m &= m - 1
			out[3] = base + uint32(bits.TrailingZeros64(m))
			m &= m - 1
			n += 4
		}
		n = next
	}
	return n
}

// End returns the position after the object or array that starts at pos in the indexed text,
// and the number of marked strings directly inside it; the positions of the first ones are
// stored in marked. end is -1 if the text ends first. It counts brackets of both kinds alike.
func (x *Index) End(pos int, marked []int) (end, n int) {
	depth := 1
	here := ^uint64(0) << (pos % blockSize) << 1
	for i := pos / blockSize; i < len(x.blocks); i++ {
		b := &x.blocks[i]
		opening, shut, marks := b.opening&here, b.shut&here, b.marked&here
		here = ^uint64(0)
		if k := bits.OnesCount64(shut); marks == 0 && k < depth {
			depth += bits.OnesCount64(opening) - k
			continue
		}
		for m := opening | shut | marks; m != 0; m &= m - 1 {
			at := i*blockSize + bits.TrailingZeros64(m)
			switch bit := m & -m; {
			case opening&bit != 0:
				depth++
			case shut&bit != 0:
				if depth--; depth == 0 {
					return at + 1, n
				}
			case depth == 1:
				if n < len(marked) {
					marked[n] = at
				}
				n++
			}
		}
	}
	return -1, n
}
