// SPDX-License-Identifier: Apache-2.0

#include "state.h"

#include <stdlib.h>
#include <string.h>

const char *gyr_owner_last_error(gyr_owner *o) { return o ? ((gyr_owner_data *)o)->error : ""; }

static void log_message(gyr_owner *o, const char *component, const char *msg, int32_t severity)
{
	const gyr_owner_data *owner = o;
	if (owner && owner->log) gyr_go_log(owner->log, (char *)component, (char *)msg, severity);
}

// read_types asks for the event types that extraction wants to see; without an answer
// these are plugin events.
static void read_types(gyr_state *st)
{
	const gyr_library *lib = st->lib;
	uint32_t n = 0;
	uint16_t *types = NULL;
	if (lib->major < 3 || !lib->get_extract_event_types) return;
	types = lib->minor < 1 ? ((uint16_t *(*)(uint32_t *))lib->get_extract_event_types)(&n) : lib->get_extract_event_types(&n, st->s);
	if (!types || !n || n > UINT16_MAX) return;
	st->types = malloc(n * sizeof *types);
	if (!st->types) return;
	memcpy(st->types, types, n * sizeof *types);
	st->num_types = n;
}

gyr_rc gyr_state_new(gyr_state *st, const gyr_library *lib, const char *config, gyr_owner_data *owner)
{
	gyr_rc rc = GYR_FAILURE;
	st->lib = lib;
	st->owner = owner;
	if (lib->major < 3) {
		st->s = ((gyr_init_v2_fn)lib->init)(config, &rc);
	} else {
		gyr_init_input in = {config, st->owner, gyr_owner_last_error, &gyr_host_tables, log_message};
		st->s = lib->init(&in, &rc);
	}
	if (rc == GYR_SUCCESS && lib->extract_fields) read_types(st);
	return rc;
}

void gyr_state_free(gyr_state *st)
{
	if (st->s) st->lib->destroy(st->s);
	st->s = NULL;
	free(st->types);
	gyr_buffer *all[] = {&st->fields, &st->fields_v0, &st->records, &st->elements, &st->bytes};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		free(all[i]->ptr);
		memset(all[i], 0, sizeof **all);
	}
	st->types = NULL;
	st->num_types = 0;
}

const char *gyr_state_error(const gyr_state *st) { return st->s ? st->lib->get_last_error(st->s) : NULL; }

const char *gyr_open_params(gyr_state *st, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	if (!st->lib->list_open_params) return NULL;
	*rc = GYR_FAILURE;
	return st->lib->list_open_params(st->s, rc);
}

int gyr_reserve(gyr_buffer *b, size_t n)
{
	if (b->cap - b->len >= n) return 1;
	size_t cap = b->cap * 2;
	if (cap < b->len + n) cap = b->len + n;
	if (cap < 4096) cap = 4096;
	uint8_t *p = realloc(b->ptr, cap);
	if (!p) return 0;
	b->ptr = p;
	b->cap = cap;
	return 1;
}
