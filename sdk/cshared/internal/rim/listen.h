// SPDX-License-Identifier: Apache-2.0

// listen.h: routines, calls of a Go function from the host's threads.

#ifndef GYR_RIM_LISTEN_H
#define GYR_RIM_LISTEN_H

#include "plugin_abi.h"

// Has the host call gyrRoutine(routine) again and again; 0 if it refuses.
uintptr_t gyr_rim_subscribe(const gyr_routine_vtable *v, gyr_owner *o, void *routine);

static inline gyr_rc gyr_rim_unsubscribe(const gyr_routine_vtable *v, gyr_owner *o, uintptr_t r)
{
	return v->unsubscribe(o, (gyr_routine *)r);
}

#endif
