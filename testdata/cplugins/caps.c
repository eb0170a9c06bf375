// SPDX-License-Identifier: Apache-2.0

// caps: parses events, injects events, listens, has metrics and a configuration that
// changes. Its fields and metrics say what it saw. open: "N" makes N events with the
// payloads 0, 1... A word in the configuration makes it fail there: "async", "unasync",
// "listen", "unlisten", "parse", "dump", "config". The configuration "send NAME HOW TIME"
// sends an async event, broken as HOW says, and logs what came of it; "announce" sends one
// when a capture begins, "tick" many.

#include <pthread.h>
#include <unistd.h>

#ifndef NAME
#define NAME "caps"
#endif
#ifndef ID
#define ID 906
#endif
#ifndef SOURCE
#define SOURCE "caps"
#endif
#include "plugin.h"

typedef struct state {
	char config[256];
	uint64_t parsed, last_num, routine_runs;
	gyr_owner *owner;
	gyr_log_fn log;
	gyr_async_handler handler;
	pthread_t thread;
	int running, self_ended;
	volatile int stop;
	gyr_routine *first, *second;
	const gyr_routine_vtable *routines;
	char why[GYR_MAX_ERROR];
} state;

static int fails(state *s, const char *word) { return strstr(s->config, word) != NULL; }

EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	state *s = calloc(1, sizeof *s);
	snprintf(s->config, sizeof s->config, " %s ", in->config);
	s->owner = in->owner;
	s->log = in->log;
	*rc = GYR_SUCCESS;
	return s;
}
EXPORT void plugin_destroy(gyr_plugin *p) { free(p); }
EXPORT const char *plugin_get_last_error(gyr_plugin *p) { return "caps does not want to"; }

// ---- source ----

typedef struct stream {
	int n, at;
	char event[64];
	gyr_event *list[1];
} stream;

EXPORT gyr_instance *plugin_open(gyr_plugin *p, const char *params, gyr_rc *rc)
{
	stream *h = calloc(1, sizeof *h);
	h->n = atoi(params);
	*rc = GYR_SUCCESS;
	return h;
}
EXPORT void plugin_close(gyr_plugin *p, gyr_instance *h) { free(h); }
EXPORT gyr_rc plugin_next_batch(gyr_plugin *p, gyr_instance *i, uint32_t *n, gyr_event ***evts)
{
	stream *h = i;
	char text[16];
	*n = 0;
	*evts = h->list;
	if (h->at == h->n) return GYR_EOF;
	snprintf(text, sizeof text, "%d", h->at);
	put_event(h->event, ID, 1000 + h->at, text, strlen(text));
	h->list[0] = (gyr_event *)h->event;
	h->at++;
	*n = 1;
	return GYR_SUCCESS;
}

// ---- fields ----

EXPORT const char *plugin_get_fields(void)
{
	return "[{\"type\":\"uint64\",\"name\":\"caps.parsed\",\"desc\":\"events parsed\"},"
	       "{\"type\":\"bool\",\"name\":\"caps.same\",\"desc\":\"extraction has the number of the event parsed last\"},"
	       "{\"type\":\"uint64\",\"name\":\"caps.type\",\"desc\":\"type of the event\"}]";
}
static uint16_t types[] = {GYR_EVENT_PLUGIN, GYR_EVENT_ASYNC};
#ifdef ONE_ARGUMENT
EXPORT uint16_t *plugin_get_extract_event_types(uint32_t *n)
#else
EXPORT uint16_t *plugin_get_extract_event_types(uint32_t *n, gyr_plugin *p)
#endif
{
#ifndef ONE_ARGUMENT
	if (!p) return NULL;
#endif
	*n = 2;
	return types;
}
EXPORT gyr_rc plugin_extract_fields(gyr_plugin *p, const gyr_event_input *e, const gyr_extract_input *in)
{
	state *s = p;
	static uint64_t n[3];
	static gyr_bool same;
	gyr_event h;
	memcpy(&h, e->evt, sizeof h);
	for (uint32_t i = 0; i < in->num_fields; i++) {
		gyr_extract_field *f = &in->fields[i];
		f->res_len = 1;
		if (f->field_id == 0) n[0] = s->parsed, f->res.u64 = &n[0];
		if (f->field_id == 1) same = e->num == s->last_num, f->res.boolean = &same;
		if (f->field_id == 2) n[2] = h.type, f->res.u64 = &n[2];
	}
	return GYR_SUCCESS;
}
EXPORT const char *plugin_event_to_string(gyr_plugin *p, const gyr_event_input *e) { return "text"; }

