// SPDX-License-Identifier: Apache-2.0

// Package state is the shared state of plugins: tables that one plugin (or the host)
// owns and others read and write while they parse events.
//
// A [Registry] knows tables by name. A [Table] is a map from keys of one type to
// entries; every entry has the table's fields. A field may itself be a table. The
// package holds the interfaces, whatever stands behind them, and the tables that are
// plain Go ([New], [NewRegistry]).
//
// # Threads
//
// Tables and entries made by this package may be used by several goroutines at once.
// Those of other makers are used only during calls of the plugin in which the host
// allows it (Init, parsing, listening and its routines; extraction only reads).
package state

import "errors"

// Type is the type of a key or of a field, with the numbers of the C interface.
type Type int32

// The types of keys and fields. A key is never a table.
const (
	Int8      Type = 1
	Int16     Type = 2
	Int32     Type = 3
	Int64     Type = 4
	Uint8     Type = 5
	Uint16    Type = 6
	Uint32    Type = 7
	Uint64    Type = 8
	String    Type = 9
	TableType Type = 10
	Bool      Type = 25
)

var typeNames = map[Type]string{
	Int8: "int8", Int16: "int16", Int32: "int32", Int64: "int64",
	Uint8: "uint8", Uint16: "uint16", Uint32: "uint32", Uint64: "uint64",
	String: "string", TableType: "table", Bool: "bool",
}

// String gives the type's name ("int8", "table"), or "unknown".
func (t Type) String() string {
	if s, ok := typeNames[t]; ok {
		return s
	}
	return "unknown"
}

// Value is a key or the content of a field. The type of the table's key or of the field
// says which member holds it: Str for String, Table for TableType, else Num. Signed
// numbers are sign-extended to 64 bits, Bool is 0 or 1.
type Value struct {
	Num   uint64
	Str   string
	Table Table
}

// Int returns a signed number.
func Int(n int64) Value { return Value{Num: uint64(n)} }

// Uint returns an unsigned number.
func Uint(n uint64) Value { return Value{Num: n} }

// Text returns a text.
func Text(s string) Value { return Value{Str: s} }

// Truth returns a boolean.
func Truth(b bool) Value {
	if b {
		return Value{Num: 1}
	}
	return Value{}
}

// Int returns the value as a signed number.
func (v Value) Int() int64 { return int64(v.Num) }

// TableInfo describes a table of a registry.
type TableInfo struct {
	Name string
	Key  Type
}

// FieldInfo describes a field of a table.
type FieldInfo struct {
	Name     string
	Type     Type
	ReadOnly bool
}

// Field is a handle for a field of one table and of all tables of the same shape that
// stand in the same field of different entries. It is used only with the tables of the
// maker it came from.
type Field interface {
	Info() FieldInfo
}

// Errors of tables. Makers wrap them; a table behind the C interface cannot always tell
// them apart and gives another error.
var (
	ErrNoTable  = errors.New("there is no such table")
	ErrNoEntry  = errors.New("there is no entry with this key")
	ErrNoField  = errors.New("there is no such field")
	ErrType     = errors.New("the type does not match")
	ErrReadOnly = errors.New("it can only be read")
)

// Table is a map from keys to entries.
type Table interface {
	// Name is the table's name, which may be empty for a table in a field.
	Name() string
	// KeyType is the type of its keys.
	KeyType() Type
	// Size is the number of its entries.
	Size() uint64
	// Fields lists the fields that every entry has. The slice is the caller's.
	Fields() []FieldInfo
	// Field returns the handle of a field: ErrNoField, or ErrType if its type is another.
	Field(name string, typ Type) (Field, error)
	// AddField adds a field to all entries, present and future, and returns its handle; a
	// field that exists with the same type is returned.
	AddField(name string, typ Type) (Field, error)
	// Get returns the entry of a key, ErrNoEntry without one. The caller releases it.
	Get(key Value) (Entry, error)
	// New makes an entry that is not in the table yet. The caller adds or releases it.
	New() (Entry, error)
	// Add puts an entry that New made into the table, in place of one with the same key,
	// and returns the entry in the table, which the caller releases; e is no longer used.
	// After an error e is released.
	Add(key Value, e Entry) (Entry, error)
	// Erase removes the entry of a key, ErrNoEntry without one.
	Erase(key Value) error
	// Clear removes all entries.
	Clear() error
	// Each calls f for every entry until it returns false. The entry is f's only for the
	// call and is not released by it. f changes fields, but adds and erases no entries.
	Each(f func(Entry) bool) error
}

// Entry is an entry of a table, in the hands of one user until Release. It stays usable
// when it is erased meanwhile.
type Entry interface {
	// Read returns the content of a field. A text is valid until the entry changes or is
	// released, a table until the entry is released.
	Read(f Field) (Value, error)
	// Write sets the content of a field; texts are copied. Fields of TableType cannot be
	// written: their table is read and then changed.
	Write(f Field, v Value) error
	// Release ends the use of the entry. It is called once.
	Release()
}

// Registry is a set of tables with unique names.
type Registry interface {
	// List describes all tables. The slice is the caller's.
	List() []TableInfo
	// Get returns the table of a name: ErrNoTable, or ErrType if its key type is another.
	Get(name string, key Type) (Table, error)
	// Add adds a table, whose name must be new.
	Add(t Table) error
}
