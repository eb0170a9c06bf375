// SPDX-License-Identifier: Apache-2.0

#include "library.h"

#include <string.h>

void gyr_bind(gyr_library *lib, void *handle)
{
	memset(lib, 0, sizeof *lib);
	lib->handle = handle;
	void *p;
	// Copying the bytes is the one way from void * to a function that C99 has.
#define X(type, name) \
	p = gyr_os_symbol(handle, "plugin_" #name); \
	memcpy(&lib->name, &p, sizeof p);
	GYR_FUNCTIONS(X)
#undef X
}

int gyr_has(const gyr_library *lib, const char *name)
{
#define X(type, n) \
	if (!strcmp(name, #n)) return lib->n != NULL;
	GYR_FUNCTIONS(X)
#undef X
	return 0;
}

const char *gyr_call_text(gyr_text_fn f) { return f ? f() : NULL; }

uint32_t gyr_call_id(gyr_id_fn f) { return f ? f() : 0; }

const char *gyr_call_schema(gyr_init_schema_fn f, int32_t *type)
{
	*type = GYR_SCHEMA_NONE;
	return f ? f(type) : NULL;
}

size_t gyr_text_len(const char *s, size_t max)
{
	if (!s) return 0;
	const char *end = memchr(s, 0, max);
	return end ? (size_t)(end - s) : max;
}
