// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "state.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/sdk"
)

// plugin is a state.
type plugin struct {
	mod *module
	mem []byte // of c
	c   *C.gyr_state
	log uintptr // number for gyr_go_log

	// extracting is held while fields are extracted. It is the library's lock if that
	// takes one call at a time.
	extracting *sync.Mutex
	own        sync.Mutex
	// What extraction reuses from batch to batch.
	events     []uintptr
	pins       runtime.Pinner
	source     string
	sourceText []byte
	faultSeen  bool
}

// New implements [host.Module].
func (m *module) New(config string) (host.Plugin, error) {
	config, err := host.CheckConfig(m.info.Name, m.info.Schema, config)
	if err != nil {
		return nil, err
	}
	p := &plugin{mod: m, log: addLog(m)}
	p.mem = cmem.Zeroed(int(unsafe.Sizeof(C.gyr_state{})))
	p.c = (*C.gyr_state)(unsafe.Pointer(unsafe.SliceData(p.mem)))
	p.extracting = &p.own
	if m.lib.version[0] < 2 {
		p.extracting = &m.lib.mu
	}
	text := cmem.CString(config)
	defer cmem.Free(text)
	m.lib.mu.Lock()
	rc := C.gyr_state_new(p.c, m.lib.c, cstr(text), m.lib.owner(p.log))
	if rc != C.GYR_SUCCESS {
		err = errorText(C.gyr_state_error(p.c))
	}
	m.lib.mu.Unlock()
	if err != nil {
		p.free()
		return nil, fmt.Errorf("plugin %s: could not initialize plugin: %w", m.info.Name, err)
	}
	if m.info.ExtractSources == nil || slices.Contains(m.info.ExtractSources, "syscall") {
		if m.lib.version[0] >= 3 {
			p.c.all_types = 1
		}
	}
	return p, nil
}

// owner returns owner data for a new state. lib.mu is held.
func (lib *library) owner(log uintptr) *C.gyr_owner_data {
	var o *C.gyr_owner_data
	if n := len(lib.owners); n > 0 {
		o, lib.owners = lib.owners[n-1], lib.owners[:n-1]
	} else {
		o = (*C.gyr_owner_data)(unsafe.Pointer(unsafe.SliceData(cmem.Zeroed(int(unsafe.Sizeof(*o))))))
	}
	o.log, o.error[0] = C.uintptr_t(log), 0
	return o
}

// disown takes the owner data of a state back. A plugin that still has it in a static
// variable logs into the void, or as the next state. lib.mu is held.
func (lib *library) disown(o *C.gyr_owner_data) {
	if o != nil {
		o.log = 0
		lib.owners = append(lib.owners, o)
	}
}

// cstr is the text of cmem.CString as C sees it.
func cstr(b []byte) *C.char { return (*C.char)(unsafe.Pointer(unsafe.SliceData(b))) }

// Module implements [host.Plugin].
func (p *plugin) Module() host.Module { return p.mod }

// Concurrent implements [host.Plugin]: calls into a library take turns.
func (p *plugin) Concurrent() bool { return false }

// Close implements [host.Plugin].
func (p *plugin) Close() error {
	if p.c == nil {
		return p.fail("close", errors.New("the state is closed already"))
	}
	p.free()
	return nil
}

// free destroys the state and gives back its memory.
func (p *plugin) free() {
	p.mod.lib.mu.Lock()
	C.gyr_state_free(p.c)
	p.mod.lib.disown(p.c.owner)
	p.mod.lib.mu.Unlock()
	cmem.Free(p.mem)
	cmem.Free(p.sourceText)
	logs.Delete(p.log)
	p.c, p.mem, p.sourceText = nil, nil, nil
}

// OpenParams implements [host.Plugin].
func (p *plugin) OpenParams() ([]sdk.OpenParam, error) {
	lib, name := p.mod.lib, p.mod.info.Name
	lib.mu.Lock()
	var rc C.gyr_rc
	list := C.gyr_open_params(p.c, &rc)
	if rc != C.GYR_SUCCESS {
		err := errorText(C.gyr_state_error(p.c))
		lib.mu.Unlock()
		return nil, fmt.Errorf("error in plugin %s: list_open_params has error %w", name, err)
	}
	text := goText(list, maxList)
	lib.mu.Unlock()
	return host.ParseOpenParams(name, []byte(text))
}

// fail names the plugin and the step in err.
func (p *plugin) fail(step string, err error) error {
	return fmt.Errorf("plugin %s: %s: %w", p.mod.info.Name, step, err)
}

// warn logs something about the plugin.
func (p *plugin) warn(msg string, args ...any) {
	p.mod.log.Warn(msg, append([]any{slog.String("plugin", p.mod.info.Name)}, args...)...)
}
