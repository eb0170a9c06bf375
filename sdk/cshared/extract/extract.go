// SPDX-License-Identifier: Apache-2.0

// Package extract exports the C functions of a plugin that extracts fields; see package
// cshared.
package extract

// #cgo CFLAGS: -I${SRCDIR}/../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/sdk/cshared/internal/rim"
)

// Symbols is the argument of cshared.Export for the functions of this package.
const Symbols = rim.Extraction

//export plugin_get_fields
func plugin_get_fields() *C.char { return (*C.char)(rim.Text(rim.Fields)) }

//export plugin_get_extract_event_sources
func plugin_get_extract_event_sources() *C.char { return (*C.char)(rim.Text(rim.ExtractSources)) }

//export plugin_get_extract_event_types
func plugin_get_extract_event_types(n *C.uint32_t, s unsafe.Pointer) *C.uint16_t {
	list, count := rim.ExtractTypes(s)
	*n = C.uint32_t(count)
	return (*C.uint16_t)(list)
}

//export plugin_extract_fields
func plugin_extract_fields(s unsafe.Pointer, evt *C.gyr_event_input, in *C.gyr_extract_input) C.gyr_rc {
	return C.gyr_rc(rim.Extract(s, unsafe.Pointer(evt), unsafe.Pointer(in)))
}

// plugin_gyr_repeats_fields reports that one call may request a field several times, because
// every request has its own result.
//
//export plugin_gyr_repeats_fields
func plugin_gyr_repeats_fields() C.uint32_t { return 1 }

// plugin_gyr_extract_batch is plugin_extract_fields for many events in one call. Only gyr uses
// it: a call from its Go code into the plugin's costs more than ten fields.
//
//export plugin_gyr_extract_batch
func plugin_gyr_extract_batch(s unsafe.Pointer, in *C.gyr_batch_input, out *C.gyr_batch_answers) C.gyr_rc {
	return C.gyr_rc(rim.ExtractBatch(s, unsafe.Pointer(in), unsafe.Pointer(out)))
}
