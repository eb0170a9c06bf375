// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "tables.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/state"
)

// This file has what C calls for tables that are made of Go (gotable.go). Each call may
// come from any thread. What fails leaves its reason as the owner's last error. A panic of
// a linked-in plugin's table is a failure.

// calling finds the user and the table of a call. The user is nil if it is gone.
func calling(user, table C.uintptr_t) (*plugin, state.Table) {
	p := numbered(user)
	if p == nil {
		return nil, nil
	}
	t := p.goside.lookTable(table)
	if t == nil {
		p.ownerError(errors.New("the table is gone"))
		return nil, nil
	}
	return p, t
}

// try calls f and reports whether it did well.
func (p *plugin) try(f func() error) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			p.ownerError(fmt.Errorf("panic in a table: %v", r))
			ok = false
		}
	}()
	if err := f(); err != nil {
		p.ownerError(err)
		return false
	}
	return true
}

func (p *plugin) rc(f func() error) C.gyr_rc {
	if p.try(f) {
		return C.GYR_SUCCESS
	}
	return C.GYR_FAILURE
}

//export gyr_go_list_fields
func gyr_go_list_fields(user, table C.uintptr_t, n *C.uint32_t) *C.gyr_table_fieldinfo {
	p, t := calling(user, table)
	if p == nil {
		return nil
	}
	var list []state.FieldInfo
	if !p.try(func() error { list = t.Fields(); return nil }) {
		return nil
	}
	const each = int(unsafe.Sizeof(C.gyr_table_fieldinfo{}))
	texts := len(list) * each
	size := texts + 1
	for _, f := range list {
		size += len(f.Name) + 1
	}
	mem := cmem.Zeroed(size)
	first := (*C.gyr_table_fieldinfo)(unsafe.Pointer(unsafe.SliceData(mem)))
	for i, f := range list {
		unsafe.Slice(first, len(list))[i] = C.gyr_table_fieldinfo{
			name: cstr(mem[texts:]), field_type: C.gyr_state_type(f.Type), read_only: C.gyr_bool(boolInt(f.ReadOnly)),
		}
		texts += copy(mem[texts:], f.Name) + 1
	}
	p.goside.mu.Lock()
	cmem.Free(p.goside.infos)
	p.goside.infos = mem
	p.goside.mu.Unlock()
	*n = C.uint32_t(len(list))
	return first
}

//export gyr_go_field
func gyr_go_field(user, table C.uintptr_t, name *C.char, typ C.int32_t, add C.int) (n C.uintptr_t) {
	p, t := calling(user, table)
	if p == nil {
		return 0
	}
	p.try(func() error {
		get := t.Field
		if add != 0 {
			get = t.AddField
		}
		f, err := get(goText(name, maxText), state.Type(typ))
		if err == nil {
			n = p.goside.field(f)
		}
		return err
	})
	return n
}

//export gyr_go_size
func gyr_go_size(user, table C.uintptr_t) C.uint64_t {
	n := ^C.uint64_t(0)
	if p, t := calling(user, table); p != nil {
		p.try(func() error { n = C.uint64_t(t.Size()); return nil })
	}
	return n
}

//export gyr_go_get
func gyr_go_get(user, table C.uintptr_t, key *C.gyr_state_data) (n C.uintptr_t) {
	p, t := calling(user, table)
	if p == nil {
		return 0
	}
	p.try(func() error {
		e, err := t.Get(fromC(t.KeyType(), key))
		if err == nil {
			n = p.goside.entry(e, t)
		}
		return err
	})
	return n
}

var errHandle = errors.New("there is no such entry or field")

//export gyr_go_read
func gyr_go_read(user, entry, field C.uintptr_t, out *C.gyr_state_data) C.gyr_rc {
	p := numbered(user)
	if p == nil {
		return C.GYR_FAILURE
	}
	return p.rc(func() error {
		e, f := p.goside.look(entry, field)
		if e == nil || f == nil {
			return errHandle
		}
		v, err := e.Read(f)
		if err != nil {
			return err
		}
		switch f.Info().Type {
		case state.String:
			*(**C.char)(unsafe.Pointer(out)) = p.goside.text(e, field, v.Str)
		case state.TableType:
			if v.Table == nil {
				return state.ErrNoTable
			}
			*(**C.gyr_access)(unsafe.Pointer(out)) = p.goside.sub(p, e, field, v.Table)
		default:
			*(*uint64)(unsafe.Pointer(out)) = v.Num
		}
		return nil
	})
}

//export gyr_go_write
func gyr_go_write(user, entry, field C.uintptr_t, in *C.gyr_state_data) C.gyr_rc {
	p := numbered(user)
	if p == nil {
		return C.GYR_FAILURE
	}
	return p.rc(func() error {
		e, f := p.goside.look(entry, field)
		if e == nil || f == nil {
			return errHandle
		}
		return e.Write(f, fromC(f.Info().Type, in))
	})
}

//export gyr_go_release
func gyr_go_release(user, entry C.uintptr_t) {
	p := numbered(user)
	if p == nil {
		return
	}
	if e := p.goside.take(entry); e != nil {
		p.try(func() error { e.Release(); return nil })
	}
}

//export gyr_go_iterate
func gyr_go_iterate(user, table C.uintptr_t, f C.gyr_table_iter_fn, s unsafe.Pointer) C.gyr_bool {
	p, t := calling(user, table)
	if p == nil {
		return 0
	}
	done := C.gyr_bool(1)
	ok := p.try(func() error {
		return t.Each(func(e state.Entry) bool {
			n := p.goside.entry(e, t)
			if C.gyr_call_iter(f, s, n) == 0 {
				done = 0
			}
			p.goside.take(n) // the entry is the iteration's, which releases it
			return done != 0
		})
	})
	if !ok {
		return 0
	}
	return done
}

//export gyr_go_clear
func gyr_go_clear(user, table C.uintptr_t) C.gyr_rc {
	p, t := calling(user, table)
	if p == nil {
		return C.GYR_FAILURE
	}
	return p.rc(t.Clear)
}

//export gyr_go_erase
func gyr_go_erase(user, table C.uintptr_t, key *C.gyr_state_data) C.gyr_rc {
	p, t := calling(user, table)
	if p == nil {
		return C.GYR_FAILURE
	}
	return p.rc(func() error { return t.Erase(fromC(t.KeyType(), key)) })
}

//export gyr_go_create
func gyr_go_create(user, table C.uintptr_t) (n C.uintptr_t) {
	p, t := calling(user, table)
	if p == nil {
		return 0
	}
	p.try(func() error {
		e, err := t.New()
		if err == nil {
			n = p.goside.entry(e, t)
		}
		return err
	})
	return n
}

//export gyr_go_add
func gyr_go_add(user, table C.uintptr_t, key *C.gyr_state_data, entry C.uintptr_t) (n C.uintptr_t) {
	p, t := calling(user, table)
	if p == nil {
		return 0
	}
	p.try(func() error {
		e := p.goside.take(entry)
		if e == nil {
			return errHandle
		}
		added, err := t.Add(fromC(t.KeyType(), key), e.Entry)
		if err == nil {
			n = p.goside.entry(added, t)
		}
		return err
	})
	return n
}
