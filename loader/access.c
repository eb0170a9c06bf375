// SPDX-License-Identifier: Apache-2.0

// Accesses to tables: the functions behind the host's for a table of another plugin, and
// for one made of Go.

#include "tables.h"

#include <stdlib.h>

// ---- tables of plugins ----

// usable returns the access if its table can still be used.
static gyr_access *usable(gyr_table *t)
{
	gyr_access *a = t;
	if (a->shared->owner) return a;
	gyr_put_error(a->error, "the plugin that owns the table is gone");
	return NULL;
}

// failed makes the owner's reason the user's error.
static void failed(gyr_access *a)
{
	const char *why = gyr_state_error(a->shared->owner);
	gyr_put_error(a->error, why);
}

// keyed reports whether the table can be asked for the key.
static int keyed(gyr_access *a, const gyr_state_data *key)
{
	if (a->in.key_type != GYR_ST_STRING || key->str) return 1;
	gyr_put_error(a->error, "the key is NULL");
	return 0;
}

#define IN(a) ((a)->shared->in)

static const gyr_table_fieldinfo *shared_list_fields(gyr_table *t, uint32_t *n)
{
	gyr_access *a = usable(t);
	if (!a) return NULL;
	const gyr_table_fieldinfo *r = IN(a).fields.list_table_fields(IN(a).table, n);
	if (!r) failed(a);
	return r;
}

static gyr_table_field *shared_get_field(gyr_table *t, const char *name, gyr_state_type type)
{
	gyr_access *a = usable(t);
	if (!a) return NULL;
	gyr_table_field *r = IN(a).fields.get_table_field(IN(a).table, name, type);
	if (!r) failed(a);
	return r;
}

static gyr_table_field *shared_add_field(gyr_table *t, const char *name, gyr_state_type type)
{
	gyr_access *a = usable(t);
	if (!a) return NULL;
	gyr_table_field *r = IN(a).fields.add_table_field(IN(a).table, name, type);
	if (!r) failed(a);
	return r;
}

static const char *access_name(gyr_table *t) { return ((gyr_access *)t)->in.name; }

static uint64_t shared_size(gyr_table *t)
{
	gyr_access *a = usable(t);
	if (!a) return UINT64_MAX;
	uint64_t n = IN(a).reader.get_table_size(IN(a).table);
	if (n == UINT64_MAX) failed(a);
	return n;
}

static gyr_table_entry *shared_get_entry(gyr_table *t, const gyr_state_data *key)
{
	gyr_access *a = usable(t);
	if (!a || !keyed(a, key)) return NULL;
	gyr_table_entry *r = IN(a).reader.get_table_entry(IN(a).table, key);
	if (!r) failed(a);
	return r;
}

static gyr_rc shared_read_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, gyr_state_data *out)
{
	gyr_access *a = usable(t);
	if (!a) return GYR_FAILURE;
	gyr_rc rc = IN(a).reader.read_entry_field(IN(a).table, e, f, out);
	if (rc != GYR_SUCCESS) failed(a);
	return rc;
}

static void shared_release_entry(gyr_table *t, gyr_table_entry *e)
{
	gyr_access *a = usable(t);
	if (a) IN(a).reader_ext->release_table_entry(IN(a).table, e);
}

static gyr_bool shared_iterate(gyr_table *t, gyr_table_iter_fn it, gyr_table_iter *s)
{
	gyr_access *a = usable(t);
	return a ? IN(a).reader_ext->iterate_entries(IN(a).table, it, s) : 0;
}

static gyr_rc shared_clear(gyr_table *t)
{
	gyr_access *a = usable(t);
	if (!a) return GYR_FAILURE;
	gyr_rc rc = IN(a).writer.clear_table(IN(a).table);
	if (rc != GYR_SUCCESS) failed(a);
	return rc;
}

static gyr_rc shared_erase(gyr_table *t, const gyr_state_data *key)
{
	gyr_access *a = usable(t);
	if (!a || !keyed(a, key)) return GYR_FAILURE;
	gyr_rc rc = IN(a).writer.erase_table_entry(IN(a).table, key);
	if (rc != GYR_SUCCESS) failed(a);
	return rc;
}

static gyr_table_entry *shared_create(gyr_table *t)
{
	gyr_access *a = usable(t);
	if (!a) return NULL;
	gyr_table_entry *r = IN(a).writer.create_table_entry(IN(a).table);
	if (!r) failed(a);
	return r;
}

static void shared_destroy(gyr_table *t, gyr_table_entry *e)
{
	gyr_access *a = usable(t);
	if (a) IN(a).writer.destroy_table_entry(IN(a).table, e);
}

static gyr_table_entry *shared_add(gyr_table *t, const gyr_state_data *key, gyr_table_entry *e)
{
	gyr_access *a = usable(t);
	if (!a || !keyed(a, key)) return NULL;
	gyr_table_entry *r = IN(a).writer.add_table_entry(IN(a).table, key, e);
	if (!r) failed(a);
	return r;
}

static gyr_rc shared_write_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, const gyr_state_data *in)
{
	gyr_access *a = usable(t);
	if (!a) return GYR_FAILURE;
	gyr_rc rc = IN(a).writer.write_entry_field(IN(a).table, e, f, in);
	if (rc != GYR_SUCCESS) failed(a);
	return rc;
}

