// SPDX-License-Identifier: Apache-2.0

// Package source exports the C functions of a plugin with an event source; see package
// cshared.
package source

// #cgo CFLAGS: -I${SRCDIR}/../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/sdk/cshared/internal/rim"
)

// Symbols is the argument of cshared.Export for the functions of this package.
const Symbols = rim.Sourcing

//export plugin_get_id
func plugin_get_id() C.uint32_t { return C.uint32_t(rim.ID()) }

//export plugin_get_event_source
func plugin_get_event_source() *C.char { return (*C.char)(rim.Text(rim.EventSource)) }

//export plugin_open
func plugin_open(s unsafe.Pointer, params *C.char, rc *C.gyr_rc) unsafe.Pointer {
	h, code := rim.Open(s, unsafe.Pointer(params))
	*rc = C.gyr_rc(code)
	return h
}

//export plugin_close
func plugin_close(s, h unsafe.Pointer) { rim.Close(s, h) }

//export plugin_next_batch
func plugin_next_batch(s, h unsafe.Pointer, n *C.uint32_t, evts ***C.gyr_event) C.gyr_rc {
	list, count, code := rim.NextBatch(s, h, false)
	*n = C.uint32_t(count)
	*evts = (**C.gyr_event)(list)
	return C.gyr_rc(code)
}

// plugin_gyr_next_batch is a plugin_next_batch that waits for an event until it is interrupted.
// Only gyr uses it.
//
//export plugin_gyr_next_batch
func plugin_gyr_next_batch(s, h unsafe.Pointer, n *C.uint32_t, evts ***C.gyr_event) C.gyr_rc {
	list, count, code := rim.NextBatch(s, h, true)
	*n = C.uint32_t(count)
	*evts = (**C.gyr_event)(list)
	return C.gyr_rc(code)
}

//export plugin_gyr_interrupt
func plugin_gyr_interrupt(_, h unsafe.Pointer) { rim.Interrupt(h) }

// plugin_gyr_read_ahead and plugin_gyr_ack are also used only by gyr, which acknowledges batches
// when their alerts are delivered.
//
//export plugin_gyr_read_ahead
func plugin_gyr_read_ahead(_, h unsafe.Pointer) C.uint32_t { return C.uint32_t(rim.ReadAhead(h)) }

//export plugin_gyr_ack
func plugin_gyr_ack(_, h unsafe.Pointer, batch C.uint64_t, why *C.char) {
	rim.Ack(h, uint64(batch), unsafe.Pointer(why))
}

//export plugin_get_progress
func plugin_get_progress(s, h unsafe.Pointer, hundredths *C.uint32_t) *C.char {
	text, n := rim.Progress(s, h)
	*hundredths = C.uint32_t(n)
	return (*C.char)(text)
}

//export plugin_list_open_params
func plugin_list_open_params(s unsafe.Pointer, rc *C.gyr_rc) *C.char {
	text, code := rim.OpenParams(s)
	*rc = C.gyr_rc(code)
	return (*C.char)(text)
}

//export plugin_event_to_string
func plugin_event_to_string(s unsafe.Pointer, evt *C.gyr_event_input) *C.char {
	return (*C.char)(rim.EventToString(s, unsafe.Pointer(evt)))
}
