// SPDX-License-Identifier: Apache-2.0

// probe: a Falco plugin (API 3.0.0) whose only purpose is conformance testing.
//
// It is an event source ("probe", id 999) and extracts one field of every type
// the plugin API knows, so that a rule engine can be compared, rule by rule and
// event by event, with another one that loads the very same shared library.
//
// open params: path of a text file, one event per line:
//     name=value<TAB>name=value...
// A field that is not named on the line is absent (res_len = 0). List values are
// separated by '|'; "name=" is an empty string, and an empty list for list fields.
// Line i (from 1) carries the timestamp 1700000000s + i ms.
//
// It behaves as plugins built with the public SDKs do, where a host is easily wrong:
// - results are kept per field id, so two requests for one field in one call overwrite each other;
// - the value "!fail" makes extract_fields return failure at once, leaving the later requests of that call untouched;
// - the event's text is cached under the event number, and event_to_string replaces the text but not the number;
// - each call overwrites the results of the one before.
//
// Build: cc -O2 -shared -fPIC -o libprobe.so probe.c
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
#define SOURCE_ID 999u
#define EVENT_TYPE 322
#define BATCH 64
#define MAX_VALUES 32
#define LINE_MAX_LEN 65536

enum { RC_OK = 0, RC_FAIL = 1, RC_EOF = 2 };
enum { T_U64 = 8, T_STR = 9, T_REL = 20, T_ABS = 21, T_BOOL = 25, T_IP = 40, T_NET = 41 };

#pragma pack(push, 1)
typedef struct {
	uint64_t ts, tid;
	uint32_t len;
	uint16_t type;
	uint32_t nparams;
} event_hdr;
#pragma pack(pop)

typedef struct {
	const event_hdr *evt;
	uint64_t num;
	const char *source;
} event_input;

typedef struct {
	uint32_t len;
	const void *ptr;
} bytes;

typedef struct {
	void *res;
	uint64_t res_len;
	uint32_t field_id;
	const char *field;
	const char *arg_key;
	uint64_t arg_index;
	uint32_t arg_present;
	uint32_t ftype;
	uint32_t flist;
} extract_field;

typedef struct {
	void *owner;
	const char *(*owner_error)(void *);
	uint32_t num_fields;
	extract_field *fields;
	// the deprecated table reader and everything behind it is not used here
} extract_input;

#define MAX_FIELDS 17
typedef struct {
	char error[256];
	uint64_t cached; // number of the event whose text is in line, as far as extract_fields knows
	char line[LINE_MAX_LEN];
	char scratch[MAX_FIELDS][4096];
	union {
		const char *str[MAX_VALUES];
		uint64_t u64[MAX_VALUES];
		uint32_t boolean[MAX_VALUES];
		bytes buf[MAX_VALUES];
	} out[MAX_FIELDS];
	unsigned char addr[MAX_FIELDS][MAX_VALUES][16];
} state;

typedef struct {
	FILE *f;
	uint64_t n;
	void *evts[BATCH];
} instance;

EXPORT const char *plugin_get_required_api_version(void) { return "3.0.0"; }
EXPORT const char *plugin_get_name(void) { return "probe"; }
EXPORT const char *plugin_get_description(void) { return "Conformance probe: one field of every type"; }
EXPORT const char *plugin_get_contact(void) { return "none"; }
EXPORT const char *plugin_get_version(void) { return "1.2.3"; }
EXPORT uint32_t plugin_get_id(void) { return SOURCE_ID; }
EXPORT const char *plugin_get_event_source(void) { return "probe"; }