static gyr_fields_vtable shared_fields = {shared_list_fields, shared_get_field, shared_add_field};
static gyr_reader_vtable_ext shared_reader = {access_name, shared_size, shared_get_entry, shared_read_field, shared_release_entry, shared_iterate};
static gyr_writer_vtable shared_writer = {shared_clear, shared_erase, shared_create, shared_destroy, shared_add, shared_write_field};

// ---- tables made of Go ----

#define USER(t) ((gyr_access *)(t))->user
#define GO(t) ((gyr_access *)(t))->user, ((gyr_access *)(t))->number

static const gyr_table_fieldinfo *go_list_fields(gyr_table *t, uint32_t *n) { return gyr_go_list_fields(GO(t), n); }

static gyr_table_field *go_get_field(gyr_table *t, const char *name, gyr_state_type type)
{
	return (gyr_table_field *)gyr_go_field(GO(t), (char *)name, type, 0);
}

static gyr_table_field *go_add_field(gyr_table *t, const char *name, gyr_state_type type)
{
	return (gyr_table_field *)gyr_go_field(GO(t), (char *)name, type, 1);
}

static uint64_t go_size(gyr_table *t) { return gyr_go_size(GO(t)); }

static gyr_table_entry *go_get_entry(gyr_table *t, const gyr_state_data *key)
{
	return (gyr_table_entry *)gyr_go_get(GO(t), (gyr_state_data *)key);
}

static gyr_rc go_read_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, gyr_state_data *out)
{
	return gyr_go_read(USER(t), (uintptr_t)e, (uintptr_t)f, out);
}

static void go_release(gyr_table *t, gyr_table_entry *e) { gyr_go_release(USER(t), (uintptr_t)e); }

static gyr_bool go_iterate(gyr_table *t, gyr_table_iter_fn it, gyr_table_iter *s) { return gyr_go_iterate(GO(t), it, s); }

static gyr_rc go_clear(gyr_table *t) { return gyr_go_clear(GO(t)); }

static gyr_rc go_erase(gyr_table *t, const gyr_state_data *key) { return gyr_go_erase(GO(t), (gyr_state_data *)key); }

static gyr_table_entry *go_create(gyr_table *t) { return (gyr_table_entry *)gyr_go_create(GO(t)); }

static gyr_table_entry *go_add(gyr_table *t, const gyr_state_data *key, gyr_table_entry *e)
{
	return (gyr_table_entry *)gyr_go_add(GO(t), (gyr_state_data *)key, (uintptr_t)e);
}

static gyr_rc go_write_field(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, const gyr_state_data *in)
{
	return gyr_go_write(USER(t), (uintptr_t)e, (uintptr_t)f, (gyr_state_data *)in);
}

static gyr_fields_vtable go_fields = {go_list_fields, go_get_field, go_add_field};
static gyr_reader_vtable_ext go_reader = {access_name, go_size, go_get_entry, go_read_field, go_release, go_iterate};
static gyr_writer_vtable go_writer = {go_clear, go_erase, go_create, go_release, go_add, go_write_field};

// ---- making and freeing ----

static gyr_access *new_access(gyr_state *user, gyr_fields_vtable *f, gyr_reader_vtable_ext *r, gyr_writer_vtable *w)
{
	gyr_access *a = calloc(1, sizeof *a);
	if (!a) return NULL;
	a->in.table = a;
	a->in.fields_ext = f;
	a->in.reader_ext = r;
	a->in.writer_ext = w;
	if (!user) return a;
	a->error = user->owner->error;
	a->user = user->owner->number;
	a->next = user->accesses;
	user->accesses = a;
	return a;
}

gyr_access *gyr_access_shared(gyr_shared *t, gyr_state *user, char *error)
{
	gyr_access *a = new_access(user, &shared_fields, &shared_reader, &shared_writer);
	if (!a) return NULL;
	if (!user) a->error = error;
	a->in.name = t->in.name;
	a->in.key_type = t->in.key_type;
	a->shared = t;
	__atomic_add_fetch(&t->users, 1, __ATOMIC_ACQ_REL);
	return a;
}

gyr_access *gyr_access_go(uintptr_t number, gyr_state *user)
{
	gyr_access *a = new_access(user, &go_fields, &go_reader, &go_writer);
	if (a) a->number = number;
	return a;
}

static void drop(gyr_shared *t)
{
	if (__atomic_sub_fetch(&t->users, 1, __ATOMIC_ACQ_REL)) return;
	free((char *)t->in.name);
	free(t);
}

void gyr_access_free(gyr_access *a)
{
	if (a->shared) drop(a->shared);
	free(a);
}

void gyr_tables_free(gyr_state *st)
{
	while (st->accesses) {
		gyr_access *a = st->accesses;
		st->accesses = a->next;
		gyr_access_free(a);
	}
	while (st->shared) {
		gyr_shared *t = st->shared;
		st->shared = t->next;
		t->owner = NULL;
		drop(t);
	}
	free(st->infos);
	st->infos = NULL;
}
