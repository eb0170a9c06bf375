// SPDX-License-Identifier: Apache-2.0

// bench: as little work as a plugin can do. It brings the same small events for ever, 128
// or as many as open's argument says per batch, and extracts twelve constant strings.

#define NAME "bench"
#define ID 901
#define SOURCE "bench"
#include "plugin.h"

#define MAX 4096

typedef struct {
	uint32_t n;
	gyr_event *evts[MAX];
	char mem[MAX][48];
} stream;

static const char *values[12] = {
	"us-east-1", "ConsoleLogin", "alice", "192.0.2.1", "Mozilla/5.0", "signin.amazonaws.com",
	"123456789012", "AKIAEXAMPLE", "true", "IAMUser", "2024-01-01T00:00:00Z", "ok",
};
static const char *results[12];

EXPORT const char *plugin_get_fields(void)
{
	return "[{\"type\":\"string\",\"name\":\"bench.f0\",\"desc\":\"text\"},{\"type\":\"string\",\"name\":\"bench.f1\",\"desc\":\"text\"},"
	       "{\"type\":\"string\",\"name\":\"bench.f2\",\"desc\":\"text\"},{\"type\":\"string\",\"name\":\"bench.f3\",\"desc\":\"text\"},"
	       "{\"type\":\"string\",\"name\":\"bench.f4\",\"desc\":\"text\"},{\"type\":\"string\",\"name\":\"bench.f5\",\"desc\":\"text\"},"
	       "{\"type\":\"string\",\"name\":\"bench.f6\",\"desc\":\"text\"},{\"type\":\"string\",\"name\":\"bench.f7\",\"desc\":\"text\"},"
	       "{\"type\":\"string\",\"name\":\"bench.f8\",\"desc\":\"text\"},{\"type\":\"string\",\"name\":\"bench.f9\",\"desc\":\"text\"},"
	       "{\"type\":\"string\",\"name\":\"bench.f10\",\"desc\":\"text\"},{\"type\":\"string\",\"name\":\"bench.f11\",\"desc\":\"text\"}]";
}

EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return malloc(1);
}
EXPORT void plugin_destroy(gyr_plugin *s) { free(s); }
EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return ""; }

EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	stream *h = calloc(1, sizeof *h);
	h->n = *params ? (uint32_t)atoi(params) : 128;
	for (uint32_t i = 0; i < h->n; i++) {
		put_event(h->mem[i], 0, 1, "12345678", 8);
		h->evts[i] = (gyr_event *)h->mem[i];
	}
	*rc = GYR_SUCCESS;
	return h;
}
EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h) { free(h); }

EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts)
{
	*n = ((stream *)h)->n;
	*evts = ((stream *)h)->evts;
	return GYR_SUCCESS;
}

EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_input *e, const gyr_extract_input *in)
{
	for (uint32_t i = 0; i < in->num_fields; i++) {
		gyr_extract_field *f = &in->fields[i];
		results[f->field_id] = values[f->field_id];
		f->res.str = &results[f->field_id];
		f->res_len = 1;
	}
	return GYR_SUCCESS;
}

#ifdef PARSE
static uint64_t parsed;
EXPORT gyr_rc plugin_parse_event(gyr_plugin *s, const gyr_event_input *e, const gyr_parse_input *in)
{
	parsed++;
	return GYR_SUCCESS;
}
#endif
