// SPDX-License-Identifier: Apache-2.0

// source: an event source that does one thing, right or wrong. The first letter group of
// open's argument says which, what follows is its number:
//
//	count:N     N events of one per call, "0", "1", ...; then EOF
//	batch:N     N events in one call together with EOF
//	timeout:N   N calls that time out, each with one event; then EOF
//	idle:N      N calls that time out with no event; then EOF
//	size:N      one event of N bytes, then EOF
//	grow:N      N events whose payloads are 1, 1000, 2000... bytes long, in one batch
//	fail:N      N events together with a failure
//	odd:N       N events together with a result code that does not exist
//	empty:0     success without an event
//	id:N        an event with the plugin id N
//	type:N      an event of type N
//	params:N    an event with N parameters
//	lens:N      an event whose payload says that it has N bytes
//	len:N       an event whose header says that it has N bytes
//	async:0     an event of the type for async events
//	null:0      one event that is NULL, after a good one
//	nulls:0     no list of events, but a count of 3
//	many:N      a count of N
//	shifted:N   N events, they and their list at odd addresses, then EOF
//	error:0     a failure whose text has no end within 4096 bytes
//	raw:HEX     one event of these bytes, in 8 KiB of readable memory
//	open:0      open fails
//	openh:0     open fails and returns a handle

#define NAME "source"
#define ID 902
#define SOURCE "test_source"
#include "plugin.h"

#define MAX_EVENTS 70000

static char last_error[8192];
static int errors_asked; // get_last_error without a failure before it
static int failed;

typedef struct {
	char mode[16], hex[8193];
	uint64_t number, done;
	uint32_t n;
	char *list; // room for MAX_EVENTS pointers and one byte
	char *mem;
	size_t used;
} stream;

EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return malloc(1);
}
EXPORT void plugin_destroy(gyr_plugin *s) { free(s); }
EXPORT const char *plugin_get_last_error(gyr_plugin *s)
{
	if (!failed) errors_asked++;
	failed = 0;
	return last_error;
}

static gyr_rc fail(const char *text)
{
	snprintf(last_error, sizeof last_error, "%s", text);
	failed = 1;
	return GYR_FAILURE;
}

EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	stream *h = calloc(1, sizeof *h);
	unsigned long long number = 0;
	sscanf(params, "%15[a-z]:%llu", h->mode, &number);
	snprintf(h->hex, sizeof h->hex, "%s", strchr(params, ':') ? strchr(params, ':') + 1 : "");
	h->number = number;
	*rc = GYR_SUCCESS;
	if (!strncmp(h->mode, "open", 4)) {
		*rc = fail("this source does not open");
		gyr_instance *none = strcmp(h->mode, "openh") ? NULL : (gyr_instance *)&errors_asked;
		free(h);
		return none;
	}
	h->list = malloc(MAX_EVENTS * sizeof(void *) + 1);
	return h;
}

EXPORT void plugin_close(gyr_plugin *s, gyr_instance *i)
{
	stream *h = i;
	free(h->list);
	free(h->mem);
	free(h);
}

EXPORT const char *plugin_get_progress(gyr_plugin *s, gyr_instance *i, uint32_t *hundredths)
{
	static char text[64];
	stream *h = i;
	*hundredths = 2550;
	snprintf(text, sizeof text, "%llu events", (unsigned long long)h->done);
	return h->done % 2 ? text : NULL;
}

EXPORT const char *plugin_list_open_params(gyr_plugin *s, gyr_rc *rc)
{
	static char list[256];
	*rc = GYR_SUCCESS;
	snprintf(list, sizeof list, "[{\"value\":\"count:1\",\"desc\":\"one\"},{\"value\":\"%d\",\"desc\":\"errors asked for\",\"separator\":\",\"}]", errors_asked);
	return list;
}

// add puts an event into the batch.
static char *add(stream *h, size_t shift, const void *data, uint32_t len)
{
	char *e = h->mem + h->used + shift;
	put_event(e, 0, 1000 + h->done, data, len);
	h->used += shift + GYR_PAYLOAD_OFFSET + len;
	memcpy(h->list + (shift ? 1 : 0) + h->n++ * sizeof e, &e, sizeof e);
	h->done++;
	return e;
}

