// SPDX-License-Identifier: Apache-2.0

// The functions for tables that the host gives to plugins. A plugin calls them with what
// it got as a table; they call the table's own functions. All are safe to call with NULL,
// because plugins pass on what they got without asking.

#include "tables.h"

#include <stdio.h>

const char *gyr_owner_last_error(gyr_owner *o) { return o ? ((gyr_owner_data *)o)->error : ""; }

void gyr_put_error(char *error, const char *text)
{
	if (error) snprintf(error, GYR_MAX_ERROR, "%s", text ? text : "");
}

static gyr_table_info *list_tables(gyr_owner *o, uint32_t *n)
{
	const gyr_owner_data *owner = o;
	if (n) *n = 0;
	return n && owner && owner->number ? gyr_go_list_tables(owner->number, n) : NULL;
}

static gyr_table *get_table(gyr_owner *o, const char *name, gyr_state_type key_type)
{
	const gyr_owner_data *owner = o;
	return name && owner && owner->number ? gyr_go_get_table(owner->number, (char *)name, key_type) : NULL;
}

static gyr_rc add_table(gyr_owner *o, const gyr_table_input *in)
{
	const gyr_owner_data *owner = o;
	return owner && owner->number ? gyr_go_add_table(owner->number, (gyr_table_input *)in) : GYR_FAILURE;
}

// FUNCTION finds a function of a table: in the extended form if there is one. It is NULL
// for no table.
#define FUNCTION(t, group, name) \
	(!(t) ? NULL : ((gyr_table_input *)(t))->group##_ext ? ((gyr_table_input *)(t))->group##_ext->name \
							     : ((gyr_table_input *)(t))->group.name)
#define TABLE(t) (((gyr_table_input *)(t))->table)

static const gyr_table_fieldinfo *list_fields(gyr_table *t, uint32_t *n)
{
	const gyr_table_fieldinfo *(*f)(gyr_table *, uint32_t *) = FUNCTION(t, fields, list_table_fields);
	if (!n) return NULL;
	*n = 0;
	return f ? f(TABLE(t), n) : NULL;
}

static gyr_table_field *get_field(gyr_table *t, const char *name, gyr_state_type type)
{
	gyr_table_field *(*f)(gyr_table *, const char *, gyr_state_type) = FUNCTION(t, fields, get_table_field);
	return f && name ? f(TABLE(t), name, type) : NULL;
}

static gyr_table_field *add_field(gyr_table *t, const char *name, gyr_state_type type)
{
	gyr_table_field *(*f)(gyr_table *, const char *, gyr_state_type) = FUNCTION(t, fields, add_table_field);
	return f && name ? f(TABLE(t), name, type) : NULL;
}

static const char *table_name(gyr_table *t)
{
	const char *(*f)(gyr_table *) = FUNCTION(t, reader, get_table_name);
	return f ? f(TABLE(t)) : NULL;
}

static uint64_t table_size(gyr_table *t)
{
	uint64_t (*f)(gyr_table *) = FUNCTION(t, reader, get_table_size);
	return f ? f(TABLE(t)) : UINT64_MAX;
}

static gyr_table_entry *get_entry(gyr_table *t, const gyr_state_data *key)
{
	gyr_table_entry *(*f)(gyr_table *, const gyr_state_data *) = FUNCTION(t, reader, get_table_entry);
	return f && key ? f(TABLE(t), key) : NULL;
}

static gyr_rc read_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *field, gyr_state_data *out)
{
	gyr_rc (*f)(gyr_table *, gyr_table_entry *, const gyr_table_field *, gyr_state_data *) = FUNCTION(t, reader, read_entry_field);
	return f && e && field && out ? f(TABLE(t), e, field, out) : GYR_FAILURE;
}

// The two functions that only the extended form has.
static void release_entry(gyr_table *t, gyr_table_entry *e)
{
	gyr_table_input *in = t;
	if (in && e && in->reader_ext && in->reader_ext->release_table_entry) in->reader_ext->release_table_entry(in->table, e);
}

static gyr_bool iterate(gyr_table *t, gyr_table_iter_fn it, gyr_table_iter *s)
{
	gyr_table_input *in = t;
	return in && it && in->reader_ext && in->reader_ext->iterate_entries ? in->reader_ext->iterate_entries(in->table, it, s) : 0;
}

static gyr_rc clear_table(gyr_table *t)
{
	gyr_rc (*f)(gyr_table *) = FUNCTION(t, writer, clear_table);
	return f ? f(TABLE(t)) : GYR_FAILURE;
}

static gyr_rc erase_entry(gyr_table *t, const gyr_state_data *key)
{
	gyr_rc (*f)(gyr_table *, const gyr_state_data *) = FUNCTION(t, writer, erase_table_entry);
	return f && key ? f(TABLE(t), key) : GYR_FAILURE;
}

static gyr_table_entry *create_entry(gyr_table *t)
{
	gyr_table_entry *(*f)(gyr_table *) = FUNCTION(t, writer, create_table_entry);
	return f ? f(TABLE(t)) : NULL;
}

static void destroy_entry(gyr_table *t, gyr_table_entry *e)
{
	void (*f)(gyr_table *, gyr_table_entry *) = FUNCTION(t, writer, destroy_table_entry);
	if (f && e) f(TABLE(t), e);
}

static gyr_table_entry *add_entry(gyr_table *t, const gyr_state_data *key, gyr_table_entry *e)
{
	gyr_table_entry *(*f)(gyr_table *, const gyr_state_data *, gyr_table_entry *) = FUNCTION(t, writer, add_table_entry);
	return f && key && e ? f(TABLE(t), key, e) : NULL;
}

static gyr_rc write_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *field, const gyr_state_data *in)
{
	gyr_rc (*f)(gyr_table *, gyr_table_entry *, const gyr_table_field *, const gyr_state_data *) = FUNCTION(t, writer, write_entry_field);
	return f && e && field && in ? f(TABLE(t), e, field, in) : GYR_FAILURE;
}

#define FIELDS {list_fields, get_field, add_field}

gyr_fields_vtable gyr_host_fields = FIELDS;
gyr_reader_vtable gyr_host_reader = {table_name, table_size, get_entry, read_field};
gyr_reader_vtable_ext gyr_host_reader_ext = {table_name, table_size, get_entry, read_field, release_entry, iterate};
gyr_writer_vtable gyr_host_writer = {clear_table, erase_entry, create_entry, destroy_entry, add_entry, write_field};

const gyr_tables_input gyr_host_tables = {
	list_tables, get_table, add_table, FIELDS, &gyr_host_fields, &gyr_host_reader_ext, &gyr_host_writer,
};

static gyr_bool each(gyr_table_iter *s, gyr_table_entry *e) { return gyr_go_each((uintptr_t)s, e); }

gyr_bool gyr_each(gyr_table *t, uintptr_t number) { return iterate(t, each, (gyr_table_iter *)number); }

gyr_bool gyr_call_iter(gyr_table_iter_fn f, gyr_table_iter *s, uintptr_t entry) { return f(s, (gyr_table_entry *)entry); }
