// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// extraction is the part of a state that extracts fields. The next call reuses all its memory.
type extraction struct {
	decoder
	known   []abi.FieldInfo
	plans   planCache
	out     []event.Value
	mem     *event.Arena
	result  buffer
	places  buffer  // of values in the event
	answers answers // of ExtractBatch

	planner bool // the plugin makes plans
	ahead   ahead
}

// decoder holds the event of a call.
type decoder struct{ evt event.Event }

// decode makes evt a view of the host's event.
func (d *decoder) decode(evt unsafe.Pointer) error {
	in := (*C.gyr_event_input)(evt)
	d.evt.Num = uint64(in.num)
	return d.view(in.evt)
}

// view makes evt a view of a blob.
func (d *decoder) view(blob *C.gyr_event) error {
	return d.evt.Decode(unsafe.Slice((*byte)(unsafe.Pointer(blob)), blob.len))
}

// Extract handles the requests of a gyr_extract_input for one event. Requests without a value
// and failed requests have no values. It fails if one of them fails; the others are handled
// nevertheless.
func Extract(p, evt, in unsafe.Pointer) (rc int32) {
	s := states.get(p)
	if s == nil {
		return abi.Failure
	}
	input := (*C.gyr_extract_input)(in)
	if input.num_fields == 0 {
		return abi.Success
	}
	fields := unsafe.Slice(input.fields, input.num_fields)
	for i := range fields {
		fields[i].res_len = 0
	}
	s.mu.Lock()
	defer func() {
		if r := recover(); r != nil {
			rc = s.fail(fmt.Errorf("panic: %v", r))
		}
		s.mu.Unlock()
	}()
	if err := s.decode(evt); err != nil {
		return s.fail(err)
	}
	s.tables.refresh(unsafe.Pointer(input.table_reader_ext), nil)
	pl, err := s.planFor(fields)
	if err != nil {
		return s.fail(err)
	}
	out := s.values(len(fields))
	known := false
	if s.planner && len(fields) == 1 && input.value_offsets == nil {
		out[0], known, err = s.ahead.value(s, pl)
	}
	if !known {
		s.mem.Reset()
		err = pl.plan.Extract(&s.evt, out, s.mem)
	}
	s.answer(fields, pl, out)
	if input.value_offsets != nil {
		s.place(input.value_offsets, out)
	}
	return s.outcome(fields, out, err)
}

// outcome returns a failure if a request has no value because of err, or because its value does
// not match its field.
func (s *state) outcome(fields []C.gyr_extract_field, out []event.Value, err error) int32 {
	for i := range fields {
		switch {
		case fields[i].res_len > 0:
		case err != nil:
			return s.fail(err)
		case out[i].Present:
			return s.fail(errForm)
		}
	}
	return abi.Success
}

// values returns n absent values.
func (x *extraction) values(n int) []event.Value {
	if n > cap(x.out) {
		x.out = make([]event.Value, n)
	}
	out := x.out[:n]
	clear(out)
	return out
}

// cellSize is the maximum size of a value in the array of its field, that of gyr_bytes.
const cellSize = C.sizeof_gyr_bytes

// answer copies values to C memory and sets the fields to it: first the arrays, then strings and
// addresses.
func (x *extraction) answer(fields []C.gyr_extract_field, pl *cachedPlan, out []event.Value) {
	values, size := len(out), len(out)
	for i := range out {
		size += len(out[i].Str)
	}
	for _, i := range pl.lists {
		list := out[i].List
		values += len(list)
		size += len(list)
		for j := range list {
			size += len(list[j].Str)
		}
	}
	x.result.grow(values*cellSize + size)
	w := writer{cells: x.result.p, bytes: unsafe.Add(x.result.p, values*cellSize)}
	for i := range out {
		v := &out[i]
		if !v.Present {
			continue
		}
		start, n, sh := w.cells, 0, pl.shapes[i]
		if !sh.list {
			n = w.put(sh.typ, v)
		} else {
			for j := range v.List {
				n += w.put(sh.typ, &v.List[j])
			}
		}
		w.align()
		*(*unsafe.Pointer)(unsafe.Pointer(&fields[i].res)) = start
		fields[i].res_len = C.uint64_t(n)
	}
}

// isText and isNumber report whether a value has the form of such a type and is not a list. The
// check of strings is superficial, because they are frequent.
func isText(v *event.Value) bool   { return v.Str != "" || v.Num == 0 && v.List == nil }
func isNumber(v *event.Value) bool { return v.Str == "" && v.List == nil }
func isAddr(v *event.Value) bool   { return len(v.Str) == 4 || len(v.Str) == 16 }

// writer fills the memory of the results, which has sufficient size.
type writer struct {
	cells, bytes unsafe.Pointer
}

// put writes one value and returns 1, or 0 if it does not match its type.
func (w *writer) put(t abi.FieldType, v *event.Value) int {
	switch t {
	case abi.String:
		if !isText(v) {
			return 0
		}
		*(*unsafe.Pointer)(w.cells) = w.bytes
		w.cells = unsafe.Add(w.cells, pointerSize)
		w.copy(v.Str)
		*(*byte)(w.bytes) = 0
		w.bytes = unsafe.Add(w.bytes, 1)
	case abi.IPAddr, abi.IPNet:
		if !isAddr(v) {
			return 0
		}
		b := (*C.gyr_bytes)(w.cells)
		b.len, b.ptr = C.uint32_t(len(v.Str)), w.bytes
		w.cells = unsafe.Add(w.cells, cellSize)
		w.copy(v.Str)
	default:
		if !isNumber(v) {
			return 0
		}
		if t == abi.Bool {
			*(*uint32)(w.cells) = uint32(v.Num & 1)
			w.cells = unsafe.Add(w.cells, 4)
			return 1
		}
		*(*uint64)(w.cells) = v.Num
		w.cells = unsafe.Add(w.cells, 8)
	}
	return 1
}

func (w *writer) copy(s string) {
	copy(unsafe.Slice((*byte)(w.bytes), len(s)), s)
	w.bytes = unsafe.Add(w.bytes, len(s))
}

// align moves to an aligned address for the next array.
func (w *writer) align() { w.cells = unsafe.Add(w.cells, -uintptr(w.cells)&7) }
