// SPDX-License-Identifier: Apache-2.0

#include "capability.h"

#include <stdio.h>
#include <string.h>

// The largest async event, in bytes.
#define MAX_EVENT (256u << 20)

// take_apart checks an event; 0 if it is malformed. The event may lie at any address.
static int take_apart(const gyr_event *evt, gyr_async *to)
{
	gyr_event h;
	uint32_t lens[3];
	const uint8_t *p = (const uint8_t *)evt;
	if (!evt) return 0;
	memcpy(&h, p, sizeof h);
	const size_t body = sizeof h + sizeof lens;
	if (h.type != GYR_EVENT_ASYNC || h.nparams != 3 || h.len < body + 4 || h.len > MAX_EVENT) return 0;
	memcpy(lens, p + sizeof h, sizeof lens);
	if (lens[0] != 4 || !lens[1] || (uint64_t)body + 4 + lens[1] + lens[2] != h.len) return 0;
	const char *name = (const char *)p + body + 4;
	if (memchr(name, 0, lens[1]) != name + lens[1] - 1) return 0;
	*to = (gyr_async){h.ts, h.tid, name, p + body + 4 + lens[1], lens[1] - 1, lens[2]};
	return 1;
}

static gyr_rc handle(gyr_owner *o, const gyr_event *evt, char *err, int dump)
{
	const gyr_owner_data *owner = o;
	gyr_async e;
	if (owner && owner->number) return gyr_go_async(owner->number, dump, take_apart(evt, &e) ? &e : NULL, err);
	if (err) snprintf(err, GYR_MAX_ERROR, "async event sent for a plugin that is gone");
	return GYR_FAILURE;
}

static gyr_rc handle_live(gyr_owner *o, const gyr_event *evt, char *err) { return handle(o, evt, err, 0); }

static gyr_rc handle_dump(gyr_owner *o, const gyr_event *evt, char *err) { return handle(o, evt, err, 1); }

gyr_rc gyr_set_async(gyr_state *st, int on)
{
	return st->lib->set_async_event_handler(st->s, st->owner, on ? handle_live : NULL);
}

gyr_rc gyr_dump_state(gyr_state *st) { return st->lib->dump_state(st->s, st->owner, handle_dump); }
