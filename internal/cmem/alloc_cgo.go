// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package cmem

// #include <stdlib.h>
import "C"

import (
	"fmt"
	"unsafe"
)

// OffHeap reports whether the memory is outside the Go heap.
const OffHeap = true

// Alloc returns n bytes with undefined content, aligned for every C type. The process exits if
// memory is exhausted.
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

// Free frees memory returned by Alloc. b must have the start and the capacity of Alloc's
// result; its length does not matter.
func Free(b []byte) {
	if cap(b) == 0 {
		return
	}
	live.Add(-int64(cap(b)))
	C.free(unsafe.Pointer(unsafe.SliceData(b)))
}

// Zeroed is Alloc with zeroed memory.
func Zeroed(n int) []byte {
	b := Alloc(n)
	clear(b)
	return b
}

// CString returns s with a terminating NUL. For C, the text ends at the first NUL in s.
func CString(s string) []byte {
	b := Alloc(len(s) + 1)
	b[copy(b, s)] = 0
	return b
}
