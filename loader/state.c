// SPDX-License-Identifier: Apache-2.0

#include "state.h"
#include "blame.h"
#include "tables.h"

#include <stdlib.h>
#include <string.h>

static void log_message(gyr_owner *o, const char *component, const char *msg, int32_t severity)
{
	const gyr_owner_data *owner = o;
	if (owner && owner->number) gyr_go_log(owner->number, (char *)component, (char *)msg, severity);
}

// read_types asks which types of events the plugin wants to see.
static void read_types(gyr_state *st, gyr_types *to, gyr_event_types_fn f)
{
	const gyr_library *lib = st->lib;
	uint32_t n = 0;
	if (lib->major < 3 || !f) return;
	uint16_t *types = lib->minor < 1 ? ((uint16_t *(*)(uint32_t *))f)(&n) : f(&n, st->s);
	if (!types || !n || n > UINT16_MAX) return;
	to->list = malloc(n * sizeof *types);
	if (!to->list) return;
	memcpy(to->list, types, n * sizeof *types);
	to->n = n;
}

gyr_rc gyr_state_new(gyr_state *st, const gyr_library *lib, const char *config, gyr_owner_data *owner)
{
	gyr_rc rc = GYR_FAILURE;
	st->lib = lib;
	st->owner = owner;
	gyr_blame before = gyr_enter(lib, "init");
	if (lib->major < 3) {
		st->s = ((gyr_init_v2_fn)lib->init)(config, &rc);
	} else {
		gyr_init_input in = {config, st->owner, gyr_owner_last_error, &gyr_host_tables, log_message};
		st->s = lib->init(&in, &rc);
	}
	gyr_leave(before);
	if (rc != GYR_SUCCESS) return rc;
	if (lib->extract_fields) read_types(st, &st->extract, lib->get_extract_event_types);
	if (lib->parse_event) read_types(st, &st->parse, lib->get_parse_event_types);
	return rc;
}

void gyr_state_free(gyr_state *st, int leak)
{
	if (st->s && !leak) {
		gyr_blame before = gyr_enter(st->lib, "destroy");
		st->lib->destroy(st->s);
		gyr_leave(before);
	}
	st->s = NULL;
	gyr_tables_free(st);
	free(st->extract.list);
	free(st->parse.list);
	memset(&st->extract, 0, sizeof st->extract);
	memset(&st->parse, 0, sizeof st->parse);
	gyr_buffer *all[] = {&st->fields, &st->fields_v0, &st->records, &st->elements, &st->bytes, &st->failures, &st->places};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		free(all[i]->ptr);
		memset(all[i], 0, sizeof **all);
	}
}

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

gyr_rc gyr_set_config(gyr_state *st, const char *config)
{
	gyr_set_config_input in = {config};
	return st->lib->set_config(st->s, &in);
}

uint32_t gyr_metrics(gyr_state *st, gyr_metric *out, uint32_t max)
{
	uint32_t n = 0;
	const gyr_metric *m = st->lib->get_metrics(st->s, &n);
	if (!m) return 0;
	if (n > max) n = max;
	memcpy(out, m, n * sizeof *out);
	if (st->lib->minor >= 6) return n;
	for (uint32_t i = 0; i < n; i++) { // API 3.5 counted from 1
		out[i].type--;
		out[i].value_type--;
	}
	return n;
}

const char *gyr_event_schema(const gyr_state *st)
{
	gyr_event_schema_fn f = st->lib->get_required_event_schema_version;
	return f ? f(st->s) : NULL;
}
