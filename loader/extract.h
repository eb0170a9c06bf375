// SPDX-License-Identifier: Apache-2.0

// extract.h: extraction of fields from a batch of events.

#ifndef GYR_EXTRACT_H
#define GYR_EXTRACT_H

#include "state.h"

// What a plan asks for every event. It is not written to after it was made.
typedef struct gyr_plan {
	gyr_extract_field *requests; // in the order of the calls, answers zero
	uint32_t num_requests;
	uint32_t *calls; // for each call the request behind its last
	uint32_t num_calls;
	int info;    // also ask for the text of the event, last
	uint32_t id; // the plugin's id, for info
} gyr_plan;

// gyr_extract asks for all fields of n events of one source. The answers are in the
// state, a value per event and request (the text of the event last), checked, and valid
// until the next call. With again the one event keeps the number that gyr_parse gave it. The result
// is 0, or 1 if there was not enough memory.
int gyr_extract(gyr_state *st, const gyr_plan *plan, const uintptr_t *events, uint32_t n, const char *source, int again);

// gyr_together asks for the fields of all events in one call and checks the answers, which
// stay in the plugin's memory. It is 0 if the plugin has no such call, or none for this
// plan and these events, or if the call failed.
int gyr_together(gyr_state *st, const gyr_plan *plan, const uintptr_t *events, uint32_t n, const char *source);

// gyr_parse shows an event to the plugin, under a number of its own, if it wants to see
// events of the type. The result is the plugin's, success for what it does not see.
gyr_rc gyr_parse(gyr_state *st, const uint8_t *event, const char *source);

#endif
