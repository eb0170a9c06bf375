// SPDX-License-Identifier: Apache-2.0

package engine

// gate quickly rejects most texts that have none of a set of prefixes (or suffixes). It hashes
// the first (last) bytes: as many as the shortest affix has, at most eight.
type gate struct {
	suffix bool
	size   int // number of bytes hashed; 0 accepts every text
	known  [1 << gateBits / 64]uint64
}

const gateBits = 12

func newGate(affixes []string, suffix bool) gate {
	g := gate{suffix: suffix, size: 8}
	for _, a := range affixes {
		g.size = min(g.size, len(a))
	}
	for _, a := range affixes {
		h := g.hash(a)
		g.known[h/64] |= 1 << (h % 64)
	}
	return g
}

// open is false if s has none of the affixes.
func (g *gate) open(s string) bool {
	if len(s) < g.size {
		return false
	}
	h := g.hash(s)
	return g.known[h/64]&(1<<(h%64)) != 0
}

// hash hashes the first (last) size bytes of s, which must exist.
func (g *gate) hash(s string) uint64 {
	from := 0
	if g.suffix {
		from = len(s) - g.size
	}
	var w uint64
	switch {
	case g.size == 0:
	case len(s) < 8:
		for i := range g.size {
			w |= uint64(s[from+i]) << (8 * i)
		}
	case g.suffix:
		w = wordAt(s, len(s)-8) >> (8 * (8 - g.size))
	default:
		w = wordAt(s, 0) & (1<<(8*g.size) - 1)
	}
	return w * 0x9E3779B97F4A7C15 >> (64 - gateBits)
}
