// SPDX-License-Identifier: Apache-2.0

// Package rim is what lies behind the exported C functions of package cshared: states
// and streams of the plugin, and the memory of what is returned. Its functions take and
// return C pointers, never panic, and have the meaning of the C functions that call them.
package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include <stdlib.h>
// #include "plugin_abi.h"
import "C"

import "unsafe"

const pointerSize = int(unsafe.Sizeof(uintptr(0)))

// buffer is C memory that grows and is used again and again.
type buffer struct {
	p unsafe.Pointer
	n int
}

// grow returns the buffer's memory, at least n bytes. What was in it is lost, and so is
// the old memory, if it was smaller.
func (b *buffer) grow(n int) []byte {
	if n > b.n || b.p == nil {
		C.free(b.p)
		b.n = max(n+n/2, 256)
		b.p = C.malloc(C.size_t(b.n)) // cgo ends the process where there is no memory
	}
	return unsafe.Slice((*byte)(b.p), b.n)
}

func (b *buffer) free() {
	C.free(b.p)
	*b = buffer{}
}

// setText puts s in the buffer, with its terminator, and returns it.
func (b *buffer) setText(s []byte) unsafe.Pointer {
	m := b.grow(len(s) + 1)
	m[copy(m, s)] = 0
	return b.p
}

// cell returns new C memory that holds n: what the host knows a state or stream by.
func cell(n int) unsafe.Pointer {
	p := C.malloc(8)
	*(*uint64)(p) = uint64(n)
	return p
}

func freeCell(p unsafe.Pointer) { C.free(p) }

// goString returns a copy of a C string, "" for NULL.
func goString(p unsafe.Pointer) string { return C.GoString((*C.char)(p)) }

// equalText reports whether the C string p has the text s.
func equalText(p unsafe.Pointer, s string) bool {
	for i := range len(s) {
		// s has no NUL, so that the loop stops at the end of p.
		if *(*byte)(unsafe.Add(p, i)) != s[i] {
			return false
		}
	}
	return *(*byte)(unsafe.Add(p, len(s))) == 0
}
