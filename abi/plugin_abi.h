// SPDX-License-Identifier: Apache-2.0

// plugin_abi.h: the binary interface between a host and its plugins, API 3.12.
//
// A plugin is a shared library that exports C functions named plugin_NAME. This header
// declares the data structures and the type of each function (gyr_NAME_fn for plugin_NAME).
// The names in this file are gyr's own; symbols, sizes, offsets and numbers are those of
// Falco's interface, and a test compares them.
//
// Memory: the plugin owns what it returns and keeps it valid until the next call of the same
// function on the same state or instance. What the host passes in is valid during the call.
// New versions only append members to the structures that the host passes in.

#ifndef GYR_PLUGIN_ABI_H
#define GYR_PLUGIN_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GYR_API_MAJOR 3
#define GYR_API_MINOR 12
#define GYR_API_PATCH 0
#define GYR_API_VERSION "3.12.0"

// The maximum length of an error text, including the NUL.
#define GYR_MAX_ERROR 1024

// ---- numbers ----

// Return codes of functions and values of rc arguments.
typedef int32_t gyr_rc;
enum {
	GYR_SUCCESS = 0,
	GYR_FAILURE = 1,
	GYR_TIMEOUT = -1,
	GYR_EOF = 2,
	GYR_NOT_SUPPORTED = 3
};

// Types of field values.
enum {
	GYR_UINT64 = 8,
	GYR_STRING = 9,
	GYR_RELTIME = 20,
	GYR_ABSTIME = 21,
	GYR_BOOL = 25,
	GYR_IPADDR = 40,
	GYR_IPNET = 41
};

// Kinds of configuration schemas.
enum { GYR_SCHEMA_NONE = 0, GYR_SCHEMA_JSON = 1 };

// Types of plugins before API 1.0.
enum { GYR_TYPE_SOURCE = 1, GYR_TYPE_EXTRACTOR = 2 };

// Severities of log messages.
enum {
	GYR_LOG_FATAL = 1,
	GYR_LOG_CRITICAL,
	GYR_LOG_ERROR,
	GYR_LOG_WARNING,
	GYR_LOG_NOTICE,
	GYR_LOG_INFO,
	GYR_LOG_DEBUG,
	GYR_LOG_TRACE
};

// Types of data in state tables.
typedef int32_t gyr_state_type;
enum {
	GYR_ST_INT8 = 1,
	GYR_ST_INT16,
	GYR_ST_INT32,
	GYR_ST_INT64,
	GYR_ST_UINT8,
	GYR_ST_UINT16,
	GYR_ST_UINT32,
	GYR_ST_UINT64,
	GYR_ST_STRING,
	GYR_ST_TABLE,
	GYR_ST_BOOL = 25
};

// Metrics, numbered as since API 3.6.
enum { GYR_METRIC_MONOTONIC = 0, GYR_METRIC_NON_MONOTONIC = 1 };
enum {
	GYR_METRIC_U32 = 0,
	GYR_METRIC_S32,
	GYR_METRIC_U64,
	GYR_METRIC_S64,
	GYR_METRIC_DOUBLE,
	GYR_METRIC_FLOAT,
	GYR_METRIC_INT
};

// Four bytes, 0 or 1. Before API 3.0 it was one byte, with three bytes of padding.
typedef uint32_t gyr_bool;

// ---- opaque types ----

typedef void gyr_plugin;   // a state, made by init
typedef void gyr_instance; // a stream, made by open
typedef void gyr_owner;    // the host's argument for callbacks
typedef void gyr_table;
typedef void gyr_table_entry;
typedef void gyr_table_field;
typedef void gyr_table_iter;
typedef void gyr_routine;
typedef void gyr_routine_state;

// ---- events ----

#define GYR_EVENT_PLUGIN 322 // parameters: u32 plugin ID, bytes
#define GYR_EVENT_ASYNC 402  // parameters: u32 plugin ID, string, bytes
#define GYR_NO_TIME UINT64_MAX
#define GYR_NO_THREAD UINT64_MAX

// Offset of the payload in an event of type GYR_EVENT_PLUGIN.
#define GYR_PAYLOAD_OFFSET 38

// The header of an event. It is followed by nparams four-byte lengths (for both types above)
// and the parameters, without padding. len is the length of header, lengths and parameters.
#pragma pack(push, 1)
typedef struct gyr_event {
	uint64_t ts; // nanoseconds since 1970; GYR_NO_TIME: set by the host
	uint64_t tid;
	uint32_t len;
	uint16_t type;
	uint32_t nparams;
} gyr_event;
#pragma pack(pop)

// An event that the host passes to a plugin.
typedef struct gyr_event_input {
	const gyr_event *evt;
	uint64_t num;       // increases with every event
	const char *source; // name of the event source
} gyr_event_input;

