// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #cgo noescape gyr_get_entry
// #cgo noescape gyr_write
// #include <stdlib.h>
// #include "tables.h"
import "C"

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	table "github.com/gyr-dev/gyr/state"
)

// access gives a state access to the host's tables. During Init it is a [state.Registry].
type access struct {
	c    *C.gyr_access    // nil if the host provides no tables
	init bool             // tables can be looked up and added
	own  []unsafe.Pointer // handles of added tables
	lost func(error)      // receives the errors of added tables
}

// open stores the host's functions from the input of init.
func (a *access) open(input unsafe.Pointer) {
	in := (*C.gyr_init_input)(input)
	t := in.tables
	if t == nil || t.fields_ext == nil || t.reader_ext == nil || t.writer_ext == nil {
		return
	}
	a.c = (*C.gyr_access)(C.calloc(1, C.sizeof_gyr_access))
	*a.c = C.gyr_access{
		owner: in.owner, last_error: in.get_owner_last_error,
		list_tables: t.list_tables, get_table: t.get_table, add_table: t.add_table,
		fields: *t.fields_ext, reader: *t.reader_ext, writer: *t.writer_ext,
	}
	a.init = true
}

// refresh stores the functions that the host passes with a call.
func (a *access) refresh(reader, writer unsafe.Pointer) {
	if a.c == nil {
		return
	}
	if reader != nil {
		a.c.reader = *(*C.gyr_reader_vtable_ext)(reader)
	}
	if writer != nil {
		a.c.writer = *(*C.gyr_writer_vtable)(writer)
	}
}

func (a *access) free() {
	C.free(unsafe.Pointer(a.c))
	a.c = nil
	for _, h := range a.own {
		withdraw(h)
	}
	a.own = nil
}

// fail returns the host's last error, after a description of what failed.
func (a *access) fail(what, name string, kind error) error {
	text := "the host gives no reason"
	if s := C.gyr_owner_error(a.c); s != nil && *s != 0 {
		text = C.GoString(s)
	}
	if text == kind.Error() {
		return fmt.Errorf("%s %s: %w", what, name, kind)
	}
	return fmt.Errorf("%s %s: %s: %w", what, name, text, kind)
}

var (
	errLate     = errors.New("tables can be looked up and added only in SetTables and Init")
	errNoTables = errors.New("the host provides no tables to this plugin")
	errHost     = errors.New("rejected by the host")
)

func (a *access) usable() error {
	switch {
	case a.c == nil:
		return errNoTables
	case !a.init:
		return errLate
	}
	return nil
}

// List implements [state.Registry].
func (a *access) List() []table.TableInfo {
	if a.usable() != nil {
		return nil
	}
	var n C.uint32_t
	p := C.gyr_list_tables(a.c, &n)
	if p == nil {
		return nil
	}
	list := make([]table.TableInfo, n)
	for i, t := range unsafe.Slice(p, n) {
		list[i] = table.TableInfo{Name: C.GoString(t.name), Key: table.Type(t.key_type)}
	}
	return list
}

// Get implements [state.Registry].
func (a *access) Get(name string, key table.Type) (table.Table, error) {
	if err := a.usable(); err != nil {
		return nil, err
	}
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	t := C.gyr_get_table(a.c, s, C.gyr_state_type(key))
	if t == 0 {
		return nil, a.fail("table", name, table.ErrNoTable)
	}
	return &hostTable{a: a, t: t, name: name, key: key}, nil
}

// Add implements [state.Registry].
func (a *access) Add(t table.Table) error {
	if err := a.usable(); err != nil {
		return err
	}
	h := offer(t, a.lost)
	if C.gyr_add_table(a.c, offered.get(h).input) != C.GYR_SUCCESS {
		err := a.fail("table", t.Name(), errHost)
		withdraw(h)
		return err
	}
	a.own = append(a.own, h)
	return nil
}

// hostTable is a table behind the C interface.
type hostTable struct {
	a    *access
	t    C.uintptr_t
	name string
	key  table.Type // 0 in a field
}

type tableField struct {
	info table.FieldInfo
	f    C.uintptr_t
}

func (f *tableField) Info() table.FieldInfo { return f.info }

func (t *hostTable) Name() string        { return t.name }
func (t *hostTable) KeyType() table.Type { return t.key }
func (t *hostTable) Size() uint64        { return uint64(C.gyr_table_size(t.a.c, t.t)) }

func (t *hostTable) Fields() []table.FieldInfo {
	var n C.uint32_t
	p := C.gyr_list_fields(t.a.c, t.t, &n)
	if p == nil {
		return nil
	}
	list := make([]table.FieldInfo, n)
	for i, f := range unsafe.Slice(p, n) {
		list[i] = table.FieldInfo{Name: C.GoString(f.name), Type: table.Type(f.field_type), ReadOnly: f.read_only != 0}
	}
	return list
}

func (t *hostTable) Field(name string, typ table.Type) (table.Field, error) {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	f := C.gyr_get_field(t.a.c, t.t, s, C.gyr_state_type(typ))
	return t.handle(name, typ, f)
}

func (t *hostTable) AddField(name string, typ table.Type) (table.Field, error) {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	f := C.gyr_add_field(t.a.c, t.t, s, C.gyr_state_type(typ))
	return t.handle(name, typ, f)
}

