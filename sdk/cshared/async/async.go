// SPDX-License-Identifier: Apache-2.0

// Package async exports the C functions of a plugin that injects events; see package
// cshared.
package async

// #cgo CFLAGS: -I${SRCDIR}/../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/sdk/cshared/internal/rim"
)

// Symbols is the argument of cshared.Export for the functions of this package.
const Symbols = rim.Async

//export plugin_get_async_event_sources
func plugin_get_async_event_sources() *C.char { return (*C.char)(rim.Text(rim.AsyncSources)) }

//export plugin_get_async_events
func plugin_get_async_events() *C.char { return (*C.char)(rim.Text(rim.AsyncEvents)) }

//export plugin_set_async_event_handler
func plugin_set_async_event_handler(s, owner unsafe.Pointer, h C.gyr_async_handler) C.gyr_rc {
	return C.gyr_rc(rim.SetAsyncHandler(s, owner, unsafe.Pointer(h)))
}

//export plugin_dump_state
func plugin_dump_state(s, owner unsafe.Pointer, h C.gyr_async_handler) C.gyr_rc {
	return C.gyr_rc(rim.DumpState(s, owner, unsafe.Pointer(h)))
}