EXPORT const char *plugin_get_fields(void)
{
	return "["
	       "{\"type\":\"string\",\"name\":\"probe.s\",\"desc\":\"a string\"},"
	       "{\"type\":\"string\",\"name\":\"probe.t\",\"desc\":\"another string\"},"
	       "{\"type\":\"uint64\",\"name\":\"probe.n\",\"desc\":\"a number\"},"
	       "{\"type\":\"uint64\",\"name\":\"probe.m\",\"desc\":\"another number\"},"
	       "{\"type\":\"bool\",\"name\":\"probe.b\",\"desc\":\"a boolean\"},"
	       "{\"type\":\"reltime\",\"name\":\"probe.rel\",\"desc\":\"a relative time\"},"
	       "{\"type\":\"abstime\",\"name\":\"probe.abs\",\"desc\":\"an absolute time\"},"
	       "{\"type\":\"ipaddr\",\"name\":\"probe.ip\",\"desc\":\"an address\"},"
	       "{\"type\":\"ipnet\",\"name\":\"probe.net\",\"desc\":\"a network\"},"
	       "{\"type\":\"string\",\"name\":\"probe.ss\",\"isList\":true,\"desc\":\"strings\"},"
	       "{\"type\":\"uint64\",\"name\":\"probe.ns\",\"isList\":true,\"desc\":\"numbers\"},"
	       "{\"type\":\"ipaddr\",\"name\":\"probe.ips\",\"isList\":true,\"desc\":\"addresses\"},"
	       "{\"type\":\"string\",\"name\":\"probe.key\",\"arg\":{\"isRequired\":true,\"isKey\":true},\"desc\":\"the string named key.<arg>\"},"
	       "{\"type\":\"string\",\"name\":\"probe.idx\",\"arg\":{\"isRequired\":true,\"isIndex\":true},\"desc\":\"element <arg> of probe.ss\"},"
	       "{\"type\":\"string\",\"name\":\"probe.opt\",\"arg\":{\"isKey\":true},\"desc\":\"probe.s, or the string named opt.<arg>\"},"
	       "{\"type\":\"uint64\",\"name\":\"probe.nkey\",\"arg\":{\"isRequired\":true,\"isKey\":true},\"desc\":\"the number named nkey.<arg>\"},"
	       "{\"type\":\"string\",\"name\":\"probe.sskey\",\"isList\":true,\"arg\":{\"isRequired\":true,\"isKey\":true},\"desc\":\"the strings named sskey.<arg>\"}"
	       "]";
}

static const char *const names[] = {
	"s", "t", "n", "m", "b", "rel", "abs", "ip", "net", "ss", "ns", "ips", "key", "idx", "opt", "nkey", "sskey",
};

EXPORT void *plugin_init(const void *in, int32_t *rc)
{
	(void)in;
	*rc = RC_OK;
	state *s = calloc(1, sizeof *s);
	s->cached = UINT64_MAX;
	return s;
}
EXPORT void plugin_destroy(void *s) { free(s); }
EXPORT const char *plugin_get_last_error(void *s) { return s ? ((state *)s)->error : "no state"; }

EXPORT void *plugin_open(void *s, const char *params, int32_t *rc)
{
	instance *i = calloc(1, sizeof *i);
	i->f = fopen(params, "r");
	*rc = i->f ? RC_OK : RC_FAIL;
	if (!i->f) {
		snprintf(((state *)s)->error, 256, "cannot open %.200s", params);
		free(i);
		return NULL;
	}
	return i;
}

static void free_batch(instance *i)
{
	for (int k = 0; k < BATCH; k++) {
		free(i->evts[k]);
		i->evts[k] = NULL;
	}
}

EXPORT void plugin_close(void *s, void *h)
{
	(void)s;
	instance *i = h;
	if (!i) return;
	free_batch(i);
	fclose(i->f);
	free(i);
}

EXPORT int32_t plugin_next_batch(void *s, void *h, uint32_t *n, void ***evts)
{
	(void)s;
	instance *i = h;
	char *line = NULL;
	size_t cap = 0;
	free_batch(i);
	*n = 0;
	while (*n < BATCH) {
		ssize_t len = getline(&line, &cap, i->f);
		if (len < 0) break;
		if (len && line[len - 1] == '\n') len--;
		uint32_t total = sizeof(event_hdr) + 8 + 4 + (uint32_t)len;
		char *e = malloc(total);
		event_hdr h = {1700000000000000000ull + (i->n + 1) * 1000000ull, UINT64_MAX, total, EVENT_TYPE, 2};
		uint32_t lens[2] = {4, (uint32_t)len}, id = SOURCE_ID;
		memcpy(e, &h, sizeof h);
		memcpy(e + sizeof h, lens, 8);
		memcpy(e + sizeof h + 8, &id, 4);
		memcpy(e + sizeof h + 12, line, len);
		i->evts[(*n)++] = e;
		i->n++;
	}
	free(line);
	*evts = i->evts;
	return *n ? RC_OK : RC_EOF;
}

