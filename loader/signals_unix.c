// SPDX-License-Identifier: Apache-2.0

//go:build unix

#include "signals.h"

#include <signal.h>

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};

#define COUNT (sizeof numbers / sizeof *numbers)

size_t gyr_signals_size(void) { return COUNT * sizeof(struct sigaction); }

void gyr_signals_save(void *mem)
{
	struct sigaction *list = mem;
	for (size_t i = 0; i < COUNT; i++) sigaction(numbers[i], NULL, &list[i]);
}

uint32_t gyr_signals_take_back(const void *mem)
{
	const struct sigaction *list = mem;
	uint32_t taken = 0;
	for (size_t i = 0; i < COUNT; i++) {
		struct sigaction now;
		if (sigaction(numbers[i], NULL, &now)) continue;
		// Handlers of both kinds lie in one place.
		if (now.sa_handler == list[i].sa_handler) continue;
		if (!sigaction(numbers[i], &list[i], NULL)) taken |= 1u << i;
	}
	return taken;
}
