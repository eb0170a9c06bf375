// SPDX-License-Identifier: Apache-2.0

// host: a small host that loads plugins built from all.cpp and calls the C interface, as
// strictly as a host may. It wants four copies of the library: host A B C D.

#include <list>
#include <thread>

#include "host.hpp"

namespace {

void test_description(const Library &l)
{
	const char *first = l.get<gyr_text_fn>("get_name")();
	EQ(l.info("get_version"), "1.2.3");
	EQ(l.info("get_contact"), "none");
	EQ(l.info("get_required_api_version"), "3.12.0");
	EQ(text(first), "all"); // the other texts have not overwritten it
	EQ(l.info("get_description"), "a \"plugin\"\nfor tests");
	EQ(l.info("get_event_source"), "all");
	EQ(l.get<gyr_id_fn>("get_id")(), 903u);
	int32_t type = -1;
	EQ(text(l.get<gyr_init_schema_fn>("get_init_schema")(&type)), "{\"type\": \"object\"}");
	EQ(type, int32_t(GYR_SCHEMA_JSON));
	EQ(l.info("get_extract_event_sources"), "[\"all\",\"other\"]");
	EQ(l.info("get_parse_event_sources"), "[]");
	EQ(l.info("get_async_events"), "[\"tick\",\"state\"]");
	std::string fields = l.info("get_fields");
	EQ(fields.find("{\"type\":\"string\",\"name\":\"all.key\",\"desc\":\"d\",\"arg\":{\"isRequired\":true,\"isIndex\":false,\"isKey\":true}}") != std::string::npos, true);
	EQ(fields.find("\"display\":\"Odd\",\"properties\":[\"hidden\"],\"addOutput\":true}") != std::string::npos, true);
}

void test_broken(const Library &l)
{
	for (const char *f : {"get_name", "get_version", "get_required_api_version", "get_event_source"}) EQ(l.info(f), "");
	for (const char *f : {"get_fields", "get_async_events"}) EQ(l.info(f), "(null)");
	for (const char *f : {"get_extract_event_sources", "get_parse_event_sources", "get_async_event_sources"}) EQ(l.info(f), "[]");
	EQ(l.get<gyr_id_fn>("get_id")(), 0u);
	EQ(text(l.get<gyr_last_error_fn>("get_last_error")(nullptr)), "broken description");
	State s(l, "");
	EQ(s.failed(s.rc), "broken description");
	// No state where there should be one.
	EQ(l.get<gyr_set_config_fn>("set_config")(nullptr, nullptr), int(GYR_FAILURE));
	EQ(l.get<gyr_extract_fields_fn>("extract_fields")(nullptr, nullptr, nullptr), int(GYR_FAILURE));
	EQ(text(l.get<gyr_last_error_fn>("get_last_error")(nullptr)), "the host gave no plugin state");
	l.get<gyr_destroy_fn>("destroy")(nullptr);
}

void test_life(const Library &l)
{
	Host *host;
	{
		State s(l, "");
		EQ(s.rc, int(GYR_SUCCESS));
		EQ(s.host.log, "5: init\n7 part: init of a part\n");
		gyr_set_config_input in = {"set_config"};
		EQ(l.get<gyr_set_config_fn>("set_config")(s.s, &in), int(GYR_SUCCESS));
		EQ(s.failed(l.get<gyr_set_config_fn>("set_config")(s.s, &in)), "set_config fails");
		EQ(text(l.get<gyr_event_schema_fn>("get_required_event_schema_version")(s.s)), "3.1.0");
		uint32_t n = 0;
		gyr_metric *m = l.get<gyr_metrics_fn>("get_metrics")(s.s, &n);
		EQ(n, 6u);
		EQ(text(m[0].name), "parsed");
		EQ(m[0].value_type, int(GYR_METRIC_U64));
		EQ(m[1].value.d, 0.5);
		EQ(m[1].type, int(GYR_METRIC_NON_MONOTONIC));
		EQ(m[2].value.f, 0.25f);
		EQ(m[3].value.s32, -3);
		EQ(m[4].value.s64, -4);
		EQ(m[5].value_type, int(GYR_METRIC_U32));
		host = &s.host;
		s.destroy();
		EQ(host->log, "5: init\n7 part: init of a part\n6: destroy\n6: destructor\n");
	}
	State bad(l, "{\"fail\": ");
	EQ(bad.failed(bad.rc), "invalid JSON at offset 9: the text ends where a value is wanted");
	bad.destroy();
	EQ(bad.host.log, "6: destructor\n");
}

// Every function that may throw, with an exception and with something that is none.
void test_exceptions(const Library &l)
{
	for (const std::string kind : {"", "int "}) {
		auto want = [&](const char *where) { return kind.empty() ? std::string(where) + " fails" : "unknown exception"; };
		auto state = [&](const char *where) { return std::make_unique<State>(l, "{\"fail\": \"" + kind + where + "\"}"); };
		auto s = state("init");
		EQ(s->failed(s->rc), want("init"));
		s = state("metrics");
		uint32_t n = 9;
		l.get<gyr_metrics_fn>("get_metrics")(s->s, &n);
		EQ(n, 0u);
		EQ(s->error(), want("metrics"));
		s = state("event_schema");
		EQ(text(l.get<gyr_event_schema_fn>("get_required_event_schema_version")(s->s)), "3.0.0");
		gyr_rc rc = GYR_SUCCESS;
		s = state("open");
		EQ(l.get<gyr_open_fn>("open")(s->s, "", &rc) == nullptr, true);
		EQ(s->failed(rc), want("open"));
		s = state("open_params");
		EQ(text(l.get<gyr_list_open_params_fn>("list_open_params")(s->s, &rc)), "(null)");
		EQ(s->failed(rc), want("open_params"));
		s = state("event_to_string");
		Blob b("x", 1);
		EQ(text(l.get<gyr_event_to_string_fn>("event_to_string")(s->s, &b.in)), "(null)");
		for (const char *f : {"prepare", "extract"}) {
			s = state(f);
			gyr_extract_field x = {};
			x.ftype = GYR_STRING;
			x.field = "all.text";
			gyr_extract_input in = {&s->host, owner_error, 1, &x, reader, &reader_ext, nullptr};
			EQ(s->failed(l.get<gyr_extract_fields_fn>("extract_fields")(s->s, &b.in, &in)), want(f));
			EQ(x.res_len, 0u);
		}
		s = state("parse");
		gyr_parse_input p = {&s->host, owner_error, reader, writer, &reader_ext, &writer};
		EQ(s->failed(l.get<gyr_parse_event_fn>("parse_event")(s->s, &b.in, &p)), want("parse"));
		s = state("extract_types");
		EQ(l.get<gyr_event_types_fn>("get_extract_event_types")(&n, s->s) == nullptr, true);
		EQ(n, 0u);
		auto set = l.get<gyr_set_async_event_handler_fn>("set_async_event_handler");
		s = state("start_async");
		EQ(s->failed(set(s->s, &s->host, async_handler)), want("start_async"));
		EQ(set(s->s, &s->host, nullptr), int(GYR_SUCCESS));
		s = state("stop_async");
		EQ(set(s->s, &s->host, async_handler), int(GYR_SUCCESS));
		EQ(s->failed(set(s->s, &s->host, nullptr)), want("stop_async"));
		s = state("dump_state");
		EQ(s->failed(l.get<gyr_dump_state_fn>("dump_state")(s->s, &s->host, async_handler)), want("dump_state"));
		s = state("capture_open");
		gyr_listen_input li = {&s->host, nullptr, &reader_ext, &writer, owner_error};
		EQ(s->failed(l.get<gyr_capture_fn>("capture_open")(s->s, &li)), want("capture_open"));
		s = state("destroy");
		for (const char *f : {"next", "progress", "close"}) {
			s = state(f);
			gyr_instance *h = l.get<gyr_open_fn>("open")(s->s, "", &rc);
			gyr_event **evts = nullptr;
			gyr_rc next = l.get<gyr_next_batch_fn>("next_batch")(s->s, h, &n, &evts);
			if (f == std::string("next")) EQ(s->failed(next), want("next"));
			EQ(text(l.get<gyr_progress_fn>("get_progress")(s->s, h, &n)), f == std::string("next") ? "a quarter" : "(null)");
			l.get<gyr_close_fn>("close")(s->s, h);
			if (f == std::string("close")) EQ(s->error(), want("close"));
		}
	}
}

// stream reads a stream and describes it.
std::string stream(const Library &l, State &s, const char *params)
{
	gyr_rc rc = GYR_SUCCESS;
	gyr_instance *h = l.get<gyr_open_fn>("open")(s.s, params, &rc);
	if (rc != GYR_SUCCESS) return s.error();
	std::string seen;
	for (int calls = 0; calls < 10; calls++) {
		uint32_t n = 99;
		gyr_event **evts = nullptr;
		rc = l.get<gyr_next_batch_fn>("next_batch")(s.s, h, &n, &evts);
		for (uint32_t i = 0; i < n; i++) {
			gyr::Event e;
			gyr::codec::Fault why = gyr::codec::decode(evts[i], evts[i]->len, e);
			EQ(text(why), "(null)");
			EQ(reinterpret_cast<uintptr_t>(evts[i]) % 8, 0u);
			EQ(e.plugin_id, 0u);
			seen += e.payload.size() < 20 ? std::string(e.payload) : std::to_string(e.payload.size()) + " bytes";
			seen += e.time == gyr::no_time ? " " : "@" + std::to_string(e.time) + " ";
		}
		if (rc == GYR_FAILURE) seen += s.error();
		if (rc == GYR_FAILURE || rc == GYR_EOF) break;
		seen += rc == GYR_TIMEOUT ? "| " : "; ";
	}
	uint32_t n = 99;
	gyr_event **evts = nullptr;
	EQ(l.get<gyr_next_batch_fn>("next_batch")(s.s, h, &n, &evts), rc); // and so it stays
	EQ(n, 0u);
	l.get<gyr_close_fn>("close")(s.s, h);
	return seen;
}

void test_streams(const Library &l)
{
	State s(l, "");
	EQ(stream(l, s, "hello"), "hello@11 ");
	EQ(stream(l, s, "none"), "open returned no stream");
	EQ(stream(l, s, "nothing"), "| | ");
	EQ(stream(l, s, "timeout"), "before | before | before ");
	EQ(stream(l, s, "throw"), "one@1 two@2 ; the stream breaks");
	EQ(stream(l, s, "sizes"), " x xxxxxxx xxxxxxxx xxxxxxxxx 100000 bytes 3000000 bytes ");
	EQ(stream(l, s, "reserve"), "abc refused ");
	gyr_rc rc;
	EQ(text(l.get<gyr_list_open_params_fn>("list_open_params")(s.s, &rc)), "[{\"value\":\"a\\\"b\",\"desc\":\"desc\",\"separator\":\",\"},{\"value\":\"c\"}]");
	gyr_instance *h = l.get<gyr_open_fn>("open")(s.s, "x", &rc);
	uint32_t share = 99;
	EQ(text(l.get<gyr_progress_fn>("get_progress")(s.s, h, &share)), "a quarter");
	EQ(share, 2500u);
	l.get<gyr_close_fn>("close")(s.s, h);
	Blob b("payload", 1);
	EQ(text(l.get<gyr_event_to_string_fn>("event_to_string")(s.s, &b.in)), "<payload>");
}

gyr_extract_field request(uint32_t id, const char *name, uint32_t type, bool list = false)
{
	gyr_extract_field f = {};
	f.field_id = id;
	f.field = name;
	f.ftype = type;
	f.flist = list;
	f.arg_index = UINT64_MAX;
	return f;
}

void test_extraction(const Library &l)
{
	State s(l, "");
	auto extract = l.get<gyr_extract_fields_fn>("extract_fields");
	auto run = [&](const Blob &b, std::vector<gyr_extract_field> &f, gyr_value_offsets *o = nullptr) {
		gyr_extract_input in = {&s.host, owner_error, static_cast<uint32_t>(f.size()), f.data(), reader, &reader_ext, o};
		return extract(s.s, &b.in, &in);
	};
	uint32_t n = 0;
	uint16_t *types = l.get<gyr_event_types_fn>("get_extract_event_types")(&n, s.s);
	EQ(n, 2u);
	EQ(types[1], 402);

	// The same field twice: the answers do not share memory.
	Blob b("some words here", 5);
	std::vector<gyr_extract_field> f = {request(13, "all.key", GYR_STRING), request(13, "all.key", GYR_STRING), request(9, "all.texts", GYR_STRING, true), request(11, "all.flags", GYR_BOOL, true)};
	f[0].arg_present = f[1].arg_present = 1;
	f[0].arg_key = "first", f[1].arg_key = "second";
	EQ(run(b, f), int(GYR_SUCCESS));
	EQ(text(f[0].res.str[0]), "first");
	EQ(text(f[1].res.str[0]), "second");
	EQ(f[2].res_len, 301u);
	EQ(text(f[2].res.str[299]), "299");
	EQ(text(f[2].res.str[300]), "last");
	EQ(f[3].res_len, 3u);
	EQ(f[3].res.boolean[1], 0u);
	EQ(f[3].res.boolean[2], 1u);

	// Faults of one field leave the others alone.
	f = {request(16, "all.wrong", GYR_UINT64), request(17, "all.throws", GYR_STRING), request(18, "all.twice", GYR_STRING), request(1, "all.number", GYR_UINT64), request(19, "all.bad_ip", GYR_IPADDR)};
	EQ(s.failed(run(b, f)), "the field all.wrong is of type uint64, but was given a text");
	for (int i : {0, 1, 2, 4}) EQ(f[i].res_len, 0u);
	EQ(f[3].res.u64[0], ~uint64_t(0));
	f = {request(18, "all.twice", GYR_STRING)};
	EQ(s.failed(run(b, f)), "the field all.twice is of type string and not a list, but was given a second value");
	f = {request(17, "all.throws", GYR_STRING)};
	EQ(s.failed(run(b, f)), "extraction throws");

	// An event is prepared once, however many calls there are for it.
	f = {request(23, "all.prepared", GYR_UINT64)};
	EQ(run(b, f), int(GYR_SUCCESS));
	EQ(f[0].res.u64[0], 1u);
	Blob c("other", 6, "tick"), bad("unprepared", 7);
	EQ(run(c, f), int(GYR_SUCCESS));
	EQ(f[0].res.u64[0], 2u);
	EQ(s.failed(run(bad, f)), "this event cannot be prepared");
	EQ(s.failed(run(bad, f)), "this event cannot be prepared");
	f = {request(20, "all.odd", GYR_STRING)};
	EQ(run(c, f), int(GYR_SUCCESS));
	EQ(text(f[0].res.str[0]), "tick");

	// Offsets: of each value of one field, or of each of several fields.
	gyr_value_offsets o = {};
	f = {request(22, "all.words", GYR_STRING, true)};
	EQ(run(b, f, &o), int(GYR_SUCCESS));
	EQ(f[0].res_len, 3u);
	EQ(std::string(b.mem.get() + o.start[1], o.length[1]), "words");
	EQ(o.start[2], uint32_t(GYR_PAYLOAD_OFFSET + 11));
	f = {request(1, "all.number", GYR_UINT64), request(21, "all.payload", GYR_STRING)};
	EQ(run(b, f, &o), int(GYR_SUCCESS));
	EQ(o.start[0] + o.length[0], 0u);
	EQ(o.start[1], uint32_t(GYR_PAYLOAD_OFFSET));
	EQ(o.length[1], 15u);

	// What is no event.
	gyr_event_input none = {nullptr, 1, nullptr};
	gyr_extract_input in = {&s.host, owner_error, 1, f.data(), reader, &reader_ext, nullptr};
	EQ(s.failed(extract(s.s, &none, &in)), "the host gave no event");
	EQ(s.failed(extract(s.s, &b.in, nullptr)), "the host gave no requests");
}

// The same answers for several events in one call, which only gyr makes.
void test_batch(const Library &l)
{
	State s(l, "");
	Blob a("some words", 5), bad("unprepared", 6), b("more", 7);
	const gyr_event *events[] = {a.in.evt, bad.in.evt, b.in.evt};
	std::vector<gyr_extract_field> f = {
		request(13, "all.key", GYR_STRING), request(17, "all.throws", GYR_STRING), request(16, "all.wrong", GYR_UINT64), request(18, "all.twice", GYR_STRING),
		request(22, "all.words", GYR_STRING, true), request(1, "all.number", GYR_UINT64), request(2, "all.flag", GYR_BOOL), request(9, "all.texts", GYR_STRING, true),
		request(13, "all.key", GYR_STRING), request(19, "all.bad_ip", GYR_IPADDR)};
	f[0].arg_present = f[8].arg_present = 1;
	f[0].arg_key = "first", f[8].arg_key = "second";
	size_t width = f.size();
	gyr_extract_input x = {&s.host, owner_error, static_cast<uint32_t>(width), f.data(), reader, &reader_ext, nullptr};
	gyr_batch_input in = {&x, events, 3, "all", 5};
	gyr_batch_answers out = {};
	auto batch = l.get<gyr_extract_batch_fn>("gyr_extract_batch");
	for (int round = 0; round < 2; round++) {
		EQ(batch(s.s, &in, &out), int(GYR_SUCCESS));
		auto bytes = [&](const gyr_value &v, uint32_t kind = GYR_BYTES) {
			EQ(v.kind, kind);
			return std::string(reinterpret_cast<char *>(out.bytes) + v.num, v.n);
		};
		for (size_t k = 0; k < width; k++) EQ(bytes(out.values[width + k], GYR_FAILED), "this event cannot be prepared");
		for (const gyr_value *v : {out.values, out.values + 2 * width}) {
			EQ(bytes(v[0]), "first");
			EQ(bytes(v[8]), "second");
			EQ(bytes(v[1], GYR_FAILED), "extraction throws");
			EQ(bytes(v[2], GYR_FAILED), "the field all.wrong is of type uint64, but was given a text");
			EQ(bytes(v[3], GYR_FAILED), "the field all.twice is of type string and not a list, but was given a second value");
			EQ(v[9].kind, uint32_t(GYR_ABSENT));
			EQ(v[5].kind, uint32_t(GYR_NUMBER));
			EQ(v[5].num, ~uint64_t(0));
			EQ(v[6].num, 1u);
			EQ(v[7].kind, uint32_t(GYR_LIST));
			EQ(v[7].n, 301u);
			EQ(bytes(out.elements[v[7].num + 300]), "last");
			EQ(v[7].num + v[7].n <= out.num_elements, true);
		}
		EQ(out.values[4].n, 2u);
		EQ(bytes(out.elements[out.values[4].num + 1]), "words");
		EQ(bytes(out.elements[out.values[2 * width + 4].num]), "more");
	}
	for (const gyr_extract_field &r : f) EQ(r.res_len, 0u); // the host's requests stay as they were
	EQ(batch(nullptr, &in, &out), int(GYR_FAILURE));
	EQ(batch(s.s, nullptr, &out), int(GYR_FAILURE));
}

void test_tables(const Library &l, const Library &second)
{
	std::map<std::string, gyr_table_input> tables;
	State early(second, "{\"role\": \"user\"}", &tables);
	EQ(early.failed(early.rc), "there is no table 'sessions' with keys of this type: no table sessions");
	State owner(l, "{\"role\": \"owner\"}", &tables), user(second, "{\"role\": \"user\"}", &tables);
	EQ(owner.failed(owner.rc), "rc 0");
	EQ(user.failed(user.rc), "rc 0");
	State again(l, "{\"role\": \"owner\"}", &tables);
	EQ(again.failed(again.rc), "cannot offer the table 'sessions': table added to registry multiple times");
	State without(l, "{\"role\": \"owner\"}");
	EQ(without.failed(without.rc), "rc 0"); // a host without tables

	auto parse = [](State &s, const Blob &b) {
		gyr_parse_input in = {&s.host, owner_error, reader, writer, &reader_ext, &writer};
		return s.failed(s.lib.get<gyr_parse_event_fn>("parse_event")(s.s, &b.in, &in));
	};
	user.host.log.clear();
	for (int i = 1; i <= 3; i++) {
		Blob b(i == 3 ? "other" : "ada", uint64_t(i));
		EQ(parse(owner, b), "rc 0");
		EQ(parse(user, b), "rc 0");
	}
	EQ(user.host.log, "6: sessions: 1 entries 1 hits user ada tag 1\n"
	                  "6: sessions: 2 entries 2 hits user ada mine tag 2\n"
	                  "6: sessions: 3 entries 3 hits user other tag 3\n");

	// The table itself, by its own functions.
	const gyr_table_input &t = tables["sessions"];
	uint32_t n = 0;
	const gyr_table_fieldinfo *f = t.fields.list_table_fields(t.table, &n);
	EQ(n, 4u);
	EQ(text(f[3].name), "mine");
	EQ(f[1].read_only, 1u);
	EQ(t.fields.get_table_field(t.table, "hits", GYR_ST_STRING) == nullptr, true);
	EQ(t.fields.add_table_field(t.table, "odd", 99) == nullptr, true);
	EQ(t.fields.get_table_field(t.table, nullptr, GYR_ST_STRING) == nullptr, true);
	gyr_table_field *hits = t.fields.get_table_field(t.table, "hits", GYR_ST_UINT64), *name = t.fields.get_table_field(t.table, "user", GYR_ST_STRING);
	gyr_state_data key = {}, v = {};
	key.u64 = 3;
	gyr_table_entry *e = t.reader.get_table_entry(t.table, &key);
	EQ(t.writer.write_entry_field(t.table, e, hits, &v), int(GYR_FAILURE));
	EQ(owner.error(), "the field 'hits' is read-only");
	EQ(t.reader.read_entry_field(t.table, e, nullptr, &v), int(GYR_FAILURE));
	// An entry stays readable as long as somebody holds it.
	EQ(t.writer.erase_table_entry(t.table, &key), int(GYR_SUCCESS));
	EQ(t.writer.erase_table_entry(t.table, &key), int(GYR_FAILURE));
	EQ(t.reader.get_table_entry(t.table, &key) == nullptr, true);
	EQ(t.reader.read_entry_field(t.table, e, name, &v), int(GYR_SUCCESS));
	EQ(text(v.str), "ada");
	t.reader_ext->release_table_entry(t.table, e);
	// An entry that is made and thrown away, and one that replaces another.
	t.writer.destroy_table_entry(t.table, t.writer.create_table_entry(t.table));
	e = t.writer.create_table_entry(t.table);
	key.u64 = 5;
	EQ(t.writer.add_table_entry(t.table, &key, e) == e, true);
	EQ(t.writer.add_table_entry(t.table, &key, e) == nullptr, true); // it is in already
	EQ(t.reader.read_entry_field(t.table, e, name, &v), int(GYR_SUCCESS));
	EQ(text(v.str), "");
	t.reader_ext->release_table_entry(t.table, e);
	EQ(t.reader.get_table_size(t.table), 2u);
	// The callback may erase what it sees, and more.
	auto eraser = [](gyr_table_iter *s, gyr_table_entry *) -> gyr_bool {
		auto *in = static_cast<const gyr_table_input *>(s);
		in->writer.clear_table(in->table);
		return 1;
	};
	gyr_table_input copy = t;
	EQ(t.reader_ext->iterate_entries(t.table, eraser, &copy), 1u);
	EQ(t.reader.get_table_size(t.table), 0u);
	e = t.writer.create_table_entry(t.table); // left behind
	EQ(e != nullptr, true);
}

void test_async(const Library &l)
{
	State s(l, "");
	auto set = l.get<gyr_set_async_event_handler_fn>("set_async_event_handler");
	auto wait = [&](size_t n) {
		for (;;) {
			std::lock_guard<std::mutex> hold(s.host.mu);
			size_t logs = 0;
			for (size_t at = 0; (at = s.host.log.find("3: incompatible", at)) != std::string::npos; at++) logs++;
			if (s.host.events.size() >= n && logs >= n / 2) return;
			std::this_thread::yield();
		}
	};
	EQ(set(s.s, &s.host, nullptr), int(GYR_SUCCESS)); // nothing to stop
	EQ(set(s.s, &s.host, async_handler), int(GYR_SUCCESS));
	wait(4);
	EQ(set(s.s, &s.host, async_handler), int(GYR_SUCCESS)); // a change without a stop
	wait(8);
	EQ(set(s.s, &s.host, nullptr), int(GYR_SUCCESS));
	EQ(s.host.events.size(), 8u);
	size_t small = 0;
	for (const std::string &e : s.host.events) {
		small += e == "tick 5 5";
		EQ(e == "tick 5 5" || e == "tick 1000 now", true);
	}
	EQ(small, 4u);
	s.host.events.clear();
	EQ(l.get<gyr_dump_state_fn>("dump_state")(s.s, &s.host, async_handler), int(GYR_SUCCESS));
	EQ(s.host.events.at(0), "state 6 7");
	EQ(s.failed(l.get<gyr_dump_state_fn>("dump_state")(s.s, &s.host, nullptr)), "the host gave no handler");
	// A host that forgets to stop.
	EQ(set(s.s, &s.host, async_handler), int(GYR_SUCCESS));
}

// Routines run in one thread each. The end of one that ended by itself cannot be asked for.
struct Runner {
	std::thread thread;
	std::atomic<bool> stop{false}, over{false};
	~Runner() { thread.join(); }
};
std::list<Runner> runners;
gyr_routine *subscribe(gyr_owner *, gyr_routine_fn f, gyr_routine_state *i)
{
	runners.emplace_back();
	Runner *r = &runners.back();
	r->thread = std::thread([=] {
		bool more = true;
		while (!r->stop && more) more = f(nullptr, i), std::this_thread::yield();
		r->over = !more;
	});
	return r;
}
gyr_rc unsubscribe(gyr_owner *, gyr_routine *h)
{
	auto *r = static_cast<Runner *>(h);
	r->stop = true;
	return r->over ? GYR_FAILURE : GYR_SUCCESS;
}

void test_listening(const Library &l)
{
	State s(l, "");
	gyr_routine_vtable routine = {subscribe, unsubscribe};
	auto in = std::make_unique<gyr_listen_input>(gyr_listen_input{&s.host, &routine, &reader_ext, &writer, owner_error});
	for (int round = 0; round < 3; round++) {
		EQ(s.failed(l.get<gyr_capture_fn>("capture_open")(s.s, in.get())), "rc 0");
		in = std::make_unique<gyr_listen_input>(*in);
		EQ(s.failed(l.get<gyr_capture_fn>("capture_close")(s.s, in.get())), "rc 0");
		runners.clear();
	}
	in->routine = nullptr;
	EQ(s.failed(l.get<gyr_capture_fn>("capture_open")(s.s, in.get())), "the host cannot run routines");
	EQ(s.failed(l.get<gyr_capture_fn>("capture_close")(s.s, nullptr)), "the host gave no input");
}

// A host with a pool of threads does not wait in unsubscribe: a routine that is under way is
// called once more during it, and again after the end of the capture. One that returned 0
// is forgotten.
struct Queued {
	gyr_routine_fn call;
	gyr_routine_state *state;
	bool known, ended;
	void turn()
	{
		known = call(nullptr, state) != 0;
		if (ended) EQ(known, false);
	}
};
std::list<Queued> pool;
gyr_routine *subscribe_queued(gyr_owner *, gyr_routine_fn f, gyr_routine_state *i)
{
	pool.push_back({f, i, true, false});
	return &pool.back();
}
gyr_rc unsubscribe_queued(gyr_owner *, gyr_routine *h)
{
	auto *r = static_cast<Queued *>(h);
	r->ended = true;
	r->turn();
	return r->known ? GYR_SUCCESS : GYR_FAILURE;
}

void test_listening_in_a_pool(const Library &l)
{
	State s(l, "");
	gyr_routine_vtable routine = {subscribe_queued, unsubscribe_queued};
	gyr_listen_input in = {&s.host, &routine, &reader_ext, &writer, owner_error};
	for (int round = 0; round < 3; round++) {
		EQ(s.failed(l.get<gyr_capture_fn>("capture_open")(s.s, &in)), "rc 0");
		for (Queued &r : pool) r.turn();
		EQ(s.failed(l.get<gyr_capture_fn>("capture_close")(s.s, &in)), "rc 0");
		for (Queued &r : pool) r.ended = true, r.turn();
		pool.clear();
	}
}

// Two threads that fail on one state each get their own error.
void test_errors_of_threads(const Library &l)
{
	State s(l, "");
	auto fail = [&](int what) {
		for (int i = 0; i < 2000; i++) {
			if (what == 0) {
				EQ(s.failed(l.get<gyr_capture_fn>("capture_open")(s.s, nullptr)), "the host gave no input");
			} else {
				gyr_event_input none = {nullptr, 1, nullptr};
				gyr_parse_input in = {};
				EQ(s.failed(l.get<gyr_parse_event_fn>("parse_event")(s.s, &none, &in)), "the host gave no event");
			}
		}
	};
	std::thread other(fail, 1);
	fail(0);
	other.join();
}

// A plugin that requires API 3.0 gets shorter structures: the members that came later
// are poisoned here.
void test_old(const Library &l)
{
	void *poison = reinterpret_cast<void *>(1);
	Host host;
	std::map<std::string, gyr_table_input> tables;
	host.tables = &tables;
	gyr_tables_input t = host_tables;
	t.fields_ext = static_cast<gyr_fields_vtable *>(poison);
	t.reader_ext = static_cast<gyr_reader_vtable_ext *>(poison);
	t.writer_ext = static_cast<gyr_writer_vtable *>(poison);
	gyr_init_input in = {"{\"role\": \"owner\"}", &host, owner_error, &t, reinterpret_cast<gyr_log_fn>(poison)};
	uint32_t n = 0;
	uint16_t *types = l.get<gyr_event_types_fn>("get_extract_event_types")(&n, poison); // the second argument is garbage
	EQ(n, 2u);
	EQ(types != nullptr, true);
	gyr_rc rc = GYR_FAILURE;
	gyr_plugin *s = l.get<gyr_init_fn>("init")(&in, &rc);
	EQ(rc, int(GYR_SUCCESS));
	EQ(tables.size(), 1u);
	Blob b("x", 1);
	gyr_extract_field f = request(0, "all.text", GYR_STRING);
	gyr_extract_input x = {&host, owner_error, 1, &f, reader, static_cast<gyr_reader_vtable_ext *>(poison), static_cast<gyr_value_offsets *>(poison)};
	EQ(l.get<gyr_extract_fields_fn>("extract_fields")(s, &b.in, &x), int(GYR_SUCCESS));
	EQ(text(f.res.str[0]), "a text");
	gyr_parse_input p = {&host, owner_error, reader, writer, static_cast<gyr_reader_vtable_ext *>(poison), static_cast<gyr_writer_vtable *>(poison)};
	EQ(l.get<gyr_parse_event_fn>("parse_event")(s, &b.in, &p), int(GYR_SUCCESS));
	l.get<gyr_destroy_fn>("destroy")(s);
}

} // namespace

int main(int argc, char **argv)
{
	if (argc != 5) return 2;
	Library all(argv[1]), second(argv[2]), broken(argv[3]), old(argv[4]);
	setenv("ALL_NAME", "second", 1);
	EQ(second.info("get_name"), "second"); // two plugins at once share nothing
	setenv("ALL_NAME", "broken", 1);
	test_broken(broken);
	unsetenv("ALL_NAME");
	setenv("ALL_API", "3.0.0", 1);
	EQ(old.info("get_required_api_version"), "3.0.0");
	test_old(old);
	unsetenv("ALL_API");
	test_description(all);
	test_life(all);
	test_exceptions(all);
	test_streams(all);
	test_extraction(all);
	test_batch(all);
	test_tables(all, second);
	test_async(all);
	test_listening(all);
	test_listening_in_a_pool(all);
	test_errors_of_threads(all);
	return result();
}
