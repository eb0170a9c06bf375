// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/sdk"
)

// Parse passes an event to the plugin.
func Parse(p, evt, in unsafe.Pointer) (rc int32) {
	s := states.get(p)
	if s == nil {
		return abi.Failure
	}
	s.mu.Lock()
	defer func() {
		if r := recover(); r != nil {
			rc = s.fail(fmt.Errorf("panic: %v", r))
		}
		s.mu.Unlock()
	}()
	parser, ok := s.plugin.(sdk.Parser)
	if !ok {
		return s.fail(errNoState)
	}
	input := (*C.gyr_parse_input)(in)
	s.tables.refresh(unsafe.Pointer(input.table_reader_ext), unsafe.Pointer(input.table_writer_ext))
	if err := s.parsed.decode(evt); err != nil {
		return s.fail(err)
	}
	if err := parser.Parse(&s.parsed.evt); err != nil {
		return s.fail(err)
	}
	return abi.Success
}

// ExtractTypes returns the event types to extract from.
func ExtractTypes(p unsafe.Pointer) (list unsafe.Pointer, n int) {
	return eventTypes(p, func(s *state) ([]uint16, *buffer) {
		if t, ok := s.plugin.(sdk.ExtractTyper); ok {
			return t.ExtractTypes(), &s.extractTypes
		}
		return nil, nil
	})
}

// ParseTypes returns the event types to parse.
func ParseTypes(p unsafe.Pointer) (list unsafe.Pointer, n int) {
	return eventTypes(p, func(s *state) ([]uint16, *buffer) {
		if t, ok := s.plugin.(sdk.ParseTyper); ok {
			return t.ParseTypes(), &s.parseTypes
		}
		return nil, nil
	})
}

// eventTypes returns the types returned by ask in C memory, by default plugin events only.
func eventTypes(p unsafe.Pointer, ask func(*state) ([]uint16, *buffer)) (list unsafe.Pointer, n int) {
	load()
	s := states.get(p)
	if s == nil {
		return exported.types.p, 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var types []uint16
	var b *buffer
	if err := guard(func() error { types, b = ask(s); return nil }); err != nil {
		s.fail(err)
	}
	if len(types) == 0 {
		return exported.types.p, 1
	}
	b.grow(2 * len(types))
	copy(unsafe.Slice((*uint16)(b.p), len(types)), types)
	return b.p, len(types)
}

// SetConfig changes the configuration of the plugin.
func SetConfig(p, in unsafe.Pointer) int32 {
	s := states.get(p)
	if s == nil {
		return abi.Failure
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := guard(func() error {
		c, ok := s.plugin.(sdk.ConfigSetter)
		if !ok {
			return errors.New("the configuration cannot be changed")
		}
		return c.SetConfig(goString(unsafe.Pointer((*C.gyr_set_config_input)(in).config)))
	})
	if err != nil {
		return s.fail(err)
	}
	return abi.Success
}