static char *add_number(stream *h)
{
	char text[32];
	return add(h, 0, text, (uint32_t)sprintf(text, "%llu", (unsigned long long)h->done));
}

static int is(const stream *h, const char *mode) { return !strcmp(h->mode, mode); }

static gyr_rc good(stream *h, gyr_event ***evts)
{
	uint64_t left = h->number - h->done;
	if (is(h, "count") || is(h, "timeout") || is(h, "idle")) {
		if (!left) return GYR_EOF;
		if (is(h, "idle"))
			h->done++;
		else
			add_number(h);
		return is(h, "count") ? GYR_SUCCESS : GYR_TIMEOUT;
	}
	if (is(h, "size") || is(h, "grow")) {
		if (h->done) return GYR_EOF;
		uint64_t n = is(h, "size") ? 1 : h->number;
		for (uint64_t i = 0; i < n; i++) {
			uint32_t len = is(h, "size") ? (uint32_t)h->number : i ? (uint32_t)i * 1000 : 1;
			char *data = malloc(len);
			memset(data, 'a' + (int)(i % 26), len);
			add(h, 0, data, len);
			free(data);
		}
		return GYR_SUCCESS;
	}
	if (is(h, "shifted")) {
		if (!left) return GYR_EOF;
		while (h->done < h->number) add(h, 1 + (h->used + 1) % 2, "odd", 3);
		*evts = (gyr_event **)(h->list + 1);
		return GYR_SUCCESS;
	}
	while (h->done < h->number) add_number(h);
	if (is(h, "fail")) return fail("the source broke");
	if (is(h, "odd")) return fail("odd"), 77;
	return GYR_EOF;
}

static gyr_rc bad(stream *h, uint32_t *n, gyr_event ***evts)
{
	if (is(h, "empty")) return GYR_SUCCESS;
	char *e = add_number(h);
	if (is(h, "raw"))
		for (int k = 0; h->hex[2 * k] && h->hex[2 * k + 1]; k++) sscanf(h->hex + 2 * k, "%2hhx", (unsigned char *)e + k);
	uint32_t number = (uint32_t)h->number;
	uint16_t type = (uint16_t)h->number;
	if (is(h, "id")) memcpy(e + 34, &number, 4);
	if (is(h, "type")) memcpy(e + 20, &type, 2);
	if (is(h, "params")) memcpy(e + 22, &number, 4);
	if (is(h, "lens")) memcpy(e + 30, &number, 4);
	if (is(h, "len")) memcpy(e + 16, &number, 4);
	if (is(h, "async")) {
		type = GYR_EVENT_ASYNC;
		memcpy(e + 20, &type, 2);
	}
	if (is(h, "null")) {
		memset(h->list + sizeof(void *), 0, sizeof(void *));
		h->n++;
	}
	if (is(h, "nulls")) {
		*evts = NULL;
		h->n = 3;
	}
	if (is(h, "many")) h->n = number;
	if (is(h, "error")) {
		h->n = 0;
		fail("");
		memset(last_error, 'x', sizeof last_error);
		return GYR_FAILURE;
	}
	return GYR_SUCCESS;
}

EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *i, uint32_t *n, gyr_event ***evts)
{
	static const char *const good_modes[] = {"count", "batch", "timeout", "idle", "size", "grow", "fail", "odd", "shifted"};
	stream *h = i;
	// What the last call returned is gone: nobody may still look at it.
	free(h->mem);
	uint64_t room = 64ull * MAX_EVENTS;
	if (is(h, "size")) room += h->number;
	if (is(h, "grow")) room += 500 * h->number * h->number;
	h->mem = calloc(1, room);
	h->used = 0;
	h->n = 0;
	*evts = (gyr_event **)h->list;
	gyr_rc rc = GYR_FAILURE;
	int found = 0;
	for (size_t k = 0; k < sizeof good_modes / sizeof *good_modes; k++)
		if (is(h, good_modes[k])) found = 1;
	rc = found ? good(h, evts) : bad(h, n, evts);
	*n = h->n;
	return rc;
}
