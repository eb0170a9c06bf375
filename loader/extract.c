// SPDX-License-Identifier: Apache-2.0

#include "extract.h"
#include "tables.h"

#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

// Limits for what one field may have; more is taken for a wrong number.
#define MAX_LIST (1u << 20)
#define MAX_TEXT (16u << 20)

// Texts below this length are copied without a call.
#define SHORT 32

// A buffer that grew beyond this is given back before the next batch.
#define KEEP (32u << 20)

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

// put_bytes keeps n bytes and makes v refer to them.
static int put_bytes(gyr_state *st, gyr_value *v, const void *p, size_t n)
{
	if (!gyr_reserve(&st->bytes, n)) return 0;
	if (n) memcpy(st->bytes.ptr + st->bytes.len, p, n);
	*v = (gyr_value){st->bytes.len, (uint32_t)n, GYR_BYTES};
	st->bytes.len += n;
	return 1;
}

// copy_short copies a text of less than SHORT bytes and returns its length, or SHORT for a
// longer one. Nearly all texts are short, and for them two calls of the C library would
// take longer than everything else that is done for a value.
#ifdef __SSE2__
// Sixteen bytes at a time, also behind the end of the text but never across the end of a
// page: what lies there is readable, and ignored.
__attribute__((no_sanitize("address"))) static inline uint32_t copy_short(uint8_t *dst, const char *s)
{
	for (uint32_t i = 0; i < SHORT; i += 16) {
		if (((uintptr_t)(s + i) & 4095) > 4096 - 16) {
			for (uint32_t k = i; k < SHORT; k++)
				if (!(dst[k] = (uint8_t)s[k])) return k;
			return SHORT;
		}
		__m128i v = _mm_loadu_si128((const __m128i *)(s + i));
		_mm_storeu_si128((__m128i *)(dst + i), v);
		int zeros = _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_setzero_si128()));
		if (zeros) return i + (uint32_t)__builtin_ctz((unsigned)zeros);
	}
	return SHORT;
}
#else
static inline uint32_t copy_short(uint8_t *dst, const char *s)
{
	for (uint32_t i = 0; i < SHORT; i++)
		if (!(dst[i] = (uint8_t)s[i])) return i;
	return SHORT;
}
#endif

// put_text keeps a text.
static inline int put_text(gyr_state *st, gyr_value *v, const char *s)
{
	gyr_buffer *b = &st->bytes;
	if (b->cap - b->len < SHORT && !gyr_reserve(b, SHORT)) return 0;
	uint32_t n = copy_short(b->ptr + b->len, s);
	if (n == SHORT) return put_bytes(st, v, s, SHORT + gyr_text_len(s + SHORT, MAX_TEXT - SHORT));
	*v = (gyr_value){b->len, n, GYR_BYTES};
	b->len += n;
	return 1;
}

// put_one keeps value i of an answer; 0 if it is not usable.
static inline int put_one(gyr_state *st, const gyr_extract_field *f, uint64_t i, gyr_value *v)
{
	switch (f->ftype) {
	case GYR_STRING: {
		const char *s = f->res.str[i];
		return s && put_text(st, v, s);
	}
	case GYR_BOOL:
		*v = (gyr_value){f->res.boolean[i] != 0, 0, GYR_NUMBER};
		return 1;
	case GYR_IPADDR:
	case GYR_IPNET: {
		const gyr_bytes *b = &f->res.buf[i];
		return b->ptr && (b->len == 4 || b->len == 16) && put_bytes(st, v, b->ptr, b->len);
	}
	}
	*v = (gyr_value){f->res.u64[i], 0, GYR_NUMBER};
	return 1;
}

void gyr_fault(gyr_state *st, uint32_t field)
{
	st->faults++;
	st->fault_field = field;
}

// put keeps an answer. What is not usable is left out and counted.
static void put(gyr_state *st, const gyr_extract_field *f, gyr_value *v)
{
	*v = (gyr_value){0, 0, GYR_ABSENT};
	if (!f->res_len) return;
	if (!f->res.u64 || f->res_len > MAX_LIST) {
		gyr_fault(st, f->field_id);
		return;
	}
	if (!f->flist) {
		if (!put_one(st, f, 0, v)) gyr_fault(st, f->field_id);
		return;
	}
	if (!gyr_reserve(&st->elements, f->res_len * sizeof(gyr_value))) {
		gyr_fault(st, f->field_id);
		return;
	}
	gyr_value *list = (gyr_value *)(st->elements.ptr + st->elements.len);
	uint32_t n = 0;
	for (uint64_t i = 0; i < f->res_len; i++) {
		if (put_one(st, f, i, &list[n]))
			n++;
		else
			gyr_fault(st, f->field_id);
	}
	if (!n) return;
	*v = (gyr_value){st->elements.len / sizeof(gyr_value), n, GYR_LIST};
	st->elements.len += n * sizeof(gyr_value);
}

