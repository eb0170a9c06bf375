// SPDX-License-Identifier: Apache-2.0

// bench: as little work as a plugin can do. It brings the same small events for ever and
// extracts twelve constant strings, copied by the SDK (bench.f0...) or not (bench.b0...).

#include "gyr/sdk.hpp"

namespace {

const char *const values[12] = {
	"us-east-1", "ConsoleLogin", "alice", "192.0.2.1", "Mozilla/5.0", "signin.amazonaws.com",
	"123456789012", "AKIAEXAMPLE", "true", "IAMUser", "2024-01-01T00:00:00Z", "ok",
};

class Same : public gyr::Stream {
	gyr::Status next(gyr::Batch &out) override
	{
		while (!out.full()) out.add("12345678", 1);
		return gyr::Status::more;
	}
};

class Single : public gyr::LoopStream {
	gyr::Status next_event(gyr::Batch &out) override
	{
		out.add("12345678", 1);
		return gyr::Status::more;
	}
};

class Bench : public gyr::Plugin, public gyr::Source, public gyr::Extractor {
public:
	gyr::Info info() const override { return {"cppbench", "1.2.3", "a plugin for tests", "none"}; }
	uint32_t id() const override { return 902; }
	std::string event_source() const override { return "cppbench"; }

	std::unique_ptr<gyr::Stream> open(const std::string &params) override
	{
		if (params == "single") return std::make_unique<Single>();
		return std::make_unique<Same>();
	}

	std::vector<gyr::Field> fields() const override
	{
		std::vector<gyr::Field> list;
		for (const char *kind : {"bench.f", "bench.b"})
			for (int i = 0; i < 12; i++) list.push_back({gyr::FieldType::string, kind + std::to_string(i), "text"});
		return list;
	}

	void extract(const gyr::Event &, gyr::Request &r) override
	{
		if (r.field() < 12) r.set_string(values[r.field()]);
		else r.set_borrowed(values[r.field() - 12]);
	}
};

} // namespace

GYR_PLUGIN(Bench)
GYR_SOURCE(Bench)
GYR_EXTRACTOR(Bench)
