// SPDX-License-Identifier: Apache-2.0

#include "listen.h"
#include "_cgo_export.h"

static gyr_bool run(gyr_plugin *s, gyr_routine_state *i)
{
	(void)s;
	return gyrRoutine(i);
}

uintptr_t gyr_rim_subscribe(const gyr_routine_vtable *v, gyr_owner *o, void *routine)
{
	return (uintptr_t)v->subscribe(o, run, routine);
}
