// SPDX-License-Identifier: Apache-2.0

// Package parse exports the C functions of a plugin that parses events; see package
// cshared.
package parse

// #cgo CFLAGS: -I${SRCDIR}/../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/sdk/cshared/internal/rim"
)

// Symbols is the argument of cshared.Export for the functions of this package.
const Symbols = rim.Parsing

//export plugin_get_parse_event_sources
func plugin_get_parse_event_sources() *C.char { return (*C.char)(rim.Text(rim.ParseSources)) }

//export plugin_get_parse_event_types
func plugin_get_parse_event_types(n *C.uint32_t, s unsafe.Pointer) *C.uint16_t {
	list, count := rim.ParseTypes(s)
	*n = C.uint32_t(count)
	return (*C.uint16_t)(list)
}

//export plugin_parse_event
func plugin_parse_event(s unsafe.Pointer, evt *C.gyr_event_input, in *C.gyr_parse_input) C.gyr_rc {
	return C.gyr_rc(rim.Parse(s, unsafe.Pointer(evt), unsafe.Pointer(in)))
}
