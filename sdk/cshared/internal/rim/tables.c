// SPDX-License-Identifier: Apache-2.0

// tables.c: the functions with which the tables of a Go plugin are offered to the host,
// and the loop over the entries of a host's table.

#include "tables.h"
#include "_cgo_export.h"

static const char *name(gyr_table *t) { return gyrTableName(t); }
static uint64_t size(gyr_table *t) { return gyrTableSize(t); }
static gyr_table_entry *get(gyr_table *t, const gyr_state_data *key) { return gyrTableGet(t, (gyr_state_data *)key); }
static void release(gyr_table *t, gyr_table_entry *e) { (void)t; gyrEntryRelease(e); }
static gyr_rc clear(gyr_table *t) { return gyrTableClear(t); }
static gyr_rc erase(gyr_table *t, const gyr_state_data *key) { return gyrTableErase(t, (gyr_state_data *)key); }
static gyr_table_entry *create(gyr_table *t) { return gyrTableNew(t); }
static const gyr_table_fieldinfo *list(gyr_table *t, uint32_t *n) { return gyrTableFields(t, n); }

static gyr_rc read_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, gyr_state_data *out)
{
	return gyrEntryRead(t, e, (void *)f, out);
}

static gyr_rc write_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, const gyr_state_data *in)
{
	return gyrEntryWrite(t, e, (void *)f, (gyr_state_data *)in);
}

static gyr_bool iterate(gyr_table *t, gyr_table_iter_fn it, gyr_table_iter *s)
{
	return gyrTableEach(t, (uintptr_t)it, (uintptr_t)s);
}

static gyr_table_entry *add(gyr_table *t, const gyr_state_data *key, gyr_table_entry *e)
{
	return gyrTableAdd(t, (gyr_state_data *)key, e);
}

static gyr_table_field *get_field(gyr_table *t, const char *n, gyr_state_type type)
{
	return gyrTableField(t, (char *)n, type, 0);
}

static gyr_table_field *add_field(gyr_table *t, const char *n, gyr_state_type type)
{
	return gyrTableField(t, (char *)n, type, 1);
}

static gyr_reader_vtable_ext reader_ext = {name, size, get, read_field, release, iterate};
static gyr_writer_vtable writer = {clear, erase, create, release, add, write_field};
static gyr_fields_vtable fields = {list, get_field, add_field};

void gyr_rim_describe(gyr_table_input *in, const char *table_name, gyr_state_type key, void *table)
{
	memset(in, 0, sizeof *in);
	in->name = table_name;
	in->key_type = key;
	in->table = table;
	in->reader.get_table_name = name;
	in->reader.get_table_size = size;
	in->reader.get_table_entry = get;
	in->reader.read_entry_field = read_field;
	in->writer = writer;
	in->fields = fields;
	in->reader_ext = &reader_ext;
	in->writer_ext = &writer;
	in->fields_ext = &fields;
}

gyr_bool gyr_rim_call(uintptr_t it, uintptr_t s, void *e)
{
	return ((gyr_table_iter_fn)it)((gyr_table_iter *)s, e);
}

static gyr_bool each(gyr_table_iter *s, gyr_table_entry *e) { return gyrEach(s, (uintptr_t)e); }

gyr_bool gyr_rim_iterate(const gyr_access *a, uintptr_t t, void *handle)
{
	return a->reader.iterate_entries((gyr_table *)t, each, handle);
}
