// SPDX-License-Identifier: Apache-2.0

// tables: with -DOWNER it offers the table "people" (keys: texts) with the fields "n"
// (uint64), "name" (text) and "visits" (a table with keys of int64 and the field "n"); else
// it uses the table named in the configuration, "NAME TYPE". parse_event counts the payload
// in it and extraction reads it. -DSPOIL='t.reader.get_table_size = NULL' and the like spoil
// what is offered.

#ifndef NAME
#define NAME "tables"
#endif
#include "plugin.h"

// What a plugin made for an API before 3.1 (-DOLD) knows of the extended forms.
#ifdef OLD
#define EXT(in) ((gyr_reader_vtable_ext *)NULL)
#else
#define EXT(in) ((in)->table_reader_ext)
#endif

static int outstanding; // entries that were handed out and not released

#define FAILED "the table does not have it"

// ---- a table: a list of entries ----

typedef struct entry {
	char key[64];
	int64_t num_key;
	uint64_t n;
	char name[64];
	struct table *visits;
	struct entry *next;
} entry;

typedef struct table {
	gyr_table_input in; // what others get of a table in a field
	int sub;
	entry *first;
} table;

static void fill(gyr_table_input *in, table *t);

static table *new_table(int sub)
{
	table *t = calloc(1, sizeof *t);
	t->sub = sub;
	fill(&t->in, t);
	return t;
}

static void free_table(table *t);

static void free_entry(entry *e)
{
	if (e->visits) free_table(e->visits);
	free(e);
}

static gyr_rc t_clear(gyr_table *p)
{
	table *t = p;
	while (t->first) {
		entry *e = t->first;
		t->first = e->next;
		free_entry(e);
	}
	return GYR_SUCCESS;
}

static void free_table(table *t)
{
	t_clear(t);
	free(t);
}

static int is_key(const table *t, const entry *e, const gyr_state_data *key)
{
	return t->sub ? e->num_key == key->s64 : !strcmp(e->key, key->str);
}

