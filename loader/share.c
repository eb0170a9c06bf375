// SPDX-License-Identifier: Apache-2.0

// Checking and keeping the tables that plugins offer.

#include "tables.h"

#include <stdlib.h>
#include <string.h>

// The longest name of a table.
#define MAX_NAME 1024

static int refuse(char *why, const char *text)
{
	gyr_put_error(why, text);
	return 0;
}

static void nothing(gyr_table *t, gyr_table_entry *e) { (void)t, (void)e; }

static gyr_bool no_entries(gyr_table *t, gyr_table_iter_fn it, gyr_table_iter *s)
{
	(void)t, (void)it, (void)s;
	return 0;
}

// extend fills in the extended forms: those of the plugin or, before API 3.1, which had
// none, made of what there was.
static int extend(gyr_shared *t, const gyr_table_input *in, uint32_t minor, char *why)
{
	const gyr_reader_vtable *r = &t->in.reader;
	if (minor < 1) {
		t->reader_ext = (gyr_reader_vtable_ext){
			r->get_table_name, r->get_table_size, r->get_table_entry, r->read_entry_field, nothing, no_entries,
		};
		t->writer_ext = t->in.writer;
		t->fields_ext = t->in.fields;
		return 1;
	}
	if (!in->reader_ext || !in->writer_ext || !in->fields_ext) return refuse(why, "extended vtables must all be defined");
	t->reader_ext = *in->reader_ext;
	t->writer_ext = *in->writer_ext;
	t->fields_ext = *in->fields_ext;
	return 1;
}

// SAME is true if the function is there and the same in both forms.
#define SAME(group, f) (t->in.group.f && t->in.group.f == t->group##_ext.f)

static int check(const gyr_shared *t, char *why)
{
	const char *broken = NULL;
	if (!SAME(fields, list_table_fields) || !SAME(fields, get_table_field) || !SAME(fields, add_table_field))
		broken = "broken or inconsistent fields vtables";
	if (!SAME(writer, clear_table) || !SAME(writer, erase_table_entry) || !SAME(writer, create_table_entry) ||
	    !SAME(writer, destroy_table_entry) || !SAME(writer, add_table_entry) || !SAME(writer, write_entry_field))
		broken = "broken or inconsistent writer vtables";
	if (!SAME(reader, get_table_name) || !SAME(reader, get_table_size) || !SAME(reader, get_table_entry) ||
	    !SAME(reader, read_entry_field) || !t->reader_ext.release_table_entry || !t->reader_ext.iterate_entries)
		broken = "broken or inconsistent reader vtables";
	if (broken) gyr_put_error(why, broken);
	return !broken;
}

static int is_key(gyr_state_type t) { return (t >= GYR_ST_INT8 && t <= GYR_ST_STRING) || t == GYR_ST_BOOL; }

// fill makes t a complete copy of in.
static int fill(gyr_shared *t, const gyr_table_input *in, uint32_t minor, char *why)
{
	size_t n = gyr_text_len(in->name, MAX_NAME);
	if (n == MAX_NAME) return refuse(why, "name is too long");
	if (!is_key(in->key_type)) return refuse(why, "invalid key type");
	// The last three members do not exist before API 3.1.
	memcpy(&t->in, in, offsetof(gyr_table_input, reader_ext));
	t->in.name = NULL;
	if (!extend(t, in, minor, why) || !check(t, why)) return 0;
	char *name = malloc(n + 1);
	if (!name) return refuse(why, "out of memory");
	memcpy(name, in->name, n);
	name[n] = 0;
	t->in.name = name;
	t->in.reader_ext = &t->reader_ext;
	t->in.writer_ext = &t->writer_ext;
	t->in.fields_ext = &t->fields_ext;
	return 1;
}

gyr_shared *gyr_share(gyr_state *st, const gyr_table_input *in, char *why)
{
	if (!in || !in->name) {
		gyr_put_error(why, in ? "name is null" : "input is null");
		return NULL;
	}
	gyr_shared *t = calloc(1, sizeof *t);
	if (!t) {
		gyr_put_error(why, "out of memory");
		return NULL;
	}
	if (!fill(t, in, st->lib->minor, why)) {
		free(t);
		return NULL;
	}
	t->owner = st;
	t->users = 1;
	t->next = st->shared;
	st->shared = t;
	return t;
}
