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
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/state"
)

// plugin is a state.
type plugin struct {
	mod *module
	mem []byte // of c
	c   *C.gyr_state
	// number is what callbacks from C know the state by; see numbers.go.
	number uintptr
	tables state.Registry
	goside goSide
	failed bool // init failed

	// extracting is held while fields are extracted. It is the library's lock if that
	// takes one call at a time.
	extracting *sync.Mutex
	own        sync.Mutex
	// What extraction reuses from batch to batch.
	events     []uintptr
	pins       runtime.Pinner
	source     string
	sourceText []byte
	parsed     parsed

	async     atomic.Pointer[injection] // where async events go
	dump      atomic.Pointer[injection] // where they go during dump_state
	listening listening
}

// New implements [host.Module].
func (m *module) New(config string) (host.Plugin, error) {
	return m.NewWithTables(config, host.NewTables())
}

// NewWithTables implements [host.TableUser].
func (m *module) NewWithTables(config string, tables state.Registry) (host.Plugin, error) {
	config, err := host.CheckConfig(m.info.Name, m.info.Schema, config)
	if err != nil {
		return nil, err
	}
	start := func() (*plugin, error) { return m.start(config, tables) }
	var p *plugin
	if m.lib.version[0] < 2 {
		p, err = m.single(config, start)
	} else {
		p, err = start()
	}
	if err != nil {
		return nil, err // not a nil *plugin in an interface
	}
	return p, nil
}

// start makes a state of its own.
func (m *module) start(config string, tables state.Registry) (*plugin, error) {
	p := &plugin{mod: m, tables: tables}
	p.number = number(p)
	p.mem = cmem.Zeroed(int(unsafe.Sizeof(C.gyr_state{})))
	p.c = (*C.gyr_state)(unsafe.Pointer(unsafe.SliceData(p.mem)))
	p.extracting = &p.own
	if m.lib.version[0] < 2 {
		p.extracting = &m.lib.mu
	}
	if m.lib.version[0] >= 3 {
		p.c.extract.all = boolInt(m.info.ExtractsFrom(syscallSource))
		p.c.parse.all = boolInt(m.info.ParsesFrom(syscallSource))
	}
	if err := p.init(config); err != nil {
		return nil, errors.Join(err, p.free())
	}
	p.checkSchemaVersion()
	return p, nil
}

// syscallSource is the event source that has events of all types.
const syscallSource = "syscall"

func boolInt(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// init calls the plugin's init.
func (p *plugin) init(config string) error {
	lib := p.mod.lib
	text := cmem.CString(config)
	defer cmem.Free(text)
	lib.mu.Lock()
	defer lib.mu.Unlock()
	var rc C.gyr_rc
	p.keepSignals(func() { rc = C.gyr_state_new(p.c, lib.c, cstr(text), lib.owner(p.number)) })
	if rc != C.GYR_SUCCESS {
		p.failed = true
		return fmt.Errorf("plugin %s: could not initialize plugin: %w", p.mod.info.Name, errorText(C.gyr_state_error(p.c)))
	}
	lib.alive++
	return nil
}

// checkSchemaVersion looks at the version of the event schema that the plugin asks for.
// The schema describes events of the kernel, of which gyr has none: any version will do.
func (p *plugin) checkSchemaVersion() {
	if version := goText(C.gyr_event_schema(p.c), maxText); version != "" && !host.IsVersion(version) {
		p.warn("plugin provided an invalid required event schema version", "version", version)
	}
}

// owner returns owner data for a new state. lib.mu is held.
func (lib *library) owner(number uintptr) *C.gyr_owner_data {
	var o *C.gyr_owner_data
	if n := len(lib.owners); n > 0 {
		o, lib.owners = lib.owners[n-1], lib.owners[:n-1]
	} else {
		o = (*C.gyr_owner_data)(unsafe.Pointer(unsafe.SliceData(cmem.Zeroed(int(unsafe.Sizeof(*o))))))
	}
	o.number, o.error[0] = C.uintptr_t(number), 0
	return o
}

// disown takes the owner data of a state back. A plugin that still has it in a static
// variable logs into the void, or as the next state. lib.mu is held.
func (lib *library) disown(o *C.gyr_owner_data) {
	if o != nil {
		o.number = 0
		lib.owners = append(lib.owners, o)
	}
}

// cstr is the text of cmem.CString as C sees it.
func cstr(b []byte) *C.char { return (*C.char)(unsafe.Pointer(unsafe.SliceData(b))) }

// Failures implements [host.Failing].
func (p *plugin) Failures() *host.Failures { return p.mod.failures }

// Module implements [host.Plugin].
func (p *plugin) Module() host.Module { return p.mod }

// Concurrent implements [host.Plugin]: calls into a library take turns.
func (p *plugin) Concurrent() bool { return false }

var errClosed = errors.New("the state is closed already")

// Close implements [host.Plugin].
func (p *plugin) Close() error {
	if lib := p.mod.lib; lib.version[0] < 2 {
		left, err := lib.leave()
		if !left {
			return p.fail("close", errClosed)
		}
		p.mod.failures.Finish()
		return err
	}
	if p.c == nil {
		return p.fail("close", errClosed)
	}
	if p.listening.threads != nil || p.async.Load() != nil {
		p.warn("the plugin is destroyed before its capture was closed")
	}
	p.mod.failures.Finish()
	return p.free()
}

// free destroys the state and gives back its memory, unless destroy does not return.
//
// What a failed init left behind is destroyed, too, as the plugin API wants it, unless
// another state of the library lives: libraries made with the public Go SDK count their
// states after a successful init and before every destroy, and a count that is wrong ends
// the process while the other state works. The little that is left behind stays.
func (p *plugin) free() error {
	lib, c := p.mod.lib, p.c
	err := lib.bounded(p.mod.info.Name, "destroy", func() {
		leak := p.failed && lib.alive > 0
		if !p.failed {
			lib.alive--
		}
		C.gyr_state_free(c, boolInt(leak))
		lib.disown(c.owner)
	})
	if err != nil {
		p.c = nil
		return err
	}
	forget(p.number)
	p.goside.free()
	cmem.Free(p.mem)
	cmem.Free(p.sourceText)
	p.c, p.mem, p.sourceText = nil, nil, nil
	return nil
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
func (p *plugin) fail(step string, err error) error { return p.mod.fail(step, err) }

func (m *module) fail(step string, err error) error {
	return fmt.Errorf("plugin %s: %s: %w", m.info.Name, step, err)
}

// warn logs something about the plugin.
func (p *plugin) warn(msg string, args ...any) {
	p.mod.log.Warn(msg, append([]any{slog.String("plugin", p.mod.info.Name)}, args...)...)
}
