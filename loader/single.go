// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "library.h"
*/
import "C"

import (
	"errors"
	"unsafe"

	"github.com/gyr-dev/gyr/internal/cmem"
)

// single is the state of a library that has one. API 2.0 was the first to say that init
// returns another state every time. Until then hosts made one, and libraries rely on it:
// the Go SDK of the time hands out the same state again and again.
//
// So before 2.0 everybody who asks for a state gets the same one, as long as the
// configuration is the same. Calls take turns anyway.
type single struct {
	p      *plugin
	config string
	users  int
	// kept is set if the state outlives its last user: in that Go SDK, the memory that
	// destroy frees is used by the next state, and freed again with it.
	kept bool
}

var errOneState = errors.New("the library is in use with another configuration, and before API 2.0 a library has one state")

// single returns the library's state, which it initialises if there is none.
func (m *module) single(config string, start func() (*plugin, error)) (*plugin, error) {
	lib := m.lib
	lib.singleMu.Lock()
	defer lib.singleMu.Unlock()
	if s := lib.single; s != nil && s.config == config {
		s.users++
		return s.p, nil
	} else if s != nil && s.users > 0 {
		return nil, m.fail("init", errOneState)
	}
	p, err := start()
	if err != nil {
		return nil, err
	}
	lib.single = &single{p: p, config: config, users: 1, kept: lib.inGo()}
	return p, nil
}

// leave ends one use of the state, and the state with the last one unless it is kept. It
// reports whether there was a use to end.
func (lib *library) leave() (left bool, err error) {
	lib.singleMu.Lock()
	defer lib.singleMu.Unlock()
	s := lib.single
	if s == nil || s.users == 0 {
		return false, nil
	}
	if s.users--; s.users == 0 && !s.kept {
		lib.single = nil
		err = s.p.free()
	}
	return true, err
}

// inGo reports whether the library is written in Go, all libraries of which have the
// symbol.
func (lib *library) inGo() bool {
	name := cmem.CString("_cgo_topofstack")
	defer cmem.Free(name)
	return C.gyr_os_symbol(lib.c.handle, (*C.char)(unsafe.Pointer(&name[0]))) != nil
}
