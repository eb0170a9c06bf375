// SPDX-License-Identifier: Apache-2.0

// answers.h: answers of plugins, checked and copied into the state's records (a value per
// event and request), elements (of lists) and bytes.

#ifndef GYR_ANSWERS_H
#define GYR_ANSWERS_H

#include "state.h"

// gyr_restart_answers forgets the answers to the last batch.
void gyr_restart_answers(gyr_state *st);

// gyr_put_answer keeps the answer f in v. What is not usable is left out and counted.
void gyr_put_answer(gyr_state *st, const gyr_extract_field *f, gyr_value *v);

// gyr_put_answers keeps the n answers of a call that succeeded.
void gyr_put_answers(gyr_state *st, const gyr_extract_field *f, uint32_t n, gyr_value *v);

// gyr_put_text keeps a text; 0 if there is no memory.
int gyr_put_text(gyr_state *st, gyr_value *v, const char *s);

// gyr_finish_answers makes what was kept the state's answers.
void gyr_finish_answers(gyr_state *st);

// gyr_fault counts an answer that is not usable, for a reason.
void gyr_fault(gyr_state *st, uint32_t field, const char *why);

#endif
