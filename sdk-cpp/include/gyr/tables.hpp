// SPDX-License-Identifier: Apache-2.0

// tables.hpp: access to the state tables of the host and of other plugins. In init, get handles
// of tables and fields from Tables. Later, use the TableAccess of a call (parse, extract,
// capture_open) to find, read and write entries.
//
//	void init(const std::string &) override
//	{
//		threads = tables().get<int64_t>("threads");
//		comm = tables().field<std::string>(threads, "comm");
//	}
//	void parse(const Event &e, TableAccess &access) override
//	{
//		if (TableEntry t = access.find(threads, id)) use(t.read(comm));
//	}
//
// Tables are not locked. Use them only in calls from the host.

#ifndef GYR_TABLES_HPP
#define GYR_TABLES_HPP

#include <utility>
#include <vector>

#include "gyr/value.hpp"

namespace gyr GYR_HIDDEN {

class OwnTableBase;

// Table is a handle of a table with keys of type Key; it converts to false if there is none.
template <class Key> struct Table {
	gyr_table *handle = nullptr;
	explicit operator bool() const noexcept { return handle != nullptr; }
};

// TableField is a handle of a field with values of type T; it converts to false if there is none.
template <class T> struct TableField {
	gyr_table_field *handle = nullptr;
	explicit operator bool() const noexcept { return handle != nullptr; }
};

template <class Key> struct rim::StateValue<SubTable<Key>> {
	using View = Table<Key>;
	static constexpr gyr_state_type type = GYR_ST_TABLE;
	static Table<Key> get(const gyr_state_data &d) noexcept { return {d.table}; }
};

// TableDesc and TableFieldDesc describe existing tables and fields.
struct TableDesc {
	std::string name;
	gyr_state_type key_type;
};
struct TableFieldDesc {
	std::string name;
	gyr_state_type type;
	bool read_only;
};

namespace rim {

// Owner provides the last error of the host.
struct Owner {
	gyr_owner *handle = nullptr;
	gyr_owner_error_fn error = nullptr;

	[[noreturn]] void fail(const std::string &what) const
	{
		const char *why = error ? error(handle) : nullptr;
		throw Error(why && *why ? what + ": " + why : what);
	}
};

} // namespace rim

class TableAccess;

// TableEntry is an entry of a table; it converts to false if there is none. The destructor
// releases it. It must not outlive the call from the host.
class TableEntry {
public:
	TableEntry() = default;
	TableEntry(TableEntry &&o) noexcept { swap(o); }
	TableEntry &operator=(TableEntry &&o) noexcept
	{
		TableEntry(std::move(o)).swap(*this);
		return *this;
	}
	TableEntry(const TableEntry &) = delete;
	TableEntry &operator=(const TableEntry &) = delete;
	~TableEntry();

	explicit operator bool() const noexcept { return entry_ != nullptr; }

	// read returns the value of a field. Strings and tables are views that are valid until the
	// entry changes. It throws if the table reports an error.
	template <class T> typename rim::StateValue<T>::View read(TableField<T> f) const;

	// write sets a field. It copies strings. It throws if the table reports an error.
	template <class T> void write(TableField<T> f, const T &value);

private:
	friend class TableAccess;
	// How to release the entry.
	enum class Fate { keep, release, destroy };
	TableEntry(const TableAccess *a, gyr_table *t, gyr_table_entry *e, Fate f) noexcept : access_(a), table_(t), entry_(e), fate_(f) {}

	void swap(TableEntry &o) noexcept
	{
		std::swap(access_, o.access_);
		std::swap(table_, o.table_);
		std::swap(entry_, o.entry_);
		std::swap(fate_, o.fate_);
	}

	const TableAccess *access_ = nullptr;
	gyr_table *table_ = nullptr;
	gyr_table_entry *entry_ = nullptr;
	Fate fate_ = Fate::keep;
};

// TableAccess reads tables and, if the call allows it, writes them. Do not keep it.
class TableAccess {
public:
	TableAccess() = default;
	TableAccess(rim::Owner o, const gyr_reader_vtable *r, const gyr_reader_vtable_ext *x, const gyr_writer_vtable *w) noexcept
	    : owner_(o), reader_(r), ext_(x), writer_(w)
	{
	}

	bool can_read() const noexcept { return reader_ || ext_; }
	bool can_write() const noexcept { return writer_ != nullptr; }

	template <class Key> std::string_view name(Table<Key> t) const
	{
		const char *s = call(&gyr_reader_vtable::get_table_name, &gyr_reader_vtable_ext::get_table_name)(check(t));
		return s ? s : "";
	}

