// SPDX-License-Identifier: Apache-2.0

//go:build unix

#include "library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <time.h>

void *gyr_os_open(const char *path, char *err, size_t cap)
{
	void *h = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!h) {
		const char *why = dlerror();
		snprintf(err, cap, "%s", why ? why : "unknown reason");
	}
	return h;
}

void *gyr_os_symbol(void *handle, const char *name) { return dlsym(handle, name); }

uint64_t gyr_os_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
