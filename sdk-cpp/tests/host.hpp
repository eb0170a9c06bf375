// SPDX-License-Identifier: Apache-2.0

// host.hpp: the host's side of the interface, for host.cpp: the owner of a plugin state,
// its tables, libraries and states.

#ifndef GYR_TESTS_HOST_HPP
#define GYR_TESTS_HOST_HPP

#include <dlfcn.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "check.hpp"
#include "gyr/codec.hpp"

namespace {

// Host is the owner of a plugin state.
struct Host {
	std::string error, log;
	std::mutex mu;
	std::vector<std::string> events;
	std::map<std::string, gyr_table_input> *tables = nullptr;
};

// HostTable is the handle that plugins get for a table of another one. Tables in entries
// are wrapped, too; the wraps live to the end.
struct HostTable {
	gyr_table *table;
	gyr_reader_vtable_ext r;
	gyr_writer_vtable w;
	gyr_fields_vtable f;
	std::map<const void *, gyr_state_type> types; // of its fields
};
std::vector<std::unique_ptr<HostTable>> wraps;

HostTable *ht(gyr_table *t) { return static_cast<HostTable *>(t); }
HostTable *wrap(gyr_table *t, const HostTable &like)
{
	wraps.push_back(std::make_unique<HostTable>(HostTable{t, like.r, like.w, like.f, {}}));
	return wraps.back().get();
}

const char *t_name(gyr_table *t) { return ht(t)->r.get_table_name(ht(t)->table); }
uint64_t t_size(gyr_table *t) { return ht(t)->r.get_table_size(ht(t)->table); }
gyr_table_entry *t_get(gyr_table *t, const gyr_state_data *k) { return ht(t)->r.get_table_entry(ht(t)->table, k); }
gyr_rc t_read(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, gyr_state_data *out)
{
	gyr_rc rc = ht(t)->r.read_entry_field(ht(t)->table, e, f, out);
	if (rc == GYR_SUCCESS && ht(t)->types[f] == GYR_ST_TABLE) out->table = wrap(out->table, *ht(t));
	return rc;
}
void t_release(gyr_table *t, gyr_table_entry *e) { ht(t)->r.release_table_entry(ht(t)->table, e); }
gyr_bool t_iterate(gyr_table *t, gyr_table_iter_fn it, gyr_table_iter *s) { return ht(t)->r.iterate_entries(ht(t)->table, it, s); }
gyr_rc t_clear(gyr_table *t) { return ht(t)->w.clear_table(ht(t)->table); }
gyr_rc t_erase(gyr_table *t, const gyr_state_data *k) { return ht(t)->w.erase_table_entry(ht(t)->table, k); }
gyr_table_entry *t_create(gyr_table *t) { return ht(t)->w.create_table_entry(ht(t)->table); }
void t_destroy(gyr_table *t, gyr_table_entry *e) { ht(t)->w.destroy_table_entry(ht(t)->table, e); }
gyr_table_entry *t_add(gyr_table *t, const gyr_state_data *k, gyr_table_entry *e) { return ht(t)->w.add_table_entry(ht(t)->table, k, e); }
gyr_rc t_write(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, const gyr_state_data *in) { return ht(t)->w.write_entry_field(ht(t)->table, e, f, in); }
const gyr_table_fieldinfo *t_fields(gyr_table *t, uint32_t *n) { return ht(t)->f.list_table_fields(ht(t)->table, n); }
gyr_table_field *note(gyr_table *t, gyr_table_field *f, gyr_state_type type)
{
	if (f) ht(t)->types[f] = type;
	return f;
}
gyr_table_field *t_field(gyr_table *t, const char *n, gyr_state_type ty) { return note(t, ht(t)->f.get_table_field(ht(t)->table, n, ty), ty); }
gyr_table_field *t_add_field(gyr_table *t, const char *n, gyr_state_type ty) { return note(t, ht(t)->f.add_table_field(ht(t)->table, n, ty), ty); }

gyr_reader_vtable reader = {t_name, t_size, t_get, t_read};
gyr_reader_vtable_ext reader_ext = {t_name, t_size, t_get, t_read, t_release, t_iterate};
gyr_writer_vtable writer = {t_clear, t_erase, t_create, t_destroy, t_add, t_write};
gyr_fields_vtable fields = {t_fields, t_field, t_add_field};

gyr_table_info *list_tables(gyr_owner *, uint32_t *n) { return *n = 0, nullptr; }
gyr_table *get_table(gyr_owner *o, const char *name, gyr_state_type key)
{
	auto *h = static_cast<Host *>(o);
	auto it = h->tables->find(name);
	if (it == h->tables->end() || it->second.key_type != key) return h->error = std::string("no table ") + name, nullptr;
	wraps.push_back(std::make_unique<HostTable>(HostTable{it->second.table, *it->second.reader_ext, *it->second.writer_ext, *it->second.fields_ext, {}}));
	return wraps.back().get();
}
gyr_rc add_table(gyr_owner *o, const gyr_table_input *in)
{
	auto *h = static_cast<Host *>(o);
	if (h->tables->count(in->name)) return h->error = "table added to registry multiple times", GYR_FAILURE;
	EQ(in->reader.get_table_entry == in->reader_ext->get_table_entry, true);
	EQ(in->writer.write_entry_field == in->writer_ext->write_entry_field, true);
	EQ(in->fields.add_table_field == in->fields_ext->add_table_field, true);
	(*h->tables)[in->name] = *in;
	return GYR_SUCCESS;
}
const gyr_tables_input host_tables = {list_tables, get_table, add_table, fields, &fields, &reader_ext, &writer};

const char *owner_error(gyr_owner *o) { return static_cast<Host *>(o)->error.c_str(); }
void log_fn(gyr_owner *o, const char *component, const char *msg, int32_t severity)
{
	auto *h = static_cast<Host *>(o);
	std::lock_guard<std::mutex> hold(h->mu);
	h->log += std::to_string(severity) + (component ? std::string(" ") + component : "") + ": " + msg + "\n";
}

gyr_rc async_handler(gyr_owner *o, const gyr_event *evt, char *err)
{
	auto *h = static_cast<Host *>(o);
	gyr::Event e;
	gyr::codec::Fault why = gyr::codec::decode(evt, evt->len, e);
	std::lock_guard<std::mutex> hold(h->mu);
	if (why || e.name == "tack") return snprintf(err, GYR_MAX_ERROR, "incompatible async event"), GYR_FAILURE;
	h->events.push_back(std::string(e.name) + " " + std::to_string(e.payload.size()) + " " + (e.time == gyr::no_time ? "now" : std::to_string(e.time)));
	return GYR_SUCCESS;
}

// ---- a library and a state ----

struct Library {
	void *lib;
	explicit Library(const char *path) : lib(dlopen(path, RTLD_NOW | RTLD_LOCAL))
	{
		if (!lib) std::cout << dlerror() << "\n", std::exit(2);
	}
	template <class F> F get(const char *name) const
	{
		void *f = dlsym(lib, (std::string("plugin_") + name).c_str());
		if (!f) std::cout << "no symbol plugin_" << name << "\n", std::exit(2);
		return reinterpret_cast<F>(f);
	}
	std::string info(const char *name) const { return text(get<gyr_text_fn>(name)()); }
};

struct State {
	const Library &lib;
	Host host;
	gyr_plugin *s = nullptr;
	gyr_rc rc = GYR_FAILURE;

