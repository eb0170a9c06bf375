// SPDX-License-Identifier: Apache-2.0

// tables.h: calls of the host's table functions. What the host knows by pointers is a
// number here, because a Go pointer variable must not hold what might be no address.

#ifndef GYR_RIM_TABLES_H
#define GYR_RIM_TABLES_H

#include <string.h>

#include "plugin_abi.h"

// What a state knows of the host's tables. The functions are copied when the host passes
// them, because the structures around them live only during a call.
typedef struct gyr_access {
	gyr_owner *owner;
	gyr_owner_error_fn last_error;
	gyr_table_info *(*list_tables)(gyr_owner *o, uint32_t *n);
	gyr_table *(*get_table)(gyr_owner *o, const char *name, gyr_state_type key_type);
	gyr_rc (*add_table)(gyr_owner *o, const gyr_table_input *in);
	gyr_fields_vtable fields;
	gyr_reader_vtable_ext reader;
	gyr_writer_vtable writer;
} gyr_access;

// A value of any type, or the failure to get one.
typedef struct gyr_cell {
	gyr_rc rc;
	uint64_t num;
	const char *str;
	uintptr_t table;
} gyr_cell;

// Describes a table of the plugin as hosts want it.
void gyr_rim_describe(gyr_table_input *in, const char *name, gyr_state_type key, void *table);

// Calls a host's function for an entry of an offered table.
gyr_bool gyr_rim_call(uintptr_t it, uintptr_t s, void *entry);

// Calls gyrEach(handle, entry) for the entries of a host's table until it returns 0.
gyr_bool gyr_rim_iterate(const gyr_access *a, uintptr_t t, void *handle);

// Stores a number or text as the type wants it; a type of 0 is text if there is one.
static inline gyr_state_data gyr_to_data(gyr_state_type type, uint64_t num, const char *str)
{
	gyr_state_data d;
	memset(&d, 0, sizeof d);
	switch(type) {
	case GYR_ST_STRING: d.str = str; break;
	case GYR_ST_INT8:
	case GYR_ST_UINT8: d.u8 = (uint8_t)num; break;
	case GYR_ST_INT16:
	case GYR_ST_UINT16: d.u16 = (uint16_t)num; break;
	case GYR_ST_INT32:
	case GYR_ST_UINT32: d.u32 = (uint32_t)num; break;
	case GYR_ST_BOOL: d.b = num != 0; break;
	case 0:
		if(str[0] != 0) {
			d.str = str;
			break;
		}
		// fall through
	default: d.u64 = num;
	}
	return d;
}

// The inverse of gyr_to_data.
static inline gyr_cell gyr_from_data(gyr_state_type type, const gyr_state_data *d)
{
	gyr_cell c = {GYR_SUCCESS, 0, NULL, 0};
	switch(type) {
	case GYR_ST_STRING: c.str = d->str; break;
	case GYR_ST_TABLE: c.table = (uintptr_t)d->table; break;
	case GYR_ST_INT8: c.num = (uint64_t)(int64_t)d->s8; break;
	case GYR_ST_INT16: c.num = (uint64_t)(int64_t)d->s16; break;
	case GYR_ST_INT32: c.num = (uint64_t)(int64_t)d->s32; break;
	case GYR_ST_UINT8: c.num = d->u8; break;
	case GYR_ST_UINT16: c.num = d->u16; break;
	case GYR_ST_UINT32: c.num = d->u32; break;
	case GYR_ST_BOOL: c.num = d->b != 0; break;
	default: c.num = d->u64;
	}
	return c;
}

static inline const char *gyr_owner_error(const gyr_access *a) { return a->last_error ? a->last_error(a->owner) : NULL; }

static inline gyr_table_info *gyr_list_tables(const gyr_access *a, uint32_t *n) { return a->list_tables(a->owner, n); }

static inline gyr_rc gyr_add_table(const gyr_access *a, const gyr_table_input *in) { return a->add_table(a->owner, in); }

static inline uintptr_t gyr_get_table(const gyr_access *a, const char *name, gyr_state_type key)
{
	return (uintptr_t)a->get_table(a->owner, name, key);
}

static inline const gyr_table_fieldinfo *gyr_list_fields(const gyr_access *a, uintptr_t t, uint32_t *n)
{
	return a->fields.list_table_fields((gyr_table *)t, n);
}

static inline uintptr_t gyr_get_field(const gyr_access *a, uintptr_t t, const char *name, gyr_state_type type)
{
	return (uintptr_t)a->fields.get_table_field((gyr_table *)t, name, type);
}

static inline uintptr_t gyr_add_field(const gyr_access *a, uintptr_t t, const char *name, gyr_state_type type)
{
	return (uintptr_t)a->fields.add_table_field((gyr_table *)t, name, type);
}

static inline const char *gyr_table_name(const gyr_access *a, uintptr_t t) { return a->reader.get_table_name((gyr_table *)t); }

static inline uint64_t gyr_table_size(const gyr_access *a, uintptr_t t) { return a->reader.get_table_size((gyr_table *)t); }

static inline uintptr_t gyr_get_entry(const gyr_access *a, uintptr_t t, gyr_state_type type, uint64_t num, const char *str)
{
	gyr_state_data key = gyr_to_data(type, num, str);
	return (uintptr_t)a->reader.get_table_entry((gyr_table *)t, &key);
}

static inline gyr_cell gyr_read(const gyr_access *a, uintptr_t t, uintptr_t e, uintptr_t f, gyr_state_type type)
{
	gyr_state_data d;
	memset(&d, 0, sizeof d);
	gyr_rc rc = a->reader.read_entry_field((gyr_table *)t, (gyr_table_entry *)e, (const gyr_table_field *)f, &d);
	if(rc != GYR_SUCCESS) {
		gyr_cell failed = {rc, 0, NULL, 0};
		return failed;
	}
	return gyr_from_data(type, &d);
}

static inline gyr_rc gyr_write(const gyr_access *a, uintptr_t t, uintptr_t e, uintptr_t f, gyr_state_type type, uint64_t num, const char *str)
{
	gyr_state_data d = gyr_to_data(type, num, str);
	return a->writer.write_entry_field((gyr_table *)t, (gyr_table_entry *)e, (const gyr_table_field *)f, &d);
}

static inline void gyr_release(const gyr_access *a, uintptr_t t, uintptr_t e)
{
	a->reader.release_table_entry((gyr_table *)t, (gyr_table_entry *)e);
}

static inline void gyr_destroy_entry(const gyr_access *a, uintptr_t t, uintptr_t e)
{
	a->writer.destroy_table_entry((gyr_table *)t, (gyr_table_entry *)e);
}

static inline uintptr_t gyr_create_entry(const gyr_access *a, uintptr_t t)
{
	return (uintptr_t)a->writer.create_table_entry((gyr_table *)t);
}

static inline uintptr_t gyr_add_entry(const gyr_access *a, uintptr_t t, gyr_state_type type, uint64_t num, const char *str, uintptr_t e)
{
	gyr_state_data key = gyr_to_data(type, num, str);
	return (uintptr_t)a->writer.add_table_entry((gyr_table *)t, &key, (gyr_table_entry *)e);
}

static inline gyr_rc gyr_erase(const gyr_access *a, uintptr_t t, gyr_state_type type, uint64_t num, const char *str)
{
	gyr_state_data key = gyr_to_data(type, num, str);
	return a->writer.erase_table_entry((gyr_table *)t, &key);
}

static inline gyr_rc gyr_clear(const gyr_access *a, uintptr_t t) { return a->writer.clear_table((gyr_table *)t); }

#endif
