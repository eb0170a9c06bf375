// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unsafe"
)

// gramSize is the length of a gram: the part of a literal that grams searches for.
const gramSize = 4

// grams finds which of many literals of at least gramSize bytes a text contains. For each
// literal it uses the gram (four consecutive bytes) that the fewest other literals have.
// Tables tell, for many positions of the text at a time, whether a gram may start there; only
// then are literals compared. Unlike the steps of an automaton, these look-ups do not depend
// on each other.
type grams struct {
	tables   *gramTables          // nil if there are too many literals, or without scanGrams
	known    [1 << gramBits]uint8 // by hash: not 0 if a gram has it
	literals []gramLiteral
	heads    []int32 // by the low bits of the hash: the first literal + 1
}

// gramTables has one table per byte of a gram, indexed by the low seven bits of the byte. The
// literals are divided into eight sets; bit i means that a gram of set i has this byte here.
// If bit i is set in all four tables, a gram of set i may start there.
type gramTables [gramSize][128]uint8

// maxScanned is the number of literals above which the tables have too many false hits.
const maxScanned = 256

// gramBits keeps false hits rare and the table small enough for the L1 cache.
const gramBits = 14

// gramLiteral is a literal whose gram is at offset.
type gramLiteral struct {
	text   string
	key    uint32
	offset int
	n      int32
	next   int32 // literal + 1 with the same hash
}

func newGrams(atoms []numbered) *grams {
	if len(atoms) == 0 {
		return nil
	}
	g := &grams{heads: make([]int32, min(1<<bits.Len(uint(4*len(atoms))), 1<<gramBits))}
	uses := make(map[uint32]int)
	for _, a := range atoms {
		for i := range len(a.text) - gramSize + 1 {
			uses[gramAt(a.text, i)]++
		}
	}
	for _, a := range atoms {
		best := 0
		for i := range len(a.text) - gramSize + 1 {
			if uses[gramAt(a.text, i)] < uses[gramAt(a.text, best)] {
				best = i
			}
		}
		l := gramLiteral{text: a.text, key: gramAt(a.text, best), offset: best, n: a.n}
		h := gramHash(l.key)
		head := &g.heads[h%uint32(len(g.heads))]
		l.next = *head
		g.literals = append(g.literals, l)
		*head, g.known[h] = int32(len(g.literals)), 1
	}
	if hasGramScan && len(atoms) <= maxScanned {
		g.tables = newGramTables(g.literals)
	}
	return g
}

// newGramTables puts similar grams into the same set, which then has fewer distinct bytes.
func newGramTables(literals []gramLiteral) *gramTables {
	t := &gramTables{}
	keys := make([]uint32, 0, len(literals))
	for _, l := range literals {
		keys = append(keys, bits.ReverseBytes32(l.key)) // in the order of the bytes
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for i, key := range keys {
		for j := range gramSize {
			t[j][byte(key>>(24-8*j))&0x7F] |= 1 << (i * 8 / len(keys))
		}
	}
	return t
}

// gramAt returns the four bytes at s[i:], which must exist, in little-endian order.
func gramAt(s string, i int) uint32 {
	return binary.LittleEndian.Uint32((*[gramSize]byte)(unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), i))[:])
}

func gramHash(key uint32) uint32 { return key * 0x9E3779B1 >> (32 - gramBits) }

// find adds the atoms of all literals that occur in text.
func (g *grams) find(text string, h *hits) {
	if g.tables == nil {
		g.findHashed(text, h)
		return
	}
	n := len(text) - gramSize + 1
	for block, mask := 0, uint64(0); block < n; block += 64 {
		block, mask = scanGrams(unsafe.StringData(text), n, block, g.tables)
		for ; mask != 0; mask &= mask - 1 {
			at := block + bits.TrailingZeros64(mask)
			if hash := gramHash(gramAt(text, at)); g.known[hash] != 0 {
				g.compare(text, at, hash, h)
			}
		}
	}
}

// findHashed is find without scanGrams: four positions at a time.
func (g *grams) findHashed(text string, h *hits) {
	const step = 4 // grams per word, without the last one
	next := 0
	for last := len(text) - 8; next < last+step && last >= 0; next += step {
		i := min(next, last) // the last words may overlap
		w := wordAt(text, i)
		if g.known[gramHash(uint32(w))]|g.known[gramHash(uint32(w>>8))]|
			g.known[gramHash(uint32(w>>16))]|g.known[gramHash(uint32(w>>24))] != 0 {
			for j := i; j < i+step; j++ {
				g.compareAt(text, j, h)
			}
		}
	}
	// The rest: all of a short text, or the last gram.
	for i := min(next, max(len(text)-gramSize, 0)); i+gramSize <= len(text); i++ {
		g.compareAt(text, i, h)
	}
}

// compareAt is compare, after a look-up in known.
func (g *grams) compareAt(text string, at int, h *hits) {
	if hash := gramHash(gramAt(text, at)); g.known[hash] != 0 {
		g.compare(text, at, hash, h)
	}
}

// compare adds the literals whose gram is at text[at:] and has the given hash.
func (g *grams) compare(text string, at int, hash uint32, h *hits) {
	key := gramAt(text, at)
	for i := g.heads[hash%uint32(len(g.heads))]; i != 0; {
		l := &g.literals[i-1]
		if start := at - l.offset; l.key == key && start >= 0 && strings.HasPrefix(text[start:], l.text) {
			h.add(l.n)
		}
		i = l.next
	}
}
