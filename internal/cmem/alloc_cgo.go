// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package cmem

// #include <stdlib.h>
import "C"

import (
	"fmt"
	"unsafe"
)

// OffHeap says whether the memory lies outside the Go heap.
const OffHeap = true

// Alloc returns n bytes with undefined content, aligned for every C type. It panics if
// there is no memory left, as make does.
func Alloc(n int) []byte {
	if n < 0 {
		panic(fmt.Sprintf("cmem: negative size %d", n))
	}
	if n == 0 {
		return []byte{}
	}
	p := C.malloc(C.size_t(n)) // never nil: cgo ends the process instead
	live.Add(int64(n))
	return unsafe.Slice((*byte)(p), n)
}

// Free gives back what Alloc returned, which is no longer used. b starts where Alloc's
// result did and has its capacity; its length does not matter.
func Free(b []byte) {
	if cap(b) == 0 {
		return
	}
	live.Add(-int64(cap(b)))
	C.free(unsafe.Pointer(unsafe.SliceData(b)))
}

// Zeroed is Alloc with all bytes 0.
func Zeroed(n int) []byte {
	b := Alloc(n)
	clear(b)
	return b
}

// CString returns s with a terminating NUL. The text C sees ends at the first NUL of s.
func CString(s string) []byte {
	b := Alloc(len(s) + 1)
	b[copy(b, s)] = 0
	return b
}
