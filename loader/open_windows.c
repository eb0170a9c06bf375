// SPDX-License-Identifier: Apache-2.0

#include "library.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>

void *gyr_os_open(const char *path, char *err, size_t cap)
{
	wchar_t wide[32768];
	if (!MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, 32768)) {
		snprintf(err, cap, "the path is too long or not UTF-8");
		return NULL;
	}
	HMODULE h = LoadLibraryW(wide);
	if (!h) {
		DWORD code = GetLastError();
		DWORD n = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, code, 0, err, (DWORD)cap, NULL);
		while (n && (err[n - 1] == '\n' || err[n - 1] == '\r')) err[--n] = 0;
		if (!n) snprintf(err, cap, "error %lu", (unsigned long)code);
	}
	return (void *)h;
}

void *gyr_os_symbol(void *handle, const char *name)
{
	FARPROC p = GetProcAddress((HMODULE)handle, name);
	void *v;
	memcpy(&v, &p, sizeof v);
	return v;
}

uint64_t gyr_os_now(void)
{
	LARGE_INTEGER count, second;
	QueryPerformanceCounter(&count);
	QueryPerformanceFrequency(&second);
	uint64_t n = (uint64_t)count.QuadPart, hz = (uint64_t)second.QuadPart;
	return n / hz * 1000000000u + n % hz * 1000000000u / hz;
}
