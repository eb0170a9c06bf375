// SPDX-License-Identifier: Apache-2.0

package event

import "unsafe"

const (
	arenaChunk = 256 << 10
	valueChunk = 512
)

// Arena is the memory of a batch: bytes and values that are allocated one by one and freed
// all at once. It is not safe for concurrent use. Allocations are valid until Reset. In the
// steady state it does not allocate from the system.
type Arena struct {
	alloc func(n int) []byte
	cur   []byte   // rest of the chunk in use
	bytes [][]byte // standard chunks, of which the first next are in use
	next  int
	last  *byte    // start of the last allocation before cur, nil if unknown
	large [][]byte // chunks for single allocations over arenaChunk/2, freed on Reset
	free  func([]byte)

	vals    []Value
	valued  [][]Value
	valNext int
}

// NewArena returns an arena that allocates its chunks with alloc and frees them with free;
// nil functions mean the Go heap. internal/cmem has functions for memory outside the heap.
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

// GiveBack frees all but the first used bytes of b, if b is the last allocation made by
// Bytes; otherwise it does nothing. Use it if the needed size is not known in advance.
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

// Values returns n absent values, for the list of a [Value].
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

// Reset frees all allocations. It returns large chunks to the allocator and keeps the others.
func (a *Arena) Reset() {
	a.cur, a.next, a.last = nil, 0, nil
	a.vals, a.valNext = nil, 0
	for i, b := range a.large {
		a.free(b)
		a.large[i] = nil
	}
	a.large = a.large[:0]
}

// Free returns all chunks to the allocator. The arena can be used again.
func (a *Arena) Free() {
	a.Reset()
	for _, b := range a.bytes {
		a.free(b)
	}
	a.bytes, a.valued = nil, nil
}

// String returns b as a string without copying: a view that is valid as long as b is.
func String(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
