// SPDX-License-Identifier: Apache-2.0

// state.h: an initialised state of a plugin, its streams, and extraction on it.

#ifndef GYR_STATE_H
#define GYR_STATE_H

#include "library.h"

// What the host sees again in callbacks. It outlives the state, because plugins keep it in
// static variables.
typedef struct gyr_owner_data {
	uintptr_t log; // number of the Go logger, 0 for none
	char error[GYR_MAX_ERROR];
} gyr_owner_data;

// A growing run of memory.
typedef struct gyr_buffer {
	uint8_t *ptr;
	size_t len, cap;
} gyr_buffer;

typedef struct gyr_state {
	const gyr_library *lib;
	gyr_plugin *s;
	gyr_owner_data *owner;
	uint64_t visits; // event numbers given to the plugin so far
	// The event types of extraction. Without any: all, or plugin events only.
	uint16_t *types;
	uint32_t num_types;
	int all_types;
	// What extraction works with: requests in the form of the plugin's generation.
	gyr_buffer fields, fields_v0;
	// What it returns: a record per row and request, list elements, bytes.
	gyr_buffer records, elements, bytes;
	uint64_t faults;     // values that were not usable
	uint32_t fault_field; // the last field that had one
} gyr_state;

// gyr_state_new calls init and fills st, which is zeroed memory that does not move.
// The result is init's; the caller frees st in any case with gyr_state_free.
gyr_rc gyr_state_new(gyr_state *st, const gyr_library *lib, const char *config, gyr_owner_data *owner);

// gyr_state_free calls destroy if init returned a state, and frees what st holds.
void gyr_state_free(gyr_state *st);

// gyr_state_error returns the plugin's text for the failure that was just seen, or NULL.
const char *gyr_state_error(const gyr_state *st);

// gyr_open_params calls list_open_params; *rc is GYR_SUCCESS if it does not exist.
const char *gyr_open_params(gyr_state *st, gyr_rc *rc);

// gyr_reserve makes room for n more bytes; 0 if there is no memory.
int gyr_reserve(gyr_buffer *b, size_t n);

// The host's tables.
extern const gyr_tables_input gyr_host_tables;
extern gyr_reader_vtable gyr_host_reader;
extern gyr_reader_vtable_ext gyr_host_reader_ext;
extern gyr_writer_vtable gyr_host_writer;

const char *gyr_owner_last_error(gyr_owner *o);

// Go's side of the log function.
void gyr_go_log(uintptr_t log, char *component, char *msg, int32_t severity);

#endif
