// SPDX-License-Identifier: Apache-2.0

// plugin.h: what the test plugins share. A plugin defines NAME, ID and SOURCE (and API,
// the version it requires) before it includes this, and the functions it is about after.

#ifndef TEST_PLUGIN_H
#define TEST_PLUGIN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "plugin_abi.h"

#ifndef API
#define API "3.12.0"
#endif
#ifndef VERSION
#define VERSION "1.2.3"
#endif

#define EXPORT __attribute__((visibility("default")))

EXPORT const char *plugin_get_required_api_version(void) { return API; }
EXPORT const char *plugin_get_name(void) { return NAME; }
EXPORT const char *plugin_get_description(void) { return "a plugin for tests"; }
EXPORT const char *plugin_get_contact(void) { return "none"; }
EXPORT const char *plugin_get_version(void) { return VERSION; }
#ifdef ID
EXPORT uint32_t plugin_get_id(void) { return ID; }
EXPORT const char *plugin_get_event_source(void) { return SOURCE; }
#endif

// put_event writes a plugin event with the payload; it returns its size.
static inline uint32_t put_event(void *dst, uint32_t id, uint64_t ts, const void *data, uint32_t len)
{
	gyr_event h = {ts, GYR_NO_THREAD, GYR_PAYLOAD_OFFSET + len, GYR_EVENT_PLUGIN, 2};
	uint32_t lens[2] = {4, len};
	char *p = dst;
	memcpy(p, &h, sizeof h);
	memcpy(p + 26, lens, 8);
	memcpy(p + 34, &id, 4);
	memcpy(p + 38, data, len);
	return h.len;
}

#endif