	State(const Library &l, const std::string &config, std::map<std::string, gyr_table_input> *tables = nullptr) : lib(l)
	{
		host.tables = tables;
		// What the host passes in is gone after the call.
		auto in = std::make_unique<gyr_init_input>(gyr_init_input{config.c_str(), &host, owner_error, tables ? &host_tables : nullptr, log_fn});
		s = lib.get<gyr_init_fn>("init")(in.get(), &rc);
	}
	~State() { destroy(); }
	void destroy()
	{
		if (s) lib.get<gyr_destroy_fn>("destroy")(s);
		s = nullptr;
	}
	std::string error() const { return text(lib.get<gyr_last_error_fn>("get_last_error")(s)); }

	// failed tells how a call failed.
	std::string failed(gyr_rc rc) const { return rc == GYR_FAILURE ? error() : "rc " + std::to_string(rc); }
};

// Blob is an event at an odd address in memory of exactly its size.
struct Blob {
	std::unique_ptr<char[]> mem;
	gyr_event_input in;
	Blob(const std::string &payload, uint64_t num, const char *async = nullptr)
	{
		size_t n = async ? gyr::codec::async_size(strlen(async), payload.size()) : gyr::codec::plugin_size(payload.size());
		mem.reset(new char[n]);
		if (async) gyr::codec::encode_async(mem.get(), n, 903, 77, async, payload);
		else gyr::codec::encode_plugin(mem.get(), n, 903, 77, payload);
		in = {reinterpret_cast<gyr_event *>(mem.get()), num, "all"};
	}
};

} // namespace

#endif
