// SPDX-License-Identifier: Apache-2.0

// state.h: an initialised state of a plugin.

#ifndef GYR_STATE_H
#define GYR_STATE_H

#include "library.h"

// What the host sees again in callbacks. It outlives the state, because plugins keep it in
// static variables.
typedef struct gyr_owner_data {
	uintptr_t number; // of the state on Go's side, 0 for none
	char error[GYR_MAX_ERROR];
} gyr_owner_data;

struct gyr_state;
struct gyr_shared;
struct gyr_access;

// The types of events that a capability wants to see. Without any: all, or plugin events
// only.
typedef struct gyr_types {
	uint16_t *list;
	uint32_t n;
	int all;
} gyr_types;

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
	gyr_types extract, parse;
	struct gyr_shared *shared;   // the tables that the plugin offers
	struct gyr_access *accesses; // the tables that it uses
	gyr_table_info *infos;       // what list_tables returned last
	// What extraction works with: requests in the form of the plugin's generation.
	gyr_buffer fields, fields_v0;
	// Where it keeps answers: a value per row and request, list elements, bytes.
	gyr_buffer records, elements, bytes;
	// What it returns: these, or what the plugin keeps.
	gyr_batch_answers answers;
	gyr_buffer failures; // of the present crossing: see failures.h
	// Results of several fields of one call may lie in the same memory: see overlap.h.
	gyr_buffer places;
	uint32_t calls;
	int alone; // they do, so fields are asked for one by one
} gyr_state;

// gyr_state_new calls init and fills st, which is zeroed memory that does not move.
// The result is init's; the caller frees st in any case with gyr_state_free.
gyr_rc gyr_state_new(gyr_state *st, const gyr_library *lib, const char *config, gyr_owner_data *owner);

// gyr_state_free calls destroy, unless init returned no state or leak is set, and frees
// what st holds.
void gyr_state_free(gyr_state *st, int leak);

// gyr_wants reports whether events of the type are among those to be seen.
static inline int gyr_wants(const gyr_types *t, uint16_t type)
{
	if (!t->n) return t->all || type == GYR_EVENT_PLUGIN;
	for (uint32_t i = 0; i < t->n; i++)
		if (t->list[i] == type) return 1;
	return 0;
}

// gyr_set_config calls set_config, which exists.
gyr_rc gyr_set_config(gyr_state *st, const char *config);

// gyr_metrics calls get_metrics, which exists, and copies at most max of what it returns,
// with type and value_type as of API 3.6. The result is how many.
uint32_t gyr_metrics(gyr_state *st, gyr_metric *out, uint32_t max);

// gyr_event_schema returns the version of the event schema that the plugin asks for, or
// NULL.
const char *gyr_event_schema(const gyr_state *st);

// gyr_state_error returns the plugin's text for the failure that was just seen, or NULL.
static inline const char *gyr_state_error(const gyr_state *st) { return st->s ? st->lib->get_last_error(st->s) : NULL; }

// gyr_open_params calls list_open_params; *rc is GYR_SUCCESS if it does not exist.
const char *gyr_open_params(gyr_state *st, gyr_rc *rc);

// gyr_reserve makes room for n more bytes; 0 if there is no memory.
int gyr_reserve(gyr_buffer *b, size_t n);

const char *gyr_owner_last_error(gyr_owner *o);

// Go's side of the log function.
void gyr_go_log(uintptr_t number, char *component, char *msg, int32_t severity);

#endif
