// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include <stdlib.h>
// #include "plugin_abi.h"
import "C"

import (
	"errors"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// answers holds the values of a batch in the form of gyr_batch_answers.
type answers struct {
	values, elements, bytes pile
}

// start empties it and makes room for n values.
func (a *answers) start(n int) {
	a.values.n, a.elements.n, a.bytes.n = 0, 0, 0
	a.values.room(n * valueSize)
}

const valueSize = C.sizeof_gyr_value

func (a *answers) finish(out *C.gyr_batch_answers) {
	out.values = (*C.gyr_value)(a.values.p)
	out.elements, out.num_elements = (*C.gyr_value)(a.elements.p), C.uint64_t(a.elements.n/valueSize)
	out.bytes, out.num_bytes = (*C.uint8_t)(a.bytes.p), C.uint64_t(a.bytes.n)
}

func (a *answers) free() {
	for _, b := range []*pile{&a.values, &a.elements, &a.bytes} {
		b.free()
	}
}

var errForm = errors.New("the value does not match the type of its field")

// add appends the values of an event.
func (a *answers) add(pl *cachedPlan, out []event.Value) {
	to := unsafe.Slice((*C.gyr_value)(a.values.room(len(out)*valueSize)), len(out))
	for i := range out {
		if v, sh := &out[i], pl.shapes[i]; !v.Present {
			to[i] = C.gyr_value{}
		} else if sh.list {
			a.list(sh.typ, v.List, &to[i])
		} else if a.put(sh.typ, v, &to[i]); to[i].kind == C.GYR_ABSENT {
			a.reason(errForm, &to[i])
		}
	}
	a.values.n += len(out) * valueSize
}

// failed marks the failed requests of the last event, whose values are out: those that err
// names, else all without a value.
func (a *answers) failed(out []event.Value, err error) {
	row := unsafe.Slice((*C.gyr_value)(unsafe.Add(a.values.p, a.values.n-len(out)*valueSize)), len(out))
	var which sdk.RequestErrors
	if errors.As(err, &which) {
		for _, r := range which {
			if uint(r.Request) < uint(len(row)) && r.Err != nil {
				a.reason(r.Err, &row[r.Request])
			}
		}
		return
	}
	var text C.gyr_value
	for i := range row {
		if out[i].Present {
			continue
		}
		if text.kind != C.GYR_FAILED {
			a.reason(err, &text)
		}
		row[i] = text
	}
}

// reason writes the reason for a missing value.
func (a *answers) reason(err error, to *C.gyr_value) {
	text := err.Error()
	a.text(text[:min(len(text), abi.MaxErrorLen)], to)
	to.kind = C.GYR_FAILED
}

// list writes a list, without the elements that do not match their type.
func (a *answers) list(t abi.FieldType, list []event.Value, to *C.gyr_value) {
	first, n := a.elements.n/valueSize, 0
	out := unsafe.Slice((*C.gyr_value)(a.elements.room(len(list)*valueSize)), len(list))
	for i := range list {
		if a.put(t, &list[i], &out[n]); out[n].kind != C.GYR_ABSENT {
			n++
		}
	}
	a.elements.n += n * valueSize
	if *to = (C.gyr_value{}); n > 0 {
		*to = C.gyr_value{num: C.uint64_t(first), n: C.uint32_t(n), kind: C.GYR_LIST}
	}
}

// put writes one value, or none if it does not match its type.
func (a *answers) put(t abi.FieldType, v *event.Value, to *C.gyr_value) {
	switch {
	case t == abi.String && isText(v), (t == abi.IPAddr || t == abi.IPNet) && isAddr(v):
		a.text(v.Str, to)
	case t == abi.String, t == abi.IPAddr, t == abi.IPNet, !isNumber(v):
		*to = C.gyr_value{}
	case t == abi.Bool:
		*to = C.gyr_value{num: C.uint64_t(v.Num & 1), kind: C.GYR_NUMBER}
	default:
		*to = C.gyr_value{num: C.uint64_t(v.Num), kind: C.GYR_NUMBER}
	}
}

func (a *answers) text(s string, to *C.gyr_value) {
	copy(unsafe.Slice((*byte)(a.bytes.room(len(s))), len(s)), s)
	*to = C.gyr_value{num: C.uint64_t(a.bytes.n), n: C.uint32_t(len(s)), kind: C.GYR_BYTES}
	a.bytes.n += len(s)
}

// pile is C memory that keeps its first n bytes when it grows.
type pile struct {
	p      unsafe.Pointer
	n, cap int
}

// room returns memory for the next size bytes.
func (b *pile) room(size int) unsafe.Pointer {
	if b.n+size > b.cap {
		b.grow(size)
	}
	return unsafe.Add(b.p, b.n)
}

func (b *pile) grow(size int) {
	b.cap = max(2*b.cap, b.n+size, 4096)
	b.p = C.realloc(b.p, C.size_t(b.cap))
	if b.p == nil {
		panic("out of memory")
	}
}

func (b *pile) free() {
	C.free(b.p)
	*b = pile{}
}
