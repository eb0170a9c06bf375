// SPDX-License-Identifier: Apache-2.0

// dummy_c: makes numbers and knows a little about them. It is what the plugin dummy is in
// Go, and the example of a plugin in C++:
//
//	c++ -std=c++17 -O2 -shared -fPIC -I sdk-cpp/include -I abi -o libdummy_c.so plugins/dummy_c/dummy_c.cpp
//
// The payload of an event is its number: 8 bytes, little endian.

#include <algorithm>
#include <charconv>
#include <random>

#include "gyr/extractor.hpp"
#include "gyr/source.hpp"

namespace {

// Decimal is a number as text.
class Decimal {
public:
	explicit Decimal(uint64_t n) noexcept : end_(std::to_chars(text_, text_ + sizeof text_, n).ptr) {}
	std::string_view text() const noexcept { return {text_, static_cast<size_t>(end_ - text_)}; }

private:
	char text_[20];
	char *end_;
};

// Numbers counts upwards by 1 plus a random jitter.
class Numbers : public gyr::Stream {
public:
	// A negative maximum is, as an unsigned number, no limit.
	Numbers(uint64_t jitter, uint64_t start, int64_t max_events) : step_(0, jitter), sample_(start), total_(static_cast<uint64_t>(max_events)) {}

	gyr::Status next(gyr::Batch &out) override
	{
		// One look at the clock per batch: its events are as good as simultaneous.
		for (gyr::Time now = gyr::now(); !out.full(); now++, done_++) {
			if (done_ == total_) return gyr::Status::end;
			sample_ += 1 + step_(random_);
			out.add({reinterpret_cast<const char *>(&sample_), sizeof sample_}, now);
		}
		return gyr::Status::more;
	}

	gyr::Progress progress() override
	{
		double share = total_ ? static_cast<double>(done_) / static_cast<double>(total_) : 0;
		return {share, std::to_string(done_) + "/" + std::to_string(total_) + " events"};
	}

private:
	std::minstd_rand random_{std::random_device{}()};
	std::uniform_int_distribution<uint64_t> step_;
	uint64_t sample_, done_ = 0, total_;
};

// The ids of the fields.
enum { divisible, value, text };

class Dummy : public gyr::Plugin, public gyr::Source, public gyr::Extractor {
public:
	gyr::Info info() const override
	{
		return {"dummy_c", "0.4.0", "Makes events that are numbers, in C++", "github.com/gyr-dev/gyr"};
	}

	std::string init_schema() const override
	{
		return R"json({
	"$schema": "http://json-schema.org/draft-07/schema#",
	"type": "object",
	"properties": {
		"jitter": {
			"type": "integer",
			"minimum": 0,
			"description": "Each number is 1 plus at most so much larger than the last one (default 10)"
		}
	}
})json";
	}

	void init(const std::string &config) override
	{
		if (config.empty()) return;
		try {
			jitter_ = gyr::Json::parse(config).get("jitter", jitter_);
		} catch (const gyr::Error &e) {
			throw gyr::Error(std::string("wrong config format: ") + e.what());
		}
	}

	uint32_t id() const override { return 4; }
	std::string event_source() const override { return "dummy_c"; }

	std::vector<gyr::OpenParam> open_params() override
	{
		return {{R"({"start": 1, "maxEvents": 20})", "20 numbers from 1 on, which is the default", ""}};
	}

	std::unique_ptr<gyr::Stream> open(const std::string &params) override
	{
		uint64_t start = 1;
		int64_t max_events = 20;
		try {
			if (!params.empty()) {
				gyr::Json p = gyr::Json::parse(params);
				start = p.get("start", start);
				max_events = p.get("maxEvents", max_events);
			}
		} catch (const gyr::Error &e) {
			throw gyr::Error(std::string("wrong open params format: ") + e.what());
		}
		return std::make_unique<Numbers>(jitter_, start, max_events);
	}

	void event_to_string(const gyr::Event &e, std::string &out) override
	{
		out += "{\"sample\": \"";
		out += Decimal(number(e)).text();
		out += "\"}";
	}

	std::vector<gyr::Field> fields() const override
	{
		using gyr::FieldType;
		return {
			{FieldType::u64, "dummy.divisible", "1 if the number is divisible by the argument, else 0. There is no value for the argument 0.", gyr::FieldArg::with_index()},
			{FieldType::u64, "dummy.value", "The number."},
			{FieldType::string, "dummy.strvalue", "The number as text."},
		};
	}

	void prepare(const gyr::Event &e) override { number_ = number(e); }

	void extract(const gyr::Event &e, gyr::Request &r) override
	{
		switch (r.field()) {
		case divisible:
			if (r.index() == 0) throw gyr::Error("nothing is divisible by 0");
			r.set_u64(number_ % r.index() == 0 ? 1 : 0);
			break;
		case value:
			r.set_u64(number_);
			break;
		case text:
			r.set_string(Decimal(number_).text());
			break;
		}
		r.set_offset(e.payload);
	}

private:
	static uint64_t number(const gyr::Event &e)
	{
		uint64_t n;
		if (e.payload.size() != sizeof n) throw gyr::Error("the event is not a number");
		std::copy(e.payload.begin(), e.payload.end(), reinterpret_cast<char *>(&n));
		return n;
	}

	uint64_t jitter_ = 10;
	uint64_t number_ = 0; // of the event that fields are extracted from
};

} // namespace

GYR_PLUGIN(Dummy)
GYR_SOURCE(Dummy)
GYR_EXTRACTOR(Dummy)
