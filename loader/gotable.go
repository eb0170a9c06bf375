// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "tables.h"
*/
import "C"

import (
	"sync"

	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/state"
)

// goSide is what a plugin behind the C interface holds of tables that are made of Go: the
// host's own and those of linked-in plugins. C knows tables, fields and entries by
// numbers. The lock is for plugins that use tables in routines; it is not held while a
// table works.
type goSide struct {
	mu      sync.Mutex
	last    C.uintptr_t // number given out last
	tables  map[C.uintptr_t]state.Table
	fields  map[C.uintptr_t]state.Field
	byField map[state.Field]C.uintptr_t
	entries map[C.uintptr_t]*goEntry
	names   [][]byte // of the tables got in init
	infos   []byte   // what list_table_fields returned last
}

// goEntry is an entry in C's hands.
type goEntry struct {
	state.Entry
	table state.Table
	texts map[C.uintptr_t][]byte    // what was read last, by field
	subs  map[C.uintptr_t]*goAccess // tables in fields, by field
}

// goAccess is a table in a field in C's hands.
type goAccess struct {
	c    *C.gyr_access
	name []byte
}

// put stores v under a new number. g.mu is held.
func put[T any](g *goSide, m *map[C.uintptr_t]T, v T) C.uintptr_t {
	if *m == nil {
		*m = map[C.uintptr_t]T{}
	}
	g.last++
	(*m)[g.last] = v
	return g.last
}

// table makes a table known to C until the state is destroyed; nil without memory.
func (g *goSide) table(p *plugin, t state.Table) *C.gyr_access {
	g.mu.Lock()
	defer g.mu.Unlock()
	a := C.gyr_access_go(put(g, &g.tables, t), p.c)
	if a != nil {
		g.names = append(g.names, describeTable(a, t))
	}
	return a
}

// sub makes the table in a field of an entry known to C until the entry is released.
func (g *goSide) sub(p *plugin, e *goEntry, field C.uintptr_t, t state.Table) *C.gyr_access {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s := e.subs[field]; s != nil {
		return s.c
	}
	a := C.gyr_access_go(put(g, &g.tables, t), nil)
	if a == nil {
		return nil
	}
	a.user, a.error = C.uintptr_t(p.number), &p.c.owner.error[0]
	if e.subs == nil {
		e.subs = map[C.uintptr_t]*goAccess{}
	}
	e.subs[field] = &goAccess{a, describeTable(a, t)}
	return a
}

// describeTable sets what C sees of a table without asking. The result is the memory of
// the name.
func describeTable(a *C.gyr_access, t state.Table) []byte {
	name := cmem.CString(t.Name())
	a.in.name, a.in.key_type = cstr(name), C.gyr_state_type(t.KeyType())
	return name
}

// entry gives an entry to C. Its number is what C takes for its address.
func (g *goSide) entry(e state.Entry, t state.Table) C.uintptr_t {
	g.mu.Lock()
	defer g.mu.Unlock()
	return put(g, &g.entries, &goEntry{Entry: e, table: t})
}

// field gives a field to C, each only once.
func (g *goSide) field(f state.Field) C.uintptr_t {
	g.mu.Lock()
	defer g.mu.Unlock()
	if n := g.byField[f]; n != 0 {
		return n
	}
	if g.byField == nil {
		g.byField = map[state.Field]C.uintptr_t{}
	}
	n := put(g, &g.fields, f)
	g.byField[f] = n
	return n
}

// look returns an entry and a field by their numbers, nil for what is not there.
func (g *goSide) look(entry, field C.uintptr_t) (*goEntry, state.Field) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.entries[entry], g.fields[field]
}

func (g *goSide) lookTable(table C.uintptr_t) state.Table {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.tables[table]
}

// text keeps a text that was read from an entry until the field is read again.
func (g *goSide) text(e *goEntry, field C.uintptr_t, s string) *C.char {
	text := cmem.CString(s)
	g.mu.Lock()
	defer g.mu.Unlock()
	if e.texts == nil {
		e.texts = map[C.uintptr_t][]byte{}
	}
	cmem.Free(e.texts[field])
	e.texts[field] = text
	return cstr(text)
}

// take takes an entry back from C; nil if it is not there.
func (g *goSide) take(n C.uintptr_t) *goEntry {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.entries[n]
	if e == nil {
		return nil
	}
	delete(g.entries, n)
	for _, t := range e.texts {
		cmem.Free(t)
	}
	for _, s := range e.subs {
		delete(g.tables, s.c.number)
		C.gyr_access_free(s.c)
		cmem.Free(s.name)
	}
	return e
}

// collect takes all entries back.
func (g *goSide) collect() {
	for n := range g.entries {
		g.take(n).Release()
	}
}

// free takes back everything. The state is destroyed.
func (g *goSide) free() {
	g.collect()
	for _, n := range g.names {
		cmem.Free(n)
	}
	cmem.Free(g.infos)
}