// An event before API 3.0, from and to plugins.
typedef struct gyr_event_v2 {
	uint64_t num; // ignored in events from plugins
	const uint8_t *data;
	uint32_t datalen;
	uint64_t ts;
} gyr_event_v2;

// ---- extraction ----

typedef struct gyr_bytes {
	uint32_t len;
	const void *ptr;
} gyr_bytes;

// A request for a field, and its result.
typedef struct gyr_extract_field {
	// The result: res_len values, none for an absent field.
	union {
		const char **str;
		uint64_t *u64;
		uint32_t *u32;
		gyr_bool *boolean;
		gyr_bytes *buf;
	} res;
	uint64_t res_len;
	// The request.
	uint32_t field_id; // index in the list of get_fields
	const char *field;
	const char *arg_key;
	uint64_t arg_index;
	gyr_bool arg_present;
	uint32_t ftype;
	gyr_bool flist;
} gyr_extract_field;

// The same before API 1.0.
typedef struct gyr_extract_field_v0 {
	uint32_t field_id;
	const char *field;
	const char *arg;
	uint32_t ftype;
	uint8_t present;
	const char *res_str;
	uint64_t res_u64;
} gyr_extract_field_v0;

// Positions of values in an event, relative to its header: one pair per value.
typedef struct gyr_value_offsets {
	uint32_t *start;
	uint32_t *length;
} gyr_value_offsets;

// ---- state tables ----

typedef union gyr_state_data {
	int8_t s8;
	int16_t s16;
	int32_t s32;
	int64_t s64;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	const char *str;
	gyr_bool b;
	gyr_table *table;
} gyr_state_data;

typedef struct gyr_table_info {
	const char *name;
	gyr_state_type key_type;
} gyr_table_info;

typedef struct gyr_table_fieldinfo {
	const char *name;
	gyr_state_type field_type;
	gyr_bool read_only;
} gyr_table_fieldinfo;

typedef gyr_bool (*gyr_table_iter_fn)(gyr_table_iter *s, gyr_table_entry *e);

// The fields of a table; the extended form of API 3.1 is the same.
typedef struct gyr_fields_vtable {
	const gyr_table_fieldinfo *(*list_table_fields)(gyr_table *t, uint32_t *n);
	gyr_table_field *(*get_table_field)(gyr_table *t, const char *name, gyr_state_type type);
	gyr_table_field *(*add_table_field)(gyr_table *t, const char *name, gyr_state_type type);
} gyr_fields_vtable;

typedef struct gyr_reader_vtable {
	const char *(*get_table_name)(gyr_table *t);
	uint64_t (*get_table_size)(gyr_table *t);
	gyr_table_entry *(*get_table_entry)(gyr_table *t, const gyr_state_data *key);
	gyr_rc (*read_entry_field)(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, gyr_state_data *out);
} gyr_reader_vtable;

typedef struct gyr_reader_vtable_ext {
	const char *(*get_table_name)(gyr_table *t);
	uint64_t (*get_table_size)(gyr_table *t);
	gyr_table_entry *(*get_table_entry)(gyr_table *t, const gyr_state_data *key);
	gyr_rc (*read_entry_field)(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, gyr_state_data *out);
	void (*release_table_entry)(gyr_table *t, gyr_table_entry *e);
	gyr_bool (*iterate_entries)(gyr_table *t, gyr_table_iter_fn it, gyr_table_iter *s);
} gyr_reader_vtable_ext;

// The writer of a table; the extended form of API 3.1 is the same.
typedef struct gyr_writer_vtable {
	gyr_rc (*clear_table)(gyr_table *t);
	gyr_rc (*erase_table_entry)(gyr_table *t, const gyr_state_data *key);
	gyr_table_entry *(*create_table_entry)(gyr_table *t);
	void (*destroy_table_entry)(gyr_table *t, gyr_table_entry *e);
	gyr_table_entry *(*add_table_entry)(gyr_table *t, const gyr_state_data *key, gyr_table_entry *e);
	gyr_rc (*write_entry_field)(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, const gyr_state_data *in);
} gyr_writer_vtable;

// A table that a plugin offers to others.
typedef struct gyr_table_input {
	const char *name;
	gyr_state_type key_type;
	gyr_table *table;
	gyr_reader_vtable reader;
	gyr_writer_vtable writer;
	gyr_fields_vtable fields;
	gyr_reader_vtable_ext *reader_ext; // these three members: since 3.1
	gyr_writer_vtable *writer_ext;
	gyr_fields_vtable *fields_ext;
} gyr_table_input;