	template <class Key> uint64_t size(Table<Key> t) const
	{
		return call(&gyr_reader_vtable::get_table_size, &gyr_reader_vtable_ext::get_table_size)(check(t));
	}

	// find returns the entry with the key; it converts to false if there is none.
	template <class Key> TableEntry find(Table<Key> t, const Key &key) const
	{
		gyr_state_data k = {};
		rim::StateValue<Key>::put(k, key);
		auto get = call(&gyr_reader_vtable::get_table_entry, &gyr_reader_vtable_ext::get_table_entry);
		return {this, t.handle, get(check(t), &k), TableEntry::Fate::release};
	}

	// for_each calls f(TableEntry &) for all entries, until f returns false. It returns true if
	// it visited all. It propagates exceptions of f.
	template <class Key, class F> bool for_each(Table<Key> t, F f) const
	{
		if (!ext_ || !ext_->iterate_entries) throw Error("the host cannot iterate over tables");
		Iteration<F> it{this, check(t), &f, nullptr};
		gyr_bool all = ext_->iterate_entries(t.handle, Iteration<F>::step, &it);
		if (it.thrown) std::rethrow_exception(it.thrown);
		return all != 0;
	}

	// create makes an entry that is not in the table yet; add inserts it with a key and
	// replaces an existing entry.
	template <class Key> TableEntry create(Table<Key> t) const
	{
		gyr_table_entry *e = writer().create_table_entry(check(t));
		if (!e) owner_.fail("cannot create a table entry");
		return {this, t.handle, e, TableEntry::Fate::destroy};
	}
	template <class Key> TableEntry add(Table<Key> t, const Key &key, TableEntry fresh) const
	{
		if (fresh.fate_ != TableEntry::Fate::destroy || fresh.table_ != t.handle)
			throw Error("only an entry that create made for the same table can be added");
		gyr_state_data k = {};
		rim::StateValue<Key>::put(k, key);
		gyr_table_entry *e = writer().add_table_entry(check(t), &k, fresh.entry_);
		if (!e) owner_.fail("cannot add a table entry");
		fresh.fate_ = TableEntry::Fate::keep;
		return {this, t.handle, e, TableEntry::Fate::release};
	}
	template <class Key> TableEntry add(Table<Key> t, const Key &key) const { return add(t, key, create(t)); }

	// erase reports whether the entry existed, if the table reports that.
	template <class Key> bool erase(Table<Key> t, const Key &key) const
	{
		gyr_state_data k = {};
		rim::StateValue<Key>::put(k, key);
		return writer().erase_table_entry(check(t), &k) == GYR_SUCCESS;
	}

	template <class Key> void clear(Table<Key> t) const
	{
		if (writer().clear_table(check(t)) != GYR_SUCCESS) owner_.fail("cannot clear the table");
	}

private:
	friend class TableEntry;

	template <class F> struct Iteration {
		const TableAccess *access;
		gyr_table *table;
		F *f;
		std::exception_ptr thrown;

		static gyr_bool step(gyr_table_iter *s, gyr_table_entry *e) noexcept
		{
			auto *it = static_cast<Iteration *>(s);
			try {
				TableEntry entry(it->access, it->table, e, TableEntry::Fate::keep);
				if constexpr (std::is_void_v<decltype((*it->f)(entry))>) {
					(*it->f)(entry);
					return 1;
				} else {
					return (*it->f)(entry) ? 1 : 0;
				}
			} catch (...) {
				it->thrown = std::current_exception();
				return 0;
			}
		}
	};

	template <class Key> static gyr_table *check(Table<Key> t)
	{
		if (!t) throw Error("the table does not exist");
		return t.handle;
	}

	// call selects a function from the extended vtable if available, else from the plain one.
	template <class F> F call(F gyr_reader_vtable::*plain, F gyr_reader_vtable_ext::*extended) const
	{
		F f = ext_ ? ext_->*extended : reader_ ? reader_->*plain : nullptr;
		if (!f) throw Error("tables cannot be read in this call");
		return f;
	}

	const gyr_writer_vtable &writer() const
	{
		if (!writer_) throw Error("tables cannot be written in this call");
		return *writer_;
	}