static const char *t_name(gyr_table *p) { return ((table *)p)->sub ? "visits" : "people"; }
static uint64_t t_size(gyr_table *p)
{
	uint64_t n = 0;
	for (entry *e = ((table *)p)->first; e; e = e->next) n++;
	return n;
}
static gyr_table_entry *t_get(gyr_table *p, const gyr_state_data *key)
{
	table *t = p;
	for (entry *e = t->first; e; e = e->next) {
		if (!is_key(t, e, key)) continue;
		outstanding++;
		return e;
	}
	return NULL;
}
static char f_n, f_name, f_visits, f_added;
static gyr_rc t_read(gyr_table *p, gyr_table_entry *x, const gyr_table_field *f, gyr_state_data *out)
{
	entry *e = x;
	if (f == &f_n) return out->u64 = e->n, GYR_SUCCESS;
	if (f == &f_name) return out->str = e->name, GYR_SUCCESS;
	if (f != &f_visits) return GYR_FAILURE;
	if (!e->visits) e->visits = new_table(1);
	out->table = &e->visits->in;
	return GYR_SUCCESS;
}
static void t_release(gyr_table *p, gyr_table_entry *e) { outstanding--; }
static gyr_bool t_iterate(gyr_table *p, gyr_table_iter_fn it, gyr_table_iter *s)
{
	for (entry *e = ((table *)p)->first; e; e = e->next)
		if (!it(s, e)) return 0;
	return 1;
}
static gyr_rc t_erase(gyr_table *p, const gyr_state_data *key)
{
	table *t = p;
	for (entry **at = &t->first; *at; at = &(*at)->next) {
		if (!is_key(t, *at, key)) continue;
		entry *e = *at;
		*at = e->next;
		free_entry(e);
		return GYR_SUCCESS;
	}
	return GYR_FAILURE;
}
static gyr_table_entry *t_create(gyr_table *p) { return calloc(1, sizeof(entry)); }
static void t_destroy(gyr_table *p, gyr_table_entry *e) { free_entry(e); }
static gyr_table_entry *t_add(gyr_table *p, const gyr_state_data *key, gyr_table_entry *x)
{
	table *t = p;
	entry *e = x;
	if (!t->sub && !strcmp(key->str, "forbidden")) return NULL;
	t_erase(t, key);
	if (t->sub)
		e->num_key = key->s64;
	else
		snprintf(e->key, sizeof e->key, "%s", key->str);
	e->next = t->first;
	t->first = e;
	outstanding++;
	return e;
}
static gyr_rc t_write(gyr_table *p, gyr_table_entry *x, const gyr_table_field *f, const gyr_state_data *in)
{
	entry *e = x;
	if (f == &f_n) return e->n = in->u64, GYR_SUCCESS;
	if (f == &f_name) return snprintf(e->name, sizeof e->name, "%s", in->str), GYR_SUCCESS;
	return GYR_FAILURE;
}
static const gyr_table_fieldinfo *t_fields(gyr_table *p, uint32_t *n)
{
	static gyr_table_fieldinfo list[] = {{"n", GYR_ST_UINT64, 0}, {"name", GYR_ST_STRING, 0}, {"visits", GYR_ST_TABLE, 1}};
	*n = ((table *)p)->sub ? 1 : 3;
	return list;
}
static gyr_table_field *t_field(gyr_table *p, const char *name, gyr_state_type type)
{
	if (!strcmp(name, "n") && type == GYR_ST_UINT64) return &f_n;
	if (((table *)p)->sub) return NULL;
	if (!strcmp(name, "name") && type == GYR_ST_STRING) return &f_name;
	return !strcmp(name, "visits") && type == GYR_ST_TABLE ? &f_visits : NULL;
}
static gyr_table_field *t_new_field(gyr_table *p, const char *name, gyr_state_type type)
{
	return strcmp(name, "added") ? t_field(p, name, type) : &f_added;
}

static gyr_reader_vtable_ext reader_ext = {t_name, t_size, t_get, t_read, t_release, t_iterate};
static gyr_writer_vtable writer_ext = {t_clear, t_erase, t_create, t_destroy, t_add, t_write};
static gyr_fields_vtable fields_ext = {t_fields, t_field, t_new_field};

static void fill(gyr_table_input *in, table *t)
{
	*in = (gyr_table_input){
		t->sub ? "visits" : "people", t->sub ? GYR_ST_INT64 : GYR_ST_STRING, t,
		{t_name, t_size, t_get, t_read}, writer_ext, fields_ext, &reader_ext, &writer_ext, &fields_ext,
	};
}

// ---- the plugin ----

typedef struct state {
	table *own;
	gyr_owner *owner;
	gyr_owner_error_fn error;
	gyr_log_fn log;
	gyr_table *used;
	int by_number;
	gyr_table_field *n, *name, *visits, *visit_n;
	const gyr_fields_vtable *fields;
	char why[GYR_MAX_ERROR];
} state;

static void tell(state *s, const char *what) { if (s->log) s->log(s->owner, what, s->error(s->owner), GYR_LOG_INFO); }

