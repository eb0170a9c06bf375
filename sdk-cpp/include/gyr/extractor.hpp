// SPDX-License-Identifier: Apache-2.0

// extractor.hpp: a plugin that extracts fields from events.

#ifndef GYR_EXTRACTOR_HPP
#define GYR_EXTRACTOR_HPP

#include "gyr/plugin.hpp"
#include "gyr/request.hpp"

namespace gyr GYR_HIDDEN {

// FieldArg describes the argument of a field in brackets: a key, an index, either, or none.
struct FieldArg {
	bool required = false, index = false, key = false;

	static FieldArg none() { return {}; }
	static FieldArg with_key(bool required = true) { return {required, false, true}; }
	static FieldArg with_index(bool required = true) { return {required, true, false}; }
};

// Field describes a field. Its index in the list is its ID.
struct Field {
	FieldType type;
	std::string name; // "dummy.value"
	std::string desc;
	FieldArg arg = {};
	bool list = false;
	std::string display = {};
	std::vector<std::string> properties = {}; // "hidden", "info", "conversation"
	bool add_output = false; // suggested for outputs
};

namespace rim {

// field_list returns the JSON text for get_fields.
inline std::string field_list(const std::vector<Field> &fields)
{
	JsonWriter w;
	w.begin_array();
	for (const Field &f : fields) {
		const char *type = name(f.type);
		if (!type) throw Error("the field " + f.name + " has no known type");
		if (f.arg.required && !f.arg.index && !f.arg.key) throw Error("the field " + f.name + " requires an argument: declare it as a key or an index");
		w.begin_object().key("type").value(type).key("name").value(f.name).key("desc").value(f.desc);
		if (!f.display.empty()) w.key("display").value(f.display);
		if (f.list) w.key("isList").value(true);
		if (f.arg.index || f.arg.key) {
			w.key("arg").begin_object().key("isRequired").value(f.arg.required);
			w.key("isIndex").value(f.arg.index).key("isKey").value(f.arg.key).end_object();
		}
		if (!f.properties.empty()) w.key("properties").raw(names(f.properties));
		if (f.add_output) w.key("addOutput").value(true);
		w.end_object();
	}
	return w.end_array().text();
}

// Sights recognizes an event that was seen in the previous call.
class Sights {
public:
	bool same(const Event &e) const noexcept
	{
		return seen_ && at_ == e.blob.data() && num_ == e.num && time_ == e.time && size_ == e.blob.size();
	}
	void keep(const Event &e) noexcept
	{
		seen_ = true;
		at_ = e.blob.data(), num_ = e.num, time_ = e.time, size_ = e.blob.size();
	}
	void forget() noexcept { seen_ = false; }

private:
	bool seen_ = false;
	const void *at_ = nullptr;
	uint64_t num_ = 0;
	Time time_ = 0;
	size_t size_ = 0;
};

} // namespace rim

// Extractor is the capability to extract fields.
class Extractor {
public:
	virtual ~Extractor() = default;

	virtual std::vector<Field> fields() const = 0;

	// extract handles one request. An exception makes the field absent. Make it public in
	// your class so that it can be inlined.
	virtual void extract(const Event &e, Request &r) = 0;

	// prepare is called before the first request for an event. Use it to parse the event once
	// for all fields. You may keep references to the event's memory until the next call of
	// prepare. An exception makes all fields absent.
	virtual void prepare(const Event &e) { (void)e; }

	// extract_sources returns the event sources to extract from, besides the plugin's own. If
	// there are none and the plugin has no source, it receives events of all sources.
	virtual std::vector<std::string> extract_sources() const { return {}; }

	// extract_types returns the event types to extract from; async events must be requested.
	virtual std::vector<uint16_t> extract_types() const { return {plugin_event}; }

protected:
	// table_access reads tables, in prepare and extract.
	const TableAccess &table_access() const noexcept { return access_; }

private:
	template <class T> friend struct RimOfExtractor;

	void begin(Plugin &p, const gyr_extract_input *x)
	{
		if (!x || (x->num_fields && !x->fields)) throw Error("the host gave no requests");
		unsigned minor = p.rim_minor();
		rim::Owner o{x->owner, x->get_owner_last_error};
		access_ = TableAccess(o, &x->table_reader, minor >= 1 ? x->table_reader_ext : nullptr, nullptr);
		answers_.texts.reset();
		answers_.fault.clear();
		if (answers_.slots.size() < x->num_fields) answers_.slots.resize(x->num_fields);
		answers_.offsets = minor >= 11 ? x->value_offsets : nullptr;
		if (!answers_.offsets) return;
		answers_.per_value = x->num_fields == 1;
		answers_.starts.clear();
		answers_.lengths.clear();
	}

	// finish passes the offsets to the host. It reports whether all values were valid for
	// their fields.
	bool finish(Plugin &p, const gyr_extract_input *x) noexcept
	{
		access_ = TableAccess();
		if (!answers_.fault.empty()) p.rim_errors().set(answers_.fault.c_str());
		if (!answers_.offsets) return answers_.fault.empty();
		return rim::guard(rim::LastError::none(), [&] {
			size_t n = answers_.per_value ? x->fields[0].res_len : x->num_fields;
			answers_.starts.resize(n ? n : 1);
			answers_.lengths.resize(n ? n : 1);
			answers_.offsets->start = answers_.starts.data();
			answers_.offsets->length = answers_.lengths.data();
		}) && answers_.fault.empty();
	}

	// visit makes an event the current one.
	void visit(const gyr_event_input &in, Event &e)
	{
		rim::read(&in, e);
		if (sights_.same(e)) return;
		sights_.forget();
		prepare(e);
		sights_.keep(e);
	}

