// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/event"
)

// place returns the positions of values in the event to the host: one pair per value for a single
// request, else one pair per field. The position follows from values that are views of the event;
// all others have the position 0, 0.
func (x *extraction) place(to *C.gyr_value_offsets, out []event.Value) {
	pairs := out
	if len(out) == 1 && out[0].List != nil {
		pairs = out[0].List
	}
	n := max(len(pairs), 1)
	x.places.grow(8 * n)
	all := unsafe.Slice((*uint32)(x.places.p), 2*n)
	clear(all)
	for i := range pairs {
		all[i], all[n+i] = within(x.evt.Blob, pairs[i].Str)
	}
	to.start = (*C.uint32_t)(unsafe.Pointer(&all[0]))
	to.length = (*C.uint32_t)(unsafe.Pointer(&all[n]))
}

// within returns the position of s in b; 0 and 0 if s is not a view of b.
func within(b []byte, s string) (start, length uint32) {
	if len(s) == 0 || len(b) == 0 {
		return 0, 0
	}
	first, p := uintptr(unsafe.Pointer(&b[0])), uintptr(unsafe.Pointer(unsafe.StringData(s)))
	if p < first || p-first+uintptr(len(s)) > uintptr(len(b)) {
		return 0, 0
	}
	return uint32(p - first), uint32(len(s))
}
