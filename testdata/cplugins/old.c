// SPDX-License-Identifier: Apache-2.0

// old: a source and an extractor of a generation before 3.0, chosen with -DGEN=0, 1 or 2.
// With GEN 0, -DTYPE=2 makes it an extractor only. With -DONE it has one state at a time,
// as libraries could before 2.0; with -DGOLIB it looks like one written in Go, which does
// not survive that its state is destroyed, and has the Go SDK's way around busy-waiting.

#if GEN == 0
#define API "0.3.0"
#elif GEN == 1
#define API "1.0.0"
#else
#define API "2.0.0"
#endif
#ifndef TYPE
#define TYPE 1
#endif
#define NAME "old"
#if TYPE == 1
#define ID 906
#define SOURCE "old"
#endif
#include "plugin.h"

typedef struct {
	char error[64], text[64], config[64];
	uint64_t last;
} state;

typedef struct {
	uint64_t n;
	gyr_event_v2 list[3];
	char data[3][16];
} stream;

#if GEN == 0
EXPORT uint32_t plugin_get_type(void) { return TYPE; }
#endif

static int lives, ends;

#ifdef GOLIB
EXPORT void _cgo_topofstack(void) {}
#endif

EXPORT gyr_plugin *plugin_init(const char *config, gyr_rc *rc)
{
	state *s = calloc(1, sizeof *s);
#ifdef ONE
	if (lives) config = "bad";
#endif
#ifdef GOLIB
	if (ends) config = "bad";
#endif
	lives++;
	snprintf(s->config, sizeof s->config, "%s", config);
	*rc = strcmp(config, "bad") ? GYR_SUCCESS : GYR_FAILURE;
	snprintf(s->error, sizeof s->error, "bad config");
	return s;
}
EXPORT void plugin_destroy(gyr_plugin *s)
{
	lives--;
	ends++;
	free(s);
}
EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return ((state *)s)->error; }

#if TYPE == 1
EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return calloc(1, sizeof(stream));
}
EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h) { free(h); }
EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *i, uint32_t *n, gyr_event_v2 **evts)
{
	stream *h = i;
	for (*n = 0; *n < 3 && h->n < 7; ++*n, h->n++) {
		int len = sprintf(h->data[*n], "old %d", (int)h->n);
		h->list[*n] = (gyr_event_v2){77, (uint8_t *)h->data[*n], (uint32_t)len, 5000 + h->n};
	}
	*evts = h->list;
	return *n ? GYR_SUCCESS : GYR_EOF;
}
#if GEN == 0
EXPORT const char *plugin_event_to_string(gyr_plugin *s, const uint8_t *data, uint32_t len)
{
#else
EXPORT const char *plugin_event_to_string(gyr_plugin *s, const gyr_event_v2 *e)
{
	const uint8_t *data = e->data;
	uint32_t len = e->datalen;
#endif
	snprintf(((state *)s)->text, 64, "text: %.*s", (int)len, (const char *)data);
	return ((state *)s)->text;
}
#endif

EXPORT const char *plugin_get_fields(void)
{
	return "[{\"type\":\"string\",\"name\":\"old.data\",\"desc\":\"the payload\"},"
	       "{\"type\":\"uint64\",\"name\":\"old.len\",\"desc\":\"its length\"},"
#if GEN == 0
	       "{\"type\":\"string\",\"name\":\"old.arg\",\"argRequired\":true,\"desc\":\"the argument\"},"
#else
	       "{\"type\":\"string\",\"name\":\"old.arg\",\"arg\":{\"isRequired\":true,\"isKey\":true},\"desc\":\"the argument\"},"
	       "{\"type\":\"uint64\",\"name\":\"old.index\",\"arg\":{\"isRequired\":true,\"isIndex\":true},\"isList\":true,\"desc\":\"0 to the argument\"},"
#endif
	       "{\"type\":\"string\",\"name\":\"old.none\",\"desc\":\"absent\"},"
	       "{\"type\":\"string\",\"name\":\"old.config\",\"desc\":\"of init\"}]";
}

static const char *extract(state *s, const gyr_event_v2 *e, const char *field, const char *arg)
{
	static char text[64];
	if (!strcmp(field, "old.arg")) return arg;
	if (!strcmp(field, "old.config")) return s->config;
	if (strcmp(field, "old.data")) return NULL;
	snprintf(text, sizeof text, "%.*s", (int)e->datalen, (const char *)e->data);
	return text;
}

#if GEN == 0
EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_v2 *e, uint32_t n, gyr_extract_field_v0 *f)
{
	for (uint32_t i = 0; i < n; i++) {
		f[i].res_str = extract(s, e, f[i].field, f[i].arg);
		f[i].res_u64 = e->datalen;
		f[i].present = f[i].res_str || !strcmp(f[i].field, "old.len");
	}
	return GYR_SUCCESS;
}
#else
EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_v2 *e, uint32_t n, gyr_extract_field *f)
{
	static const char *str[8];
	static uint64_t num[8][16];
	if (e->num <= ((state *)s)->last) return GYR_FAILURE; // each event comes once, with a number of its own
	for (uint32_t i = 0; i < n; i++) {
		uint32_t id = f[i].field_id;
		f[i].res_len = 1;
		if (id == 1) {
			num[id][0] = e->datalen;
			f[i].res.u64 = num[id];
		} else if (id == 3) {
			if (!*(unsigned char *)&f[i].flist || !*(unsigned char *)&f[i].arg_present) return GYR_FAILURE;
			for (uint64_t k = 0; k < f[i].arg_index && k < 16; k++) num[id][k] = k;
			f[i].res.u64 = num[id];
			f[i].res_len = f[i].arg_index;
		} else {
			str[id] = extract(s, e, f[i].field, f[i].arg_key);
			f[i].res.str = &str[id];
			f[i].res_len = str[id] != NULL;
		}
	}
	return GYR_SUCCESS;
}
#endif

#ifdef SYNC
// Who asks here gets the length plus 1000.
#if GEN == 0
#define FIELDS gyr_extract_field_v0
#else
#define FIELDS gyr_extract_field
#endif
EXPORT gyr_rc plugin_extract_fields_sync(gyr_plugin *s, const gyr_event_v2 *e, uint32_t n, FIELDS *f)
{
	gyr_event_v2 longer = *e;
	longer.datalen += 1000;
	return plugin_extract_fields(s, &longer, n, f);
}
#endif
