// SPDX-License-Identifier: Apache-2.0

// own_table.hpp: tables that a plugin provides to the host and to other plugins.
//
//	OwnTable<uint64_t> sessions{"sessions"};
//	Column<std::string> user = sessions.add_column<std::string>("user");
//
//	void init(const std::string &) override { tables().offer(sessions); }
//	... sessions.row(7).set(user, "ada");
//
// add_table_column adds a column of tables: each row has its own table, all with the same
// columns. Other plugins may add columns too. Tables are not locked.

#ifndef GYR_OWN_TABLE_HPP
#define GYR_OWN_TABLE_HPP

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "gyr/tables.hpp"

namespace gyr GYR_HIDDEN {

class OwnTableBase;
template <class Key> class OwnTable;

namespace rim {

struct Layout;

// ColumnInfo describes a column. Its address is the handle for other plugins.
struct ColumnInfo {
	std::string name;
	gyr_state_type type;
	bool read_only;
	size_t index;
	const Layout *layout;
	// For a column of tables: the function that creates one.
	std::unique_ptr<OwnTableBase> (*make)(const std::string &name, std::shared_ptr<Layout> inner) = nullptr;
	std::shared_ptr<Layout> inner;
};

// Layout is the list of columns. All tables of a column of tables share one.
struct Layout {
	std::deque<ColumnInfo> columns;
	std::vector<gyr_table_fieldinfo> infos; // result of list_table_fields

	ColumnInfo *find(std::string_view name) noexcept
	{
		for (ColumnInfo &c : columns)
			if (c.name == name) return &c;
		return nullptr;
	}
	ColumnInfo *add(const std::string &name, gyr_state_type type, bool read_only)
	{
		if (find(name)) throw Error("the table has a field '" + name + "' already");
		columns.push_back({name, type, read_only, columns.size(), this, nullptr, nullptr});
		return &columns.back();
	}
};

} // namespace rim

// Column is a handle of a column with values of type T.
template <class T> struct Column {
	rim::ColumnInfo *info = nullptr;
};

// TableColumn is a handle of a column of tables. Columns are added to all of them at once.
template <class Key> struct TableColumn {
	rim::ColumnInfo *info = nullptr;

	template <class T> Column<T> add_column(const std::string &name, bool read_only = false) const
	{
		return {info->inner->add(name, rim::StateValue<T>::type, read_only)};
	}
};

// Row is an entry of a table. It lives until it has been erased and all holders have released
// it. Columns must belong to the row's table.
class Row {
public:
	explicit Row(rim::Layout *l) : layout_(l) {}

	// get returns 0, false or an empty string if the value has not been set.
	template <class T> typename rim::StateValue<T>::View get(Column<T> c) const
	{
		gyr_state_data d = {};
		if (c.info->index < cells_.size()) d = cells_[c.info->index].data;
		return rim::StateValue<T>::get(d);
	}
	template <class T> void set(Column<T> c, const T &value)
	{
		gyr_state_data d = {};
		rim::StateValue<T>::put(d, value);
		store(*c.info, d);
	}
	void set(Column<std::string> c, const char *value) { set(c, std::string(value)); }

	template <class Key> OwnTable<Key> &sub(TableColumn<Key> c) { return static_cast<OwnTable<Key> &>(table(*c.info)); }

private:
	friend class OwnTableBase;
	template <class Key> friend class OwnTable;

	struct Cell {
		gyr_state_data data = {};
		std::string text;
		std::unique_ptr<OwnTableBase> table;
	};

