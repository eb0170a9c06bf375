// SPDX-License-Identifier: Apache-2.0

// driver: a small host in C that calls a plugin library and prints what it says.
//
//	driver LIB show CONFIG            texts, init, open params
//	driver LIB read PARAMS            all batches of a stream
//	driver LIB fields NUM ARG FIELD.. fields of one event, in one call; ARG is -, an index or a key
//	driver LIB bench N FIELD..        ns per extraction call over N calls
//	driver LIB threads N FIELD..      the same from 4 threads, each with 80 states
//	driver LIB streams N              N streams at once, and whether they take little memory

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plugin_abi.h"

static void *lib;

static void *sym(const char *name)
{
	void *p = dlsym(lib, name);
	if(p == NULL) {
		printf("no symbol %s\n", name);
		exit(1);
	}
	return p;
}

static const char *text(const char *name) { return ((gyr_text_fn)sym(name))(); }

static const char *last_error(gyr_plugin *s) { return ((gyr_last_error_fn)sym("plugin_get_last_error"))(s); }

static gyr_plugin *start(const char *config)
{
	gyr_init_input in = {0};
	gyr_rc rc = 77;
	in.config = config;
	gyr_plugin *s = ((gyr_init_fn)sym("plugin_init"))(&in, &rc);
	if(rc != GYR_SUCCESS) {
		printf("init: %d %s\n", rc, s ? last_error(s) : "(no state)");
	}
	return s;
}

static void stop(gyr_plugin *s) { ((gyr_destroy_fn)sym("plugin_destroy"))(s); }

static void show(const char *config)
{
	int32_t kind = 77;
	gyr_rc rc = 77;
	printf("api %s\nname %s\ndescription %s\n", text("plugin_get_required_api_version"), text("plugin_get_name"),
	       text("plugin_get_description"));
	printf("contact %s\nversion %s\n", text("plugin_get_contact"), text("plugin_get_version"));
	const char *schema = ((gyr_init_schema_fn)sym("plugin_get_init_schema"))(&kind);
	printf("schema %d %s\n", kind, schema ? schema : "(null)");
	if(dlsym(lib, "plugin_get_id")) {
		printf("id %u\nsource %s\n", ((gyr_id_fn)sym("plugin_get_id"))(), text("plugin_get_event_source"));
	}
	gyr_plugin *s = start(config);
	if(dlsym(lib, "plugin_get_fields")) {
		uint32_t n = 0;
		uint16_t *types = ((gyr_event_types_fn)sym("plugin_get_extract_event_types"))(&n, s);
		printf("sources %s\ntypes %u %u\n", text("plugin_get_extract_event_sources"), n, types[0]);
		printf("fields %.50s\n", text("plugin_get_fields"));
	}
	if(dlsym(lib, "plugin_list_open_params")) {
		const char *p = ((gyr_list_open_params_fn)sym("plugin_list_open_params"))(s, &rc);
		printf("params %d %s\n", rc, p ? p : last_error(s));
	}
	stop(s);
}

