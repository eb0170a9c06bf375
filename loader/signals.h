// SPDX-License-Identifier: Apache-2.0

// signals.h: what the process does about signals, which libraries change behind its back.

#ifndef GYR_SIGNALS_H
#define GYR_SIGNALS_H

#include <stddef.h>
#include <stdint.h>

// gyr_signals_size is the memory for the actions of all signals that are taken back.
size_t gyr_signals_size(void);

// gyr_signals_save notes the actions in mem.
void gyr_signals_save(void *mem);

// gyr_signals_take_back restores the actions that differ from those in mem. The result
// has a bit for each: 1 SIGINT, 2 SIGTERM, 4 SIGHUP, 8 SIGUSR1.
uint32_t gyr_signals_take_back(const void *mem);

#endif
