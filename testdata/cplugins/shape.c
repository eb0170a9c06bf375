// SPDX-License-Identifier: Apache-2.0

// shape: a plugin that does nothing, whose shape is chosen when it is built. By default
// it is right, a source and an extractor. -DNO_open leaves out plugin_open, and so on
// for other functions; -DFIELDS='"..."' and the like replace what is published.

#ifndef NAME
#define NAME "shape"
#endif
#include <stdlib.h>
#include <string.h>
#include "plugin_abi.h"

#ifndef API
#define API "3.12.0"
#endif
#ifndef VERSION
#define VERSION "1.2.3"
#endif
#ifndef FIELDS
#define FIELDS "[{\"type\":\"string\",\"name\":\"shape.f\",\"desc\":\"text\"}]"
#endif
#ifndef ID
#define ID 905
#endif
#ifndef SOURCE
#define SOURCE "shape"
#endif

#define EXPORT __attribute__((visibility("default")))

#ifndef NO_get_required_api_version
EXPORT const char *plugin_get_required_api_version(void) { return API; }
#endif
#ifndef NO_get_name
EXPORT const char *plugin_get_name(void) { return NAME; }
#endif
#ifndef NO_get_description
EXPORT const char *plugin_get_description(void) { return NULL; }
#endif
#ifndef NO_get_contact
EXPORT const char *plugin_get_contact(void) { return NULL; }
#endif
#ifndef NO_get_version
EXPORT const char *plugin_get_version(void) { return VERSION; }
#endif

static gyr_log_fn logger;
static gyr_owner *owner;
static char failed_state;

#ifndef NO_init
EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	logger = in->log;
	owner = in->owner;
	for (int i = 0; i <= 9; i++) logger(owner, i % 2 ? "part" : NULL, "configured", i);
	logger(owner, NULL, in->config, GYR_LOG_INFO);
	if (!in->tables || !in->tables->fields_ext || !in->tables->reader_ext || !in->tables->writer_ext) *rc = GYR_FAILURE;
	uint32_t n = 9;
	if (!in->tables->list_tables(owner, &n) || n != 1) *rc = GYR_FAILURE;
	if (in->tables->get_table(owner, "nobody", GYR_ST_INT64)) *rc = GYR_FAILURE;
	logger(owner, "tables", in->get_owner_last_error(owner), GYR_LOG_INFO);
	if (strstr(in->config, "fail")) *rc = GYR_FAILURE;
	if (!strcmp(in->config, "fail without a state")) return NULL;
	return *rc == GYR_SUCCESS ? malloc(1) : &failed_state;
}
#endif
#ifndef NO_destroy
EXPORT void plugin_destroy(gyr_plugin *s)
{
	logger(owner, NULL, "destroyed", GYR_LOG_INFO);
	if (s != &failed_state) free(s);
}
#endif
#ifndef NO_get_last_error
EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return s ? "init does not like this" : "asked without a state"; }
#endif
#ifdef SCHEMA
#ifndef SCHEMA_TYPE
#define SCHEMA_TYPE 1
#endif
EXPORT const char *plugin_get_init_schema(int32_t *type)
{
	*type = SCHEMA_TYPE;
	return SCHEMA;
}
#endif

#ifndef NO_get_id
EXPORT uint32_t plugin_get_id(void) { return ID; }
#endif
#ifndef NO_get_event_source
EXPORT const char *plugin_get_event_source(void) { return SOURCE; }
#endif
#ifndef NO_open
EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return NULL;
}
#endif
#ifndef NO_close
EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h) {}
#endif
#ifndef NO_next_batch
EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts) { return GYR_EOF; }
#endif
#ifdef OPEN_PARAMS
EXPORT const char *plugin_list_open_params(gyr_plugin *s, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	if (!strcmp(OPEN_PARAMS, "fail")) *rc = GYR_FAILURE;
	return OPEN_PARAMS;
}
#endif

#ifndef NO_get_fields
EXPORT const char *plugin_get_fields(void) { return FIELDS; }
#endif
#ifndef NO_extract_fields
EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_input *e, const gyr_extract_input *in)
{
	static const char *value = "value";
	for (uint32_t i = 0; i < in->num_fields; i++) {
		in->fields[i].res.str = &value;
		in->fields[i].res_len = 1;
	}
	return GYR_SUCCESS;
}
#endif
#ifdef EXTRACT_SOURCES
EXPORT const char *plugin_get_extract_event_sources(void) { return EXTRACT_SOURCES; }
#endif
#ifdef EXTRACT_TYPES
EXPORT uint16_t *plugin_get_extract_event_types(uint32_t *n, gyr_plugin *s)
{
	static uint16_t types[] = {EXTRACT_TYPES};
	*n = sizeof types / sizeof *types;
	return types;
}
#endif

#ifdef PARSE
EXPORT gyr_rc plugin_parse_event(gyr_plugin *s, const gyr_event_input *e, const gyr_parse_input *in) { return GYR_SUCCESS; }
#endif
#ifdef PARSE_SOURCES
EXPORT const char *plugin_get_parse_event_sources(void) { return PARSE_SOURCES; }
#endif
#ifdef ASYNC_EVENTS
EXPORT const char *plugin_get_async_events(void) { return ASYNC_EVENTS; }
#endif
#ifdef ASYNC_HANDLER
EXPORT gyr_rc plugin_set_async_event_handler(gyr_plugin *s, gyr_owner *o, gyr_async_handler h) { return GYR_SUCCESS; }
#endif
#ifdef CAPTURE_OPEN
EXPORT gyr_rc plugin_capture_open(gyr_plugin *s, const gyr_listen_input *in) { return GYR_SUCCESS; }
#endif
