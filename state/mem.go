// SPDX-License-Identifier: Apache-2.0

package state

import (
	"fmt"
	"slices"
	"sync"
)

// Column describes a field of a table made by [New].
type Column struct {
	Name string
	Type Type
	// ReadOnly fields can be written only with handles from [Mem.Own].
	ReadOnly bool
	// Key and Columns describe the table in a field of TableType. Every entry has its own
	// table.
	Key     Type
	Columns []Column
}

// Mem is a table in plain Go. Unlike other tables, the table and its entries are safe for
// concurrent use.
type Mem struct {
	name  string
	key   Type
	shape *shape

	mu      sync.RWMutex
	entries map[Value]*memEntry
}

// New returns an empty table. It fails if a column has no name, a duplicate name or an unknown
// type, or if a key type is invalid.
func New(name string, key Type, columns ...Column) (*Mem, error) {
	if err := checkKey(key); err != nil {
		return nil, fmt.Errorf("table %s: %w", name, err)
	}
	s, err := newShape(columns)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", name, err)
	}
	return newMem(name, key, s), nil
}

func newMem(name string, key Type, s *shape) *Mem {
	return &Mem{name: name, key: key, shape: s, entries: make(map[Value]*memEntry)}
}

func checkKey(t Type) error {
	if t == TableType || t.String() == "unknown" {
		return fmt.Errorf("invalid key type %s (%d): %w", t, int32(t), ErrType)
	}
	return nil
}

// shape holds the fields of a table. All tables of one column share it.
type shape struct {
	mu     sync.RWMutex
	fields []*memField
}

// memField is a field of a shape.
type memField struct {
	info  FieldInfo
	shape *shape
	at    int
	key   Type   // key type of the table in the field
	sub   *shape // only for tables, else nil
	own   bool   // may write a read-only field
}

func (f *memField) Info() FieldInfo { return f.info }

func newShape(columns []Column) (*shape, error) {
	s := &shape{}
	for i := range columns {
		c := &columns[i]
		f := &memField{info: FieldInfo{c.Name, c.Type, c.ReadOnly}, key: c.Key}
		switch {
		case c.Name == "":
			return nil, fmt.Errorf("column %d has no name", i)
		case c.Type.String() == "unknown":
			return nil, fmt.Errorf("column %s: type %d: %w", c.Name, int32(c.Type), ErrType)
		case s.find(c.Name) != nil:
			return nil, fmt.Errorf("duplicate column %s", c.Name)
		}
		if c.Type == TableType {
			err := checkKey(c.Key)
			if err == nil {
				f.sub, err = newShape(c.Columns)
			}
			if err != nil {
				return nil, fmt.Errorf("column %s: %w", c.Name, err)
			}
		}
		s.add(f)
	}
	return s, nil
}

func (s *shape) add(f *memField) {
	f.shape, f.at = s, len(s.fields)
	s.fields = append(s.fields, f)
}

func (s *shape) find(name string) *memField {
	for _, f := range s.fields {
		if f.info.Name == name {
			return f
		}
	}
	return nil
}

// Name implements [Table].
func (t *Mem) Name() string { return t.name }

// KeyType implements [Table].
func (t *Mem) KeyType() Type { return t.key }

// Size implements [Table].
func (t *Mem) Size() uint64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return uint64(len(t.entries))
}

// Fields implements [Table].
func (t *Mem) Fields() []FieldInfo {
	t.shape.mu.RLock()
	defer t.shape.mu.RUnlock()
	list := make([]FieldInfo, len(t.shape.fields))
	for i, f := range t.shape.fields {
		list[i] = f.info
	}
	return list
}

// Field implements [Table].
func (t *Mem) Field(name string, typ Type) (Field, error) {
	t.shape.mu.RLock()
	defer t.shape.mu.RUnlock()
	return t.field(name, typ)
}

func (t *Mem) field(name string, typ Type) (Field, error) {
	switch f := t.shape.find(name); {
	case f == nil:
		return nil, fmt.Errorf("table %s: field %s: %w", t.name, name, ErrNoField)
	case f.info.Type != typ:
		return nil, fmt.Errorf("table %s: field %s is of type %s, not %s: %w", t.name, name, f.info.Type, typ, ErrType)
	default:
		return f, nil
	}
}

// Own returns a handle that can write a field even if it is read-only for others; nil if there
// is no such field. It is meant for the owner of the table.
func (t *Mem) Own(name string) Field {
	t.shape.mu.RLock()
	defer t.shape.mu.RUnlock()
	f := t.shape.find(name)
	if f == nil {
		return nil
	}
	own := *f
	own.own = true
	return &own
}

