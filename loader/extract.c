// SPDX-License-Identifier: Apache-2.0

#include "answers.h"
#include "extract.h"
#include "blame.h"
#include "failures.h"
#include "overlap.h"
#include "tables.h"

#include <string.h>

// call asks for n fields of one event, in the way of the plugin's generation.
static gyr_rc call(gyr_state *st, const gyr_event_input *e, const gyr_event_v2 *old, gyr_extract_field *f, uint32_t n)
{
	const gyr_library *lib = st->lib;
	gyr_extract_sync_fn sync = lib->extract_fields_sync;
	if (lib->major >= 3) {
		if (sync) return sync(st->s, e, n, f, NULL);
		gyr_extract_input in = {st->owner, gyr_owner_last_error, n, f, gyr_host_reader, &gyr_host_reader_ext, NULL};
		return lib->extract_fields(st->s, e, &in);
	}
	if (lib->major >= 1 && sync) return sync(st->s, old, n, f, NULL);
	if (lib->major >= 1) return ((gyr_extract_fields_v2_fn)lib->extract_fields)(st->s, old, n, f);

	gyr_extract_field_v0 *v0 = (gyr_extract_field_v0 *)st->fields_v0.ptr;
	memset(v0, 0, n * sizeof *v0);
	for (uint32_t i = 0; i < n; i++) {
		v0[i].field_id = f[i].field_id;
		v0[i].field = f[i].field;
		v0[i].arg = f[i].arg_key;
		v0[i].ftype = f[i].ftype;
	}
	gyr_rc rc = sync ? sync(st->s, old, n, v0, NULL) : ((gyr_extract_fields_v0_fn)lib->extract_fields)(st->s, old, n, v0);
	for (uint32_t i = 0; i < n; i++) {
		f[i].res_len = v0[i].present ? 1 : 0;
		if (f[i].ftype == GYR_STRING)
			f[i].res.str = &v0[i].res_str;
		else
			f[i].res.u64 = &v0[i].res_u64;
	}
	return rc;
}

// none counts that the plugin failed with a field, which is absent then.
static void none(gyr_state *st, const gyr_extract_field *request, gyr_value *v)
{
	*v = (gyr_value){0, 0, GYR_ABSENT};
	gyr_failed(st, GYR_FAILED_EXTRACT, request->field_id, NULL, 0);
}

// ask_alone asks for one field.
static void ask_alone(gyr_state *st, const gyr_event_input *e, const gyr_event_v2 *old, const gyr_extract_field *request, gyr_value *v)
{
	gyr_extract_field f = *request;
	if (call(st, e, old, &f, 1) == GYR_SUCCESS)
		gyr_put_answer(st, &f, v);
	else
		none(st, request, v);
}

// ask_each asks for n fields one by one.
static void ask_each(gyr_state *st, const gyr_event_input *e, const gyr_event_v2 *old, const gyr_extract_field *requests, uint32_t n, gyr_value *v)
{
	for (uint32_t i = 0; i < n; i++) ask_alone(st, e, old, &requests[i], &v[i]);
}

// share finds out if results lie in the same memory. From then on the state is asked for one
// field at a time.
static int share(gyr_state *st, const gyr_extract_field *f, uint32_t n)
{
	static const char why[] = "the plugin is asked for one field at a time from now on, which is slower";
	uint32_t other, whose = gyr_overlap(st, f, n, &other);
	if (!whose) return 0;
	st->alone = 1;
	gyr_failed(st, GYR_FAILED_MEMORY, f[other].field_id, why, sizeof why);
	return 1;
}

// ask makes one call for n fields, and asks again if it fails. A plugin stops at the
// field that it cannot extract: those before it have answers, those behind it none. The
// last answer may be what is left of the failed attempt, so it does not count.
static void ask(gyr_state *st, const gyr_event_input *e, const gyr_event_v2 *old, const gyr_extract_field *requests, uint32_t n, gyr_value *v)
{
	gyr_extract_field *f = (gyr_extract_field *)st->fields.ptr;
	if (n > 1 && st->alone) {
		ask_each(st, e, old, requests, n, v);
		return;
	}
	memcpy(f, requests, n * sizeof *f);
	gyr_rc rc = call(st, e, old, f, n);
	if (n > 1 && share(st, f, n)) {
		ask_each(st, e, old, requests, n, v);
		return;
	}
	if (rc == GYR_SUCCESS) {
		gyr_put_answers(st, f, n, v);
		return;
	}
	if (n == 1) {
		none(st, requests, v);
		return;
	}
	uint32_t last = n;
	for (uint32_t i = 0; i < n; i++)
		if (f[i].res_len) last = i;
	for (uint32_t i = 0; i < n; i++) {
		if (i == last) f[i].res_len = 0;
		gyr_put_answer(st, &f[i], &v[i]);
	}
	for (uint32_t i = 0; i < n; i++)
		if (v[i].kind == GYR_ABSENT) ask_alone(st, e, old, &requests[i], &v[i]);
}

