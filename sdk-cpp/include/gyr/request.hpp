// SPDX-License-Identifier: Apache-2.0

// request.hpp: a request for a field, and its result.

#ifndef GYR_REQUEST_HPP
#define GYR_REQUEST_HPP

#include <chrono>
#include <memory>
#include <vector>

#include "gyr/codec.hpp"
#include "gyr/together.hpp"

namespace gyr GYR_HIDDEN {

// FieldType is the type of a field's values.
enum class FieldType : uint32_t {
	u64 = GYR_UINT64,
	string = GYR_STRING,
	reltime = GYR_RELTIME, // a duration in nanoseconds
	abstime = GYR_ABSTIME, // nanoseconds since 1970
	boolean = GYR_BOOL,
	ipaddr = GYR_IPADDR,
	ipnet = GYR_IPNET // the values are addresses
};

// name returns the type's name in field lists, nullptr for an unknown type.
inline const char *name(FieldType t) noexcept
{
	switch (t) {
	case FieldType::u64: return "uint64";
	case FieldType::string: return "string";
	case FieldType::reltime: return "reltime";
	case FieldType::abstime: return "abstime";
	case FieldType::boolean: return "bool";
	case FieldType::ipaddr: return "ipaddr";
	case FieldType::ipnet: return "ipnet";
	}
	return nullptr;
}

namespace rim {

// Arena allocates memory that is valid until reset.
class Arena {
public:
	char *take(size_t n)
	{
		if (n > room_) next(n);
		char *p = at_;
		at_ += n;
		room_ -= n;
		return p;
	}

	// text returns a copy of s with a NUL.
	char *text(std::string_view s)
	{
		char *p = take(s.size() + 1);
		copy(p, s.data(), s.size());
		p[s.size()] = 0;
		return p;
	}

	void reset() noexcept
	{
		used_ = 0;
		room_ = 0;
		at_ = nullptr;
		if (!blocks_.empty()) enter();
	}

private:
	struct Block {
		std::unique_ptr<char[]> mem;
		size_t size;
	};
	static constexpr size_t usual = 4096;

	void enter() noexcept
	{
		at_ = blocks_[used_].mem.get();
		room_ = blocks_[used_].size;
		used_++;
	}
	GYR_COLD void next(size_t n)
	{
		while (used_ < blocks_.size()) {
			enter();
			if (room_ >= n) return;
		}
		size_t size = n > usual ? n : usual;
		blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
		enter();
	}

	std::vector<Block> blocks_;
	size_t used_ = 0; // blocks in use
	char *at_ = nullptr;
	size_t room_ = 0;
};

// Slot is the memory of a result. There is one per request of a call.
struct Slot {
	alignas(16) unsigned char one[16];
	std::vector<uint64_t> list; // memory of a list
};

// Answers is the memory of all results of a call.
struct Answers {
	Arena texts;
	std::vector<Slot> slots;
	gyr_value_offsets *offsets = nullptr; // if requested by the host
	std::vector<uint32_t> starts, lengths;
	bool per_value = false; // the offsets belong to the values of a single request
	std::string fault; // the first error of the plugin

	// unfit marks v as failed with the plugin's error.
	GYR_COLD void unfit(gyr_value &v, Together &all)
	{
		v = all.failed(fault.c_str());
		fault.clear();
	}
};

} // namespace rim

// Request is a request for one field of one event. The set_... functions set the value of a
// field, the add_... functions append a value to a list. They are type safe: a value of
// another type than the field's makes the extraction fail with an error, and a value that the
// type cannot express (a negative time, an address of five bytes) is ignored. A field without
// a value is absent.
class Request {
public:
	// field returns the index in the list returned by Extractor::fields.
	uint32_t field() const noexcept { return f_->field_id; }
	std::string_view name() const noexcept { return f_->field ? f_->field : ""; }
	FieldType type() const noexcept { return static_cast<FieldType>(f_->ftype); }
	bool is_list() const noexcept { return f_->flist != 0; }

	// An argument is a key or an index.
	bool has_arg() const noexcept { return f_->arg_present != 0; }
	bool has_key() const noexcept { return has_arg() && f_->arg_key; }
	bool has_index() const noexcept { return has_arg() && !f_->arg_key; }
	std::string_view key() const noexcept { return has_key() ? f_->arg_key : ""; }
	uint64_t index() const noexcept { return has_index() ? f_->arg_index : 0; }

	bool present() const noexcept { return f_->res_len > 0; }

	// Strings are copied. set_borrowed takes a NUL-terminated string, such as a constant, that
	// must not change until the next extraction. Hosts read up to the first NUL.
	void set_string(std::string_view s) { clear(), add_string(s); }
	void set_borrowed(const char *s) { clear(), add_borrowed(s); }
	void set_u64(uint64_t n) { clear(), add_u64(n); }
	void set_bool(bool b) { clear(), add_bool(b); }
	void set_reltime(std::chrono::nanoseconds d) { clear(), add_reltime(d); }
	void set_abstime(Time t) { clear(), add_abstime(t); }
	void set_abstime(std::chrono::system_clock::time_point t) { clear(), add_abstime(t); }

	// An address is 4 or 16 bytes in network order. IPv4-mapped IPv6 addresses are passed as
	// IPv4.
	void set_ip(const void *bytes, size_t n) { clear(), add_ip(bytes, n); }