#ifdef OWNER
static gyr_rc begin(state *s, const gyr_init_input *in)
{
	s->own = new_table(0);
	gyr_table_input t = s->own->in;
#ifdef SPOIL
	static gyr_reader_vtable_ext bad_reader;
	static gyr_writer_vtable bad_writer;
	static gyr_fields_vtable bad_fields;
	bad_reader = reader_ext, bad_writer = writer_ext, bad_fields = fields_ext;
	t.reader_ext = &bad_reader, t.writer_ext = &bad_writer, t.fields_ext = &bad_fields;
	SPOIL;
#endif
	gyr_rc rc = in->tables->add_table(in->owner, &t);
	if (rc != GYR_SUCCESS) tell(s, "add");
	if (in->tables->add_table(in->owner, NULL) == GYR_SUCCESS) return GYR_FAILURE;
	if (rc == GYR_SUCCESS && in->tables->add_table(in->owner, &t) == GYR_SUCCESS) return GYR_FAILURE;
	tell(s, "again");
	return rc;
}
#else
static gyr_rc begin(state *s, const gyr_init_input *in)
{
	char name[64] = "people";
	int type = GYR_ST_STRING;
	sscanf(in->config, "%63s %d", name, &type);
	uint32_t n = 0;
	gyr_table_info *all = in->tables->list_tables(in->owner, &n);
	for (uint32_t i = 0; i < n; i++) {
		char text[100];
		snprintf(text, sizeof text, "%s %d", all[i].name, all[i].key_type);
		if (s->log) s->log(s->owner, "table", text, GYR_LOG_INFO);
	}
	s->used = in->tables->get_table(in->owner, name, type);
	if (!s->used) return tell(s, "get"), GYR_FAILURE;
	s->by_number = type != GYR_ST_STRING;
	const gyr_fields_vtable *f = s->fields = &in->tables->fields;
	const gyr_table_fieldinfo *fields = f->list_table_fields(s->used, &n);
	for (uint32_t i = 0; i < n && strcmp(name, "threads"); i++) {
		char text[100];
		snprintf(text, sizeof text, "%s %d %u", fields[i].name, fields[i].field_type, fields[i].read_only);
		if (s->log) s->log(s->owner, "field", text, GYR_LOG_INFO);
	}
	if (!strcmp(name, "threads")) {
		s->name = f->get_table_field(s->used, "comm", GYR_ST_STRING);
		s->n = f->add_table_field(s->used, "mine", GYR_ST_UINT64);
		s->visits = f->get_table_field(s->used, "file_descriptors", GYR_ST_TABLE);
		return s->name && s->n && s->visits ? GYR_SUCCESS : GYR_FAILURE;
	}
	if (f->get_table_field(s->used, "n", GYR_ST_INT8)) return GYR_FAILURE;
	tell(s, "field n");
	s->n = f->get_table_field(s->used, "n", GYR_ST_UINT64);
	s->name = f->get_table_field(s->used, "name", GYR_ST_STRING);
	s->visits = f->get_table_field(s->used, "visits", GYR_ST_TABLE);
	if (!f->add_table_field(s->used, "added", GYR_ST_UINT64)) return GYR_FAILURE;
	return s->n && s->name ? GYR_SUCCESS : GYR_FAILURE;
}
#endif

EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	state *s = calloc(1, sizeof *s);
	s->owner = in->owner;
	s->error = in->get_owner_last_error;
#ifndef NO_LOG
	s->log = in->log;
#endif
	*rc = begin(s, in);
	return s;
}
EXPORT void plugin_destroy(gyr_plugin *p)
{
	state *s = p;
	if (s->own) free_table(s->own);
	free(s);
}
EXPORT const char *plugin_get_last_error(gyr_plugin *p) { return FAILED; }

#ifndef OWNER
// payload is the text of an event.
static const char *payload(const gyr_event_input *e)
{
	static char text[64];
	gyr_event h;
	memcpy(&h, e->evt, sizeof h);
	uint32_t n = h.len - GYR_PAYLOAD_OFFSET;
	if (n >= sizeof text) n = sizeof text - 1;
	memcpy(text, (const char *)e->evt + GYR_PAYLOAD_OFFSET, n);
	text[n] = 0;
	return text;
}

static gyr_state_data key_of(const state *s, const char *text)
{
	gyr_state_data key = {0};
	if (s->by_number)
		key.s64 = atoi(text);
	else
		key.str = text;
	return key;
}