func (t *hostTable) handle(name string, typ table.Type, f C.uintptr_t) (table.Field, error) {
	if f == 0 {
		return nil, t.a.fail("table "+t.name+": field", name, table.ErrNoField)
	}
	info := table.FieldInfo{Name: name, Type: typ}
	for _, known := range t.Fields() {
		if known.Name == name {
			info.ReadOnly = known.ReadOnly
		}
	}
	return &tableField{info, f}, nil
}

// text is memory for a NUL-terminated string, valid during a call.
type text []byte

var texts = sync.Pool{New: func() any { return new(text) }}

func (b *text) set(s string) *C.char {
	*b = append(append((*b)[:0], s...), 0)
	return (*C.char)(unsafe.Pointer(&(*b)[0]))
}

func (t *hostTable) Get(key table.Value) (table.Entry, error) {
	b := texts.Get().(*text)
	defer texts.Put(b)
	e := C.gyr_get_entry(t.a.c, t.t, C.gyr_state_type(t.key), C.uint64_t(key.Num), b.set(key.Str))
	if e == 0 {
		return nil, table.ErrNoEntry
	}
	return newHostEntry(t, e, true), nil
}

func (t *hostTable) New() (table.Entry, error) {
	e := C.gyr_create_entry(t.a.c, t.t)
	if e == 0 {
		return nil, t.a.fail("new entry of table", t.name, errHost)
	}
	return newHostEntry(t, e, false), nil
}

func (t *hostTable) Add(key table.Value, e table.Entry) (table.Entry, error) {
	own, ok := e.(*hostEntry)
	if !ok || own.t != t {
		return nil, fmt.Errorf("table %s: add: the entry belongs to another table", t.name)
	}
	b := texts.Get().(*text)
	defer texts.Put(b)
	added := C.gyr_add_entry(t.a.c, t.t, C.gyr_state_type(t.key), C.uint64_t(key.Num), b.set(key.Str), own.e)
	if added == 0 {
		err := t.a.fail("add to table", t.name, errHost)
		own.Release()
		return nil, err
	}
	own.e, own.in = added, true
	return own, nil
}

func (t *hostTable) Erase(key table.Value) error {
	b := texts.Get().(*text)
	defer texts.Put(b)
	if C.gyr_erase(t.a.c, t.t, C.gyr_state_type(t.key), C.uint64_t(key.Num), b.set(key.Str)) != C.GYR_SUCCESS {
		return t.a.fail("erase from table", t.name, table.ErrNoEntry)
	}
	return nil
}

func (t *hostTable) Clear() error {
	if C.gyr_clear(t.a.c, t.t) != C.GYR_SUCCESS {
		return t.a.fail("clear table", t.name, errHost)
	}
	return nil
}

// hostEntry is an entry behind the C interface. Released entries are reused.
type hostEntry struct {
	t    *hostTable
	e    C.uintptr_t
	in   bool // it is in the table
	each bool // owned by an iteration
}

var hostEntries = sync.Pool{New: func() any { return new(hostEntry) }}

func newHostEntry(t *hostTable, e C.uintptr_t, in bool) *hostEntry {
	h := hostEntries.Get().(*hostEntry)
	*h = hostEntry{t: t, e: e, in: in}
	return h
}

func (e *hostEntry) Read(f table.Field) (table.Value, error) {
	h, ok := f.(*tableField)
	if !ok {
		return table.Value{}, fmt.Errorf("field %s belongs to another table: %w", f.Info().Name, table.ErrNoField)
	}
	c := C.gyr_read(e.t.a.c, e.t.t, e.e, h.f, C.gyr_state_type(h.info.Type))
	switch {
	case c.rc != C.GYR_SUCCESS:
		return table.Value{}, e.t.a.fail("read field", h.info.Name, errHost)
	case h.info.Type == table.String:
		return table.Value{Str: C.GoString(c.str)}, nil
	case h.info.Type == table.TableType:
		if c.table == 0 {
			return table.Value{}, e.t.a.fail("table in field", h.info.Name, table.ErrNoTable)
		}
		return table.Value{Table: &hostTable{a: e.t.a, t: c.table}}, nil
	}
	return table.Value{Num: uint64(c.num)}, nil
}

func (e *hostEntry) Write(f table.Field, v table.Value) error {
	h, ok := f.(*tableField)
	if !ok {
		return fmt.Errorf("field %s belongs to another table: %w", f.Info().Name, table.ErrNoField)
	}
	if h.info.ReadOnly || h.info.Type == table.TableType {
		return fmt.Errorf("field %s: %w", h.info.Name, table.ErrReadOnly)
	}
	b := texts.Get().(*text)
	defer texts.Put(b)
	if C.gyr_write(e.t.a.c, e.t.t, e.e, h.f, C.gyr_state_type(h.info.Type), C.uint64_t(v.Num), b.set(v.Str)) != C.GYR_SUCCESS {
		return e.t.a.fail("write field", h.info.Name, errHost)
	}
	return nil
}

func (e *hostEntry) Release() {
	if e.t == nil || e.each {
		return
	}
	if e.in {
		C.gyr_release(e.t.a.c, e.t.t, e.e)
	} else {
		C.gyr_destroy_entry(e.t.a.c, e.t.t, e.e)
	}
	e.t = nil
	hostEntries.Put(e)
}
