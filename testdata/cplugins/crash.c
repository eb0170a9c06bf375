// SPDX-License-Identifier: Apache-2.0

// crash: ends the process in a call. The configuration is "CALL HOW".

#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#define NAME "crash"
#define ID 914
#define SOURCE "crash"
#include "plugin.h"

static char config[64];

static void *leaving(void *arg)
{
	exit(0);
	return arg;
}

// in does what the configuration says, if it is about this call.
static void in(const char *call)
{
	size_t n = strlen(call);
	if (strncmp(config, call, n) || config[n] != ' ') return;
	const char *how = config + n + 1;
	if (!strcmp(how, "segv")) *(volatile int *)8 = 1;
	if (!strcmp(how, "abort")) abort();
	if (!strcmp(how, "exit")) exit(0);
	if (!strcmp(how, "hang")) for (;;) pause();
	if (!strcmp(how, "thread")) {
		pthread_t t;
		pthread_create(&t, NULL, leaving, NULL);
		for (;;) pause();
	}
	if (!strcmp(how, "fork") && !fork()) exit(0);
}

EXPORT const char *plugin_get_fields(void) { return "[{\"type\":\"string\",\"name\":\"crash.a\",\"desc\":\"d\"}]"; }
EXPORT gyr_plugin *plugin_init(const gyr_init_input *input, gyr_rc *rc)
{
	strncpy(config, input->config, sizeof config - 1);
	in("init");
	*rc = GYR_SUCCESS;
	return malloc(1);
}
EXPORT void plugin_destroy(gyr_plugin *s)
{
	in("destroy");
	free(s);
}
EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return ""; }
EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	in("open");
	*rc = GYR_SUCCESS;
	return calloc(1, 64);
}
EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h)
{
	in("close");
	free(h);
}
EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts)
{
	static gyr_event *list[1];
	in("next_batch");
	put_event(h, ID, 1, "x", 1);
	list[0] = h;
	*n = 1;
	*evts = list;
	return GYR_SUCCESS;
}
EXPORT const char *plugin_event_to_string(gyr_plugin *s, const gyr_event_input *e)
{
	in("event_to_string");
	return "x";
}
EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_input *e, const gyr_extract_input *x)
{
	in("extract_fields");
	return GYR_SUCCESS;
}