// text keeps what the plugin says of an event of its own.
static void text(gyr_state *st, const gyr_event_input *e, const gyr_event_v2 *old, gyr_value *v)
{
	const gyr_library *lib = st->lib;
	const char *s;
	*v = (gyr_value){0, 0, GYR_ABSENT};
	gyr_blame before = gyr_enter(lib, "event_to_string");
	if (lib->major >= 3)
		s = lib->event_to_string(st->s, e);
	else if (lib->major >= 1)
		s = ((gyr_event_to_string_v2_fn)lib->event_to_string)(st->s, old);
	else
		s = ((gyr_event_to_string_v0_fn)lib->event_to_string)(st->s, old->data, old->datalen);
	gyr_leave(before);
	if (s)
		gyr_put_text(st, v, s);
	else
		gyr_failed(st, GYR_FAILED_TEXT, GYR_NO_FIELD, NULL, 0);
}

// visit makes all calls for one event, under the current number.
static void visit(gyr_state *st, const gyr_plan *plan, const uint8_t *blob, const char *source, gyr_value *v)
{
	gyr_event h;
	memcpy(&h, blob, sizeof h);
	gyr_event_input e = {(const gyr_event *)blob, st->visits, source};
	gyr_event_v2 old = {e.num, NULL, 0, h.ts};
	uint32_t id = 0;
	if (h.type == GYR_EVENT_PLUGIN) {
		old.data = blob + GYR_PAYLOAD_OFFSET;
		old.datalen = h.len - GYR_PAYLOAD_OFFSET;
		memcpy(&id, blob + 34, 4);
	}
	if (plan->num_requests && gyr_wants(&st->extract, h.type)) {
		uint32_t first = 0;
		for (uint32_t c = 0; c < plan->num_calls; c++) {
			ask(st, &e, &old, plan->requests + first, plan->calls[c] - first, v + first);
			first = plan->calls[c];
		}
	} else {
		memset(v, 0, plan->num_requests * sizeof *v);
	}
	if (!plan->info) return;
	v += plan->num_requests;
	if (h.type == GYR_EVENT_PLUGIN && id == plan->id)
		text(st, &e, &old, v);
	else
		memset(v, 0, sizeof *v);
}

// singly asks event by event.
static int singly(gyr_state *st, const gyr_plan *plan, const uintptr_t *events, uint32_t n, const char *source, int again)
{
	gyr_restart_answers(st);
	size_t width = plan->num_requests + (plan->info ? 1 : 0);
	if (!gyr_reserve(&st->records, n * width * sizeof(gyr_value)) ||
	    !gyr_reserve(&st->fields, plan->num_requests * sizeof(gyr_extract_field)) ||
	    (st->lib->major == 0 && !gyr_reserve(&st->fields_v0, plan->num_requests * sizeof(gyr_extract_field_v0))))
		return 1;
	gyr_value *v = (gyr_value *)st->records.ptr;
	for (uint32_t i = 0; i < n; i++, v += width) {
		if (!again) st->visits++;
		visit(st, plan, (const uint8_t *)events[i], source, v);
	}
	gyr_finish_answers(st);
	return 0;
}

int gyr_extract(gyr_state *st, const gyr_plan *plan, const uintptr_t *events, uint32_t n, const char *source, int again)
{
	st->failures.len = 0;
	gyr_blame before = gyr_enter(st->lib, "extract_fields");
	int rc = 0;
	if (again || !gyr_together(st, plan, events, n, source)) rc = singly(st, plan, events, n, source, again);
	gyr_leave(before);
	return rc;
}
