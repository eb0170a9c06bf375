// SPDX-License-Identifier: Apache-2.0

// shared: keeps the results of its fields in one place, which is right only if a call asks
// for one field. The configuration says which: "pointer" one pointer for all texts, "text" one
// text behind pointers of their own, "list" a list with the other results in it, "none".

#define NAME "shared"
#define ID 913
#define SOURCE "shared"
#include "plugin.h"

EXPORT const char *plugin_get_fields(void)
{
	return "[{\"type\":\"string\",\"name\":\"shared.a\",\"desc\":\"d\"},{\"type\":\"string\",\"name\":\"shared.b\",\"desc\":\"d\"},"
	       "{\"type\":\"uint64\",\"name\":\"shared.n\",\"desc\":\"d\"},{\"type\":\"uint64\",\"name\":\"shared.list\",\"isList\":true,\"desc\":\"d\"}]";
}

EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return strdup(in->config);
}
EXPORT void plugin_destroy(gyr_plugin *s) { free(s); }
EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return ""; }
EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return calloc(1, 64);
}
EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h) { free(h); }
EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts)
{
	static gyr_event *list[1];
	put_event(h, ID, 1, "x", 1);
	list[0] = h;
	*n = 1;
	*evts = list;
	return GYR_SUCCESS;
}
EXPORT const char *plugin_event_to_string(gyr_plugin *s, const gyr_event_input *e) { return "info"; }

EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_input *e, const gyr_extract_input *in)
{
	static char texts[2][8];
	static const char *pointers[2];
	static uint64_t numbers[8];
	for (uint32_t i = 0; i < in->num_fields; i++) {
		gyr_extract_field *f = &in->fields[i];
		uint32_t id = f->field_id;
		int pointer = !strcmp(s, "pointer") ? 0 : (int)(id & 1), text = !strcmp(s, "text") ? 0 : (int)(id & 1);
		f->res_len = 1;
		if (id < 2) {
			strcpy(texts[text], id ? "bee" : "ay");
			pointers[pointer] = texts[text];
			f->res.str = &pointers[pointer];
			continue;
		}
		uint64_t *at = !strcmp(s, "list") && id == 2 ? numbers + 1 : id == 2 ? numbers + 4 : numbers;
		f->res.u64 = at;
		if (id == 2) at[0] = 7;
		if (id == 3) numbers[0] = 1, numbers[1] = 2, numbers[2] = 3, f->res_len = 3;
	}
	return GYR_SUCCESS;
}
