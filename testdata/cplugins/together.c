// SPDX-License-Identifier: Apache-2.0

// together: extracts from a whole batch in one call. The configuration says what is wrong
// with the answers; extract_fields, which is asked after a failure, says "singly".

#define NAME "together"
#define ID 905
#define SOURCE "together"
#include "plugin.h"

#define FIELDS 5
#define MAX 64

// What a state answers with: for each event a text, a number, a flag, an address, a list.
typedef struct {
	char mode[16];
	uint64_t next_num;
	gyr_value values[MAX * FIELDS + 1], elements[MAX * 2];
	char bytes[64];
	gyr_event *evts[3];
	char mem[3][64];
} state;

EXPORT const char *plugin_get_fields(void)
{
	return "[{\"type\":\"string\",\"name\":\"together.text\",\"desc\":\"d\"},{\"type\":\"uint64\",\"name\":\"together.num\",\"desc\":\"d\"},"
	       "{\"type\":\"bool\",\"name\":\"together.flag\",\"desc\":\"d\"},{\"type\":\"ipaddr\",\"name\":\"together.ip\",\"desc\":\"d\"},"
	       "{\"type\":\"string\",\"name\":\"together.list\",\"isList\":true,\"desc\":\"d\"}]";
}

EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	state *s = calloc(1, sizeof *s);
	strncpy(s->mode, in->config, sizeof s->mode - 1);
	s->next_num = 1;
	for (int i = 0; i < 3; i++) {
		put_event(s->mem[i], 0, 1, "x", 1);
		s->evts[i] = (gyr_event *)s->mem[i];
	}
	*rc = GYR_SUCCESS;
	return s;
}
EXPORT void plugin_destroy(gyr_plugin *s) { free(s); }
EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return ""; }
EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return s;
}
EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h) {}
EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts)
{
	*n = 3;
	*evts = ((state *)s)->evts;
	return GYR_SUCCESS;
}

static const char *singly = "singly";
EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_input *e, const gyr_extract_input *in)
{
	if (e->num < ((state *)s)->next_num) singly = "an old number";
	((state *)s)->next_num = e->num + 1;
	for (uint32_t i = 0; i < in->num_fields; i++) {
		if (in->fields[i].field_id) continue;
		in->fields[i].res.str = &singly;
		in->fields[i].res_len = 1;
	}
	return GYR_SUCCESS;
}

EXPORT const char *plugin_event_to_string(gyr_plugin *s, const gyr_event_input *e) { return "info"; }

static const uint32_t kinds[FIELDS] = {GYR_BYTES, GYR_NUMBER, GYR_NUMBER, GYR_BYTES, GYR_LIST};

EXPORT gyr_rc plugin_gyr_extract_batch(gyr_plugin *p, const gyr_batch_input *in, gyr_batch_answers *out)
{
	state *s = p;
	const char *mode = s->mode;
#define MODE(m) (!strcmp(mode, m))
	if (MODE("fail") || in->first_num < s->next_num || strcmp(in->source, SOURCE)) return GYR_FAILURE;
	s->next_num = in->first_num + in->num_events;
	gyr_value *v = s->values;
	if (MODE("unaligned")) v = (gyr_value *)((char *)v + 4);
	memcpy(s->bytes, "text\0\1\2\3\4ab", 11);
	uint64_t elements = 0;
	for (uint32_t i = 0; i < in->num_events; i++) {
		for (uint32_t k = 0; k < in->in->num_fields; k++) {
			uint32_t id = in->in->fields[k].field_id;
			gyr_value a = {0, 0, kinds[id]};
			if (id == 0) a.n = 4;
			if (id == 1) a.num = in->first_num + i;
			if (id == 2) a.num = 1;
			if (id == 3) a.num = 5, a.n = 4;
			if (id == 4) {
				a.num = elements, a.n = 2;
				s->elements[elements++] = (gyr_value){9, 1, GYR_BYTES};
				s->elements[elements++] = (gyr_value){10, 1, GYR_BYTES};
			}
			if (MODE("kinds")) a.kind = kinds[(id + 1) % FIELDS];
			if (MODE("unknown")) a.kind = 99;
			if (MODE("far") && id != 1 && id != 2) a.num = UINT64_MAX - 1;
			if (MODE("wrap") && !id) a.num = INT64_MAX, a.n = UINT32_MAX;
			if (MODE("long") && id != 1 && id != 2) a.n = UINT32_MAX;
			if (MODE("forms")) a = id == 2 ? (gyr_value){7, 0, GYR_NUMBER} : id == 3 ? (gyr_value){5, 3, GYR_BYTES} : id == 4 ? (gyr_value){0, 0, GYR_LIST} : a;
			if (MODE("shared") && id == 4) a.num = 0;
			if (MODE("outside") && id == 4) a.num = 5 + i;
			if (MODE("elements") && id == 4) s->elements[elements - 1].num = 1000;
			if (MODE("nested") && id == 4) s->elements[elements - 1].kind = GYR_LIST;
			if (MODE("nul") && id == 0) a.n = 9;
			if (MODE("nul") && id == 4) s->elements[elements - 1] = (gyr_value){2, 5, GYR_BYTES};
			memcpy((char *)v + (i * in->in->num_fields + k) * sizeof a, &a, sizeof a);
		}
	}
	// Half of the elements, so that not all lists can have elements of their own.
	if (MODE("shared")) elements = 2;
	// What lies behind the elements looks like elements.
	if (MODE("outside")) memcpy(s->elements + elements, s->elements, elements * sizeof *s->elements);
	*out = (gyr_batch_answers){v, s->elements, elements, (uint8_t *)s->bytes, 11};
	if (MODE("novalues")) out->values = NULL;
	if (MODE("noelements")) out->elements = NULL;
	if (MODE("nobytes")) out->bytes = NULL;
	if (MODE("scribble")) memset(in->in->fields, 0xff, in->in->num_fields * sizeof *in->in->fields);
	return GYR_SUCCESS;
}