	rim::Owner owner_;
	const gyr_reader_vtable *reader_ = nullptr;
	const gyr_reader_vtable_ext *ext_ = nullptr;
	const gyr_writer_vtable *writer_ = nullptr;
};

inline TableEntry::~TableEntry()
{
	if (!entry_) return;
	if (fate_ == Fate::release && access_->ext_ && access_->ext_->release_table_entry) access_->ext_->release_table_entry(table_, entry_);
	if (fate_ == Fate::destroy && access_->writer_) access_->writer_->destroy_table_entry(table_, entry_);
}

template <class T> typename rim::StateValue<T>::View TableEntry::read(TableField<T> f) const
{
	if (!entry_ || !f) throw Error(entry_ ? "the table field does not exist" : "the table entry does not exist");
	auto get = access_->call(&gyr_reader_vtable::read_entry_field, &gyr_reader_vtable_ext::read_entry_field);
	gyr_state_data d = {};
	if (get(table_, entry_, f.handle, &d) != GYR_SUCCESS) access_->owner_.fail("cannot read a table field");
	return rim::StateValue<T>::get(d);
}

template <class T> void TableEntry::write(TableField<T> f, const T &value)
{
	if (!entry_ || !f) throw Error(entry_ ? "the table field does not exist" : "the table entry does not exist");
	gyr_state_data d = {};
	rim::StateValue<T>::put(d, value);
	if (access_->writer().write_entry_field(table_, entry_, f.handle, &d) != GYR_SUCCESS) access_->owner_.fail("cannot write a table field");
}

// Tables gives access to tables in init, through Plugin::tables(). If the host provides no
// tables to the plugin, it is empty and ignores offered tables.
class Tables {
public:
	// offered reports whether the host provides tables to this plugin.
	bool offered() const noexcept { return in_ != nullptr; }

	std::vector<TableDesc> list() const
	{
		std::vector<TableDesc> all;
		uint32_t n = 0;
		const gyr_table_info *t = in_ && in_->list_tables ? in_->list_tables(owner_.handle, &n) : nullptr;
		for (uint32_t i = 0; t && i < n; i++) all.push_back({t[i].name ? t[i].name : "", t[i].key_type});
		return all;
	}

	// get throws if there is no table with this name and key type; find returns false.
	template <class Key> Table<Key> get(const std::string &name) const
	{
		Table<Key> t = find<Key>(name);
		if (!t) owner_.fail("there is no table '" + name + "' with keys of this type");
		return t;
	}
	template <class Key> Table<Key> find(const std::string &name) const
	{
		if (!in_ || !in_->get_table) return {};
		return {in_->get_table(owner_.handle, name.c_str(), rim::StateValue<Key>::type)};
	}

	template <class Key> std::vector<TableFieldDesc> fields(Table<Key> t) const
	{
		std::vector<TableFieldDesc> all;
		uint32_t n = 0;
		const gyr_table_fieldinfo *f = functions(t).list_table_fields(t.handle, &n);
		for (uint32_t i = 0; f && i < n; i++) all.push_back({f[i].name ? f[i].name : "", f[i].field_type, f[i].read_only != 0});
		return all;
	}

	// field throws if the table has no such field; add_field adds a missing field.
	template <class T, class Key> TableField<T> field(Table<Key> t, const std::string &name) const
	{
		TableField<T> f{functions(t).get_table_field(t.handle, name.c_str(), rim::StateValue<T>::type)};
		if (!f) owner_.fail("the table has no field '" + name + "' of this type");
		return f;
	}
	template <class T, class Key> TableField<T> add_field(Table<Key> t, const std::string &name) const
	{
		TableField<T> f{functions(t).add_table_field(t.handle, name.c_str(), rim::StateValue<T>::type)};
		if (!f) owner_.fail("cannot add the field '" + name + "' to the table");
		return f;
	}

	// access gives access to entries in init.
	const TableAccess &access() const noexcept { return access_; }

	// offer provides a table of the plugin (own_table.hpp) to others. The table must live as
	// long as the plugin. It has no effect if the host does not support tables.
	void offer(OwnTableBase &t) const;

private:
	friend class Plugin;

	// bind makes tables available during init; minor is the minor version of the required API.
	void bind(const gyr_init_input &in, unsigned minor, rim::LastError *err) noexcept
	{
		owner_ = {in.owner, in.get_owner_last_error};
		in_ = in.tables;
		minor_ = minor;
		errors_ = err;
		if (in_ && minor >= 5) access_ = TableAccess(owner_, nullptr, in_->reader_ext, in_->writer_ext);
	}
	void unbind() noexcept
	{
		in_ = nullptr;
		access_ = TableAccess();
	}

	template <class Key> const gyr_fields_vtable &functions(Table<Key> t) const
	{
		if (!in_) throw Error("the fields of tables are available in init only");
		if (!t) throw Error("the table does not exist");
		return minor_ >= 1 && in_->fields_ext ? *in_->fields_ext : in_->fields;
	}

	const gyr_tables_input *in_ = nullptr;
	rim::Owner owner_;
	TableAccess access_;
	unsigned minor_ = 0;
	rim::LastError *errors_ = nullptr;
};

} // namespace gyr

#endif
