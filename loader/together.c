// SPDX-License-Identifier: Apache-2.0

// Extraction from a batch of events in one call, which libraries of our SDKs offer.

#include "answers.h"
#include "failures.h"
#include "extract.h"
#include "tables.h"

#include <string.h>

// can reports whether the events and the plan allow it.
static int can(const gyr_state *st, const gyr_plan *plan, const uintptr_t *events, uint32_t n)
{
	const gyr_library *lib = st->lib;
	if (lib->major < 3 || !lib->gyr_extract_batch || plan->info || !plan->num_requests) return 0;
	for (uint32_t i = 0; i < n; i++) {
		gyr_event h;
		memcpy(&h, (const void *)events[i], sizeof h);
		if (!gyr_wants(&st->extract, h.type)) return 0;
	}
	return 1;
}

// fits reports whether a value, or an element of a list, is one of the type.
static inline int fits(uint32_t type, const gyr_batch_answers *a, const gyr_value *v)
{
	int inside = v->kind == GYR_BYTES && v->num <= a->num_bytes && v->n <= a->num_bytes - v->num;
	switch (type) {
	case GYR_STRING: return inside;
	case GYR_IPADDR:
	case GYR_IPNET: return inside && (v->n == 4 || v->n == 16);
	case GYR_BOOL: return v->kind == GYR_NUMBER && v->num <= 1;
	}
	return v->kind == GYR_NUMBER;
}

// texts_fit reports whether all values of a column are texts or absent. Nearly always they
// are, and without branches that is found out much faster than one by one. It may be wrong
// about a column that is fine, as one with a number in an absent value.
static int texts_fit(const gyr_batch_answers *a, const gyr_value *v, uint32_t n, uint32_t width)
{
	const uint64_t size = a->num_bytes;
	uint64_t kinds = 0, large = size, signs = 0;
	for (; n; n--, v += width) {
		kinds |= v->kind;
		large |= v->num;
		signs |= size - v->num - v->n; // negative if the text ends behind the bytes
	}
	return !(kinds & ~(uint64_t)GYR_BYTES) && large < (uint64_t)1 << 62 && signs < (uint64_t)1 << 63;
}

// list_fits checks a list. The lists share no elements, so that the host needs no more
// memory than the plugin has; left is how many elements the other lists leave.
static int list_fits(uint32_t type, const gyr_batch_answers *a, const gyr_value *v, uint64_t *left)
{
	if (v->kind != GYR_LIST || !v->n || v->n > *left || v->num > a->num_elements - v->n) return 0;
	*left -= v->n;
	for (uint32_t i = 0; i < v->n; i++)
		if (!fits(type, a, &a->elements[v->num + i])) return 0;
	return 1;
}

// cut ends a text at its first NUL.
static void cut(const gyr_batch_answers *a, gyr_value *v)
{
	const uint8_t *text = a->bytes + v->num, *end = v->n ? memchr(text, 0, v->n) : NULL;
	if (end) v->n = (uint32_t)(end - text);
}

// cut_all does so for all values of a field.
static void cut_all(const gyr_batch_answers *a, const gyr_extract_field *f, gyr_value *v, uint32_t n, uint32_t width)
{
	if (f->ftype != GYR_STRING) return;
	for (; n; n--, v += width) {
		if (v->kind == GYR_BYTES) cut(a, v);
		for (uint32_t i = 0; v->kind == GYR_LIST && i < v->n; i++) cut(a, &a->elements[v->num + i]);
	}
}

// failed counts a value that the plugin could not make; the text says why.
static void failed(gyr_state *st, uint32_t field, const gyr_value *v)
{
	const gyr_batch_answers *a = &st->answers;
	int inside = v->n && v->num <= a->num_bytes && v->n <= a->num_bytes - v->num;
	gyr_failed(st, GYR_FAILED_EXTRACT, field, inside ? (const char *)a->bytes + v->num : NULL, v->n);
}

// check makes absent what is not usable, field by field. It is 0 if nothing is.
static int check(gyr_state *st, const gyr_plan *plan, uint32_t n)
{
	gyr_batch_answers *a = &st->answers;
	if (!a->values || (uintptr_t)a->values % sizeof a->values->num) return 0;
	if (a->num_elements && (!a->elements || (uintptr_t)a->elements % sizeof a->elements->num)) return 0;
	if (a->num_bytes && !a->bytes) return 0;
	uint64_t left = a->num_elements;
	int nul = a->num_bytes && memchr(a->bytes, 0, a->num_bytes);
	uint32_t width = plan->num_requests;
	for (uint32_t k = 0; k < width; k++) {
		const gyr_extract_field *f = &plan->requests[k];
		gyr_value *v = a->values + k;
		int fine = f->ftype == GYR_STRING && !f->flist && texts_fit(a, v, n, width);
		for (uint32_t i = 0; i < n && !fine; i++, v += width) {
			if (v->kind == GYR_ABSENT) continue;
			if (f->flist ? list_fits(f->ftype, a, v, &left) : fits(f->ftype, a, v)) continue;
			if (v->kind == GYR_FAILED)
				failed(st, f->field_id, v);
			else
				gyr_fault(st, f->field_id, "it is not of the type of its field, or not within the memory for values");
			v->kind = GYR_ABSENT;
		}
		if (nul) cut_all(a, f, a->values + k, n, width);
	}
	return 1;
}

int gyr_together(gyr_state *st, const gyr_plan *plan, const uintptr_t *events, uint32_t n, const char *source)
{
	size_t size = plan->num_requests * sizeof(gyr_extract_field);
	if (!can(st, plan, events, n) || !gyr_reserve(&st->fields, size)) return 0;
	gyr_extract_field *f = (gyr_extract_field *)st->fields.ptr;
	memcpy(f, plan->requests, size);
	gyr_extract_input in = {st->owner, gyr_owner_last_error, plan->num_requests, f, gyr_host_reader, &gyr_host_reader_ext, NULL};
	gyr_batch_input batch = {&in, (const gyr_event *const *)events, n, source, st->visits + 1};
	st->visits += n;
	memset(&st->answers, 0, sizeof st->answers);
	return st->lib->gyr_extract_batch(st->s, &batch, &st->answers) == GYR_SUCCESS && check(st, plan, n);
}
