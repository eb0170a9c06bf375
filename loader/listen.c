// SPDX-License-Identifier: Apache-2.0

#include "capability.h"
#include "tables.h"

// The routine that the thread is running, 0 for none: a routine that ends itself must not
// be waited for.
static __thread uintptr_t running;

gyr_bool gyr_routine_run(gyr_state *st, gyr_routine_fn f, uintptr_t arg, uintptr_t number)
{
	running = number;
	gyr_bool more = f(st->s, (gyr_routine_state *)arg);
	running = 0;
	return more;
}

static gyr_routine *subscribe(gyr_owner *o, gyr_routine_fn f, gyr_routine_state *i)
{
	const gyr_owner_data *owner = o;
	return owner && owner->number && f ? (gyr_routine *)gyr_go_subscribe(owner->number, f, (uintptr_t)i) : NULL;
}

static gyr_rc unsubscribe(gyr_owner *o, gyr_routine *r)
{
	const gyr_owner_data *owner = o;
	if (!owner || !owner->number || !r) return GYR_FAILURE;
	return gyr_go_unsubscribe(owner->number, (uintptr_t)r, running == (uintptr_t)r);
}

static gyr_routine_vtable routines = {subscribe, unsubscribe};

gyr_rc gyr_capture(gyr_state *st, int open)
{
	gyr_listen_input in = {st->owner, &routines, &gyr_host_reader_ext, &gyr_host_writer, gyr_owner_last_error};
	return open ? st->lib->capture_open(st->s, &in) : st->lib->capture_close(st->s, &in);
}