	Cell &cell(const rim::ColumnInfo &c)
	{
		if (c.layout != layout_) throw Error("the field '" + c.name + "' belongs to another table");
		if (c.index >= cells_.size()) {
			cells_.resize(c.index + 1);
			// Short strings move with their cell.
			for (const rim::ColumnInfo &other : layout_->columns)
				if (other.type == GYR_ST_STRING && other.index < cells_.size()) cells_[other.index].data.str = cells_[other.index].text.c_str();
		}
		return cells_[c.index];
	}
	void store(const rim::ColumnInfo &c, const gyr_state_data &d)
	{
		Cell &at = cell(c);
		if (c.type == GYR_ST_STRING) {
			at.text = d.str ? d.str : "";
			at.data.str = at.text.c_str();
		} else {
			at.data = d;
		}
	}
	OwnTableBase &table(const rim::ColumnInfo &c);

	rim::Layout *layout_;
	std::vector<Cell> cells_;
	uint32_t holders_ = 0;  // number of references held by others
	bool in_table_ = false; // otherwise the last holder deletes it
};

// OwnTableBase is the part of OwnTable that does not depend on the key type.
class OwnTableBase {
public:
	OwnTableBase(const OwnTableBase &) = delete;
	OwnTableBase &operator=(const OwnTableBase &) = delete;
	virtual ~OwnTableBase() { for (Row *r : orphans_) delete r; }

	const std::string &name() const noexcept { return name_; }
	virtual size_t size() const noexcept = 0;
	virtual void clear() noexcept = 0;

	template <class T> Column<T> add_column(const std::string &name, bool read_only = false)
	{
		return {layout_->add(name, rim::StateValue<T>::type, read_only)};
	}
	template <class Key> TableColumn<Key> add_table_column(const std::string &name);

protected:
	OwnTableBase(std::string name, gyr_state_type key, std::shared_ptr<rim::Layout> l) : name_(std::move(name)), key_type_(key), layout_(std::move(l)) {}

	virtual Row *find_row(const gyr_state_data &key) = 0;
	virtual Row *put_row(const gyr_state_data &key, std::unique_ptr<Row> r) = 0;
	virtual bool erase_row(const gyr_state_data &key) noexcept = 0;
	virtual void all_rows(std::vector<Row *> &out) = 0;

	// let_go releases a row that is no longer in the table.
	void let_go(std::unique_ptr<Row> r) noexcept
	{
		r->in_table_ = false;
		if (!r->holders_) return;
		try {
			orphans_.push_back(r.get());
		} catch (...) {
			// It is leaked, but its holders can use it.
		}
		(void)r.release();
	}
	Row &own(Row &r) noexcept
	{
		r.in_table_ = true;
		return r;
	}

	std::string name_;
	gyr_state_type key_type_;
	std::shared_ptr<rim::Layout> layout_;

private:
	friend class Tables;
	friend class Row;

	static OwnTableBase &self(gyr_table *t) { return *static_cast<OwnTableBase *>(t); }

	// call runs a function of the table and converts exceptions.
	template <class R, class F> static R call(gyr_table *t, R otherwise, F f) noexcept
	{
		if (!t) return otherwise;
		R result = otherwise;
		OwnTableBase &own = self(t);
		rim::guard(own.errors_ ? *own.errors_ : rim::LastError::none(), [&] { result = f(own); });
		return result;
	}

	void release(Row *r) noexcept
	{
		if (!r->holders_ || --r->holders_ || r->in_table_) return;
		for (size_t i = 0; i < orphans_.size(); i++) {
			if (orphans_[i] != r) continue;
			orphans_[i] = orphans_.back();
			orphans_.pop_back();
			delete r;
			return;
		}
	}

	void set_errors(rim::LastError *err) noexcept { errors_ = err; }
	void describe(gyr_table_input &in) noexcept;
	bool iterate(gyr_table_iter_fn f, gyr_table_iter *s);
	const gyr_table_fieldinfo *list(uint32_t *n);
	gyr_table_field *column(const char *name, gyr_state_type type, bool add);