// visit counts in the table of an entry.
static gyr_rc visit(state *s, const gyr_parse_input *in, gyr_table_entry *e)
{
	gyr_state_data sub, key = {.s64 = -5}, v = {0};
	const gyr_reader_vtable *r = &in->table_reader;
	const gyr_writer_vtable *w = &in->table_writer;
	if (!s->visits) return GYR_SUCCESS;
	if (r->read_entry_field(s->used, e, s->visits, &sub) != GYR_SUCCESS || !sub.table) return GYR_FAILURE;
	gyr_table_entry *v_e = r->get_table_entry(sub.table, &key);
	if (!v_e) v_e = w->add_table_entry(sub.table, &key, w->create_table_entry(sub.table));
	if (!s->visit_n) s->visit_n = s->fields->get_table_field(sub.table, "n", GYR_ST_UINT64);
	if (!v_e || r->read_entry_field(sub.table, v_e, s->visit_n, &v) == GYR_FAILURE) return GYR_FAILURE;
	v.u64 += 10;
	if (w->write_entry_field(sub.table, v_e, s->visit_n, &v) != GYR_SUCCESS) return GYR_FAILURE;
	if (EXT(in)) EXT(in)->release_table_entry(sub.table, v_e);
	return r->get_table_name(sub.table) && r->get_table_size(sub.table) == 1 ? GYR_SUCCESS : GYR_FAILURE;
}

// A payload "-X" erases X, "!" clears, "?" asks for what is not there, else it is counted.
EXPORT gyr_rc plugin_parse_event(gyr_plugin *p, const gyr_event_input *e, const gyr_parse_input *in)
{
	state *s = p;
	const gyr_reader_vtable *r = &in->table_reader;
	const gyr_writer_vtable *w = &in->table_writer;
	const char *text = payload(e);
	gyr_state_data key = key_of(s, text), v = {0}, name = {.str = text};
	if (*text == '!') return w->clear_table(s->used);
	if (*text == '-') {
		key = key_of(s, text + 1);
		return w->erase_table_entry(s->used, &key);
	}
	if (*text == '?') {
		gyr_state_data null = {0};
		if (r->get_table_entry(s->used, &key)) return GYR_FAILURE;
		tell(s, "missing");
		if (r->get_table_entry(NULL, &key) || r->get_table_entry(s->used, NULL) || r->get_table_size(NULL) != UINT64_MAX) return GYR_FAILURE;
		if (!s->by_number && r->get_table_entry(s->used, &null)) return GYR_FAILURE;
		if (r->read_entry_field(s->used, NULL, s->n, &v) == GYR_SUCCESS || w->write_entry_field(s->used, NULL, NULL, NULL) == GYR_SUCCESS) return GYR_FAILURE;
		w->destroy_table_entry(s->used, w->create_table_entry(s->used));
		w->destroy_table_entry(s->used, NULL);
		return GYR_SUCCESS;
	}
	gyr_table_entry *entry = r->get_table_entry(s->used, &key);
	if (!entry) {
		gyr_table_entry *fresh = w->create_table_entry(s->used);
		entry = w->add_table_entry(s->used, &key, fresh);
		if (!entry) {
			if (!strcmp(text, "forbidden")) w->destroy_table_entry(s->used, fresh);
			return tell(s, "refused"), GYR_FAILURE;
		}
	}
	if (r->read_entry_field(s->used, entry, s->n, &v) != GYR_SUCCESS) return GYR_FAILURE;
	v.u64++;
	gyr_rc rc = w->write_entry_field(s->used, entry, s->n, &v);
	if (rc == GYR_SUCCESS) rc = w->write_entry_field(s->used, entry, s->name, &name);
	if (rc == GYR_SUCCESS) rc = visit(s, in, entry);
	if (EXT(in)) EXT(in)->release_table_entry(s->used, entry);
	return rc;
}
EXPORT const char *plugin_get_parse_event_sources(void) { return "[]"; }

