// SPDX-License-Identifier: Apache-2.0

// Answers of plugins, checked and copied into the state.

#include "answers.h"
#include "failures.h"

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

// put_one keeps value i of an answer; 0 if it is not usable, which it counts.
static inline int put_one(gyr_state *st, const gyr_extract_field *f, uint64_t i, gyr_value *v)
{
	switch (f->ftype) {
	case GYR_STRING: {
		const char *s = f->res.str[i];
		if (!s || !put_text(st, v, s)) {
			gyr_fault(st, f->field_id, s ? "no memory for a text" : "a text is NULL");
			return 0;
		}
		if (v->n == MAX_TEXT) gyr_fault(st, f->field_id, "a text has more than 16 MiB; what follows is left out");
		return 1;
	}
	case GYR_BOOL:
		*v = (gyr_value){f->res.boolean[i] != 0, 0, GYR_NUMBER};
		return 1;
	case GYR_IPADDR:
	case GYR_IPNET: {
		const gyr_bytes *b = &f->res.buf[i];
		if (b->ptr && (b->len == 4 || b->len == 16) && put_bytes(st, v, b->ptr, b->len)) return 1;
		gyr_fault(st, f->field_id, b->ptr ? "an address has neither 4 nor 16 bytes" : "an address is NULL");
		return 0;
	}
	}
	*v = (gyr_value){f->res.u64[i], 0, GYR_NUMBER};
	return 1;
}

void gyr_fault(gyr_state *st, uint32_t field, const char *why) { gyr_failed(st, GYR_FAILED_VALUE, field, why, GYR_MAX_WHY); }

void gyr_put_answer(gyr_state *st, const gyr_extract_field *f, gyr_value *v)
{
	*v = (gyr_value){0, 0, GYR_ABSENT};
	if (!f->res_len) return;
	if (!f->res.u64 || f->res_len > MAX_LIST) {
		gyr_fault(st, f->field_id, f->res.u64 ? "there are more than 1048576 values" : "there are values, but the pointer to them is NULL");
		return;
	}
	if (!f->flist) {
		put_one(st, f, 0, v);
		return;
	}
	if (!gyr_reserve(&st->elements, f->res_len * sizeof(gyr_value))) {
		gyr_fault(st, f->field_id, "no memory for a list");
		return;
	}
	gyr_value *list = (gyr_value *)(st->elements.ptr + st->elements.len);
	uint32_t n = 0;
	for (uint64_t i = 0; i < f->res_len; i++) {
		if (put_one(st, f, i, &list[n])) n++;
	}
	if (!n) return;
	*v = (gyr_value){st->elements.len / sizeof(gyr_value), n, GYR_LIST};
	st->elements.len += n * sizeof(gyr_value);
}

// Single short texts, which most answers are, are copied here: for them everything else
// takes longer than the copying.
void gyr_put_answers(gyr_state *st, const gyr_extract_field *f, uint32_t n, gyr_value *v)
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
		if (i < n) gyr_put_answer(st, &f[i], &v[i]), i++;
	}
}

int gyr_put_text(gyr_state *st, gyr_value *v, const char *s) { return put_text(st, v, s); }

// restart empties a buffer.
static void restart(gyr_buffer *b)
{
	b->len = 0;
	if (b->cap <= KEEP) return;
	free(b->ptr);
	b->ptr = NULL;
	b->cap = 0;
}

void gyr_restart_answers(gyr_state *st)
{
	restart(&st->records);
	restart(&st->elements);
	restart(&st->bytes);
}

void gyr_finish_answers(gyr_state *st)
{
	st->answers = (gyr_batch_answers){
		(gyr_value *)st->records.ptr, (gyr_value *)st->elements.ptr, st->elements.len / sizeof(gyr_value), st->bytes.ptr, st->bytes.len,
	};
}