	static const char *c_name(gyr_table *t) noexcept { return t ? self(t).name_.c_str() : ""; }
	static uint64_t c_size(gyr_table *t) noexcept { return t ? self(t).size() : 0; }
	static gyr_table_entry *c_get(gyr_table *t, const gyr_state_data *key) noexcept;
	static gyr_rc c_read(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, gyr_state_data *out) noexcept;
	static void c_release(gyr_table *t, gyr_table_entry *e) noexcept { if (t && e) self(t).release(static_cast<Row *>(e)); }
	static gyr_bool c_iterate(gyr_table *t, gyr_table_iter_fn f, gyr_table_iter *s) noexcept;
	static gyr_rc c_clear(gyr_table *t) noexcept;
	static gyr_rc c_erase(gyr_table *t, const gyr_state_data *key) noexcept;
	static gyr_table_entry *c_create(gyr_table *t) noexcept;
	static void c_destroy(gyr_table *t, gyr_table_entry *e) noexcept;
	static gyr_table_entry *c_add(gyr_table *t, const gyr_state_data *key, gyr_table_entry *e) noexcept;
	static gyr_rc c_write(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, const gyr_state_data *in) noexcept;
	static const gyr_table_fieldinfo *c_fields(gyr_table *t, uint32_t *n) noexcept;
	static gyr_table_field *c_field(gyr_table *t, const char *name, gyr_state_type type) noexcept;
	static gyr_table_field *c_add_field(gyr_table *t, const char *name, gyr_state_type type) noexcept;

