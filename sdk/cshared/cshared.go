// SPDX-License-Identifier: Apache-2.0

// Package cshared builds a plugin written with package sdk as a shared library. It exports
// the C functions (plugin_get_name, plugin_init, ...) that Falco and gyr call.
//
// A host detects the capabilities of a plugin by the functions that its library exports: a
// library with plugin_next_batch has an event source. The functions of each capability are
// therefore a separate package, and the main package of a library names those that it needs:
//
//	package                  exports
//	sdk/cshared              functions of every plugin: name, version, init, metrics, last error, ...
//	sdk/cshared/source       plugin_get_id, open, close, next_batch, event_to_string, ...
//	sdk/cshared/extract      plugin_get_fields, extract_fields, ...
//	sdk/cshared/parse        plugin_parse_event, ...
//	sdk/cshared/async        plugin_set_async_event_handler, dump_state, ...
//	sdk/cshared/listen       plugin_capture_open, capture_close
//
// The complete main package of a plugin with an event source and fields:
//
//	package main
//
//	func init() { cshared.Export(dummy.New, source.Symbols, extract.Symbols) }
//
//	func main() {}
//
// built with
//
//	go build -buildmode=c-shared -o libdummy.so ./plugins/dummy/cshared
//
// If these packages do not match the plugin's interfaces ([sdk.Sourcer], [sdk.Extractor],
// ...), init fails with an explanation.
//
// # Memory and concurrency
//
// Results of the C functions are in C memory that belongs to the plugin's state or stream. The
// next call of the same function on it reuses the memory. Events and requests of the host are
// read in place, without a copy. There may be any number of states and streams, used from any
// thread; calls on one state are serialized. A panic in the plugin's code is recovered: the
// call fails, and plugin_get_last_error returns the reason.
//
// # Extensions for gyr
//
// The libraries also export functions that are not part of the plugin API and that only gyr
// uses. plugin_gyr_repeats_fields reports that one call may request a field several times.
// plugin_gyr_extract_batch extracts the fields of many events in one call; a panic affects only
// the field that caused it. plugin_gyr_next_batch is a plugin_next_batch that waits for events
// instead of returning every 30 ms without any; plugin_gyr_interrupt ends it.
// plugin_gyr_read_ahead and plugin_gyr_ack pass the acknowledgements of an [event.Acker].
//
// # Hosts that request one field per call
//
// Falco requests one field per call, and again for each rule. If the plugin is an
// [sdk.Planner], the fields that the host requests frequently are extracted together at the
// first request for an event, and the values of the others are cached.
//
// # Events
//
// plugin_next_batch never returns events together with an end or an error; the next call
// returns these.
//
// With gyr, a stream that is an [event.Acker] receives the acknowledgement of a batch when all
// alerts of its events are done, like a linked-in stream (plugin_gyr_ack). Other hosts,
// including Falco, do not report what becomes of events. With them a batch is acknowledged when
// the host requests the next one, since its events have been evaluated by then. If the stream is
// closed before that, its last batch is not acknowledged.
package cshared

// #cgo CFLAGS: -I${SRCDIR}/../../abi
// #include "plugin_abi.h"
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/sdk/cshared/internal/rim"
)

// Symbols identifies the C functions of a capability: source.Symbols, extract.Symbols.
type Symbols = rim.Symbols

// Export sets the plugin of this library, made by f, with the capabilities of symbols. Call it
// once, in an init function of package main (main itself never runs).
func Export(f sdk.Factory, symbols ...Symbols) { rim.Export(f, symbols) }

//export plugin_get_required_api_version
func plugin_get_required_api_version() *C.char { return (*C.char)(rim.Text(rim.RequiredAPI)) }

//export plugin_get_name
func plugin_get_name() *C.char { return (*C.char)(rim.Text(rim.Name)) }

//export plugin_get_description
func plugin_get_description() *C.char { return (*C.char)(rim.Text(rim.Description)) }

//export plugin_get_contact
func plugin_get_contact() *C.char { return (*C.char)(rim.Text(rim.Contact)) }

//export plugin_get_version
func plugin_get_version() *C.char { return (*C.char)(rim.Text(rim.Version)) }

//export plugin_get_init_schema
func plugin_get_init_schema(kind *C.int32_t) *C.char {
	text := rim.Text(rim.Schema)
	if text == nil {
		*kind = C.GYR_SCHEMA_NONE
		return nil
	}
	*kind = C.GYR_SCHEMA_JSON
	return (*C.char)(text)
}

//export plugin_init
func plugin_init(in *C.gyr_init_input, rc *C.gyr_rc) unsafe.Pointer {
	s, code := rim.Init(unsafe.Pointer(in))
	*rc = C.gyr_rc(code)
	return s
}

//export plugin_destroy
func plugin_destroy(s unsafe.Pointer) { rim.Destroy(s) }

//export plugin_get_last_error
func plugin_get_last_error(s unsafe.Pointer) *C.char { return (*C.char)(rim.LastError(s)) }

//export plugin_set_config
func plugin_set_config(s unsafe.Pointer, in *C.gyr_set_config_input) C.gyr_rc {
	return C.gyr_rc(rim.SetConfig(s, unsafe.Pointer(in)))
}

//export plugin_get_metrics
func plugin_get_metrics(s unsafe.Pointer, n *C.uint32_t) *C.gyr_metric {
	list, count := rim.Metrics(s)
	*n = C.uint32_t(count)
	return (*C.gyr_metric)(list)
}

//export plugin_get_required_event_schema_version
func plugin_get_required_event_schema_version(s unsafe.Pointer) *C.char {
	return (*C.char)(rim.EventSchemaVersion(s))
}
