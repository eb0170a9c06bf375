// SPDX-License-Identifier: Apache-2.0

#include "failures.h"

#include <string.h>

void gyr_failed(gyr_state *st, uint32_t kind, uint32_t field, const char *why, size_t n)
{
	gyr_failure *list = (gyr_failure *)st->failures.ptr;
	for (size_t i = 0; i < st->failures.len / sizeof *list; i++) {
		if (list[i].kind != kind || list[i].field != field) continue;
		list[i].count++;
		return;
	}
	if (!gyr_reserve(&st->failures, sizeof *list)) return;
	gyr_failure *f = (gyr_failure *)(st->failures.ptr + st->failures.len);
	st->failures.len += sizeof *f;
	memset(f, 0, sizeof *f);
	f->kind = kind;
	f->field = field;
	f->count = 1;
	if (!why) why = gyr_state_error(st), n = GYR_MAX_WHY;
	if (!why) return;
	for (size_t i = 0; i < n && i < GYR_MAX_WHY - 1 && why[i]; i++) f->why[i] = why[i];
}
