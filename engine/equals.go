// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// equals finds a text among many with a look at its first and last bytes: most values of
// an event are none of those that rules know, and these end at an empty bucket.
type equals struct {
	heads []int32 // by hash: the first entry + 1
	shift uint8
	list  []equalEntry
}

type equalEntry struct {
	text string
	key  uint64
	n    int32 // the atom's number
	next int32 // entry + 1 of the same bucket
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

// find adds the atom of the text, if there is one.
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

// textKey hashes a text by its length and some of its bytes: all of a short one, the first,
// the middle and the last eight of others.
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

// wordAt returns the eight bytes at s[i:], which must be there, the first one lowest.
func wordAt(s string, i int) uint64 {
	return binary.LittleEndian.Uint64((*[8]byte)(unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), i))[:])
}