// ---- parsing ----

#ifdef PARSE_TYPES
#ifdef ONE_ARGUMENT
EXPORT uint16_t *plugin_get_parse_event_types(uint32_t *n) { *n = PARSE_TYPES; return types; }
#else
EXPORT uint16_t *plugin_get_parse_event_types(uint32_t *n, gyr_plugin *p) { *n = p ? PARSE_TYPES : 0; return types; }
#endif
#endif
EXPORT gyr_rc plugin_parse_event(gyr_plugin *p, const gyr_event_input *e, const gyr_parse_input *in)
{
	state *s = p;
	if (!in->table_reader.get_table_name || !in->table_writer.clear_table || !in->table_reader_ext || !in->table_writer_ext) return GYR_FAILURE;
	s->parsed++;
	s->last_num = e->num;
	return fails(s, " parse ") ? GYR_FAILURE : GYR_SUCCESS;
}

// ---- async events ----

EXPORT const char *plugin_get_async_events(void) { return "[\"tick\",\"tock\"]"; }
#ifdef ASYNC_SOURCES
EXPORT const char *plugin_get_async_event_sources(void) { return ASYNC_SOURCES; }
#endif

// put_async writes an async event and returns its size.
static uint32_t put_async(void *dst, uint64_t ts, uint64_t tid, const char *name, const char *data)
{
	uint32_t lens[3] = {4, (uint32_t)strlen(name) + 1, (uint32_t)strlen(data)}, id = 77;
	gyr_event h = {ts, tid, 42 + lens[1] + lens[2], GYR_EVENT_ASYNC, 3};
	char *p = dst;
	memcpy(p, &h, sizeof h);
	memcpy(p + 26, lens, sizeof lens);
	memcpy(p + 38, &id, 4);
	memcpy(p + 42, name, lens[1]);
	memcpy(p + 42 + lens[1], data, lens[2]);
	return h.len;
}

// The handler that any state got: what a plugin should not use that has none.
static gyr_async_handler kept;

// send_async injects an event at an odd address.
static gyr_rc send_async(state *s, const char *name, const char *how, uint64_t ts, char *why)
{
	char mem[256], *e = mem + 1;
	uint16_t type = GYR_EVENT_PLUGIN;
	uint32_t n;
	put_async(e, ts, strcmp(how, "thread") ? GYR_NO_THREAD : 5, name, "data");
	if (!strcmp(how, "type")) memcpy(e + 20, &type, 2);
	if (!strcmp(how, "params")) n = 2, memcpy(e + 22, &n, 4);
	if (!strcmp(how, "len")) n = 41, memcpy(e + 16, &n, 4);
	if (!strcmp(how, "huge")) n = UINT32_MAX, memcpy(e + 16, &n, 4);
	if (!strcmp(how, "lens")) n = 9999, memcpy(e + 34, &n, 4);
	if (!strcmp(how, "idlen")) n = 3, memcpy(e + 26, &n, 4);
	if (!strcmp(how, "name")) e[42 + strlen(name)] = 'x';
	if (!strcmp(how, "noname")) n = 0, memcpy(e + 30, &n, 4);
	if (!strcmp(how, "null")) return kept(s->owner, NULL, why);
	if (!strcmp(how, "noowner")) return kept(NULL, (gyr_event *)e, why);
	return kept(s->owner, (gyr_event *)e, strcmp(how, "silent") ? why : NULL);
}

