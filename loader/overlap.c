// SPDX-License-Identifier: Apache-2.0

// A plugin may keep the result of every field in one static buffer. With one field per call,
// as Falco asks, that works; with several in a call the last one is in the place of all. It
// shows in the addresses: no two fields may have an array, a text or an address in common.

#include "overlap.h"

#define PLACES 1024     // a power of two
#define MAX_SEEN 512    // more addresses of one call are not looked at
#define MAX_ELEMENTS 16 // of a list

// place is an address of the call number call, and whose it is.
typedef struct place {
	const void *at;
	uint32_t call, field;
} place;

// taken enters an address of a field. It is the place of another field that has it, plus 1, or 0.
static uint32_t taken(place *all, uint32_t call, const void *at, uint32_t field)
{
	uint64_t h = (uint64_t)(uintptr_t)at * 0x9E3779B97F4A7C15u >> 54;
	for (;; h = (h + 1) & (PLACES - 1)) {
		place *p = &all[h];
		if (p->call != call) {
			*p = (place){at, call, field};
			return 0;
		}
		if (p->at == at) return p->field == field ? 0 : p->field + 1;
	}
}

// size is how many bytes a result of the type takes in the array of its field.
static size_t size(uint32_t type)
{
	switch (type) {
	case GYR_BOOL: return sizeof(uint32_t);
	case GYR_IPADDR:
	case GYR_IPNET: return sizeof(gyr_bytes);
	}
	return sizeof(uint64_t);
}

// inside is the place of a field whose array lies within the list, plus 1, or 0.
static uint32_t inside(const gyr_extract_field *f, uint32_t n, uint32_t list)
{
	uintptr_t from = (uintptr_t)f[list].res.u64, to = from + f[list].res_len * size(f[list].ftype);
	for (uint32_t i = 0; i < n; i++) {
		uintptr_t at = (uintptr_t)f[i].res.u64;
		if (i != list && f[i].res_len && at >= from && at < to) return i + 1;
	}
	return 0;
}

uint32_t gyr_overlap(gyr_state *st, const gyr_extract_field *f, uint32_t n, uint32_t *other)
{
	if (!st->places.ptr) {
		if (!gyr_reserve(&st->places, PLACES * sizeof(place))) return 0;
		for (size_t i = 0; i < PLACES; i++) ((place *)st->places.ptr)[i].call = 0;
	}
	place *all = (place *)st->places.ptr;
	if (!++st->calls) st->calls = 1; // after 2^32 calls an old place may count once
	uint32_t seen = 0, whose = 0;
	for (uint32_t i = 0; i < n && seen < MAX_SEEN && !whose; i++) {
		if (!f[i].res_len || !f[i].res.u64 || f[i].res_len > UINT16_MAX) continue;
		*other = i;
		whose = taken(all, st->calls, f[i].res.u64, i);
		if (!whose && f[i].res_len > 1) whose = inside(f, n, i);
		seen++;
		uint64_t elements = !f[i].flist ? 1 : f[i].res_len < MAX_ELEMENTS ? f[i].res_len : MAX_ELEMENTS;
		for (uint64_t k = 0; k < elements && seen < MAX_SEEN && !whose; k++, seen++) {
			const void *at = NULL;
			if (f[i].ftype == GYR_STRING) at = f[i].res.str[k];
			if (f[i].ftype == GYR_IPADDR || f[i].ftype == GYR_IPNET) at = f[i].res.buf[k].ptr;
			if (at) whose = taken(all, st->calls, at, i);
		}
	}
	return whose;
}
