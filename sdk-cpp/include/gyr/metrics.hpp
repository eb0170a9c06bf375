// SPDX-License-Identifier: Apache-2.0

// metrics.hpp: the metrics of a plugin.

#ifndef GYR_METRICS_HPP
#define GYR_METRICS_HPP

#include <deque>
#include <type_traits>
#include <vector>

#include "gyr/base.hpp"

namespace gyr GYR_HIDDEN {

// Metrics collects the metrics of one call. The host shows them as PLUGIN.NAME.
class Metrics {
public:
	// counter adds a number that only increases, gauge one that may go up and down. T is an
	// integer of 32 or 64 bits, float or double.
	template <class T> void counter(std::string_view name, T value) { add(name, GYR_METRIC_MONOTONIC, value); }
	template <class T> void gauge(std::string_view name, T value) { add(name, GYR_METRIC_NON_MONOTONIC, value); }

private:
	friend class Plugin;

	template <class T> void add(std::string_view name, int32_t type, T value)
	{
		static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, long double>, "gyr: a metric is a number");
		if (list_.size() == names_.size()) names_.emplace_back();
		names_[list_.size()] = name;
		gyr_metric m = {};
		m.name = names_[list_.size()].c_str();
		m.type = type;
		if constexpr (std::is_same_v<T, double>) {
			m.value.d = value, m.value_type = GYR_METRIC_DOUBLE;
		} else if constexpr (std::is_same_v<T, float>) {
			m.value.f = value, m.value_type = GYR_METRIC_FLOAT;
		} else if constexpr (std::is_signed_v<T> && sizeof(T) == 8) {
			m.value.s64 = value, m.value_type = GYR_METRIC_S64;
		} else if constexpr (std::is_signed_v<T>) {
			m.value.s32 = value, m.value_type = GYR_METRIC_S32;
		} else if constexpr (sizeof(T) == 8) {
			m.value.u64 = value, m.value_type = GYR_METRIC_U64;
		} else {
			m.value.u32 = value, m.value_type = GYR_METRIC_U32;
		}
		list_.push_back(m);
	}

	// Names keep their addresses when more are added.
	std::deque<std::string> names_;
	std::vector<gyr_metric> list_;
};

} // namespace gyr

#endif