static void send_and_tell(state *s, const char *request)
{
	char name[100] = "", how[32] = "", why[GYR_MAX_ERROR] = "", text[GYR_MAX_ERROR + 32];
	unsigned long long ts = 0;
	sscanf(request, "send %99s %31s %llu", name, how, &ts);
	gyr_rc rc = kept ? send_async(s, name, how, ts, why) : 99;
	snprintf(text, sizeof text, "%d %s", rc, why);
	s->log(s->owner, "send", text, GYR_LOG_INFO);
}

// send_raw injects an event of given bytes, followed by zeros as far as its length says.
static void send_raw(state *s, const char *hex)
{
	static char mem[1 << 16];
	char why[GYR_MAX_ERROR] = "", text[GYR_MAX_ERROR + 32];
	uint32_t len;
	memset(mem, 0, sizeof mem);
	for (size_t k = 0; hex[2 * k] && hex[2 * k + 1] && k < sizeof mem; k++) sscanf(hex + 2 * k, "%2hhx", (unsigned char *)mem + k);
	memcpy(&len, mem + 16, 4);
	if (len > sizeof mem) memset(mem + 16, 0, 4);
	gyr_rc rc = kept(s->owner, (gyr_event *)mem, why);
	snprintf(text, sizeof text, "%d %s", rc, why);
	s->log(s->owner, "raw", text, GYR_LOG_INFO);
}

static void *tick(void *arg)
{
	state *s = arg;
	char e[64];
	for (uint64_t i = 1; !s->stop; i++) {
		put_async(e, GYR_NO_TIME, GYR_NO_THREAD, i % 2 ? "tick" : "tock", "data");
		s->handler(s->owner, (gyr_event *)e, s->why);
		usleep(100);
	}
	return NULL;
}

EXPORT gyr_rc plugin_set_async_event_handler(gyr_plugin *p, gyr_owner *o, gyr_async_handler h)
{
	state *s = p;
	if (h && fails(s, " async ")) return GYR_FAILURE;
	if (s->running) {
		s->stop = 1;
		pthread_join(s->thread, NULL);
		s->running = 0;
	}
	s->handler = h;
	s->owner = o;
	if (h) kept = h;
	if (h && fails(s, " tick ")) {
		s->stop = 0;
		s->running = !pthread_create(&s->thread, NULL, tick, s);
	}
	return !h && fails(s, " unasync ") ? GYR_FAILURE : GYR_SUCCESS;
}

EXPORT gyr_rc plugin_dump_state(gyr_plugin *p, gyr_owner *o, gyr_async_handler h)
{
	state *s = p;
	char e[64];
	put_async(e, 7, GYR_NO_THREAD, "tick", "one");
	if (h(o, (gyr_event *)e, s->why) != GYR_SUCCESS) return GYR_FAILURE;
	put_async(e, 8, GYR_NO_THREAD, "nobody", "two");
	if (h(o, (gyr_event *)e, s->why) == GYR_SUCCESS) return GYR_FAILURE;
	put_async(e, GYR_NO_TIME, GYR_NO_THREAD, "tock", "three");
	return h(o, (gyr_event *)e, s->why) != GYR_SUCCESS || fails(s, " dump ") ? GYR_FAILURE : GYR_SUCCESS;
}

// ---- listening ----

static gyr_bool count(gyr_plugin *p, gyr_routine_state *i)
{
	state *s = p;
	__atomic_add_fetch((uint64_t *)i, 1, __ATOMIC_SEQ_CST);
	usleep(50);
	return !fails(s, " once ");
}

static gyr_bool end_self(gyr_plugin *p, gyr_routine_state *i)
{
	state *s = p;
	if (!__atomic_load_n(&s->second, __ATOMIC_SEQ_CST)) return 1; // not told yet who it is
	if (s->routines->unsubscribe(s->owner, s->second) == GYR_SUCCESS) __atomic_add_fetch(&s->self_ended, 1, __ATOMIC_SEQ_CST);
	return 1;
}

