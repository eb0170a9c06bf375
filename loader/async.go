// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "capability.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/host"
)

// injection is where the async events of a plugin go.
type injection struct {
	source string
	emit   host.EmitFunc
}

// StartAsync implements [host.AsyncSource]. The handler is there before the plugin gets it,
// since its threads may use it at once.
func (p *plugin) StartAsync(source string, emit host.EmitFunc) error {
	if !p.mod.info.Caps.Has(host.Async) {
		return p.fail("start async", errors.New("the plugin has no async events"))
	}
	if !p.async.CompareAndSwap(nil, &injection{source, emit}) {
		return p.fail("start async", errors.New("must reset the async event handler before setting a new one"))
	}
	if C.gyr_set_async(p.c, 1) != C.GYR_SUCCESS {
		err := errorText(C.gyr_state_error(p.c))
		p.async.Store(nil)
		return fmt.Errorf("can't set async event handler for plugin '%s' : %w", p.mod.info.Name, err)
	}
	return nil
}

// StopAsync implements [host.AsyncSource]. The plugin stops its threads meanwhile; what
// they send until it has done so still counts.
func (p *plugin) StopAsync() error {
	if p.async.Load() == nil {
		return nil
	}
	rc := C.gyr_set_async(p.c, 0)
	p.async.Store(nil)
	if rc != C.GYR_SUCCESS {
		return fmt.Errorf("can't reset async event handler for plugin '%s' : %w", p.mod.info.Name, errorText(C.gyr_state_error(p.c)))
	}
	return nil
}

// DumpState implements [host.StateDumper].
func (p *plugin) DumpState(source string, emit host.EmitFunc) error {
	if !p.mod.info.Caps.Has(host.Async) || p.mod.lib.c.dump_state == nil {
		return nil
	}
	p.extracting.Lock()
	defer p.extracting.Unlock()
	p.dump.Store(&injection{source, emit})
	rc := C.gyr_dump_state(p.c)
	p.dump.Store(nil)
	if rc != C.GYR_SUCCESS {
		return fmt.Errorf("dump error for plugin '%s' : %w", p.mod.info.Name, errorText(C.gyr_state_error(p.c)))
	}
	return nil
}

// gyr_go_async is what plugins call to inject an event, from any thread.
//
//export gyr_go_async
func gyr_go_async(number C.uintptr_t, dump C.int, e *C.gyr_async, why *C.char) (rc C.gyr_rc) {
	err := errors.New("async event sent for a plugin that is gone")
	if p := numbered(number); p != nil {
		to := p.async.Load()
		if dump != 0 {
			to = p.dump.Load()
		}
		err = p.inject(to, e)
	}
	if err == nil {
		return C.GYR_SUCCESS
	}
	if why != nil {
		to := unsafe.Slice((*byte)(unsafe.Pointer(why)), abi.MaxErrorLen)
		to[copy(to[:len(to)-1], err.Error())] = 0
	}
	return C.GYR_FAILURE
}

// inject checks what only the form of C can have wrong. Everything else is checked by the
// one who takes the event.
func (p *plugin) inject(to *injection, e *C.gyr_async) (err error) {
	name := p.mod.info.Name
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	switch {
	case !p.mod.info.Caps.Has(host.Async):
		return errors.New("plugin without async events cap used as async handler")
	case to == nil:
		return errors.New("async event sent with NULL handler: " + name)
	case e == nil:
		return errors.New("malformed async event produced by plugin: " + name)
	}
	if err := host.CheckAsyncEvent(p.mod.info, C.GoStringN(e.name, C.int(e.name_len)), to.source); err != nil {
		return err
	}
	if uint64(e.tid) != abi.NoThread {
		return fmt.Errorf("async events of plugin '%s' can have no thread associated with open event source '%s'", name, to.source)
	}
	return to.emit(C.GoStringN(e.name, C.int(e.name_len)), uint64(e.ts), unsafe.Slice((*byte)(e.data), int(e.data_len)))
}
