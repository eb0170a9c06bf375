// SPDX-License-Identifier: Apache-2.0

// strict: notes every breach of what real plugins rely on during extraction, and gives
// the number of breaches as strict.breaches, their texts as strict.notes.
//
// It keeps the answers per field, spoils all of them at every call, caches the event by
// its number, replaces the cached event in event_to_string, and stops at the first field
// that fails, with half an answer in it.

#define NAME "strict"
#define ID 903
#define SOURCE "strict"
#include "plugin.h"

enum { F_TEXT, F_KEY, F_FAIL, F_MAYBE, F_LIST, F_BREACHES, F_NOTES, F_COUNT };

#define SEEN 65536

typedef struct {
	uint64_t number; // of the cached event
	char cached[256];
	uint64_t seen[SEEN]; // event numbers that are over
	uint32_t num_seen;
	uint64_t texted; // the last number that event_to_string saw
	int any;
	uint64_t breaches;
	char notes[4096];
	char answers[F_COUNT][512];
	const char *str[F_COUNT][3];
	uint64_t u64[F_COUNT];
} state;

EXPORT const char *plugin_get_fields(void)
{
	return "[{\"type\":\"string\",\"name\":\"strict.text\",\"desc\":\"the payload\"},"
	       "{\"type\":\"string\",\"name\":\"strict.key\",\"arg\":{\"isRequired\":true,\"isKey\":true},\"desc\":\"payload and argument\"},"
	       "{\"type\":\"string\",\"name\":\"strict.fail\",\"desc\":\"always fails\"},"
	       "{\"type\":\"string\",\"name\":\"strict.maybe\",\"arg\":{\"isKey\":true},\"desc\":\"fails if the payload starts with the argument\"},"
	       "{\"type\":\"string\",\"name\":\"strict.list\",\"isList\":true,\"desc\":\"the payload, twice\"},"
	       "{\"type\":\"uint64\",\"name\":\"strict.breaches\",\"desc\":\"number of breaches\"},"
	       "{\"type\":\"string\",\"name\":\"strict.notes\",\"desc\":\"their texts\"}]";
}

EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return calloc(1, sizeof(state));
}
EXPORT void plugin_destroy(gyr_plugin *s) { free(s); }
EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return "strict"; }

EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return calloc(1, 8192);
}
EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h) { free(h); }

// 26 events "a 0", "b 1", ... per batch, for ever.
EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts)
{
	char *mem = h, text[8];
	gyr_event **list = (gyr_event **)mem;
	mem += 26 * sizeof *list;
	for (int i = 0; i < 26; i++) {
		list[i] = (gyr_event *)mem;
		mem += put_event(mem, ID, 1, text, (uint32_t)sprintf(text, "%c %d", 'a' + i, i));
	}
	*n = 26;
	*evts = list;
	return GYR_SUCCESS;
}

static void breach(state *st, const char *text)
{
	st->breaches++;
	if (!strstr(st->notes, text)) snprintf(st->notes + strlen(st->notes), sizeof st->notes - strlen(st->notes), "%s; ", text);
}

static void cache(state *st, const gyr_event_input *e)
{
	uint32_t len = e->evt->len - GYR_PAYLOAD_OFFSET;
	if (len > 255) len = 255;
	memcpy(st->cached, (const char *)e->evt + GYR_PAYLOAD_OFFSET, len);
	st->cached[len] = 0;
}

// look checks the event number and caches the event if the number is new.
static void look(state *st, const gyr_event_input *e)
{
	if (st->any && st->number == e->num) {
		char old[256];
		memcpy(old, st->cached, sizeof old);
		if (st->texted == e->num) {
			breach(st, "the number was used again after event_to_string");
			return; // with what event_to_string left
		}
		cache(st, e);
		if (strcmp(old, st->cached)) {
			breach(st, "two events with one number");
			memcpy(st->cached, old, sizeof old);
		}
		return;
	}
	for (uint32_t i = 0; i < st->num_seen; i++)
		if (st->seen[i] == e->num) breach(st, "a number came back");
	if (st->any && st->num_seen < SEEN) st->seen[st->num_seen++] = st->number;
	st->any = 1;
	st->number = e->num;
	cache(st, e);
}

EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_input *e, const gyr_extract_input *in)
{
	state *st = s;
	int asked[F_COUNT] = {0};
	if (!e->source || strcmp(e->source, SOURCE)) breach(st, "wrong source");
	if (!in->owner || !in->get_owner_last_error || !in->table_reader_ext || !in->table_reader.get_table_size) breach(st, "missing input");
	if (in->value_offsets) breach(st, "offsets nobody wanted");
	look(st, e);
	memset(st->answers, '#', sizeof st->answers);
	memset(st->str, 0, sizeof st->str);
	memset(st->u64, 0x23, sizeof st->u64);
	for (uint32_t i = 0; i < in->num_fields; i++) {
		gyr_extract_field *f = &in->fields[i];
		if (f->field_id >= F_COUNT) return GYR_FAILURE;
		if (asked[f->field_id]++) breach(st, "a field twice in a call");
		if (f->res_len || f->res.str) breach(st, "answers are not empty");
		if (f->flist != (f->field_id == F_LIST)) breach(st, "wrong flist");
		if (f->ftype != (f->field_id == F_BREACHES ? GYR_UINT64 : GYR_STRING)) breach(st, "wrong ftype");
		if (strncmp(f->field, "strict.", 7)) breach(st, "wrong field name");
		if (!f->arg_present && (f->arg_key || f->arg_index != UINT64_MAX)) breach(st, "argument without presence");
	}
	for (uint32_t i = 0; i < in->num_fields; i++) {
		gyr_extract_field *f = &in->fields[i];
		uint32_t id = f->field_id;
		char *a = st->answers[id];
		f->res.str = st->str[id];
		f->res.str[0] = f->res.str[1] = a;
		f->res_len = id == F_LIST ? 2 : 1;
		snprintf(a, sizeof st->answers[id], "%s", st->cached);
		if (id == F_KEY) snprintf(a, sizeof st->answers[id], "%s/%s", st->cached, f->arg_key);
		if (id == F_FAIL) return GYR_FAILURE;
		if (id == F_MAYBE && f->arg_key && st->cached[0] == *f->arg_key) return GYR_FAILURE;
		if (id == F_BREACHES) {
			st->u64[id] = st->breaches;
			f->res.u64 = &st->u64[id];
		}
		if (id == F_NOTES) snprintf(a, sizeof st->answers[id], "%.500s", st->notes);
	}
	return GYR_SUCCESS;
}

EXPORT const char *plugin_event_to_string(gyr_plugin *s, const gyr_event_input *e)
{
	state *st = s;
	look(st, e);
	st->texted = e->num;
	char text[256];
	memcpy(text, st->cached, sizeof text);
	snprintf(st->cached, sizeof st->cached, "text of %.200s", text);
	return st->cached;
}
