// SPDX-License-Identifier: Apache-2.0

// Package rim implements the exported C functions of package cshared: states and streams of the
// plugin, and the memory of results. Its functions take and return C pointers, never panic, and
// behave like the C functions that call them.
package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include <stdlib.h>
// #include "plugin_abi.h"
import "C"

import "unsafe"

const pointerSize = int(unsafe.Sizeof(uintptr(0)))

// buffer is C memory that grows and is reused.
type buffer struct {
	p unsafe.Pointer
	n int
}

// grow returns the buffer's memory, at least n bytes. The content is lost, and old memory that
// was too small is freed.
func (b *buffer) grow(n int) []byte {
	if n > b.n || b.p == nil {
		C.free(b.p)
		b.n = max(n+n/2, 256)
		b.p = C.malloc(C.size_t(b.n)) // cgo ends the process if memory is exhausted
	}
	return unsafe.Slice((*byte)(b.p), b.n)
}

func (b *buffer) free() {
	C.free(b.p)
	*b = buffer{}
}

// setText stores s with a NUL in the buffer and returns it.
func (b *buffer) setText(s []byte) unsafe.Pointer {
	m := b.grow(len(s) + 1)
	m[copy(m, s)] = 0
	return b.p
}

// cell returns new C memory that holds n: the host's pointer to a state or stream.
func cell(n int) unsafe.Pointer {
	p := C.malloc(8)
	*(*uint64)(p) = uint64(n)
	return p
}

func freeCell(p unsafe.Pointer) { C.free(p) }

// goString returns a copy of a C string, "" for NULL.
func goString(p unsafe.Pointer) string { return C.GoString((*C.char)(p)) }

// equalText reports whether the C string p equals s.
func equalText(p unsafe.Pointer, s string) bool {
	for i := range len(s) {
		// s has no NUL, so the loop stops at the end of p.
		if *(*byte)(unsafe.Add(p, i)) != s[i] {
			return false
		}
	}
	return *(*byte)(unsafe.Add(p, len(s))) == 0
}
