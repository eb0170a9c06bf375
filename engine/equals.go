// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// equals finds a text in a set. It hashes some of the bytes only: most values of an event are
// not in the set, and for those the bucket is empty.
type equals struct {
	heads []int32 // by hash: the first entry + 1
	shift uint8
	list  []equalEntry
}

type equalEntry struct {
	text string
	key  uint64
	n    int32 // number of the atom
	next int32 // next entry + 1 of the bucket
}

func newEquals(atoms []numbered) *equals {
	if len(atoms) == 0 {
		return nil
	}
	size := 1 << bits.Len(uint(4*len(atoms)-1)) // at most a quarter full
	t := &equals{heads: make([]int32, size), shift: uint8(64 - bits.TrailingZeros(uint(size)))}
	for _, a := range atoms {
		e := equalEntry{text: a.text, key: textKey(a.text), n: a.n}
		head := &t.heads[e.key>>t.shift]
		e.next = *head
		t.list = append(t.list, e)
		*head = int32(len(t.list))
	}
	return t
}

// find adds the atom of the text, if any.
func (t *equals) find(s string, h *hits) {
	key := textKey(s)
	for i := t.heads[key>>(t.shift&63)]; i != 0; {
		e := &t.list[i-1]
		if e.key == key && e.text == s {
			h.add(e.n)
			return
		}
		i = e.next
	}
}

// textKey hashes the length and some bytes of a text: all bytes of a short text, else the
// first, middle and last eight.
func textKey(s string) uint64 {
	var a, b uint64
	switch n := len(s); {
	case n > 16:
		a, b = wordAt(s, 0)+wordAt(s, n/2-4), wordAt(s, n-8)
	case n >= 8:
		a, b = wordAt(s, 0), wordAt(s, n-8)
	case n >= 4:
		a, b = uint64(gramAt(s, 0)), uint64(gramAt(s, n-4))
	case n > 0:
		a = uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16
	}
	hi, lo := bits.Mul64(a^0x9E3779B97F4A7C15, b^0xD1B54A32D192ED03^uint64(len(s))<<32)
	return hi ^ lo
}

// wordAt returns the eight bytes at s[i:], which must exist, in little-endian order.
func wordAt(s string, i int) uint64 {
	return binary.LittleEndian.Uint64((*[8]byte)(unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), i))[:])
}