EXPORT gyr_rc plugin_capture_open(gyr_plugin *p, const gyr_listen_input *in)
{
	state *s = p;
	if (fails(s, " listen ")) return GYR_FAILURE;
	if (!in->table_reader_ext || !in->table_writer_ext || !in->get_owner_last_error) return GYR_FAILURE;
	s->owner = in->owner;
	s->routines = in->routine;
	s->first = in->routine->subscribe(in->owner, count, &s->routine_runs);
	__atomic_store_n(&s->second, in->routine->subscribe(in->owner, end_self, NULL), __ATOMIC_SEQ_CST);
	if (in->routine->subscribe(in->owner, NULL, NULL)) return GYR_FAILURE;
	if (fails(s, " announce ")) {
		char e[64];
		put_async(e, GYR_NO_TIME, GYR_NO_THREAD, "tock", "data");
		s->handler(s->owner, (gyr_event *)e, s->why);
	}
	return s->first && s->second ? GYR_SUCCESS : GYR_FAILURE;
}

EXPORT gyr_rc plugin_capture_close(gyr_plugin *p, const gyr_listen_input *in)
{
	state *s = p;
	if (in->routine->unsubscribe(in->owner, s->first) != GYR_SUCCESS) return GYR_FAILURE;
	if (in->routine->unsubscribe(in->owner, s->first) == GYR_SUCCESS) return GYR_FAILURE;
	if (in->routine->unsubscribe(in->owner, NULL) == GYR_SUCCESS) return GYR_FAILURE;
	return fails(s, " unlisten ") ? GYR_FAILURE : GYR_SUCCESS;
}
// ---- configuration and metrics ----

#ifdef SCHEMA
EXPORT const char *plugin_get_init_schema(int32_t *type)
{
	*type = GYR_SCHEMA_JSON;
	return SCHEMA;
}
#endif
EXPORT gyr_rc plugin_set_config(gyr_plugin *p, const gyr_set_config_input *in)
{
	state *s = p;
	if (!strncmp(in->config, "send ", 5)) {
		send_and_tell(s, in->config);
		return GYR_SUCCESS;
	}
	if (!strncmp(in->config, "raw ", 4)) {
		send_raw(s, in->config + 4);
		return GYR_SUCCESS;
	}
	if (strstr(in->config, "config")) return GYR_FAILURE;
	snprintf(s->config, sizeof s->config, " %s ", in->config);
	return GYR_SUCCESS;
}
#ifndef FIRST
#define FIRST 0
#endif
EXPORT gyr_metric *plugin_get_metrics(gyr_plugin *p, uint32_t *n)
{
	static gyr_metric m[12];
	state *s = p;
	memset(m, 0, sizeof m);
	for (int i = 0; i < 7; i++) m[i].value_type = FIRST + i, m[i].type = FIRST + i % 2;
	m[0].name = "u32", m[0].value.u32 = UINT32_MAX;
	m[1].name = "s32", m[1].value.s32 = -1;
	m[2].name = "u64", m[2].value.u64 = UINT64_MAX;
	m[3].name = "s64", m[3].value.s64 = -2;
	m[4].name = "d", m[4].value.d = 1.5;
	m[5].name = "f", m[5].value.f = 2.5f;
	m[6].name = "i", m[6].value.i = -3;
	m[7].name = NULL, m[7].value_type = FIRST;
	m[8].name = "unknown", m[8].value_type = 99;
	m[9].name = "parsed", m[9].value.u64 = s->parsed, m[9].value_type = FIRST + 2, m[9].type = FIRST;
	m[10].name = "runs", m[10].value.u64 = __atomic_load_n(&s->routine_runs, __ATOMIC_SEQ_CST), m[10].value_type = FIRST + 2, m[10].type = FIRST;
	m[11].name = "ended", m[11].value.s32 = __atomic_load_n(&s->self_ended, __ATOMIC_SEQ_CST), m[11].value_type = FIRST + 1, m[11].type = FIRST;
	*n = 12;
	return m;
}
#ifdef EVENT_SCHEMA
EXPORT const char *plugin_get_required_event_schema_version(gyr_plugin *p) { return EVENT_SCHEMA; }
#endif
