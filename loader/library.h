// SPDX-License-Identifier: Apache-2.0

// library.h: a loaded library, its functions, and how the operating system loads it.

#ifndef GYR_LIBRARY_H
#define GYR_LIBRARY_H

#include <stddef.h>
#include "plugin_abi.h"

// What the public Go SDK extracts fields with, in all its versions: the event in the form
// of the generation, the requests, and since 3.11 where to put offsets.
//
// Its extract_fields hands the call to a thread of the plugin that busy-waits for it, and
// busy-waits for the answer. Where other threads want the processors, as they do here, each
// of the two waits until the system's scheduler takes a processor from somebody; a call
// then takes milliseconds. This one is an ordinary call.
typedef gyr_rc (*gyr_extract_sync_fn)(gyr_plugin *s, const void *event, uint32_t n, void *fields, void *offsets);

// Every function that a plugin of any generation may have, with its type as of API 3.12.
#define GYR_FUNCTIONS(X) \
	X(gyr_text_fn, get_required_api_version) \
	X(gyr_init_schema_fn, get_init_schema) \
	X(gyr_init_fn, init) \
	X(gyr_destroy_fn, destroy) \
	X(gyr_last_error_fn, get_last_error) \
	X(gyr_text_fn, get_name) \
	X(gyr_text_fn, get_description) \
	X(gyr_text_fn, get_contact) \
	X(gyr_text_fn, get_version) \
	X(gyr_id_fn, get_type) \
	X(gyr_id_fn, get_id) \
	X(gyr_text_fn, get_event_source) \
	X(gyr_open_fn, open) \
	X(gyr_close_fn, close) \
	X(gyr_list_open_params_fn, list_open_params) \
	X(gyr_progress_fn, get_progress) \
	X(gyr_event_to_string_fn, event_to_string) \
	X(gyr_next_batch_fn, next_batch) \
	X(gyr_next_batch_fn, gyr_next_batch) \
	X(gyr_interrupt_fn, gyr_interrupt) \
	X(gyr_read_ahead_fn, gyr_read_ahead) \
	X(gyr_ack_fn, gyr_ack) \
	X(gyr_event_types_fn, get_extract_event_types) \
	X(gyr_text_fn, get_extract_event_sources) \
	X(gyr_text_fn, get_fields) \
	X(gyr_extract_fields_fn, extract_fields) \
	X(gyr_extract_sync_fn, extract_fields_sync) \
	X(gyr_id_fn, gyr_repeats_fields) \
	X(gyr_extract_batch_fn, gyr_extract_batch) \
	X(gyr_event_types_fn, get_parse_event_types) \
	X(gyr_text_fn, get_parse_event_sources) \
	X(gyr_parse_event_fn, parse_event) \
	X(gyr_text_fn, get_async_event_sources) \
	X(gyr_text_fn, get_async_events) \
	X(gyr_set_async_event_handler_fn, set_async_event_handler) \
	X(gyr_dump_state_fn, dump_state) \
	X(gyr_set_config_fn, set_config) \
	X(gyr_metrics_fn, get_metrics) \
	X(gyr_capture_fn, capture_open) \
	X(gyr_capture_fn, capture_close) \
	X(gyr_event_schema_fn, get_required_event_schema_version)

typedef struct gyr_library {
	void *handle;
	uint32_t major, minor; // the API version that the plugin requires
	const char *called;    // the plugin's name, for the last words of the process
#define X(type, name) type name;
	GYR_FUNCTIONS(X)
#undef X
} gyr_library;

// gyr_os_open loads the library at the UTF-8 path and returns its handle; NULL with a
// text in err on failure. Loading a file again returns the same handle.
void *gyr_os_open(const char *path, char *err, size_t cap);

// gyr_os_symbol returns the address of a function, or NULL.
void *gyr_os_symbol(void *handle, const char *name);

// gyr_os_now is a clock that never goes back, in nanoseconds.
uint64_t gyr_os_now(void);

// gyr_bind looks up all functions and calls none.
void gyr_bind(gyr_library *lib, void *handle);

// gyr_has reports whether the library has the function called plugin_NAME.
int gyr_has(const gyr_library *lib, const char *name);

// Calls of functions that need no state.
const char *gyr_call_text(gyr_text_fn f);
uint32_t gyr_call_id(gyr_id_fn f);
const char *gyr_call_schema(gyr_init_schema_fn f, int32_t *type);

// gyr_text_len is the length of s, at most max: an upper bound for missing terminators.
size_t gyr_text_len(const char *s, size_t max);

#endif
