// SPDX-License-Identifier: Apache-2.0

// together.hpp: the results for a batch of events, in the form that gyr reads.

#ifndef GYR_TOGETHER_HPP
#define GYR_TOGETHER_HPP

#include <vector>

#include "gyr/base.hpp"

namespace gyr GYR_HIDDEN {
namespace rim {

// copy_long copies a string. Most are short, and a call would cost more than copying.
GYR_COLD inline void copy_long(char *to, const char *from, size_t n) noexcept { std::memcpy(to, from, n); }

// halves copies H to 2 * H bytes as two overlapping parts.
template <size_t H> void halves(char *to, const char *from, size_t n) noexcept
{
	char a[H], b[H];
	std::memcpy(a, from, H);
	std::memcpy(b, from + n - H, H);
	std::memcpy(to, a, H);
	std::memcpy(to + n - H, b, H);
}

inline void copy(char *to, const char *from, size_t n) noexcept
{
	if (n > 32) copy_long(to, from, n);
	else if (n >= 16) halves<16>(to, from, n);
	else if (n >= 8) halves<8>(to, from, n);
	else if (n >= 4) halves<4>(to, from, n);
	else for (size_t i = 0; i < n; i++) to[i] = from[i];
}

// Together collects the results: one row of values per event.
class Together {
public:
	Together() = default;
	Together(const Together &) = delete;
	Together &operator=(const Together &) = delete;

	// start empties it, for rows of width values.
	void start(size_t rows, size_t width)
	{
		values_.resize(rows * width);
		row_ = values_.data();
		width_ = width;
		elements_.clear();
		at_ = bytes_.data();
	}

	// row returns the values of the current row, next moves to the next row.
	gyr_value *row() noexcept { return row_; }
	void next() noexcept { row_ += width_; }

	// failed returns a value that says that there is none because of an error, and its text.
	GYR_COLD gyr_value failed(const char *text)
	{
		gyr_value v = bytes(text, std::strlen(text));
		v.kind = GYR_FAILED;
		return v;
	}

	// none marks all values of the row as failed.
	GYR_COLD void none(const char *text)
	{
		gyr_value v = failed(text);
		for (size_t i = 0; i < width_; i++) row_[i] = v;
	}

	// add appends a value to a list.
	GYR_COLD void add(gyr_value &list, gyr_value v)
	{
		elements_.push_back(v);
		if (list.kind != GYR_LIST) list = {elements_.size() - 1, 0, GYR_LIST};
		list.n++;
	}
	static gyr_value number(uint64_t n) noexcept { return {n, 0, GYR_NUMBER}; }
	gyr_value bytes(const char *p, size_t n)
	{
		if (static_cast<size_t>(end_ - at_) < n) grow(n);
		copy(at_, p, n);
		gyr_value v = {static_cast<uint64_t>(at_ - bytes_.data()), static_cast<uint32_t>(n), GYR_BYTES};
		at_ += n;
		return v;
	}

	void finish(gyr_batch_answers &out) noexcept
	{
		out.values = values_.data();
		out.elements = elements_.data();
		out.num_elements = elements_.size();
		out.bytes = reinterpret_cast<uint8_t *>(bytes_.data());
		out.num_bytes = static_cast<uint64_t>(at_ - bytes_.data());
	}

private:
	GYR_COLD void grow(size_t n)
	{
		if (n > UINT32_MAX) throw Error("a text is too large");
		size_t used = static_cast<size_t>(at_ - bytes_.data());
		bytes_.resize(bytes_.size() * 2 + n + 4096);
		at_ = bytes_.data() + used;
		end_ = bytes_.data() + bytes_.size();
	}

	std::vector<gyr_value> values_, elements_;
	std::vector<char> bytes_;
	char *at_ = nullptr, *end_ = nullptr; // free space in bytes_
	size_t width_ = 0;
	gyr_value *row_ = nullptr;
};

} // namespace rim
} // namespace gyr

#endif
