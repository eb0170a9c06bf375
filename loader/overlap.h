// SPDX-License-Identifier: Apache-2.0

// overlap.h: plugins that keep the results of several fields in one place.

#ifndef GYR_OVERLAP_H
#define GYR_OVERLAP_H

#include "state.h"

// gyr_overlap reports whether results of different fields of one call lie in the same
// memory, so that all but the last one are lost. other is then one of the two fields, by its
// place, and the result is the place of the other plus 1.
uint32_t gyr_overlap(gyr_state *st, const gyr_extract_field *f, uint32_t n, uint32_t *other);

#endif
