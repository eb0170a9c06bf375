// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"
	"math/bits"
)

// block is what 64 bytes of text are made of: bit i of each mask is about byte i.
type block struct {
	closing uint64 // quotes that end a string
	opening uint64 // { and [ outside of strings
	shut    uint64 // } and ] outside of strings
	marked  uint64 // quotes that start a string with the marks of [Index.Fill]
}

// state is what a block needs to know of those before it. The kernel knows its layout.
type state struct {
	escaped uint64 // 1 if the first byte is behind a backslash that counts
	inside  uint64 // all ones if the first byte is in a string, else 0
	odd     uint64 // not 0 if there was a backslash outside of strings
	escapes uint64 // not 0 if there was a backslash
	blanks  uint64 // not 0 if there was a space outside of strings, or another byte below it
	nuls    uint64 // not 0 if there was a zero
}

const (
	blockSize = 64
	// lookahead is how far classify reads behind its last block, and a little more.
	lookahead = 8
)

// Index knows where the strings and brackets of a text are. It is made by a look at every
// byte, 64 of them at a time, without a branch that depends on them: several times as fast
// as going from string to string. The zero value is ready to use; one that is used again
// and again stops allocating.
type Index struct {
	blocks []block
	state  state
	tail   [2*blockSize + lookahead]byte
}

// filling is what the last blocks are filled up with: nothing that counts.
var filling = [2*blockSize + lookahead]byte(bytes.Repeat([]byte{'x'}, 2*blockSize+lookahead))

// Available reports whether this processor can make an [Index].
func Available() bool { return hasKernel }

// Fill makes the index of data, which begins outside of strings. marks are the second and
// the seventh byte of the strings that End counts, quotes counted; zeros if nobody will ask
// for any. It is false if data
// cannot be indexed, because there is a backslash outside of strings; then it is no JSON.
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

// tokens sets list to the positions of the quotes that end strings and of the brackets
// outside of strings, in their order, with end behind them twice.
func (x *Index) tokens(list []uint32, end int) []uint32 {
	// list512 and the loop below write a little more than there is.
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

// list is list512 for other processors.
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

// End returns the position behind the object or array that starts at pos, in the text that
// was indexed, and how many of the marked strings directly inside of it there are; the
// positions of the first ones go to marked. It is -1 if the text ends first. Brackets are
// counted, whatever their shape.
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
