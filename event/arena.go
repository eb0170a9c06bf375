// SPDX-License-Identifier: Apache-2.0

package event

import "unsafe"

const (
	arenaChunk = 256 << 10
	valueChunk = 512
)

// Arena is the memory of a batch: bytes and values that are handed out one after the
// other and all taken back at once. It is not safe for concurrent use. What it hands
// out is valid until Reset. In the steady state it allocates nothing.
type Arena struct {
	alloc func(n int) []byte
	cur   []byte   // rest of the chunk in use
	bytes [][]byte // standard chunks, the first next of them in use
	next  int
	last  *byte    // start of the piece before cur, nil if it is no longer known
	large [][]byte // chunks for single requests over arenaChunk/2, given back on Reset
	free  func([]byte)

	vals    []Value
	valued  [][]Value
	valNext int
}

// NewArena returns an arena that gets its chunks from alloc and gives them back with
// free; nil functions mean the Go heap. internal/cmem has the pair for memory outside it.
func NewArena(alloc func(n int) []byte, free func([]byte)) *Arena {
	if alloc == nil {
		alloc, free = func(n int) []byte { return make([]byte, n) }, func([]byte) {}
	}
	return &Arena{alloc: alloc, free: free}
}

// Bytes returns n bytes with undefined content.
func (a *Arena) Bytes(n int) []byte {
	if n > len(a.cur) {
		if n > arenaChunk/2 {
			b := a.alloc(n)
			a.large = append(a.large, b)
			a.last = nil
			return b
		}
		if a.next == len(a.bytes) {
			a.bytes = append(a.bytes, a.alloc(arenaChunk))
		}
		a.cur = a.bytes[a.next]
		a.next++
	}
	b := a.cur[:n:n]
	a.cur = a.cur[n:]
	a.last = unsafe.SliceData(b)
	return b
}

// GiveBack takes back all but the first used bytes of b, if b is what Bytes returned
// last; else it does nothing. It is for who cannot know beforehand how much is needed.
func (a *Arena) GiveBack(b []byte, used int) {
	if len(b) == 0 || a.last != unsafe.SliceData(b) {
		return
	}
	a.cur = unsafe.Slice(a.last, len(b)+len(a.cur))[used:]
	a.last = nil
}

// Copy returns a copy of b.
func (a *Arena) Copy(b []byte) []byte {
	c := a.Bytes(len(b))
	copy(c, b)
	return c
}

// CopyString returns a copy of b as a string.
func (a *Arena) CopyString(b []byte) string { return String(a.Copy(b)) }

// Values returns n absent values for the list of a [Value].
func (a *Arena) Values(n int) []Value {
	if n > len(a.vals) {
		if n > valueChunk {
			return make([]Value, n)
		}
		if a.valNext == len(a.valued) {
			a.valued = append(a.valued, make([]Value, valueChunk))
		}
		a.vals = a.valued[a.valNext]
		a.valNext++
	}
	v := a.vals[:n:n]
	a.vals = a.vals[n:]
	clear(v)
	return v
}

// Reset takes everything back. Large chunks go back to the allocator, the others are kept.
func (a *Arena) Reset() {
	a.cur, a.next, a.last = nil, 0, nil
	a.vals, a.valNext = nil, 0
	for i, b := range a.large {
		a.free(b)
		a.large[i] = nil
	}
	a.large = a.large[:0]
}

// Free gives all memory back. The arena can be used again.
func (a *Arena) Free() {
	a.Reset()
	for _, b := range a.bytes {
		a.free(b)
	}
	a.bytes, a.valued = nil, nil
}

// String returns b as a string without copying it: a view, valid as long as b is.
func String(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
