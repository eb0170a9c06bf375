// SPDX-License-Identifier: Apache-2.0

// capability.h: async events and capture listening.

#ifndef GYR_CAPABILITY_H
#define GYR_CAPABILITY_H

#include "state.h"

// An async event that a plugin sends, taken apart and checked. Everything points into the
// plugin's memory.
typedef struct gyr_async {
	uint64_t ts, tid;
	const char *name;
	const uint8_t *data;
	uint32_t name_len, data_len;
} gyr_async;

// gyr_set_async calls set_async_event_handler with the host's handler, or with none.
gyr_rc gyr_set_async(gyr_state *st, int on);

// gyr_dump_state calls dump_state, which exists, with the host's handler.
gyr_rc gyr_dump_state(gyr_state *st);

// Go's side of the handler; e is NULL if the event is malformed. It writes a reason of at
// most GYR_MAX_ERROR bytes to err unless that is NULL.
gyr_rc gyr_go_async(uintptr_t number, int dump, gyr_async *e, char *err);

// gyr_capture calls capture_open, or capture_close, which exist.
gyr_rc gyr_capture(gyr_state *st, int open);

// gyr_routine_run calls the function of a routine; 0 if it wants no more calls. Number is
// the routine's.
gyr_bool gyr_routine_run(gyr_state *st, gyr_routine_fn f, uintptr_t arg, uintptr_t number);

// Go's side of the functions for routines. Within says that a routine ends itself.
uintptr_t gyr_go_subscribe(uintptr_t number, gyr_routine_fn f, uintptr_t arg);
gyr_rc gyr_go_unsubscribe(uintptr_t number, uintptr_t routine, int within);

#endif