static void read_all(const char *params)
{
	gyr_plugin *s = start("");
	gyr_rc rc = 77;
	gyr_instance *h = ((gyr_open_fn)sym("plugin_open"))(s, params, &rc);
	gyr_close_fn close_fn = (gyr_close_fn)sym("plugin_close");
	if(rc != GYR_SUCCESS) {
		printf("open: %d %s %s\n", rc, h ? "instance" : "null", last_error(s));
		close_fn(s, h);
		stop(s);
		return;
	}
	gyr_next_batch_fn next = (gyr_next_batch_fn)sym("plugin_next_batch");
	for(int i = 0; i < 10; i++) {
		uint32_t n = 77, pct = 77;
		gyr_event **e = NULL;
		rc = next(s, h, &n, &e);
		printf("batch rc=%d n=%u", rc, n);
		if(n > 0) {
			uint32_t id;
			memcpy(&id, (char *)e[n - 1] + 34, 4);
			printf(" last: ts=%llu len=%u type=%u nparams=%u id=%u data=%.*s", (unsigned long long)e[n - 1]->ts,
			       e[n - 1]->len, e[n - 1]->type, e[n - 1]->nparams, id, (int)e[n - 1]->len - 38,
			       (char *)e[n - 1] + 38);
			for(uint32_t j = 0; j < n && j < 4; j++) {
				gyr_event_input in = {e[j], j + 1, "kitchen"};
				const char *t = ((gyr_event_to_string_fn)sym("plugin_event_to_string"))(s, &in);
				printf("%s%s", j ? ", " : "; ", t ? t : last_error(s));
			}
		}
		const char *t = ((gyr_progress_fn)sym("plugin_get_progress"))(s, h, &pct);
		printf("; %u %s\n", pct, t ? t : "(null)");
		if(rc == GYR_FAILURE) {
			printf("error: %s\n", last_error(s));
		}
		if(rc == GYR_EOF || rc == GYR_FAILURE || (rc == GYR_TIMEOUT && n == 0)) {
			break;
		}
	}
	close_fn(s, h);
	stop(s);
}

// A plugin event with the text "event 1".
static char blob[38 + 7];

static gyr_event_input make_event(uint64_t num)
{
	gyr_event *e = (gyr_event *)blob;
	uint32_t rest[3] = {4, 7, 999};
	e->ts = 123;
	e->tid = GYR_NO_THREAD;
	e->len = sizeof blob;
	e->type = GYR_EVENT_PLUGIN;
	e->nparams = 2;
	memcpy(blob + 26, rest, 12);
	memcpy(blob + 38, "event 1", 7);
	gyr_event_input in = {e, num, "kitchen"};
	return in;
}

static void set_field(gyr_extract_field *f, int id, const char *arg)
{
	memset(f, 0, sizeof *f);
	f->res_len = 99; // the plugin must not trust it
	f->field_id = (uint32_t)id;
	f->arg_index = UINT64_MAX;
	if(strcmp(arg, "-") == 0) {
		return;
	}
	f->arg_present = 1;
	if(arg[0] >= '0' && arg[0] <= '9') {
		f->arg_index = strtoull(arg, NULL, 10);
	} else {
		f->arg_key = arg;
	}
}

// What get_fields says of types and lists, by field id: "8", "9l", ...
static void print_value(const char *spec, gyr_extract_field *f)
{
	if(f->res_len == 0) {
		printf(" absent");
	}
	for(uint64_t i = 0; i < f->res_len; i++) {
		switch(atoi(spec)) {
		case GYR_STRING:
			printf(" '%s'", f->res.str[i]);
			break;
		case GYR_BOOL:
			printf(" %s", f->res.boolean[i] == 1 ? "true" : f->res.boolean[i] == 0 ? "false" : "bad");
			break;
		case GYR_IPADDR:
		case GYR_IPNET:
			printf(" ");
			for(uint32_t j = 0; j < f->res.buf[i].len; j++) {
				printf("%02x", ((const uint8_t *)f->res.buf[i].ptr)[j]);
			}
			break;
		default:
			printf(" %llu", (unsigned long long)f->res.u64[i]);
		}
	}
}

