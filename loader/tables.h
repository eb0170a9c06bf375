// SPDX-License-Identifier: Apache-2.0

// tables.h: state tables between the host and plugins.
//
// What a plugin holds as a table points at a gyr_table_input: the host's functions for
// tables look up there what to call. Plugins know this form, too: the table in a field of
// a plugin's table is such a pointer of the plugin's. So calls from one plugin into the
// table of another stay in C. Tables that are made of Go have functions that call Go.

#ifndef GYR_TABLES_H
#define GYR_TABLES_H

#include "state.h"

// A table that a plugin offers. It is counted: the plugin may go before those who use it.
typedef struct gyr_shared {
	gyr_table_input in; // complete: the extended forms are there for every API version
	gyr_reader_vtable_ext reader_ext;
	gyr_writer_vtable writer_ext;
	gyr_fields_vtable fields_ext;
	const struct gyr_state *owner; // NULL when that is gone
	uint32_t users;
	struct gyr_shared *next; // of the same owner
} gyr_shared;

// What somebody holds as a table. in.table points back at the access.
typedef struct gyr_access {
	gyr_table_input in;
	char *error;         // the user's, of GYR_MAX_ERROR bytes
	gyr_shared *shared;  // a plugin's table, or NULL
	uintptr_t user, number; // of the user's state and of the table on Go's side
	struct gyr_access *next; // of the same user
} gyr_access;

// The host's functions for tables, for all plugins.
extern const gyr_tables_input gyr_host_tables;
extern gyr_reader_vtable gyr_host_reader;
extern gyr_reader_vtable_ext gyr_host_reader_ext;
extern gyr_writer_vtable gyr_host_writer;
extern gyr_fields_vtable gyr_host_fields;

// gyr_share checks the table that the plugin adds and returns a copy that belongs to its
// state, or NULL with the reason in why (GYR_MAX_ERROR bytes).
gyr_shared *gyr_share(gyr_state *st, const gyr_table_input *in, char *why);

// gyr_access_shared and gyr_access_go make an access; NULL without memory. With a state
// it is freed with that, else with gyr_access_free.
gyr_access *gyr_access_shared(gyr_shared *t, gyr_state *user, char *error);
gyr_access *gyr_access_go(uintptr_t number, gyr_state *user);
void gyr_access_free(gyr_access *a);

// gyr_tables_free frees the accesses of the state and gives up its tables.
void gyr_tables_free(gyr_state *st);

// gyr_put_error makes text the error of the state's owner.
void gyr_put_error(char *error, const char *text);

// Go's side of the host's functions, in registry.go and gotable.go. Numbers of entries
// and fields are never 0.
gyr_table_info *gyr_go_list_tables(uintptr_t user, uint32_t *n);
gyr_table *gyr_go_get_table(uintptr_t user, char *name, int32_t key_type);
gyr_rc gyr_go_add_table(uintptr_t user, gyr_table_input *in);
gyr_table_fieldinfo *gyr_go_list_fields(uintptr_t user, uintptr_t table, uint32_t *n);
uintptr_t gyr_go_field(uintptr_t user, uintptr_t table, char *name, int32_t type, int add);
uint64_t gyr_go_size(uintptr_t user, uintptr_t table);
uintptr_t gyr_go_get(uintptr_t user, uintptr_t table, gyr_state_data *key);
gyr_rc gyr_go_read(uintptr_t user, uintptr_t entry, uintptr_t field, gyr_state_data *out);
gyr_rc gyr_go_write(uintptr_t user, uintptr_t entry, uintptr_t field, gyr_state_data *in);
void gyr_go_release(uintptr_t user, uintptr_t entry);
gyr_bool gyr_go_iterate(uintptr_t user, uintptr_t table, gyr_table_iter_fn f, gyr_table_iter *s);
gyr_rc gyr_go_clear(uintptr_t user, uintptr_t table);
gyr_rc gyr_go_erase(uintptr_t user, uintptr_t table, gyr_state_data *key);
uintptr_t gyr_go_create(uintptr_t user, uintptr_t table);
uintptr_t gyr_go_add(uintptr_t user, uintptr_t table, gyr_state_data *key, uintptr_t entry);

// gyr_call_iter calls what a plugin gave to iterate_entries.
gyr_bool gyr_call_iter(gyr_table_iter_fn f, gyr_table_iter *s, uintptr_t entry);

// gyr_each has Go's side called for every entry (gyr_go_each); 0 if it stopped.
gyr_bool gyr_each(gyr_table *t, uintptr_t number);
gyr_bool gyr_go_each(uintptr_t number, gyr_table_entry *e);

#endif
