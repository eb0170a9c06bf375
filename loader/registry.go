// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "tables.h"
#include <stdlib.h>
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/state"
)

// This file has what plugins call to find and to add tables, during init. The calls come
// in the goroutine that called init.

// ownerError makes err what the plugin reads as its owner's last error.
func (p *plugin) ownerError(err error) {
	text := err.Error()
	to := unsafe.Slice((*byte)(unsafe.Pointer(&p.c.owner.error[0])), abi.MaxErrorLen)
	to[copy(to[:len(to)-1], text)] = 0
}

//export gyr_go_list_tables
func gyr_go_list_tables(user C.uintptr_t, n *C.uint32_t) *C.gyr_table_info {
	p := numbered(user)
	if p == nil {
		return nil
	}
	list := p.tables.List()
	size := len(list) * int(unsafe.Sizeof(C.gyr_table_info{}))
	texts := size
	for _, t := range list {
		size += len(t.Name) + 1
	}
	C.free(unsafe.Pointer(p.c.infos))
	p.c.infos = (*C.gyr_table_info)(C.calloc(1, C.size_t(size+1)))
	mem := unsafe.Slice((*byte)(unsafe.Pointer(p.c.infos)), size)
	for i, t := range list {
		info := &unsafe.Slice(p.c.infos, len(list))[i]
		info.name, info.key_type = (*C.char)(unsafe.Pointer(&mem[texts])), C.gyr_state_type(t.Key)
		texts += copy(mem[texts:], t.Name) + 1
	}
	*n = C.uint32_t(len(list))
	return p.c.infos
}

//export gyr_go_get_table
func gyr_go_get_table(user C.uintptr_t, name *C.char, key C.int32_t) unsafe.Pointer {
	p := numbered(user)
	if p == nil {
		return nil
	}
	n := goText(name, maxText)
	t, err := p.tables.Get(n, state.Type(key))
	if errors.Is(err, state.ErrType) {
		for _, other := range p.tables.List() {
			if other.Name == n {
				err = fmt.Errorf("table in registry accessed with wrong key type: table='%s', requested='%s', actual='%s'", n, state.Type(key), other.Key)
			}
		}
	}
	if err != nil {
		p.ownerError(err)
		return nil
	}
	if c, ok := t.(*cTable); ok && c.shared != nil {
		return unsafe.Pointer(C.gyr_access_shared(c.shared, p.c, nil))
	}
	return unsafe.Pointer(p.goside.table(p, t))
}

//export gyr_go_add_table
func gyr_go_add_table(user C.uintptr_t, in *C.gyr_table_input) C.gyr_rc {
	p := numbered(user)
	if p == nil {
		return C.GYR_FAILURE
	}
	var why [abi.MaxErrorLen]C.char
	shared := C.gyr_share(p.c, in, &why[0])
	if shared == nil {
		p.ownerError(fmt.Errorf("failure in adding state table defined by plugin '%s': %s", p.mod.info.Name, goText(&why[0], len(why))))
		return C.GYR_FAILURE
	}
	if err := p.tables.Add(newCTable(p.mod.info.Name, shared)); err != nil {
		p.ownerError(err)
		return C.GYR_FAILURE
	}
	return C.GYR_SUCCESS
}