// AddField implements [Table]. Fields of TableType cannot be added.
func (t *Mem) AddField(name string, typ Type) (Field, error) {
	t.shape.mu.Lock()
	defer t.shape.mu.Unlock()
	if t.shape.find(name) != nil {
		return t.field(name, typ)
	}
	if name == "" || typ == TableType || typ.String() == "unknown" {
		return nil, fmt.Errorf("table %s: field %q of type %s cannot be added: %w", t.name, name, typ, ErrType)
	}
	f := &memField{info: FieldInfo{Name: name, Type: typ}}
	t.shape.add(f)
	return f, nil
}

// Get implements [Table].
func (t *Mem) Get(key Value) (Entry, error) {
	t.mu.RLock()
	e := t.entries[proper(t.key, key)]
	t.mu.RUnlock()
	if e == nil {
		return nil, ErrNoEntry
	}
	return e, nil
}

// New implements [Table].
func (t *Mem) New() (Entry, error) { return &memEntry{shape: t.shape}, nil }

// Add implements [Table].
func (t *Mem) Add(key Value, e Entry) (Entry, error) {
	own, ok := e.(*memEntry)
	if !ok || own.shape != t.shape {
		return nil, fmt.Errorf("table %s: add: the entry belongs to another table", t.name)
	}
	t.mu.Lock()
	t.entries[proper(t.key, key)] = own
	t.mu.Unlock()
	return own, nil
}

// Erase implements [Table].
func (t *Mem) Erase(key Value) error {
	key = proper(t.key, key)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.entries[key] == nil {
		return ErrNoEntry
	}
	delete(t.entries, key)
	return nil
}

// Clear implements [Table].
func (t *Mem) Clear() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.entries)
	return nil
}

// Each implements [Table], in no particular order. It visits the entries that existed at the
// start, so f may also change the table.
func (t *Mem) Each(f func(Entry) bool) error {
	t.mu.RLock()
	list := make([]*memEntry, 0, len(t.entries))
	for _, e := range t.entries {
		list = append(list, e)
	}
	t.mu.RUnlock()
	for _, e := range list {
		if !f(e) {
			break
		}
	}
	return nil
}

// memEntry is an entry of a Mem. values grows on demand.
type memEntry struct {
	shape *shape
	mu    sync.RWMutex
	vals  []Value
}

func (e *memEntry) field(f Field) (*memField, error) {
	m, ok := f.(*memField)
	if !ok || m.shape != e.shape {
		return nil, fmt.Errorf("field %s belongs to another table: %w", f.Info().Name, ErrNoField)
	}
	return m, nil
}

func (e *memEntry) Read(f Field) (Value, error) {
	m, err := e.field(f)
	if err != nil {
		return Value{}, err
	}
	if m.sub != nil {
		return e.table(m), nil
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if m.at >= len(e.vals) {
		return Value{}, nil
	}
	return e.vals[m.at], nil
}

// table returns the table in a field. It is created on first use.
func (e *memEntry) table(m *memField) Value {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.at(m.at)
	if v.Table == nil {
		v.Table = newMem("", m.key, m.sub)
	}
	return *v
}

func (e *memEntry) at(i int) *Value {
	if i >= len(e.vals) {
		e.vals = slices.Grow(e.vals, i+1-len(e.vals))[:i+1]
	}
	return &e.vals[i]
}

func (e *memEntry) Write(f Field, v Value) error {
	m, err := e.field(f)
	switch {
	case err != nil:
		return err
	case m.sub != nil:
		return fmt.Errorf("field %s is a table: %w", m.info.Name, ErrReadOnly)
	case m.info.ReadOnly && !m.own:
		return fmt.Errorf("field %s: %w", m.info.Name, ErrReadOnly)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	*e.at(m.at) = proper(m.info.Type, v)
	return nil
}

func (e *memEntry) Release() {}

// proper converts v to the type: it truncates numbers to their size and clears members that
// the type does not use.
func proper(t Type, v Value) Value {
	n := v.Num
	switch t {
	case String:
		return Value{Str: v.Str}
	case Bool:
		return Truth(n != 0)
	case Int8:
		n = uint64(int8(n))
	case Int16:
		n = uint64(int16(n))
	case Int32:
		n = uint64(int32(n))
	case Uint8:
		n = uint64(uint8(n))
	case Uint16:
		n = uint64(uint16(n))
	case Uint32:
		n = uint64(uint32(n))
	default: // 64 bits
	}
	return Value{Num: n}
}