static void fields(int argc, char **argv)
{
	gyr_plugin *s = start("");
	gyr_extract_fields_fn extract = (gyr_extract_fields_fn)sym("plugin_extract_fields");
	gyr_extract_field f[64];
	const char *types[64];
	gyr_extract_input in = {0};
	in.fields = f;
	in.num_fields = (uint32_t)(argc - 2);
	for(int i = 2; i < argc; i++) { // id:type
		set_field(&f[i - 2], atoi(argv[i]), argv[1]);
		types[i - 2] = strchr(argv[i], ':') + 1;
	}
	gyr_event_input evt = make_event(strtoull(argv[0], NULL, 10));
	for(int again = 0; again < 2; again++) {
		gyr_rc rc = extract(s, &evt, &in);
		printf("rc=%d%s%s\n", rc, rc ? " " : "", rc ? last_error(s) : "");
		for(int i = 2; i < argc; i++) {
			printf("%d:", atoi(argv[i]));
			print_value(types[i - 2], &f[i - 2]);
			printf("\n");
		}
	}
	stop(s);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int n_calls, n_fields;
static int ids[64];

static void *loop(void *arg)
{
	int states = *(int *)arg;
	gyr_extract_fields_fn extract = (gyr_extract_fields_fn)sym("plugin_extract_fields");
	gyr_plugin **s = calloc((size_t)states, sizeof *s);
	gyr_extract_field f[64];
	gyr_extract_input in = {0};
	in.fields = f;
	in.num_fields = (uint32_t)n_fields;
	for(int i = 0; i < n_fields; i++) {
		set_field(&f[i], ids[i], "-");
	}
	for(int i = 0; i < states; i++) {
		s[i] = start("");
	}
	gyr_event_input evt = make_event(1);
	double begin = now();
	for(int i = 0; i < n_calls; i++) {
		if(extract(s[i % states], &evt, &in) != GYR_SUCCESS || f[0].res_len != 1) {
			printf("extraction failed\n");
			exit(1);
		}
	}
	double end = now();
	for(int i = 0; i < states; i++) {
		stop(s[i]);
	}
	free(s);
	if(states == 1) {
		printf("%.1f ns/call\n", (end - begin) / n_calls);
	}
	return NULL;
}

// MiB of addresses that the process has.
static long addresses(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	if(f == NULL || fscanf(f, "%ld", &pages) != 1) {
		printf("no statm\n");
	}
	fclose(f);
	return pages / (1024 * 1024 / 4096);
}

static void streams(int n)
{
	gyr_plugin *s = start("");
	gyr_instance **h = calloc((size_t)n, sizeof *h);
	long before = addresses();
	int events = 0;
	for(int round = 0; round < 2; round++) {
		for(int i = 0; i < n; i++) {
			gyr_rc rc = GYR_SUCCESS;
			uint32_t got = 0;
			gyr_event **e = NULL;
			if(round == 0) {
				h[i] = ((gyr_open_fn)sym("plugin_open"))(s, "300", &rc);
			}
			if(rc != GYR_SUCCESS || ((gyr_next_batch_fn)sym("plugin_next_batch"))(s, h[i], &got, &e) != GYR_SUCCESS) {
				printf("stream %d: %s\n", i, last_error(s));
				return;
			}
			events += (int)got;
		}
	}
	long more = addresses() - before;
	printf("%d streams, %d events, %s\n", n, events, more < n ? "less than 1 MiB for each" : "much memory");
	for(int i = 0; i < n; i++) {
		((gyr_close_fn)sym("plugin_close"))(s, h[i]);
	}
	free(h);
	stop(s);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if(argc < 4 || (lib = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL)) == NULL) {
		printf("usage, or: %s\n", dlerror());
		return 2;
	}
	int one = 1, many = 80;
	if(strcmp(argv[2], "show") == 0) {
		show(argv[3]);
	} else if(strcmp(argv[2], "read") == 0) {
		read_all(argv[3]);
	} else if(strcmp(argv[2], "fields") == 0) {
		fields(argc - 3, argv + 3);
	} else if(strcmp(argv[2], "streams") == 0) {
		streams(atoi(argv[3]));
	} else {
		n_calls = atoi(argv[3]);
		for(n_fields = 0; n_fields + 4 < argc; n_fields++) {
			ids[n_fields] = atoi(argv[n_fields + 4]);
		}
		if(strcmp(argv[2], "bench") == 0) {
			loop(&one);
		} else {
			pthread_t t[4];
			for(int i = 0; i < 4; i++) {
				pthread_create(&t[i], NULL, loop, &many);
			}
			for(int i = 0; i < 4; i++) {
				pthread_join(t[i], NULL);
			}
			printf("done\n");
		}
	}
	return 0;
}
