// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "tables.h"

// Calls of the host's functions for tables, which Go cannot make through a pointer.
static const gyr_table_fieldinfo *list_fields(gyr_table_input *t, uint32_t *n) { return gyr_host_fields.list_table_fields(t, n); }
static uintptr_t field(gyr_table_input *t, const char *name, int32_t type, int add)
{
	return (uintptr_t)(add ? gyr_host_fields.add_table_field(t, name, type) : gyr_host_fields.get_table_field(t, name, type));
}
static uint64_t size(gyr_table_input *t) { return gyr_host_reader.get_table_size(t); }
static uintptr_t get(gyr_table_input *t, const gyr_state_data *key) { return (uintptr_t)gyr_host_reader.get_table_entry(t, key); }
static gyr_rc read_field(gyr_table_input *t, uintptr_t e, uintptr_t f, gyr_state_data *out)
{
	return gyr_host_reader.read_entry_field(t, (gyr_table_entry *)e, (gyr_table_field *)f, out);
}
static gyr_rc write_field(gyr_table_input *t, uintptr_t e, uintptr_t f, const gyr_state_data *in)
{
	return gyr_host_writer.write_entry_field(t, (gyr_table_entry *)e, (gyr_table_field *)f, in);
}
static void release(gyr_table_input *t, uintptr_t e) { gyr_host_reader_ext.release_table_entry(t, (gyr_table_entry *)e); }
static void destroy(gyr_table_input *t, uintptr_t e) { gyr_host_writer.destroy_table_entry(t, (gyr_table_entry *)e); }
static uintptr_t create(gyr_table_input *t) { return (uintptr_t)gyr_host_writer.create_table_entry(t); }
static uintptr_t add(gyr_table_input *t, const gyr_state_data *key, uintptr_t e)
{
	return (uintptr_t)gyr_host_writer.add_table_entry(t, key, (gyr_table_entry *)e);
}
static gyr_rc erase(gyr_table_input *t, const gyr_state_data *key) { return gyr_host_writer.erase_table_entry(t, key); }
static gyr_rc clear_all(gyr_table_input *t) { return gyr_host_writer.clear_table(t); }
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/state"
)

// cTable is a plugin's table in the eyes of Go: of linked-in plugins and of the registry.
// Other plugins behind the C interface reach it without Go.
type cTable struct {
	name   string
	key    state.Type
	owner  string // the plugin's name
	in     *C.gyr_table_input
	shared *C.gyr_shared // nil for a table in a field
	reason []byte        // the owner's last error, as C leaves it here
}

// newCTable makes a table of what the plugin added.
func newCTable(owner string, shared *C.gyr_shared) *cTable {
	reason := cmem.Zeroed(abi.MaxErrorLen)
	a := C.gyr_access_shared(shared, nil, cstr(reason))
	t := &cTable{
		name: goText(shared.in.name, maxText), key: state.Type(shared.in.key_type),
		owner: owner, in: &a.in, shared: shared, reason: reason,
	}
	runtime.AddCleanup(t, func(a *C.gyr_access) { C.gyr_access_free(a); cmem.Free(reason) }, a)
	return t
}

// cField is a field of a cTable. The table in a field has the owner of the table it is in.
type cField struct {
	info state.FieldInfo
	at   C.uintptr_t
}

func (f *cField) Info() state.FieldInfo { return f.info }

func (t *cTable) Name() string        { return t.name }
func (t *cTable) KeyType() state.Type { return t.key }

// fail makes an error of the owner's reason.
func (t *cTable) fail(step string, kind error) error {
	why := ""
	if t.reason != nil {
		why = goText(cstr(t.reason), len(t.reason))
		t.reason[0] = 0
	}
	if kind == nil {
		kind = errors.New("the plugin refuses it")
	}
	if why != "" {
		return fmt.Errorf("table %s of plugin %s: %s: %s: %w", t.name, t.owner, step, why, kind)
	}
	return fmt.Errorf("table %s of plugin %s: %s: %w", t.name, t.owner, step, kind)
}

// Size implements [state.Table].
func (t *cTable) Size() uint64 {
	if n := C.size(t.in); n != ^C.uint64_t(0) {
		return uint64(n)
	}
	return 0
}

