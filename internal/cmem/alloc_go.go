// SPDX-License-Identifier: Apache-2.0

//go:build !cgo

package cmem

// OffHeap reports whether the memory is outside the Go heap.
const OffHeap = false

// Alloc returns n bytes.
func Alloc(n int) []byte {
	live.Add(int64(n))
	return make([]byte, n)
}

// Free marks memory returned by Alloc as unused.
func Free(b []byte) { live.Add(-int64(cap(b))) }

// Zeroed is Alloc with zeroed memory.
func Zeroed(n int) []byte { return Alloc(n) }

// CString returns s with a terminating NUL.
func CString(s string) []byte {
	b := Alloc(len(s) + 1)
	copy(b, s)
	return b
}
