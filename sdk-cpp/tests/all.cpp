// SPDX-License-Identifier: Apache-2.0

// all: a plugin with every capability. Its configuration is JSON:
//
//	fail   the function that throws
//	role   "owner" offers the table sessions, "user" works with that of somebody else
//
// The environment variable ALL_NAME is its name; if that is "broken" the functions that
// describe it throw. ALL_API is the API that it requires.

#include <condition_variable>
#include <thread>

#include "gyr/sdk.hpp"

namespace {

using gyr::FieldType;

std::string env(const char *name, const char *otherwise)
{
	const char *s = std::getenv(name);
	return s ? s : otherwise;
}

void describe()
{
	if (env("ALL_NAME", "") == "broken") throw gyr::Error("broken description");
}

enum {
	text, number, flag, duration, moment, ip4, ip6, mapped, net, texts, numbers, flags, ips, key, index_, absent, wrong, throws, twice, bad_ip, odd,
	payload, words, prepared
};

class All;

class Words : public gyr::Stream {
public:
	Words(All &p, const std::string &params) : plugin_(p), params_(params) {}
	~Words() override;

	gyr::Status next(gyr::Batch &out) override;
	gyr::Progress progress() override;
	void close() override;

private:
	All &plugin_;
	const std::string params_;
	int calls_ = 0;
};

class All : public gyr::Plugin,
            public gyr::Source,
            public gyr::Extractor,
            public gyr::Parser,
            public gyr::AsyncEvents,
            public gyr::Listener {
public:
	~All() override { log(gyr::Severity::info, "destructor"); }

	gyr::Info info() const override
	{
		describe();
		return {env("ALL_NAME", "all"), "1.2.3", "a \"plugin\"\nfor tests", "none", env("ALL_API", GYR_API_VERSION)};
	}
	std::string init_schema() const override { return describe(), R"({"type": "object"})"; }

	void init(const std::string &config) override
	{
		if (!config.empty()) {
			gyr::Json c = gyr::Json::parse(config);
			fail_ = c.get("fail", "");
			role_ = c.get("role", "");
		}
		log(gyr::Severity::notice, "init");
		log(gyr::Severity::debug, "init of a part", "part");
		if (role_ == "owner") tables().offer(sessions_);
		if (role_ == "user") use();
		fail("init");
	}
	void destroy() override { log(gyr::Severity::info, "destroy"), fail("destroy"); }
	void set_config(const std::string &config) override { fail("set_config"), fail_ = config; }
	void metrics(gyr::Metrics &m) override
	{
		m.counter("parsed", parsed_);
		m.gauge("ratio", 0.5);
		m.gauge("share", 0.25f);
		m.gauge("small", int32_t(-3));
		m.gauge("large", int64_t(-4));
		m.counter("word", uint32_t(5));
		fail("metrics");
	}
	std::string required_event_schema() const override { return fail("event_schema"), "3.1.0"; }

	// ---- source ----

	uint32_t id() const override { return describe(), 903; }
	std::string event_source() const override { return describe(), "all"; }
	std::unique_ptr<gyr::Stream> open(const std::string &params) override
	{
		fail("open");
		if (params == "none") return nullptr;
		return std::make_unique<Words>(*this, params);
	}
	std::vector<gyr::OpenParam> open_params() override { return fail("open_params"), std::vector<gyr::OpenParam>{{"a\"b", "desc", ","}, {"c", "", ""}}; }
	void event_to_string(const gyr::Event &e, std::string &out) override { fail("event_to_string"), out.append("<").append(e.payload).append(">"); }

	// ---- extraction ----

	std::vector<gyr::Field> fields() const override
	{
		describe();
		using gyr::FieldArg;
		return {
			{FieldType::string, "all.text", "d"},
			{FieldType::u64, "all.number", "d"},
			{FieldType::boolean, "all.flag", "d"},
			{FieldType::reltime, "all.duration", "d"},
			{FieldType::abstime, "all.moment", "d"},
			{FieldType::ipaddr, "all.ip4", "d"},
			{FieldType::ipaddr, "all.ip6", "d"},
			{FieldType::ipaddr, "all.mapped", "d"},
			{FieldType::ipnet, "all.net", "d"},
			{FieldType::string, "all.texts", "d", FieldArg::none(), true},
			{FieldType::u64, "all.numbers", "d", FieldArg::none(), true},
			{FieldType::boolean, "all.flags", "d", FieldArg::none(), true},
			{FieldType::ipaddr, "all.ips", "d", FieldArg::none(), true},
			{FieldType::string, "all.key", "d", FieldArg::with_key()},
			{FieldType::u64, "all.index", "d", FieldArg::with_index(false)},
			{FieldType::string, "all.absent", "d"},
			{FieldType::u64, "all.wrong", "d"},
			{FieldType::string, "all.throws", "d"},
			{FieldType::string, "all.twice", "d"},
			{FieldType::ipaddr, "all.bad_ip", "d"},
			{FieldType::string, "all.odd", "d", FieldArg::none(), false, "Odd", {"hidden"}, true},
			{FieldType::string, "all.payload", "d"},
			{FieldType::string, "all.words", "d", FieldArg::none(), true},
			{FieldType::u64, "all.prepared", "d"},
		};
	}
	std::vector<std::string> extract_sources() const override { return describe(), std::vector<std::string>{"all", "other"}; }
	std::vector<uint16_t> extract_types() const override { return fail("extract_types"), std::vector<uint16_t>{gyr::plugin_event, gyr::async_event}; }

	void prepare(const gyr::Event &e) override
	{
		fail("prepare");
		if (e.payload == "unprepared") throw gyr::Error("this event cannot be prepared");
		prepared_++;
	}

	void extract(const gyr::Event &e, gyr::Request &r) override
	{
		fail("extract");
		static const unsigned char v4[] = {192, 0, 2, 1}, v6[16] = {0x20, 1, 0xd, 0xb8}, map[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 2};
		switch (r.field()) {
		case text: return r.set_string("a text");
		case number: return r.set_u64(~uint64_t(0));
		case flag: return r.set_bool(true);
		case duration: return r.set_reltime(std::chrono::seconds(2));
		case moment: return r.set_abstime(e.time);
		case ip4: return r.set_ip(v4, sizeof v4);
		case ip6: return r.set_ip(v6, sizeof v6);
		case mapped: return r.set_ip(map, sizeof map);
		case net: return r.set_ip(v4, sizeof v4);
		case texts:
			for (int i = 0; i < 300; i++) r.add_string(std::to_string(i));
			return r.add_borrowed("last");
		case numbers:
			for (uint64_t i = 0; i < 300; i++) r.add_u64(i);
			return;
		case flags: return r.add_bool(true), r.add_bool(false), r.add_bool(true);
		case ips: return r.add_ip(v4, sizeof v4), r.add_ip(v4, 3), r.add_ip(v6, sizeof v6);
		case key: return r.set_string(r.key());
		case index_:
			if (r.has_index()) r.set_u64(r.index());
			return;
		case wrong: return r.set_string("not a number");
		case throws: throw std::runtime_error("extraction throws");
		case twice: return r.add_string("one"), r.add_string("two");
		case bad_ip: return r.set_ip(v4, 3), r.set_ip(nullptr, 4);
		case odd: return r.set_string("first"), r.set_string(e.is_async() ? e.name : std::string_view("second"));
		case payload:
			r.set_string(e.payload);
			return r.set_offset(e.payload);
		case words: return split(e.payload, r);
		case prepared: return r.set_u64(prepared_);
		}
	}

	// ---- parsing and tables ----

	std::vector<std::string> parse_sources() const override { return describe(), std::vector<std::string>{}; }
	std::vector<uint16_t> parse_types() const override { return fail("parse_types"), std::vector<uint16_t>{gyr::plugin_event}; }

	void parse(const gyr::Event &e, const gyr::TableAccess &access) override
	{
		fail("parse");
		parsed_++;
		if (role_ == "owner") own(e);
		if (role_ == "user") visit(e, access);
	}

	// ---- async events ----

	std::vector<std::string> async_events() const override { return describe(), std::vector<std::string>{"tick", "state"}; }
	std::vector<std::string> async_sources() const override { return describe(), std::vector<std::string>{}; }
	void start_async(gyr::Emitter to) override
	{
		fail("start_async");
		if (!worker_.empty()) throw gyr::Error("started twice");
		stop_ = false;
		emitter_ = to;
		for (int i = 0; i < 2; i++) worker_.emplace_back([this, to] { tick(to); });
	}
	void stop_async() override
	{
		{
			std::lock_guard<std::mutex> hold(mu_);
			stop_ = true;
		}
		wake_.notify_all();
		for (std::thread &t : worker_) t.join();
		worker_.clear();
		fail("stop_async");
	}
	void dump_state(gyr::Emitter to) override
	{
		fail("dump_state");
		if (!to.emit("state", "dumped", 7)) throw gyr::Error("the state is refused");
	}

	// ---- listening ----

	void capture_open(gyr::Capture &c) override
	{
		fail("capture_open");
		c.subscribe([this] { return rounds_++ < 2; });
		c.subscribe([]() -> bool { throw gyr::Error("a routine throws"); });
		endless_ = c.subscribe([] { return true; });
	}
	void capture_close(gyr::Capture &c) override { c.unsubscribe(endless_), fail("capture_close"); }

	void fail(const char *where) const
	{
		if (fail_ == where) throw gyr::Error(std::string(where) + " fails");
		if (fail_ == std::string("int ") + where) throw 42;
	}

private:
	static void split(std::string_view s, gyr::Request &r)
	{
		for (size_t at = 0; at < s.size();) {
			size_t end = std::min(s.find(' ', at), s.size());
			r.add_string(s.substr(at, end - at));
			r.set_offset(at, end - at);
			at = end + 1;
		}
	}

	// own keeps the plugin's table up to date.
	void own(const gyr::Event &e)
	{
		gyr::Row &row = sessions_.row(e.payload.size());
		row.set(user_, std::string(e.payload));
		row.set(hits_, row.get(hits_) + 1);
		row.sub(tags_).row("tag").set(count_, uint32_t(e.num));
	}

	// use gets handles of a table of another plugin.
	void use()
	{
		theirs_ = tables().get<uint64_t>("sessions");
		their_user_ = tables().field<std::string>(theirs_, "user");
		their_hits_ = tables().field<uint64_t>(theirs_, "hits");
		mine_ = tables().add_field<bool>(theirs_, "mine");
		their_tags_ = tables().field<gyr::SubTable<std::string>>(theirs_, "tags");
		// The fields of tables in entries are found with an entry that is thrown away.
		gyr::TableEntry temp = tables().access().create(theirs_);
		their_count_ = tables().field<uint32_t>(temp.read(their_tags_), "count");
		if (tables().find<uint64_t>("nothing")) throw gyr::Error("found what is not there");
		bool refused = false;
		try {
			tables().field<bool>(theirs_, "user");
		} catch (const gyr::Error &) {
			refused = true;
		}
		if (!refused) throw gyr::Error("a field of the wrong type was given");
	}

	// visit reads and changes the table of another plugin; metrics and log tell of it.
	void visit(const gyr::Event &e, const gyr::TableAccess &access)
	{
		uint64_t sum = 0;
		access.for_each(theirs_, [&](gyr::TableEntry &t) { sum += t.read(their_hits_); });
		std::string seen = std::to_string(access.size(theirs_)) + " entries " + std::to_string(sum) + " hits";
		if (gyr::TableEntry t = access.find(theirs_, uint64_t(e.payload.size()))) {
			seen += " user " + std::string(t.read(their_user_)) + (t.read(mine_) ? " mine" : "");
			t.write(mine_, true);
			if (gyr::TableEntry tag = access.find(t.read(their_tags_), std::string("tag"))) seen += " tag " + std::to_string(tag.read(their_count_));
		}
		gyr::TableEntry fresh = access.add(theirs_, uint64_t(1000));
		fresh.write(their_user_, std::string("a name that is longer than short ones"));
		access.erase(theirs_, uint64_t(1001));
		log(gyr::Severity::info, std::string(access.name(theirs_)) + ": " + seen);
	}

	void tick(gyr::Emitter to)
	{
		std::string large(1000, 'x'), why;
		to.emit("tick", "small", 5);
		to.emit("tick", large);
		if (!to.emit("tack", "", 5, &why)) log(gyr::Severity::error, why);
		std::unique_lock<std::mutex> hold(mu_);
		wake_.wait(hold, [this] { return stop_; });
	}

	std::string fail_, role_;
	uint64_t prepared_ = 0, parsed_ = 0;

	gyr::OwnTable<uint64_t> sessions_{"sessions"};
	gyr::Column<std::string> user_ = sessions_.add_column<std::string>("user");
	gyr::Column<uint64_t> hits_ = sessions_.add_column<uint64_t>("hits", true);
	gyr::TableColumn<std::string> tags_ = sessions_.add_table_column<std::string>("tags");
	gyr::Column<uint32_t> count_ = tags_.add_column<uint32_t>("count");

	gyr::Table<uint64_t> theirs_;
	gyr::TableField<std::string> their_user_;
	gyr::TableField<uint64_t> their_hits_;
	gyr::TableField<bool> mine_;
	gyr::TableField<gyr::SubTable<std::string>> their_tags_;
	gyr::TableField<uint32_t> their_count_;

	std::mutex mu_;
	std::condition_variable wake_;
	bool stop_ = false;
	std::vector<std::thread> worker_;
	gyr::Emitter emitter_;

	int rounds_ = 0;
	gyr::Routine endless_ = nullptr;
};

Words::~Words() = default;

// The parameters are words; each is an event, but for these:
gyr::Status Words::next(gyr::Batch &out)
{
	plugin_.fail("next");
	calls_++;
	if (params_ == "nothing") return calls_ < 3 ? gyr::Status::more : gyr::Status::end;
	if (params_ == "timeout") {
		out.add("before");
		return calls_ < 3 ? gyr::Status::timeout : gyr::Status::end;
	}
	if (params_ == "throw") {
		out.add("one", 1), out.add("two", 2);
		throw gyr::Error("the stream breaks");
	}
	if (params_ == "sizes") {
		for (size_t n : {0, 1, 7, 8, 9, 100000, 3000000}) out.add(std::string(n, 'x'));
		return gyr::Status::end;
	}
	if (params_ == "reserve") {
		char *to = out.reserve(10);
		std::memcpy(to, "abcdefghij", 10);
		out.commit(3);
		bool refused = false;
		try {
			out.commit(1);
		} catch (const gyr::Error &) {
			refused = true;
		}
		out.add(refused ? "refused" : "taken");
		return gyr::Status::end;
	}
	out.add(params_, 11);
	return gyr::Status::end;
}

gyr::Progress Words::progress()
{
	plugin_.fail("progress");
	return {calls_ ? 2.0 : 0.25, calls_ ? "" : "a quarter"};
}

void Words::close() { plugin_.fail("close"); }

} // namespace

GYR_PLUGIN(All)
GYR_SOURCE(All)
GYR_EXTRACTOR(All)
GYR_PARSER(All)
GYR_ASYNC(All)
GYR_LISTENER(All)