// put_all keeps the answers of a call that succeeded. Single short texts, which most
// answers are, are copied here: for them everything else takes longer than the copying.
static void put_all(gyr_state *st, const gyr_extract_field *f, uint32_t n, gyr_value *v)
{
	gyr_buffer *b = &st->bytes;
	uint32_t i = 0;
	while (i < n) {
		uint8_t *start = b->ptr + b->len, *at = start;
		// The room is enough for as many texts; without any the slow way makes some.
		for (size_t room = (b->cap - b->len) / SHORT; room && i < n; room--, i++) {
			if (f[i].ftype != GYR_STRING || f[i].flist || f[i].res_len - 1 >= MAX_LIST || !f[i].res.str || !f[i].res.str[0]) break;
			uint32_t len = copy_short(at, f[i].res.str[0]);
			if (len == SHORT) break;
			v[i] = (gyr_value){(uint64_t)(at - b->ptr), len, GYR_BYTES};
			at += len;
		}
		b->len += (size_t)(at - start);
		if (i < n) put(st, &f[i], &v[i]), i++;
	}
}

// ask_alone asks for one field.
static void ask_alone(gyr_state *st, const gyr_event_input *e, const gyr_event_v2 *old, const gyr_extract_field *request, gyr_value *v)
{
	gyr_extract_field f = *request;
	if (call(st, e, old, &f, 1) == GYR_SUCCESS)
		put(st, &f, v);
	else
		*v = (gyr_value){0, 0, GYR_ABSENT};
}

// ask makes one call for n fields, and asks again if it fails. A plugin stops at the
// field that it cannot extract: those before it have answers, those behind it none. The
// last answer may be what is left of the failed attempt, so it does not count.
static void ask(gyr_state *st, const gyr_event_input *e, const gyr_event_v2 *old, const gyr_extract_field *requests, uint32_t n, gyr_value *v)
{
	gyr_extract_field *f = (gyr_extract_field *)st->fields.ptr;
	memcpy(f, requests, n * sizeof *f);
	if (call(st, e, old, f, n) == GYR_SUCCESS) {
		put_all(st, f, n, v);
		return;
	}
	if (n == 1) {
		*v = (gyr_value){0, 0, GYR_ABSENT};
		return;
	}
	uint32_t last = n;
	for (uint32_t i = 0; i < n; i++)
		if (f[i].res_len) last = i;
	for (uint32_t i = 0; i < n; i++) {
		if (i == last) f[i].res_len = 0;
		put(st, &f[i], &v[i]);
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
	if (lib->major >= 3)
		s = lib->event_to_string(st->s, e);
	else if (lib->major >= 1)
		s = ((gyr_event_to_string_v2_fn)lib->event_to_string)(st->s, old);
	else
		s = ((gyr_event_to_string_v0_fn)lib->event_to_string)(st->s, old->data, old->datalen);
	if (s) put_text(st, v, s);
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

// restart empties a buffer.
static void restart(gyr_buffer *b)
{
	b->len = 0;
	if (b->cap <= KEEP) return;
	free(b->ptr);
	b->ptr = NULL;
	b->cap = 0;
}

// singly asks event by event.
static int singly(gyr_state *st, const gyr_plan *plan, const uintptr_t *events, uint32_t n, const char *source, int again)
{
	restart(&st->records);
	restart(&st->elements);
	restart(&st->bytes);
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
	st->answers = (gyr_batch_answers){
		(gyr_value *)st->records.ptr, (gyr_value *)st->elements.ptr, st->elements.len / sizeof(gyr_value), st->bytes.ptr, st->bytes.len,
	};
	return 0;
}

int gyr_extract(gyr_state *st, const gyr_plan *plan, const uintptr_t *events, uint32_t n, const char *source, int again)
{
	st->faults = 0;
	if (!again && gyr_together(st, plan, events, n, source)) return 0;
	return singly(st, plan, events, n, source, again);
}