// maxFields is the largest number of fields of a table that is believed.
const maxFields = 4096

// Fields implements [state.Table].
func (t *cTable) Fields() []state.FieldInfo {
	var n C.uint32_t
	first := C.list_fields(t.in, &n)
	if first == nil || n > maxFields {
		return nil
	}
	list := make([]state.FieldInfo, n)
	for i, f := range unsafe.Slice(first, n) {
		list[i] = state.FieldInfo{Name: goText(f.name, maxText), Type: state.Type(f.field_type), ReadOnly: f.read_only != 0}
	}
	return list
}

// Field implements [state.Table].
func (t *cTable) Field(name string, typ state.Type) (state.Field, error) {
	return t.field(name, typ, 0, "field")
}

// AddField implements [state.Table].
func (t *cTable) AddField(name string, typ state.Type) (state.Field, error) {
	return t.field(name, typ, 1, "add field")
}

func (t *cTable) field(name string, typ state.Type, add C.int, step string) (state.Field, error) {
	text := cmem.CString(name)
	defer cmem.Free(text)
	at := C.field(t.in, cstr(text), C.int32_t(typ), add)
	if at != 0 {
		return &cField{state.FieldInfo{Name: name, Type: typ}, at}, nil
	}
	kind := state.ErrNoField
	for _, f := range t.Fields() {
		if f.Name == name {
			kind = state.ErrType
		}
	}
	return nil, t.fail(step+" "+name, kind)
}

// data is a value in the form of C, with the text that it may need.
type data struct {
	c    C.gyr_state_data
	text []byte
}

func (d *data) free() { cmem.Free(d.text) }

// toC makes a value of the type readable by C. The result is freed after the call.
func toC(typ state.Type, v state.Value) *data {
	d := &data{}
	if typ == state.String {
		d.text = cmem.CString(v.Str)
		*(**C.char)(unsafe.Pointer(&d.c)) = cstr(d.text)
		return d
	}
	// All platforms of the plugin interface are little endian: the low bytes come first.
	*(*uint64)(unsafe.Pointer(&d.c)) = v.Num
	return d
}

// fromC reads a value of the type. Texts are copied.
func fromC(typ state.Type, c *C.gyr_state_data) state.Value {
	p := unsafe.Pointer(c)
	switch typ {
	case state.Int8:
		return state.Int(int64(*(*int8)(p)))
	case state.Int16:
		return state.Int(int64(*(*int16)(p)))
	case state.Int32:
		return state.Int(int64(*(*int32)(p)))
	case state.Uint8:
		return state.Uint(uint64(*(*uint8)(p)))
	case state.Uint16:
		return state.Uint(uint64(*(*uint16)(p)))
	case state.Uint32:
		return state.Uint(uint64(*(*uint32)(p)))
	case state.Bool:
		return state.Truth(*(*uint32)(p) != 0)
	case state.String:
		return state.Text(goText(*(**C.char)(p), maxList))
	}
	return state.Uint(*(*uint64)(p))
}

// Get implements [state.Table].
func (t *cTable) Get(key state.Value) (state.Entry, error) {
	k := toC(t.key, key)
	defer k.free()
	if e := C.get(t.in, &k.c); e != 0 {
		return &cEntry{t: t, at: e}, nil
	}
	return nil, t.fail("get", state.ErrNoEntry)
}

// New implements [state.Table].
func (t *cTable) New() (state.Entry, error) {
	if e := C.create(t.in); e != 0 {
		return &cEntry{t: t, at: e, loose: true}, nil
	}
	return nil, t.fail("new", nil)
}

// Add implements [state.Table].
func (t *cTable) Add(key state.Value, e state.Entry) (state.Entry, error) {
	own, ok := e.(*cEntry)
	if !ok || own.t.in != t.in || !own.loose {
		return nil, fmt.Errorf("table %s: add: the entry is of another table", t.name)
	}
	k := toC(t.key, key)
	defer k.free()
	own.loose = false
	if at := C.add(t.in, &k.c, own.at); at != 0 {
		return &cEntry{t: t, at: at}, nil
	}
	err := t.fail("add", nil)
	C.destroy(t.in, own.at)
	return nil, err
}