EXPORT const char *plugin_get_fields(void)
{
	return "[{\"type\":\"uint64\",\"name\":\"" NAME ".n\",\"desc\":\"count of the payload\"},"
	       "{\"type\":\"string\",\"name\":\"" NAME ".name\",\"desc\":\"its name\"},"
	       "{\"type\":\"uint64\",\"name\":\"" NAME ".size\",\"desc\":\"entries\"},"
	       "{\"type\":\"uint64\",\"name\":\"" NAME ".sum\",\"desc\":\"sum of all counts, by iteration\"},"
	       "{\"type\":\"uint64\",\"name\":\"" NAME ".some\",\"desc\":\"entries seen by an iteration that ends after two\"},"
	       "{\"type\":\"uint64\",\"name\":\"" NAME ".visits\",\"desc\":\"count in the table of the entry\"}]";
}

typedef struct sum {
	state *s;
	const gyr_reader_vtable *r;
	uint64_t sum, seen, limit;
} sum;

static gyr_bool add_up(gyr_table_iter *i, gyr_table_entry *e)
{
	sum *u = i;
	gyr_state_data v;
	if (u->r->read_entry_field(u->s->used, e, u->s->n, &v) == GYR_SUCCESS) u->sum += v.u64;
	return ++u->seen < u->limit;
}

EXPORT gyr_rc plugin_extract_fields(gyr_plugin *p, const gyr_event_input *e, const gyr_extract_input *in)
{
	static uint64_t n[6];
	static char name[64];
	static const char *names[] = {name};
	state *s = p;
	const gyr_reader_vtable *r = &in->table_reader;
	gyr_state_data key = key_of(s, payload(e)), v;
	gyr_table_entry *entry = r->get_table_entry(s->used, &key);
	sum all = {s, r, 0, 0, UINT64_MAX}, two = {s, r, 0, 0, 2};
	if (EXT(in)) {
		EXT(in)->iterate_entries(s->used, add_up, &all);
		EXT(in)->iterate_entries(s->used, add_up, &two);
	}
	for (uint32_t i = 0; i < in->num_fields; i++) {
		gyr_extract_field *f = &in->fields[i];
		f->res.u64 = &n[f->field_id];
		f->res_len = 1;
		switch (f->field_id) {
		case 0:
			if (!entry || r->read_entry_field(s->used, entry, s->n, &v) != GYR_SUCCESS) f->res_len = 0;
			n[0] = v.u64;
			break;
		case 1:
			if (!entry || r->read_entry_field(s->used, entry, s->name, &v) != GYR_SUCCESS) f->res_len = 0;
			else snprintf(name, sizeof name, "%s", v.str);
			f->res.str = names;
			break;
		case 2: n[2] = r->get_table_size(s->used); break;
		case 3: n[3] = all.sum; break;
		case 4: n[4] = two.seen; break;
		case 5: {
			gyr_state_data sub, five = {.s64 = -5};
			f->res_len = 0;
			if (!entry || !s->visits || r->read_entry_field(s->used, entry, s->visits, &sub) != GYR_SUCCESS) break;
			gyr_table_entry *v_e = r->get_table_entry(sub.table, &five);
			if (!v_e || r->read_entry_field(sub.table, v_e, s->visit_n, &v) != GYR_SUCCESS) break;
			n[5] = v.u64, f->res_len = 1;
			if (EXT(in)) EXT(in)->release_table_entry(sub.table, v_e);
		}
		}
	}
	if (entry && EXT(in)) EXT(in)->release_table_entry(s->used, entry);
	return GYR_SUCCESS;
}
EXPORT const char *plugin_get_extract_event_sources(void) { return "[]"; }
#else
EXPORT gyr_rc plugin_parse_event(gyr_plugin *p, const gyr_event_input *e, const gyr_parse_input *in) { return GYR_SUCCESS; }
EXPORT gyr_metric *plugin_get_metrics(gyr_plugin *p, uint32_t *n)
{
	static gyr_metric m[1];
	m[0] = (gyr_metric){"outstanding", GYR_METRIC_NON_MONOTONIC, {.s32 = outstanding}, GYR_METRIC_S32};
	*n = 1;
	return m;
}
#endif
