// SPDX-License-Identifier: Apache-2.0

// failures.h: what a plugin failed at during a crossing, for Go to count and report.

#ifndef GYR_FAILURES_H
#define GYR_FAILURES_H

#include "state.h"

#define GYR_MAX_WHY 256

// What was tried; Go's host.FailureKind has the same order.
enum { GYR_FAILED_EXTRACT, GYR_FAILED_VALUE, GYR_FAILED_MEMORY, GYR_FAILED_TEXT };

#define GYR_NO_FIELD UINT32_MAX

// A kind of failure of a field, with the reason of the first one of the crossing.
typedef struct gyr_failure {
	uint32_t kind, field;
	uint64_t count;
	char why[GYR_MAX_WHY];
} gyr_failure;

// gyr_failed counts a failure. The reason need not end with NUL: it has at most n bytes.
// Without one (NULL) it is what the plugin says about its last error. It is asked for that
// at the first failure of the crossing only.
void gyr_failed(gyr_state *st, uint32_t kind, uint32_t field, const char *why, size_t n);

#endif
