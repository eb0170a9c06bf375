// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include <stdlib.h>
// #include "tables.h"
import "C"

import (
	"fmt"
	"sync"
	"unsafe"

	table "github.com/gyr-dev/gyr/state"
)

// offeredTable is a table of the plugin that the host uses, with the memory passed to the host.
type offeredTable struct {
	t     table.Table
	name  buffer
	input *C.gyr_table_input // description for the host
	lost  func(error)

	mu     sync.Mutex
	list   buffer   // of fields
	names  []buffer // names in list, and old ones, which the host may still use
	fields map[string]unsafe.Pointer
}

// offeredEntry is an entry of such a table, held by the host.
type offeredEntry struct {
	e     table.Entry
	kept  bool // owned by an iteration of the table
	texts map[unsafe.Pointer]*buffer
	subs  map[unsafe.Pointer]unsafe.Pointer
}

var (
	offered        handles[*offeredTable]
	offeredEntries handles[*offeredEntry]
	offeredFields  handles[table.Field]
)

func offer(t table.Table, lost func(error)) unsafe.Pointer {
	o := &offeredTable{t: t, lost: lost, fields: map[string]unsafe.Pointer{}}
	o.name.setText([]byte(t.Name()))
	o.input = (*C.gyr_table_input)(C.malloc(C.sizeof_gyr_table_input))
	h := offered.add(o)
	C.gyr_rim_describe(o.input, (*C.char)(o.name.p), C.gyr_state_type(t.KeyType()), h)
	return h
}

func withdraw(h unsafe.Pointer) {
	o := offered.get(h)
	offered.drop(h)
	C.free(unsafe.Pointer(o.input))
	o.name.free()
	o.list.free()
	for i := range o.names {
		o.names[i].free()
	}
	for _, f := range o.fields {
		offeredFields.drop(f)
	}
}

// try calls f and stores its error or panic as the plugin's last error.
func (o *offeredTable) try(f func() error) (rc C.gyr_rc) {
	if err := guard(f); err != nil {
		o.lost(fmt.Errorf("table %s: %w", C.GoString((*C.char)(o.name.p)), err))
		return C.GYR_FAILURE
	}
	return C.GYR_SUCCESS
}

// value converts a value from the host.
func value(t table.Type, d *C.gyr_state_data) table.Value {
	c := C.gyr_from_data(C.gyr_state_type(t), d)
	if t == table.String {
		return table.Value{Str: C.GoString(c.str)}
	}
	return table.Value{Num: uint64(c.num)}
}

func (o *offeredTable) hand(e table.Entry) unsafe.Pointer {
	return offeredEntries.add(&offeredEntry{e: e})
}

//export gyrTableName
func gyrTableName(t unsafe.Pointer) *C.char { return (*C.char)(offered.get(t).name.p) }

//export gyrTableSize
func gyrTableSize(t unsafe.Pointer) (n C.uint64_t) {
	o := offered.get(t)
	o.try(func() error { n = C.uint64_t(o.t.Size()); return nil })
	return n
}

//export gyrTableFields
func gyrTableFields(t unsafe.Pointer, n *C.uint32_t) (list *C.gyr_table_fieldinfo) {
	o := offered.get(t)
	o.mu.Lock()
	defer o.mu.Unlock()
	*n = 0
	o.try(func() error {
		fields := o.t.Fields()
		o.list.grow(max(len(fields), 1) * C.sizeof_gyr_table_fieldinfo)
		list = (*C.gyr_table_fieldinfo)(o.list.p)
		out := unsafe.Slice(list, len(fields))
		for i, f := range fields {
			var b buffer
			b.setText([]byte(f.Name))
			o.names = append(o.names, b)
			out[i] = C.gyr_table_fieldinfo{name: (*C.char)(b.p), field_type: C.gyr_state_type(f.Type)}
			if f.ReadOnly {
				out[i].read_only = 1
			}
		}
		*n = C.uint32_t(len(fields))
		return nil
	})
	return list
}

//export gyrTableField
func gyrTableField(t unsafe.Pointer, name *C.char, typ C.gyr_state_type, add C.int) (h unsafe.Pointer) {
	o := offered.get(t)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.try(func() error {
		find := o.t.Field
		if add != 0 {
			find = o.t.AddField
		}
		f, err := find(C.GoString(name), table.Type(typ))
		if err != nil {
			return err
		}
		if h = o.fields[f.Info().Name]; h == nil {
			h = offeredFields.add(f)
			o.fields[f.Info().Name] = h
		}
		return nil
	})
	return h
}

//export gyrTableGet
func gyrTableGet(t unsafe.Pointer, key *C.gyr_state_data) (h unsafe.Pointer) {
	o := offered.get(t)
	o.try(func() error {
		e, err := o.t.Get(value(o.t.KeyType(), key))
		if err == nil {
			h = o.hand(e)
		}
		return err
	})
	return h
}

//export gyrTableNew
func gyrTableNew(t unsafe.Pointer) (h unsafe.Pointer) {
	o := offered.get(t)
	o.try(func() error {
		e, err := o.t.New()
		if err == nil {
			h = o.hand(e)
		}
		return err
	})
	return h
}