// The tables of the host, for init.
typedef struct gyr_tables_input {
	gyr_table_info *(*list_tables)(gyr_owner *o, uint32_t *n);
	gyr_table *(*get_table)(gyr_owner *o, const char *name, gyr_state_type key_type);
	gyr_rc (*add_table)(gyr_owner *o, const gyr_table_input *in);
	gyr_fields_vtable fields;
	gyr_fields_vtable *fields_ext;     // since 3.1
	gyr_reader_vtable_ext *reader_ext; // these two members: since 3.5
	gyr_writer_vtable *writer_ext;
} gyr_tables_input;

// ---- arguments of functions ----

typedef const char *(*gyr_owner_error_fn)(gyr_owner *o);
typedef void (*gyr_log_fn)(gyr_owner *o, const char *component, const char *msg, int32_t severity);

typedef struct gyr_init_input {
	const char *config;
	gyr_owner *owner;
	gyr_owner_error_fn get_owner_last_error;
	const gyr_tables_input *tables;
	gyr_log_fn log; // since 3.3
} gyr_init_input;

typedef struct gyr_extract_input {
	gyr_owner *owner;
	gyr_owner_error_fn get_owner_last_error;
	uint32_t num_fields;
	gyr_extract_field *fields;
	gyr_reader_vtable table_reader;
	gyr_reader_vtable_ext *table_reader_ext; // since 3.1
	gyr_value_offsets *value_offsets;        // since 3.11; NULL if not requested
} gyr_extract_input;

typedef struct gyr_parse_input {
	gyr_owner *owner;
	gyr_owner_error_fn get_owner_last_error;
	gyr_reader_vtable table_reader;
	gyr_writer_vtable table_writer;
	gyr_reader_vtable_ext *table_reader_ext; // these two members: since 3.1
	gyr_writer_vtable *table_writer_ext;
} gyr_parse_input;

typedef struct gyr_set_config_input {
	const char *config;
} gyr_set_config_input;

typedef gyr_bool (*gyr_routine_fn)(gyr_plugin *s, gyr_routine_state *i);

typedef struct gyr_routine_vtable {
	gyr_routine *(*subscribe)(gyr_owner *o, gyr_routine_fn f, gyr_routine_state *i);
	gyr_rc (*unsubscribe)(gyr_owner *o, gyr_routine *r);
} gyr_routine_vtable;

typedef struct gyr_listen_input {
	gyr_owner *owner;
	gyr_routine_vtable *routine;
	gyr_reader_vtable_ext *table_reader_ext;
	gyr_writer_vtable *table_writer_ext;
	gyr_owner_error_fn get_owner_last_error; // since 3.9
} gyr_listen_input;

// Receives an injected event; err, if not NULL, has room for GYR_MAX_ERROR bytes.
typedef gyr_rc (*gyr_async_handler)(gyr_owner *o, const gyr_event *evt, char *err);

typedef struct gyr_metric {
	const char *name;
	int32_t type;
	union {
		uint32_t u32;
		int32_t s32;
		uint64_t u64;
		int64_t s64;
		double d;
		float f;
		int32_t i;
	} value;
	int32_t value_type;
} gyr_metric;

// ---- functions ----

// Required.
typedef const char *(*gyr_text_fn)(void); // get_required_api_version, get_name, get_description, get_contact, get_version
typedef gyr_plugin *(*gyr_init_fn)(const gyr_init_input *in, gyr_rc *rc);
typedef void (*gyr_destroy_fn)(gyr_plugin *s);
typedef const char *(*gyr_last_error_fn)(gyr_plugin *s);

// Configuration and self-description.
typedef const char *(*gyr_init_schema_fn)(int32_t *type);
typedef gyr_rc (*gyr_set_config_fn)(gyr_plugin *s, const gyr_set_config_input *in);
typedef gyr_metric *(*gyr_metrics_fn)(gyr_plugin *s, uint32_t *n);
typedef const char *(*gyr_event_schema_fn)(gyr_plugin *s);

