// SPDX-License-Identifier: Apache-2.0

// value.hpp: the C++ types of the data types in state tables.
//
//	int8_t ... int64_t, uint8_t ... uint64_t, bool    themselves
//	std::string                                       read as std::string_view
//	SubTable<Key>                                     a table in each entry (tables.hpp)

#ifndef GYR_VALUE_HPP
#define GYR_VALUE_HPP

#include <type_traits>

#include "gyr/base.hpp"

namespace gyr GYR_HIDDEN {

template <class Key> struct SubTable;

namespace rim {

template <class T> struct StateValue {
	static_assert(!std::is_same_v<T, T>, "gyr: tables hold int8_t to uint64_t, bool, std::string and SubTable<Key>");
};

#define GYR_STATE_VALUE(T, number, member)                                             \
	template <> struct StateValue<T> {                                             \
		using View = T;                                                        \
		static constexpr gyr_state_type type = number;                         \
		static void put(gyr_state_data &d, T v) noexcept { d.member = v; }     \
		static T get(const gyr_state_data &d) noexcept { return d.member; }    \
	};
GYR_STATE_VALUE(int8_t, GYR_ST_INT8, s8)
GYR_STATE_VALUE(int16_t, GYR_ST_INT16, s16)
GYR_STATE_VALUE(int32_t, GYR_ST_INT32, s32)
GYR_STATE_VALUE(int64_t, GYR_ST_INT64, s64)
GYR_STATE_VALUE(uint8_t, GYR_ST_UINT8, u8)
GYR_STATE_VALUE(uint16_t, GYR_ST_UINT16, u16)
GYR_STATE_VALUE(uint32_t, GYR_ST_UINT32, u32)
GYR_STATE_VALUE(uint64_t, GYR_ST_UINT64, u64)
#undef GYR_STATE_VALUE

template <> struct StateValue<bool> {
	using View = bool;
	static constexpr gyr_state_type type = GYR_ST_BOOL;
	static void put(gyr_state_data &d, bool v) noexcept { d.b = v ? 1 : 0; }
	static bool get(const gyr_state_data &d) noexcept { return d.b != 0; }
};

template <> struct StateValue<std::string> {
	using View = std::string_view;
	static constexpr gyr_state_type type = GYR_ST_STRING;
	static void put(gyr_state_data &d, const std::string &v) noexcept { d.str = v.c_str(); }
	static std::string_view get(const gyr_state_data &d) noexcept { return d.str ? d.str : ""; }
};

// known reports whether the data type exists in the interface; can_be_key whether it can be a key.
inline bool known(gyr_state_type t) noexcept { return (t >= GYR_ST_INT8 && t <= GYR_ST_TABLE) || t == GYR_ST_BOOL; }
inline bool can_be_key(gyr_state_type t) noexcept { return known(t) && t != GYR_ST_TABLE; }

} // namespace rim
} // namespace gyr

#endif
