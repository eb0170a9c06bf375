// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"strings"
	"unsafe"
)

// gramSize is the length of the part of a literal that grams looks for.
const gramSize = 4

// grams finds which of many literals of at least gramSize bytes a text contains. Of each
// literal it knows the gram, four bytes in a row, that the fewest others have. At every
// position of the text one bit of a table says whether a gram may be there; only then
// literals are compared. Unlike an automaton's, these steps do not wait for each other.
type grams struct {
	bits  [1 << gramBits / 64]uint64
	byKey map[uint32][]gramLiteral
}

const gramBits = 16

// gramLiteral is a literal whose gram is at offset.
type gramLiteral struct {
	text   string
	offset int
	n      int32
}

func newGrams(atoms []numbered) *grams {
	if len(atoms) == 0 {
		return nil
	}
	uses := make(map[uint32]int)
	for _, a := range atoms {
		for i := range len(a.text) - gramSize + 1 {
			uses[gramAt(a.text, i)]++
		}
	}
	g := &grams{byKey: make(map[uint32][]gramLiteral)}
	for _, a := range atoms {
		best := 0
		for i := range len(a.text) - gramSize + 1 {
			if uses[gramAt(a.text, i)] < uses[gramAt(a.text, best)] {
				best = i
			}
		}
		key := gramAt(a.text, best)
		h := gramHash(key)
		g.bits[h/64] |= 1 << (h % 64)
		g.byKey[key] = append(g.byKey[key], gramLiteral{a.text, best, a.n})
	}
	return g
}

// gramAt returns the four bytes at s[i:], which must be there, in the machine's order.
func gramAt(s string, i int) uint32 {
	return *(*uint32)(unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), i))
}

func gramHash(key uint32) uint32 { return key * 0x9E3779B1 >> (32 - gramBits) }

// find adds the atoms of all literals that occur in text.
func (g *grams) find(text string, h *hits) {
	for i := 0; i+gramSize <= len(text); i++ {
		key := gramAt(text, i)
		if b := gramHash(key); g.bits[b/64]&(1<<(b%64)) != 0 {
			g.compare(text, i, key, h)
		}
	}
}

// compare adds the literals that have the gram key, which is at text[at:].
func (g *grams) compare(text string, at int, key uint32, h *hits) {
	for _, l := range g.byKey[key] {
		if start := at - l.offset; start >= 0 && strings.HasPrefix(text[start:], l.text) {
			h.add(l.n)
		}
	}
}
