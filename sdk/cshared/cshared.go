// SPDX-License-Identifier: Apache-2.0

// Package cshared makes a shared library of a plugin that is written with package sdk.
// It exports the C functions (plugin_get_name, plugin_init, ...) that Falco and gyr call.
//
// A host sees what a plugin can do from the functions that its library exports: a
// library with plugin_next_batch is an event source. So the functions of each capability
// are a package of their own, and the main package of a library names those it needs:
//
//	package                  exports
//	sdk/cshared              what every plugin has: name, version, init, metrics, last error, ...
//	sdk/cshared/source       plugin_get_id, open, close, next_batch, event_to_string, ...
//	sdk/cshared/extract      plugin_get_fields, extract_fields, ...
//	sdk/cshared/parse        plugin_parse_event, ...
//	sdk/cshared/async        plugin_set_async_event_handler, dump_state, ...
//	sdk/cshared/listen       plugin_capture_open, capture_close
//
// The whole main package of a plugin with both capabilities:
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
// If the packages that main names are not those of the plugin's interfaces
// ([sdk.Sourcer], [sdk.Extractor], ...), the plugin refuses to initialise and says why.
//
// # Memory and threads
//
// Everything that the C functions return lies in C memory that belongs to the plugin's
// state or stream and is used again by the next call of the same function on it. Events
// and requests of the host are read where they are, without a copy. There may be any
// number of states and streams, used from any threads; calls on one state wait for each
// other. A panic in the plugin's code is recovered: the call fails and
// plugin_get_last_error tells the reason.
//
// # What only gyr knows
//
// Some functions of the libraries are no part of the plugin API. gyr looks for them, Falco
// does not: plugin_gyr_repeats_fields says that one call may ask for a field several times,
// and plugin_gyr_extract_batch extracts the fields of many events in one call. A field that
// panics costs nothing but its own value there, too. plugin_gyr_next_batch is
// plugin_next_batch that returns when there are events, and not every 30 ms to say that
// there are none; plugin_gyr_interrupt ends it. plugin_gyr_read_ahead and plugin_gyr_ack carry
// the acknowledgements of an [event.Acker].
//
// # Hosts that ask field by field
//
// Falco asks for one field per call, and again for each rule. If the plugin is an
// [sdk.Planner], the fields that the host keeps asking for are extracted together at the
// first question about an event; the answers to the others are kept.
//
// # Events
//
// plugin_next_batch never returns events together with an end or an error: these come
// with the next call.
//
// A stream that is an [event.Acker] gets the acknowledgement of a batch from gyr when all
// alerts of its events are dealt with, as a linked-in one does (plugin_gyr_ack). Other hosts,
// Falco among them, do not say what becomes of events: there a batch counts as dealt with
// when the next one is asked for, because by then its events were evaluated; the last batch
// of a stream that is closed before that gets no acknowledgement.
package cshared

// #cgo CFLAGS: -I${SRCDIR}/../../abi
// #include "plugin_abi.h"
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/sdk/cshared/internal/rim"
)

// Symbols stands for the C functions of a capability: source.Symbols, extract.Symbols.
type Symbols = rim.Symbols

// Export makes f's plugin the one of this library, with the capabilities of symbols. It
// is called once, in an init function of package main (main itself never runs).
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