// Erase implements [state.Table].
func (t *cTable) Erase(key state.Value) error {
	k := toC(t.key, key)
	defer k.free()
	if C.erase(t.in, &k.c) != C.GYR_SUCCESS {
		return t.fail("erase", state.ErrNoEntry)
	}
	return nil
}

// Clear implements [state.Table].
func (t *cTable) Clear() error {
	if C.clear_all(t.in) != C.GYR_SUCCESS {
		return t.fail("clear", nil)
	}
	return nil
}

// walks are the iterations that run, by number.
var (
	walks    sync.Map // uintptr to *walk
	lastWalk atomic.Uintptr
)

type walk struct {
	t       *cTable
	f       func(state.Entry) bool
	stopped bool
	panic   any
}

// Each implements [state.Table].
func (t *cTable) Each(f func(state.Entry) bool) error {
	w := &walk{t: t, f: f}
	n := lastWalk.Add(1)
	walks.Store(n, w)
	defer walks.Delete(n)
	done := C.gyr_each(unsafe.Pointer(t.in), C.uintptr_t(n))
	if w.panic != nil {
		panic(w.panic) // it was the caller's function, and it is the caller's panic
	}
	if done == 0 && !w.stopped {
		return t.fail("each", nil)
	}
	return nil
}

// gyr_go_each is called for every entry of an iteration. A panic waits until C is left.
//
//export gyr_go_each
func gyr_go_each(number C.uintptr_t, e unsafe.Pointer) (more C.gyr_bool) {
	v, ok := walks.Load(uintptr(number))
	if !ok || e == nil {
		return 0
	}
	w := v.(*walk)
	defer func() {
		if w.panic = recover(); w.panic != nil {
			w.stopped, more = true, 0
		}
	}()
	if !w.f(&cEntry{t: w.t, at: C.uintptr_t(uintptr(e)), borrowed: true}) {
		w.stopped = true
		return 0
	}
	return 1
}

// cEntry is an entry of a cTable.
type cEntry struct {
	t        *cTable
	at       C.uintptr_t
	loose    bool // not in the table yet
	borrowed bool // not to be released
}

// Read implements [state.Entry].
func (e *cEntry) Read(f state.Field) (state.Value, error) {
	own, ok := f.(*cField)
	if !ok {
		return state.Value{}, fmt.Errorf("field %s is of another table: %w", f.Info().Name, state.ErrNoField)
	}
	var out C.gyr_state_data
	if C.read_field(e.t.in, e.at, own.at, &out) != C.GYR_SUCCESS {
		return state.Value{}, e.t.fail("read "+own.info.Name, nil)
	}
	if own.info.Type != state.TableType {
		return fromC(own.info.Type, &out), nil
	}
	in := *(**C.gyr_table_input)(unsafe.Pointer(&out))
	if in == nil {
		return state.Value{}, e.t.fail("read "+own.info.Name, state.ErrNoTable)
	}
	return state.Value{Table: &cTable{name: goText(in.name, maxText), key: state.Type(in.key_type), owner: e.t.owner, in: in}}, nil
}

// Write implements [state.Entry].
func (e *cEntry) Write(f state.Field, v state.Value) error {
	own, ok := f.(*cField)
	if !ok {
		return fmt.Errorf("field %s is of another table: %w", f.Info().Name, state.ErrNoField)
	}
	if own.info.Type == state.TableType {
		return fmt.Errorf("field %s is a table: %w", own.info.Name, state.ErrReadOnly)
	}
	d := toC(own.info.Type, v)
	defer d.free()
	if C.write_field(e.t.in, e.at, own.at, &d.c) != C.GYR_SUCCESS {
		return e.t.fail("write "+own.info.Name, nil)
	}
	return nil
}

// Release implements [state.Entry].
func (e *cEntry) Release() {
	switch {
	case e.borrowed || e.at == 0:
	case e.loose:
		C.destroy(e.t.in, e.at)
	default:
		C.release(e.t.in, e.at)
	}
	e.at = 0
}
