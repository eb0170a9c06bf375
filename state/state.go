// SPDX-License-Identifier: Apache-2.0

// Package state is the shared state of plugins: tables that one plugin (or the host) owns
// and other plugins read and write while they parse events.
//
// A [Registry] holds tables by name. A [Table] maps keys of one type to entries; every entry
// has the fields of the table. A field may itself be a table. This package defines the
// interfaces and an implementation in plain Go ([New], [NewRegistry]).
//
// # Concurrency
//
// Tables and entries of this package are safe for concurrent use. Those of other
// implementations may be used only during calls of the plugin in which the host allows it
// (Init, parsing, listening and its routines; extraction may only read).
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

// String returns the type's name ("int8", "table"), or "unknown".
func (t Type) String() string {
	if s, ok := typeNames[t]; ok {
		return s
	}
	return "unknown"
}

// Value is a key or the content of a field. The type of the key or field determines which
// member holds it: Str for String, Table for TableType, Num for all others. Signed numbers
// are sign-extended to 64 bits, Bool is 0 or 1.
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

// Field is a handle for a field of a table. For tables in a field, one handle is valid for the
// tables of all entries. A handle is valid only for tables of the same implementation.
type Field interface {
	Info() FieldInfo
}

// Errors of tables. Implementations wrap them. A table behind the C interface cannot always
// distinguish them and returns another error.
var (
	ErrNoTable  = errors.New("no such table")
	ErrNoEntry  = errors.New("no entry with this key")
	ErrNoField  = errors.New("no such field")
	ErrType     = errors.New("type mismatch")
	ErrReadOnly = errors.New("read-only")
)

// Table is a map from keys to entries.
type Table interface {
	// Name returns the table's name, which may be empty for a table in a field.
	Name() string
	// KeyType returns the type of the keys.
	KeyType() Type
	// Size returns the number of entries.
	Size() uint64
	// Fields returns the fields of the table. The caller owns the slice.
	Fields() []FieldInfo
	// Field returns the handle of a field. It returns ErrNoField, or ErrType if the field
	// has another type.
	Field(name string, typ Type) (Field, error)
	// AddField adds a field to all existing and future entries and returns its handle. If the
	// field exists with the same type, it returns the handle of that field.
	AddField(name string, typ Type) (Field, error)
	// Get returns the entry of a key, or ErrNoEntry. The caller releases the entry.
	Get(key Value) (Entry, error)
	// New returns an entry that is not in the table yet. The caller adds or releases it.
	New() (Entry, error)
	// Add adds an entry made by New to the table, replacing an entry with the same key. It
	// returns the entry in the table, which the caller releases. e must not be used
	// afterwards; after an error it is released.
	Add(key Value, e Entry) (Entry, error)
	// Erase removes the entry of a key. It returns ErrNoEntry if there is none.
	Erase(key Value) error
	// Clear removes all entries.
	Clear() error
	// Each calls f for every entry until f returns false. The entry is valid during the call;
	// f must not release it. f may change fields, but must not add or erase entries.
	Each(f func(Entry) bool) error
}

// Entry is an entry of a table, held by one user until Release. It stays valid if it is erased
// meanwhile.
type Entry interface {
	// Read returns the content of a field. A string is valid until the entry changes or is
	// released, a table until the entry is released.
	Read(f Field) (Value, error)
	// Write sets the content of a field. Strings are copied. Fields of TableType cannot be
	// written; read the table and change it instead.
	Write(f Field, v Value) error
	// Release ends the use of the entry. It must be called once.
	Release()
}

// Registry is a set of tables with unique names.
type Registry interface {
	// List returns the descriptions of all tables. The caller owns the slice.
	List() []TableInfo
	// Get returns a table by name. It returns ErrNoTable, or ErrType if the key type differs.
	Get(name string, key Type) (Table, error)
	// Add adds a table. Its name must be unique.
	Add(t Table) error
}
