// SPDX-License-Identifier: Apache-2.0

// wrong: the mistakes with macros that the compiler or the linker has to tell of, one for
// each value of MISTAKE.

#include "gyr/sdk.hpp"

namespace {

class Base : public gyr::Plugin {
	gyr::Info info() const override { return {"wrong", "1.0.0", "", ""}; }
};

class Good : public Base, public gyr::Extractor {
public:
	std::vector<gyr::Field> fields() const override { return {}; }
	void extract(const gyr::Event &, gyr::Request &) override {}
};

class Unfinished : public Base, public gyr::Extractor {
	std::vector<gyr::Field> fields() const override { return {}; }
};

class Arguments : public Good {
public:
	explicit Arguments(int) {}
};

struct Stranger {};

} // namespace

#if MISTAKE == 0
GYR_PLUGIN(Good)
GYR_EXTRACTOR(Good)
#elif MISTAKE == 1
GYR_PLUGIN(Good)
#elif MISTAKE == 2
GYR_EXTRACTOR(Good)
#elif MISTAKE == 3
GYR_PLUGIN(Good)
GYR_EXTRACTOR(Good)
GYR_PLUGIN(Good)
#elif MISTAKE == 4
GYR_PLUGIN(Good)
GYR_EXTRACTOR(Good)
GYR_SOURCE(Good)
#elif MISTAKE == 5
GYR_PLUGIN(Unfinished)
GYR_EXTRACTOR(Unfinished)
#elif MISTAKE == 6
GYR_PLUGIN(Arguments)
GYR_EXTRACTOR(Arguments)
#elif MISTAKE == 7
GYR_PLUGIN(Stranger)
#elif MISTAKE == 8
GYR_PLUGIN(Good)
GYR_EXTRACTOR(Base)
#elif MISTAKE == 9
GYR_PLUGIN(Good)
GYR_EXTRACTOR(Good)
GYR_EXTRACTOR(Good)
#endif