	rim::Answers answers_;
	rim::Together together_;
	std::vector<gyr_extract_field> requests_; // for a batch
	rim::Sights sights_;
	TableAccess access_;
	std::vector<uint16_t> types_;
};

// RimOfExtractor holds the functions that GYR_EXTRACTOR exports.
template <class T> struct RimOfExtractor {
	static uint16_t *types(uint32_t *n, gyr_plugin *s) noexcept
	{
		return rim::event_types<T>(n, s, [](Extractor &x) -> std::vector<uint16_t> & { return x.types_ = x.extract_types(); });
	}

	// extract handles all requests of a call. A failed request does not affect the others.
	static gyr_rc extract(gyr_plugin *s, const gyr_event_input *in, const gyr_extract_input *x) noexcept
	{
		T *t = rim::self<T>(s);
		if (!t) return rim::status<T>(s, [](T &) {});
		Extractor &own = *t;
		Event e;
		bool ok = rim::guard(t->rim_errors(), [&] {
			if (!in) throw Error("the host gave no event");
			own.begin(*t, x);
			own.visit(*in, e);
		});
		if (!ok) return GYR_FAILURE;
		ok = answer(*t, e, x->fields, x->num_fields, nullptr);
		return own.finish(*t, x) && ok ? GYR_SUCCESS : GYR_FAILURE;
	}

	// batch does the same for many events in one call. Failed requests are marked as failed.
	static gyr_rc batch(gyr_plugin *s, const gyr_batch_input *in, gyr_batch_answers *out) noexcept
	{
		T *t = rim::self<T>(s);
		if (!t || !in || !in->in || !out) return GYR_FAILURE;
		Extractor &own = *t;
		uint32_t n = in->in->num_fields;
		bool ok = rim::guard(t->rim_errors(), [&] {
			own.begin(*t, in->in);
			own.requests_.assign(in->in->fields, in->in->fields + n);
			own.together_.start(in->num_events, n);
		});
		if (!ok) return GYR_FAILURE;
		for (uint32_t i = 0; i < in->num_events; i++, own.together_.next()) {
			gyr_event_input one = {in->events[i], in->first_num + i, in->source};
			Event e;
			if (rim::guard(t->rim_errors(), [&] { own.visit(one, e); })) answer(*t, e, own.requests_.data(), n, &own.together_);
			else if (!rim::guard(rim::LastError::none(), [&] { own.together_.none(t->rim_errors().get()); })) return GYR_FAILURE;
		}
		own.finish(*t, in->in);
		own.together_.finish(*out);
		return GYR_SUCCESS;
	}

private:
	// answer handles all requests for one event. A failed request does not affect the others,
	// but the result is false then. Values go to the requests or, if there is one, to the
	// batch.
	static bool answer(T &t, const Event &e, gyr_extract_field *f, uint32_t n, rim::Together *all) noexcept
	{
		rim::Answers &a = static_cast<Extractor &>(t).answers_;
		gyr_value *row = all ? all->row() : nullptr;
		bool ok = true;
		uint32_t i = 0;
		// One try block for all requests; it is entered again only after an exception.
		while (i < n) {
			bool fine = rim::guard(t.rim_errors(), [&] {
				rim::Slot *slots = a.slots.data();
				for (; i < n; i++) {
					f[i].res_len = 0;
					Request r(&f[i], &slots[i], &a, &e, i);
					if (all) r.collect(all, &row[i]);
					ask(t, e, r, 0);
					if (all && !a.fault.empty()) a.unfit(row[i], *all);
				}
			});
			if (fine) break;
			f[i].res_len = 0;
			if (all && !rim::guard(rim::LastError::none(), [&] { row[i] = all->failed(t.rim_errors().get()); })) row[i] = {};
			i++;
			ok = false;
		}
		return ok;
	}

	// ask calls extract. T is the type of the complete object, so the call is not virtual and
	// can be inlined if extract is public.
	template <class U> static auto ask(U &t, const Event &e, Request &r, int) -> decltype(t.extract(e, r)) { return t.U::extract(e, r); }
	template <class U> static void ask(U &t, const Event &e, Request &r, long) { static_cast<Extractor &>(t).extract(e, r); }
};

} // namespace gyr

#define GYR_EXTRACTOR(T)                                                                                                  \
	GYR_CAPABILITY(T, GYR_EXTRACTOR, gyr::Extractor)                                                                  \
	GYR_EXPORT const char *plugin_get_fields(void)                                                                    \
	{                                                                                                                 \
		return gyr::rim::about<T>(nullptr, [](const gyr::Extractor &t) { return gyr::rim::field_list(t.fields()); }); \
	}                                                                                                                 \
	GYR_EXPORT const char *plugin_get_extract_event_sources(void)                                                     \
	{                                                                                                                 \
		return gyr::rim::about<T>("[]", [](const gyr::Extractor &t) { return gyr::rim::names(t.extract_sources()); }); \
	}                                                                                                                 \
	GYR_EXPORT uint16_t *plugin_get_extract_event_types(uint32_t *n, gyr_plugin *s) { return gyr::RimOfExtractor<T>::types(n, s); } \
	GYR_EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_input *in, const gyr_extract_input *x) { return gyr::RimOfExtractor<T>::extract(s, in, x); } \
	/* These two are known to gyr alone; plugin_abi.h says what they are. */                                          \
	GYR_EXPORT uint32_t plugin_gyr_repeats_fields(void) { return 1; }                                                 \
	GYR_EXPORT gyr_rc plugin_gyr_extract_batch(gyr_plugin *s, const gyr_batch_input *in, gyr_batch_answers *out) { return gyr::RimOfExtractor<T>::batch(s, in, out); }

#endif