	// Rows that were erased while held, and rows that are not in a table yet.
	std::vector<Row *> orphans_;
	rim::LastError *errors_ = nullptr;
};

// OwnTable is a table with keys of type Key.
template <class Key> class OwnTable : public OwnTableBase {
public:
	explicit OwnTable(std::string name) : OwnTable(std::move(name), std::make_shared<rim::Layout>()) {}
	OwnTable(std::string name, std::shared_ptr<rim::Layout> l) : OwnTableBase(std::move(name), rim::StateValue<Key>::type, std::move(l)) {}
	~OwnTable() override = default;

	size_t size() const noexcept override { return rows_.size(); }
	void clear() noexcept override
	{
		for (auto &r : rows_) this->let_go(std::move(r.second));
		rows_.clear();
	}

	// row returns the row with the key and creates it if needed; find returns nullptr if there
	// is none. The row is valid until it is erased.
	Row &row(const Key &key)
	{
		std::unique_ptr<Row> &r = rows_[key];
		if (!r) {
			try {
				r = std::make_unique<Row>(this->layout_.get());
			} catch (...) {
				rows_.erase(key);
				throw;
			}
		}
		return this->own(*r);
	}
	Row *find(const Key &key)
	{
		auto it = rows_.find(key);
		return it == rows_.end() ? nullptr : it->second.get();
	}
	bool erase(const Key &key) noexcept
	{
		auto it = rows_.find(key);
		if (it == rows_.end()) return false;
		this->let_go(std::move(it->second));
		rows_.erase(it);
		return true;
	}

	// for_each calls f(const Key &, Row &), which must not add or erase rows.
	template <class F> void for_each(F f)
	{
		for (auto &r : rows_) f(r.first, *r.second);
	}

private:
	static Key key_of(const gyr_state_data &d) { return Key(rim::StateValue<Key>::get(d)); }

	Row *find_row(const gyr_state_data &key) override { return find(key_of(key)); }
	Row *put_row(const gyr_state_data &key, std::unique_ptr<Row> r) override
	{
		std::unique_ptr<Row> &at = rows_[key_of(key)];
		if (at) this->let_go(std::move(at));
		at = std::move(r);
		return &this->own(*at);
	}
	bool erase_row(const gyr_state_data &key) noexcept override
	{
		try {
			return erase(key_of(key));
		} catch (...) {
			return false;
		}
	}
	void all_rows(std::vector<Row *> &out) override
	{
		for (auto &r : rows_) out.push_back(r.second.get());
	}

	std::unordered_map<Key, std::unique_ptr<Row>> rows_;
};

template <class Key> TableColumn<Key> OwnTableBase::add_table_column(const std::string &name)
{
	rim::ColumnInfo *c = layout_->add(name, GYR_ST_TABLE, true);
	c->inner = std::make_shared<rim::Layout>();
	c->make = [](const std::string &n, std::shared_ptr<rim::Layout> l) -> std::unique_ptr<OwnTableBase> {
		return std::make_unique<OwnTable<Key>>(n, std::move(l));
	};
	return {c};
}

inline OwnTableBase &Row::table(const rim::ColumnInfo &c)
{
	Cell &at = cell(c);
	if (!at.table) {
		at.table = c.make(c.name, c.inner);
		at.data.table = at.table.get();
	}
	return *at.table;
}

inline bool OwnTableBase::iterate(gyr_table_iter_fn f, gyr_table_iter *s)
{
	std::vector<Row *> rows;
	all_rows(rows);
	for (Row *r : rows) r->holders_++; // the callback may erase rows
	bool all = true;
	for (Row *r : rows) {
		if (all && r->in_table_) all = f(s, r) != 0;
		release(r);
	}
	return all;
}

inline const gyr_table_fieldinfo *OwnTableBase::list(uint32_t *n)
{
	std::vector<gyr_table_fieldinfo> &infos = layout_->infos;
	infos.clear();
	for (const rim::ColumnInfo &c : layout_->columns) infos.push_back({c.name.c_str(), c.type, c.read_only ? 1u : 0u});
	*n = static_cast<uint32_t>(infos.size());
	return infos.data();
}

inline gyr_table_field *OwnTableBase::column(const char *name, gyr_state_type type, bool add)
{
	if (!name) throw Error("a table field needs a name");
	rim::ColumnInfo *c = layout_->find(name);
	if (!c && !add) throw Error("the table '" + name_ + "' has no field '" + name + "'");
	if (c && c->type != type) throw Error("the field '" + c->name + "' of table '" + name_ + "' has another type");
	if (c) return c;
	if (!rim::can_be_key(type)) throw Error("a field of this type cannot be added to table '" + name_ + "'");
	return layout_->add(name, type, false);
}

inline gyr_table_entry *OwnTableBase::c_get(gyr_table *t, const gyr_state_data *key) noexcept
{
	return call<gyr_table_entry *>(t, nullptr, [&](OwnTableBase &own) -> gyr_table_entry * {
		Row *r = key ? own.find_row(*key) : nullptr;
		if (r) r->holders_++;
		return r;
	});
}

inline gyr_rc OwnTableBase::c_read(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, gyr_state_data *out) noexcept
{
	return call<gyr_rc>(t, GYR_FAILURE, [&](OwnTableBase &own) -> gyr_rc {
		if (!e || !f || !out) return GYR_FAILURE;
		auto &c = *static_cast<const rim::ColumnInfo *>(f);
		Row &r = *static_cast<Row *>(e);
		Row::Cell &cell = r.cell(c);
		if (c.type == GYR_ST_TABLE) r.table(c).set_errors(own.errors_);
		*out = cell.data;
		if (c.type == GYR_ST_STRING && !out->str) out->str = "";
		return GYR_SUCCESS;
	});
}

inline gyr_bool OwnTableBase::c_iterate(gyr_table *t, gyr_table_iter_fn f, gyr_table_iter *s) noexcept
{
	return call<gyr_bool>(t, 0, [&](OwnTableBase &own) -> gyr_bool { return f && own.iterate(f, s) ? 1 : 0; });
}

inline gyr_rc OwnTableBase::c_clear(gyr_table *t) noexcept
{
	return call<gyr_rc>(t, GYR_FAILURE, [](OwnTableBase &own) -> gyr_rc {
		own.clear();
		return GYR_SUCCESS;
	});
}

inline gyr_rc OwnTableBase::c_erase(gyr_table *t, const gyr_state_data *key) noexcept
{
	return call<gyr_rc>(t, GYR_FAILURE, [&](OwnTableBase &own) -> gyr_rc { return key && own.erase_row(*key) ? GYR_SUCCESS : GYR_FAILURE; });
}

inline gyr_table_entry *OwnTableBase::c_create(gyr_table *t) noexcept
{
	return call<gyr_table_entry *>(t, nullptr, [](OwnTableBase &own) -> gyr_table_entry * {
		auto r = std::make_unique<Row>(own.layout_.get());
		r->holders_ = 1;
		own.orphans_.push_back(r.get());
		return r.release();
	});
}

inline void OwnTableBase::c_destroy(gyr_table *t, gyr_table_entry *e) noexcept { c_release(t, e); }

inline gyr_table_entry *OwnTableBase::c_add(gyr_table *t, const gyr_state_data *key, gyr_table_entry *e) noexcept
{
	return call<gyr_table_entry *>(t, nullptr, [&](OwnTableBase &own) -> gyr_table_entry * {
		Row *r = static_cast<Row *>(e);
		if (!key || !r) throw Error("an entry needs a key");
		for (size_t i = 0; i < own.orphans_.size(); i++) {
			if (own.orphans_[i] != r) continue;
			// The caller holds a reference from create and releases the same entry.
			own.orphans_[i] = own.orphans_.back();
			own.orphans_.pop_back();
			return own.put_row(*key, std::unique_ptr<Row>(r));
		}
		throw Error("only an entry that was created for table '" + own.name_ + "' can be added to it");
	});
}

inline gyr_rc OwnTableBase::c_write(gyr_table *t, gyr_table_entry *e, const gyr_table_field *f, const gyr_state_data *in) noexcept
{
	return call<gyr_rc>(t, GYR_FAILURE, [&](OwnTableBase &) -> gyr_rc {
		if (!e || !f || !in) return GYR_FAILURE;
		auto &c = *static_cast<const rim::ColumnInfo *>(f);
		if (c.read_only) throw Error("the field '" + c.name + "' is read-only");
		static_cast<Row *>(e)->store(c, *in);
		return GYR_SUCCESS;
	});
}

inline const gyr_table_fieldinfo *OwnTableBase::c_fields(gyr_table *t, uint32_t *n) noexcept
{
	return call<const gyr_table_fieldinfo *>(t, nullptr, [&](OwnTableBase &own) { return n ? own.list(n) : nullptr; });
}

inline gyr_table_field *OwnTableBase::c_field(gyr_table *t, const char *name, gyr_state_type type) noexcept
{
	return call<gyr_table_field *>(t, nullptr, [&](OwnTableBase &own) { return own.column(name, type, false); });
}

inline gyr_table_field *OwnTableBase::c_add_field(gyr_table *t, const char *name, gyr_state_type type) noexcept
{
	return call<gyr_table_field *>(t, nullptr, [&](OwnTableBase &own) { return own.column(name, type, true); });
}

// describe fills in the description for the host. Hosts require that the extended functions
// are the same.
inline void OwnTableBase::describe(gyr_table_input &in) noexcept
{
	static gyr_reader_vtable_ext reader = {c_name, c_size, c_get, c_read, c_release, c_iterate};
	static gyr_writer_vtable writer = {c_clear, c_erase, c_create, c_destroy, c_add, c_write};
	static gyr_fields_vtable fields = {c_fields, c_field, c_add_field};
	in.name = name_.c_str();
	in.key_type = key_type_;
	in.table = this;
	in.reader = {c_name, c_size, c_get, c_read};
	in.writer = writer;
	in.fields = fields;
	in.reader_ext = &reader;
	in.writer_ext = &writer;
	in.fields_ext = &fields;
}

inline void Tables::offer(OwnTableBase &t) const
{
	t.set_errors(errors_);
	if (!in_ || !in_->add_table) return;
	gyr_table_input in = {};
	t.describe(in);
	if (in_->add_table(owner_.handle, &in) != GYR_SUCCESS) owner_.fail("cannot offer the table '" + t.name() + "'");
}

} // namespace gyr

#endif
