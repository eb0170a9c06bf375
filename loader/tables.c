// SPDX-License-Identifier: Apache-2.0

// The tables that the host offers to plugins: none so far. Every function is there and
// safe to call, because plugins built with the C++ SDK call them without asking.

#include "state.h"

#include <stdio.h>

static gyr_table_info *list_tables(gyr_owner *o, uint32_t *n)
{
	(void)o;
	if (n) *n = 0;
	return NULL;
}

static gyr_table *get_table(gyr_owner *o, const char *name, gyr_state_type key_type)
{
	(void)key_type;
	gyr_owner_data *owner = o;
	if (owner) snprintf(owner->error, sizeof owner->error, "there is no table named '%.200s'", name ? name : "");
	return NULL;
}

// A plugin that defines a table works without readers of the table.
static gyr_rc add_table(gyr_owner *o, const gyr_table_input *in)
{
	(void)o;
	return in && in->name ? GYR_SUCCESS : GYR_FAILURE;
}

static const gyr_table_fieldinfo *list_fields(gyr_table *t, uint32_t *n)
{
	(void)t;
	if (n) *n = 0;
	return NULL;
}

static gyr_table_field *no_field(gyr_table *t, const char *name, gyr_state_type type)
{
	(void)t, (void)name, (void)type;
	return NULL;
}

static const char *table_name(gyr_table *t)
{
	(void)t;
	return "";
}

static uint64_t table_size(gyr_table *t)
{
	(void)t;
	return 0;
}

static gyr_table_entry *get_entry(gyr_table *t, const gyr_state_data *key)
{
	(void)t, (void)key;
	return NULL;
}

static gyr_rc read_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, gyr_state_data *out)
{
	(void)t, (void)e, (void)f, (void)out;
	return GYR_FAILURE;
}

static void release_entry(gyr_table *t, gyr_table_entry *e) { (void)t, (void)e; }

static gyr_bool iterate(gyr_table *t, gyr_table_iter_fn it, gyr_table_iter *s)
{
	(void)t, (void)it, (void)s;
	return 1;
}

static gyr_rc clear_table(gyr_table *t)
{
	(void)t;
	return GYR_FAILURE;
}

static gyr_rc erase_entry(gyr_table *t, const gyr_state_data *key)
{
	(void)t, (void)key;
	return GYR_FAILURE;
}

static gyr_table_entry *create_entry(gyr_table *t)
{
	(void)t;
	return NULL;
}

static gyr_table_entry *add_entry(gyr_table *t, const gyr_state_data *key, gyr_table_entry *e)
{
	(void)t, (void)key, (void)e;
	return NULL;
}

static gyr_rc write_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, const gyr_state_data *in)
{
	(void)t, (void)e, (void)f, (void)in;
	return GYR_FAILURE;
}

#define FIELDS {list_fields, no_field, no_field}

static gyr_fields_vtable host_fields = FIELDS;

gyr_reader_vtable gyr_host_reader = {table_name, table_size, get_entry, read_field};
gyr_reader_vtable_ext gyr_host_reader_ext = {table_name, table_size, get_entry, read_field, release_entry, iterate};
gyr_writer_vtable gyr_host_writer = {clear_table, erase_entry, create_entry, release_entry, add_entry, write_field};

const gyr_tables_input gyr_host_tables = {
	list_tables, get_table, add_table, FIELDS, &host_fields, &gyr_host_reader_ext, &gyr_host_writer,
};