	void add_string(std::string_view s)
	{
		if (!fits(FieldType::string, "a text")) return;
		if (to_) put_together(together_->bytes(s.data(), s.size()));
		else put<const char *>(a_->texts.text(s));
	}
	void add_borrowed(const char *s)
	{
		if (!fits(FieldType::string, "a text") || !s) return;
		if (to_) put_together(together_->bytes(s, std::strlen(s)));
		else put(s);
	}
	void add_u64(uint64_t n)
	{
		if (fits(FieldType::u64, "a number")) put_number(n);
	}
	void add_bool(bool b)
	{
		if (fits(FieldType::boolean, "a flag")) put_number<gyr_bool>(b ? 1 : 0);
	}
	void add_reltime(std::chrono::nanoseconds d)
	{
		if (fits(FieldType::reltime, "a duration") && d.count() >= 0) put_number(static_cast<uint64_t>(d.count()));
	}
	void add_abstime(Time t)
	{
		if (fits(FieldType::abstime, "a time") && t != no_time) put_number(t);
	}
	void add_abstime(std::chrono::system_clock::time_point t)
	{
		auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(t.time_since_epoch()).count();
		add_abstime(ns < 0 ? no_time : static_cast<Time>(ns));
	}
	void add_ip(const void *bytes, size_t n)
	{
		if (!fits(type() == FieldType::ipnet ? FieldType::ipnet : FieldType::ipaddr, "an address") || !bytes) return;
		static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
		auto *from = static_cast<const char *>(bytes);
		if (n == 16 && !std::memcmp(from, mapped, 12)) from += 12, n = 4;
		if (n != 4 && n != 16) return;
		if (to_) return put_together(together_->bytes(from, n));
		char *p = a_->texts.take(n);
		std::memcpy(p, from, n);
		put(gyr_bytes{static_cast<uint32_t>(n), p});
	}

	// clear makes the field absent again.
	void clear() noexcept
	{
		if (f_->res_len) drop();
	}

	// wants_offsets reports whether the host requests the positions of values in the event.
	bool wants_offsets() const noexcept { return a_->offsets != nullptr; }

	// set_offset sets the position of the last value: its start in the payload and its length.
	// Positions outside the payload are ignored.
	void set_offset(size_t start, size_t length)
	{
		if (!wants_offsets() || !present()) return;
		if (start > e_->payload.size() || length > e_->payload.size() - start) return;
		size_t at = a_->per_value ? f_->res_len - 1 : pos_;
		if (at >= a_->starts.size()) a_->starts.resize(at + 1), a_->lengths.resize(at + 1);
		a_->starts[at] = static_cast<uint32_t>(e_->payload.data() - e_->blob.data() + static_cast<ptrdiff_t>(start));
		a_->lengths[at] = static_cast<uint32_t>(length);
	}

	// set_offset for a view of the payload.
	void set_offset(std::string_view part)
	{
		auto base = reinterpret_cast<uintptr_t>(e_->payload.data()), at = reinterpret_cast<uintptr_t>(part.data());
		if (at >= base) set_offset(at - base, part.size());
	}

private:
	template <class T> friend struct RimOfExtractor;
	Request(gyr_extract_field *f, rim::Slot *s, rim::Answers *a, const Event *e, size_t pos) noexcept : f_(f), slot_(s), a_(a), e_(e), pos_(pos) {}

	// collect stores the result in a batch of results.
	void collect(rim::Together *all, gyr_value *to) noexcept
	{
		together_ = all;
		to_ = to;
		*to = {};
	}

	// fits checks that a value of this type is allowed.
	bool fits(FieldType t, const char *what)
	{
		if (f_->ftype == static_cast<uint32_t>(t) && (f_->flist || !f_->res_len)) return true;
		refuse(what, f_->ftype == static_cast<uint32_t>(t));
		return false;
	}
	GYR_COLD void refuse(const char *what, bool second)
	{
		clear();
		if (!a_->fault.empty()) return;
		const char *is = gyr::name(type());
		a_->fault = std::string("the field ") + std::string(name()) + " is of type " + (is ? is : "unknown");
		a_->fault += second ? " and not a list, but was given a second value" : std::string(", but was given ") + what;
	}

	// put stores a value with the size of the field's type in the C interface.
	template <class V> void put(V v)
	{
		static_assert(sizeof v <= sizeof slot_->one, "gyr: a value fits into a slot");
		if (f_->flist) return put_list(&v, sizeof v);
		std::memcpy(slot_->one, &v, sizeof v);
		f_->res.u64 = reinterpret_cast<uint64_t *>(slot_->one);
		f_->res_len = 1;
	}

	template <class V> void put_number(V v)
	{
		if (to_) put_together(rim::Together::number(v));
		else put(v);
	}

	void put_together(gyr_value v)
	{
		f_->res_len = 1;
		if (f_->flist) together_->add(*to_, v);
		else *to_ = v;
	}

	GYR_COLD void put_list(const void *v, size_t size)
	{
		size_t at = f_->res_len * size, words = (at + size + 7) / 8;
		if (slot_->list.size() < words) slot_->list.resize(words < 8 ? 8 : words * 2);
		std::memcpy(reinterpret_cast<char *>(slot_->list.data()) + at, v, size);
		f_->res.u64 = slot_->list.data();
		f_->res_len++;
	}

	GYR_COLD void drop() noexcept
	{
		f_->res_len = 0;
		if (to_) *to_ = {};
		if (!a_->offsets) return;
		if (a_->per_value) a_->starts.clear(), a_->lengths.clear();
		else if (pos_ < a_->starts.size()) a_->starts[pos_] = a_->lengths[pos_] = 0;
	}

	gyr_extract_field *f_;
	rim::Slot *slot_;
	rim::Answers *a_;
	const Event *e_;
	size_t pos_; // index among the requests of the call
	rim::Together *together_ = nullptr;
	gyr_value *to_ = nullptr; // the result, if it is part of a batch
};

} // namespace gyr

#endif