// Sourcing. get_event_source is a gyr_text_fn.
typedef uint32_t (*gyr_id_fn)(void);
typedef gyr_instance *(*gyr_open_fn)(gyr_plugin *s, const char *params, gyr_rc *rc);
typedef void (*gyr_close_fn)(gyr_plugin *s, gyr_instance *h);
typedef gyr_rc (*gyr_next_batch_fn)(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts);
// gyr_next_batch and gyr_interrupt are optional extensions by gyr; export both or neither.
// gyr_next_batch (a gyr_next_batch_fn) is next_batch that waits until there is an event or
// gyr_interrupt is called. gyr_interrupt ends the current call or, if there is none, the next
// one. It may be called by any thread until the instance is closed.
typedef void (*gyr_interrupt_fn)(gyr_plugin *s, gyr_instance *h);
// gyr_read_ahead and gyr_ack are optional extensions by gyr; export both or neither.
// gyr_read_ahead returns how many batches with events may be read before the first is
// acknowledged, 0 if the instance wants no acknowledgements. A host that calls it, before the
// first next_batch, acknowledges every batch with events by gyr_ack, which any thread may call
// until the instance is closed: batch is 1 for the first one and acknowledges all up to it, in
// order; error is NULL if all their events are dealt with, else the reason why not.
typedef uint32_t (*gyr_read_ahead_fn)(gyr_plugin *s, gyr_instance *h);
typedef void (*gyr_ack_fn)(gyr_plugin *s, gyr_instance *h, uint64_t batch, const char *error);
typedef const char *(*gyr_list_open_params_fn)(gyr_plugin *s, gyr_rc *rc);
typedef const char *(*gyr_progress_fn)(gyr_plugin *s, gyr_instance *h, uint32_t *hundredths);
typedef const char *(*gyr_event_to_string_fn)(gyr_plugin *s, const gyr_event_input *evt);

// Extraction. get_fields and the lists of event sources are gyr_text_fn.
typedef uint16_t *(*gyr_event_types_fn)(uint32_t *n, gyr_plugin *s); // one argument in 3.0
typedef gyr_rc (*gyr_extract_fields_fn)(gyr_plugin *s, const gyr_event_input *evt, const gyr_extract_input *in);
// gyr_repeats_fields (a gyr_id_fn) is an optional extension by gyr. If it returns 1, one call
// of extract_fields may request a field several times, with different arguments. Without it,
// gyr makes one call per argument, since a plugin may keep one result per field.


// gyr_extract_batch is an optional extension by gyr, in addition to extract_fields and with the
// same results: it extracts all fields of many events in one call. in holds the requests,
// whose results stay zero, and the tables; a field may occur several times. The events are
// numbered from first_num, belong to source, and have types that the plugin accepts.
typedef struct gyr_batch_input {
	const gyr_extract_input *in;
	const gyr_event *const *events;
	uint32_t num_events;
	const char *source;
	uint64_t first_num;
} gyr_batch_input;

// gyr_value is a result of one of these kinds: none; a number (also a flag or a time); n bytes
// of a text or an address at offset num of the results' bytes; a list of n elements, starting
// at element num; none because of a failure, of which the n bytes at num tell. Lists do not
// share elements. A text ends at its first NUL or after n bytes.
typedef struct gyr_value {
	uint64_t num;
	uint32_t n;
	uint32_t kind;
} gyr_value;

enum { GYR_ABSENT, GYR_NUMBER, GYR_BYTES, GYR_LIST, GYR_FAILED };

// The results: one value per request, event by event. The plugin owns the memory and keeps it
// valid until the next such call on the state. The host may write to it.
typedef struct gyr_batch_answers {
	gyr_value *values, *elements;
	uint64_t num_elements;
	uint8_t *bytes;
	uint64_t num_bytes;
} gyr_batch_answers;

// After a failure the host calls extract_fields for each event.
typedef gyr_rc (*gyr_extract_batch_fn)(gyr_plugin *s, const gyr_batch_input *in, gyr_batch_answers *out);

// Parsing, async events (get_async_events is a gyr_text_fn), listening.
typedef gyr_rc (*gyr_parse_event_fn)(gyr_plugin *s, const gyr_event_input *evt, const gyr_parse_input *in);
typedef gyr_rc (*gyr_set_async_event_handler_fn)(gyr_plugin *s, gyr_owner *o, gyr_async_handler h);
typedef gyr_rc (*gyr_dump_state_fn)(gyr_plugin *s, gyr_owner *o, gyr_async_handler h);
typedef gyr_rc (*gyr_capture_fn)(gyr_plugin *s, const gyr_listen_input *in);

// Differences in older generations.
typedef gyr_plugin *(*gyr_init_v2_fn)(const char *config, gyr_rc *rc);
typedef gyr_rc (*gyr_next_batch_v2_fn)(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event_v2 **evts);
typedef gyr_rc (*gyr_extract_fields_v2_fn)(gyr_plugin *s, const gyr_event_v2 *evt, uint32_t n, gyr_extract_field *fields);
typedef gyr_rc (*gyr_extract_fields_v0_fn)(gyr_plugin *s, const gyr_event_v2 *evt, uint32_t n, gyr_extract_field_v0 *fields);
typedef const char *(*gyr_event_to_string_v2_fn)(gyr_plugin *s, const gyr_event_v2 *evt);
typedef const char *(*gyr_event_to_string_v0_fn)(gyr_plugin *s, const uint8_t *data, uint32_t len);

#ifdef __cplusplus
}
#endif

#endif
