// SPDX-License-Identifier: Apache-2.0

// rude: a plugin whose optional functions say nonsense. The configuration tells which.

#define NAME "rude"
#define ID 907
#define SOURCE "rude"
#include <unistd.h>
#include "plugin.h"

static char mode[64];

static int is(const char *m) { return !strcmp(mode, m); }

EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	snprintf(mode, sizeof mode, "%s", in->config);
	*rc = is("rc") ? 77 : GYR_SUCCESS;
	return malloc(1);
}
EXPORT void plugin_destroy(gyr_plugin *s) { free(s); }
EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return NULL; }

EXPORT gyr_metric *plugin_get_metrics(gyr_plugin *s, uint32_t *n)
{
	static gyr_metric list[4] = {
		{NULL, 0, {1}, GYR_METRIC_U64}, {"odd", 0, {1}, 99}, {"kind", 99, {2}, GYR_METRIC_U32}, {"", 0, {1}, GYR_METRIC_U64},
	};
	static gyr_metric many[2000];
	*n = is("metrics") ? 4 : is("no metrics") ? 5 : is("metrics without end") ? UINT32_MAX : 0;
	return is("metrics") ? list : is("metrics without end") ? many : NULL;
}

EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	*rc = is("open") ? 77 : GYR_SUCCESS;
	return NULL;
}
EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h) {}
EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts)
{
	if (is("stuck")) fclose(fopen("asked", "w")); // a test waits for it
	while (is("stuck")) pause();
	return is("batch") ? 77 : GYR_EOF; // sets neither n nor evts
}
EXPORT const char *plugin_get_progress(gyr_plugin *s, gyr_instance *h, uint32_t *hundredths)
{
	*hundredths = is("progress") ? UINT32_MAX : 5000;
	return NULL;
}
EXPORT const char *plugin_list_open_params(gyr_plugin *s, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return is("params") ? "[{\"value\"" : NULL;
}
EXPORT const char *plugin_get_required_event_schema_version(gyr_plugin *s) { return NULL; }

EXPORT const char *plugin_get_fields(void) { return "[{\"type\":\"string\",\"name\":\"rude.f\",\"desc\":\"text\"}]"; }
EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_input *e, const gyr_extract_input *in)
{
	static const char *value = "value";
	for (uint32_t i = 0; i < in->num_fields; i++) {
		in->fields[i].res.str = &value;
		in->fields[i].res_len = 1;
	}
	return is("extract") ? 77 : GYR_SUCCESS;
}
EXPORT uint16_t *plugin_get_extract_event_types(uint32_t *n, gyr_plugin *s)
{
	static uint16_t none[1];
	*n = is("types") ? 3 : is("types without end") ? UINT32_MAX : 0;
	return is("types without end") ? none : NULL;
}
EXPORT gyr_rc plugin_set_config(gyr_plugin *s, const gyr_set_config_input *in) { return is("set") ? 77 : GYR_SUCCESS; }