//export gyrTableAdd
func gyrTableAdd(t unsafe.Pointer, key *C.gyr_state_data, e unsafe.Pointer) (h unsafe.Pointer) {
	o, own := offered.get(t), offeredEntries.get(e)
	rc := o.try(func() (err error) {
		own.e, err = o.t.Add(value(o.t.KeyType(), key), own.e)
		return err
	})
	if rc != C.GYR_SUCCESS {
		own.kept = true // Add has released it
		gyrEntryRelease(e)
		return nil
	}
	return e
}

//export gyrTableErase
func gyrTableErase(t unsafe.Pointer, key *C.gyr_state_data) C.gyr_rc {
	o := offered.get(t)
	return o.try(func() error { return o.t.Erase(value(o.t.KeyType(), key)) })
}

//export gyrTableClear
func gyrTableClear(t unsafe.Pointer) C.gyr_rc {
	o := offered.get(t)
	return o.try(o.t.Clear)
}

//export gyrTableEach
func gyrTableEach(t unsafe.Pointer, it, s C.uintptr_t) C.gyr_bool {
	o, whole := offered.get(t), C.gyr_bool(1)
	rc := o.try(func() error {
		return o.t.Each(func(e table.Entry) bool {
			h := offeredEntries.add(&offeredEntry{e: e, kept: true})
			goOn := C.gyr_rim_call(it, s, h) != 0
			gyrEntryRelease(h)
			if !goOn {
				whole = 0
			}
			return goOn
		})
	})
	if rc != C.GYR_SUCCESS {
		return 0
	}
	return whole
}

//export gyrEntryRead
func gyrEntryRead(t, e, f unsafe.Pointer, out *C.gyr_state_data) C.gyr_rc {
	o, own, field := offered.get(t), offeredEntries.get(e), offeredFields.get(f)
	return o.try(func() error {
		v, err := own.e.Read(field)
		if err != nil {
			return err
		}
		switch typ := field.Info().Type; typ {
		case table.String:
			*out = C.gyr_to_data(C.GYR_ST_STRING, 0, (*C.char)(own.text(f, v.Str)))
		case table.TableType:
			*(*unsafe.Pointer)(unsafe.Pointer(out)) = unsafe.Pointer(own.sub(f, v.Table, o.lost))
		default:
			*out = C.gyr_to_data(C.gyr_state_type(typ), C.uint64_t(v.Num), nil)
		}
		return nil
	})
}

// text returns s in memory that is valid until the field is read again or the entry is released.
func (e *offeredEntry) text(f unsafe.Pointer, s string) unsafe.Pointer {
	b := e.texts[f]
	if b == nil {
		if e.texts == nil {
			e.texts = map[unsafe.Pointer]*buffer{}
		}
		b = &buffer{}
		e.texts[f] = b
	}
	return b.setText([]byte(s))
}

// sub returns the table in a field. Hosts expect the description of a table as the value of such
// a field.
func (e *offeredEntry) sub(f unsafe.Pointer, t table.Table, lost func(error)) *C.gyr_table_input {
	h := e.subs[f]
	if h == nil {
		if e.subs == nil {
			e.subs = map[unsafe.Pointer]unsafe.Pointer{}
		}
		h = offer(t, lost)
		e.subs[f] = h
	}
	return offered.get(h).input
}

//export gyrEntryWrite
func gyrEntryWrite(t, e, f unsafe.Pointer, in *C.gyr_state_data) C.gyr_rc {
	o, own, field := offered.get(t), offeredEntries.get(e), offeredFields.get(f)
	return o.try(func() error { return own.e.Write(field, value(field.Info().Type, in)) })
}

//export gyrEntryRelease
func gyrEntryRelease(e unsafe.Pointer) {
	own := offeredEntries.get(e)
	if own == nil {
		return
	}
	offeredEntries.drop(e)
	if !own.kept {
		_ = guard(func() error { own.e.Release(); return nil })
	}
	for _, b := range own.texts {
		b.free()
	}
	for _, h := range own.subs {
		withdraw(h)
	}
}

//export gyrEach
func gyrEach(handle unsafe.Pointer, e C.uintptr_t) (goOn C.gyr_bool) {
	it := iterations.get(handle)
	if err := guard(func() error {
		if it.f(&hostEntry{t: it.t, e: e, in: true, each: true}) {
			goOn = 1
		}
		return nil
	}); err != nil {
		it.err = err
	}
	return goOn
}

// iterations holds the running iterations. Hosts receive an address, not a number, because a host
// written in Go may store it in a pointer variable.
var iterations handles[*iteration]

// iteration is an iteration over a host's table.
type iteration struct {
	t   *hostTable
	f   func(table.Entry) bool
	err error
}

// Each implements [state.Table].
func (t *hostTable) Each(f func(table.Entry) bool) error {
	it := &iteration{t: t, f: f}
	h := iterations.add(it)
	defer iterations.drop(h)
	C.gyr_rim_iterate(t.a.c, t.t, h)
	return it.err
}
