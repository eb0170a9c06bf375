// SPDX-License-Identifier: Apache-2.0

// blame.h: which plugin is to blame when the process ends in one of its calls.

#ifndef GYR_BLAME_H
#define GYR_BLAME_H

#include "library.h"

// The call of a plugin that a thread is in; NULL for none.
typedef struct gyr_blame {
	const char *plugin, *call;
} gyr_blame;

extern __thread gyr_blame gyr_blamed;

// gyr_enter notes that the thread goes into a call. The result is for gyr_leave.
static inline gyr_blame gyr_enter(const gyr_library *lib, const char *call)
{
	gyr_blame before = gyr_blamed;
	gyr_blamed = (gyr_blame){lib->called, call};
	return before;
}

static inline void gyr_leave(gyr_blame before) { gyr_blamed = before; }

// gyr_blame_install has the signals of faults, and a call of exit, name the plugin whose call
// the thread is in. Then the signals go where they went before; exit ends with status 1. It
// does so once, however often it is called, and not in a child of the process. With go_exits Go
// calls exit, too, as with the race detector; then only calls on a plugin's way are noticed.
void gyr_blame_install(int go_exits);

#endif