// find copies the value called name on the line to dst and returns 1, or returns 0.
static int find(const char *line, const char *name, char *dst, size_t cap)
{
	size_t n = strlen(name);
	for (const char *p = line; *p;) {
		const char *end = strchrnul(p, '\t');
		if ((size_t)(end - p) > n && !memcmp(p, name, n) && p[n] == '=') {
			size_t len = end - p - n - 1;
			if (len >= cap) len = cap - 1;
			memcpy(dst, p + n + 1, len);
			dst[len] = 0;
			return 1;
		}
		p = *end ? end + 1 : end;
	}
	return 0;
}

static int parse_addr(const char *v, unsigned char *dst)
{
	if (inet_pton(AF_INET, v, dst) == 1) return 4;
	if (inet_pton(AF_INET6, v, dst) == 1) return 16;
	return 0;
}

static void load(state *st, const event_input *e)
{
	const char *base = (const char *)e->evt;
	uint32_t len;
	memcpy(&len, base + sizeof(event_hdr) + 4, 4);
	if (len >= LINE_MAX_LEN) len = LINE_MAX_LEN - 1;
	memcpy(st->line, base + sizeof(event_hdr) + 12, len);
	st->line[len] = 0;
}

EXPORT int32_t plugin_extract_fields(void *s, const event_input *e, const extract_input *in)
{
	state *st = s;
	memset(st->out, 0x5a, sizeof st->out);
	memset(st->scratch, 0x5a, sizeof st->scratch);
	if (st->cached != e->num) {
		load(st, e);
		st->cached = e->num;
	}
	for (uint32_t i = 0; i < in->num_fields; i++) {
		extract_field *f = &in->fields[i];
		uint32_t id = f->field_id;
		if (id >= MAX_FIELDS) {
			snprintf(st->error, sizeof st->error, "unknown field id %u", id);
			return RC_FAIL;
		}
		char name[512], *v = st->scratch[id];
		const char *base_name = names[id];
		f->res = &st->out[id];
		f->res_len = 0;
		snprintf(name, sizeof name, "%s", base_name);
		if (!strcmp(base_name, "idx")) snprintf(name, sizeof name, "ss");
		else if (!strcmp(base_name, "opt") && !f->arg_present) snprintf(name, sizeof name, "s");
		else if (f->arg_present) snprintf(name, sizeof name, "%s.%s", base_name, f->arg_key ? f->arg_key : "");
		if (!find(st->line, name, v, sizeof st->scratch[id])) continue;
		if (!strcmp(v, "!fail")) {
			snprintf(st->error, sizeof st->error, "%s fails on this event", base_name);
			return RC_FAIL;
		}

		char *vals[MAX_VALUES];
		uint64_t n = 0;
		if (f->flist || !strcmp(base_name, "idx")) {
			if (*v)
				for (char *p = v; p && n < MAX_VALUES;) vals[n++] = strsep(&p, "|");
		} else {
			vals[n++] = v;
		}
		if (!strcmp(base_name, "idx")) {
			if (f->arg_index >= n) continue;
			vals[0] = vals[f->arg_index];
			n = 1;
		}
		for (uint64_t k = 0; k < n; k++) {
			switch (f->ftype) {
			case T_STR: st->out[id].str[k] = vals[k]; break;
			case T_U64:
			case T_REL:
			case T_ABS: st->out[id].u64[k] = strtoull(vals[k], NULL, 10); break;
			case T_BOOL: st->out[id].boolean[k] = !strcmp(vals[k], "true"); break;
			case T_IP:
			case T_NET: {
				int w = parse_addr(vals[k], st->addr[id][k]);
				st->out[id].buf[k] = (bytes){(uint32_t)w, st->addr[id][k]};
				break;
			}
			default:
				snprintf(st->error, sizeof st->error, "unknown type %u", f->ftype);
				return RC_FAIL;
			}
		}
		f->res_len = n;
	}
	return RC_OK;
}

EXPORT const char *plugin_event_to_string(void *s, const event_input *e)
{
	load(s, e);
	return ((state *)s)->line;
}
