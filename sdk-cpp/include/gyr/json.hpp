// SPDX-License-Identifier: Apache-2.0

// json.hpp: the JSON support that a plugin needs. JsonWriter writes JSON for the host. Json
// parses configurations, strictly by RFC 8259. It is not optimized for event payloads.

#ifndef GYR_JSON_HPP
#define GYR_JSON_HPP

#include <cerrno>
#include <cstdlib>
#include <utility>
#include <vector>

#include "gyr/base.hpp"

namespace gyr GYR_HIDDEN {

// utf8_length returns the length of the valid UTF-8 sequence at the start of s, or 0.
inline size_t utf8_length(std::string_view s) noexcept
{
	auto at = [&](size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
	auto tail = [&](size_t i) { return (at(i) & 0xC0) == 0x80; };
	unsigned c = at(0);
	if (s.empty()) return 0;
	if (c < 0x80) return 1;
	if (c >= 0xC2 && c <= 0xDF) return tail(1) ? 2 : 0;
	if (c >= 0xE0 && c <= 0xEF) {
		bool odd = (c == 0xE0 && at(1) < 0xA0) || (c == 0xED && at(1) > 0x9F);
		return tail(1) && tail(2) && !odd ? 3 : 0;
	}
	if (c >= 0xF0 && c <= 0xF4) {
		bool odd = (c == 0xF0 && at(1) < 0x90) || (c == 0xF4 && at(1) > 0x8F);
		return tail(1) && tail(2) && tail(3) && !odd ? 4 : 0;
	}
	return 0;
}

// append_json_string appends s as a JSON string. Invalid UTF-8 becomes U+FFFD.
inline void append_json_string(std::string &out, std::string_view s)
{
	static const char hex[] = "0123456789abcdef";
	out += '"';
	while (!s.empty()) {
		size_t n = utf8_length(s);
		auto c = static_cast<unsigned char>(s[0]);
		if (n == 0) {
			out += "\xEF\xBF\xBD";
			n = 1;
		} else if (c == '"' || c == '\\') {
			out += '\\';
			out += s[0];
		} else if (c == '\n') {
			out += "\\n";
		} else if (c == '\t') {
			out += "\\t";
		} else if (c < 0x20 || c == 0x7F) {
			out += "\\u00";
			out += hex[c >> 4];
			out += hex[c & 15];
		} else {
			out.append(s.data(), n);
		}
		s.remove_prefix(n);
	}
	out += '"';
}

// JsonWriter writes one value and inserts commas. The caller is responsible for the nesting.
class JsonWriter {
public:
	JsonWriter &begin_object() { return open('{'); }
	JsonWriter &end_object() { return close('}'); }
	JsonWriter &begin_array() { return open('['); }
	JsonWriter &end_array() { return close(']'); }

	JsonWriter &key(std::string_view k)
	{
		comma();
		append_json_string(out_, k);
		out_ += ':';
		first_ = true;
		return *this;
	}

	JsonWriter &value(std::string_view s)
	{
		comma();
		append_json_string(out_, s);
		return *this;
	}
	JsonWriter &value(const char *s) { return value(std::string_view(s)); }
	JsonWriter &value(bool b) { return raw(b ? "true" : "false"); }
	JsonWriter &value(uint64_t n) { return raw(std::to_string(n)); }
	JsonWriter &value(int64_t n) { return raw(std::to_string(n)); }

	// raw writes JSON text unchanged.
	JsonWriter &raw(std::string_view json)
	{
		comma();
		out_ += json;
		return *this;
	}

	const std::string &text() const { return out_; }

private:
	JsonWriter &open(char c)
	{
		comma();
		out_ += c;
		first_ = true;
		return *this;
	}
	JsonWriter &close(char c)
	{
		out_ += c;
		first_ = false;
		return *this;
	}
	void comma()
	{
		if (!first_) out_ += ',';
		first_ = false;
	}

	std::string out_;
	bool first_ = true;
};

// Json is a parsed value. The functions that return a number, string or boolean throw if the
// value has another type.
class Json {
public:
	enum class Kind { null, boolean, number, string, array, object };

	// parse parses a text that holds one value. The error names the position.
	static Json parse(std::string_view text);

	Kind kind() const { return kind_; }
	bool is_null() const { return kind_ == Kind::null; }

	bool as_bool() const
	{
		want(Kind::boolean, "true or false");
		return text_ == "true";
	}

	// as_string returns a string.
	const std::string &as_string() const
	{
		want(Kind::string, "a string");
		return text_;
	}

	double as_double() const
	{
		want(Kind::number, "a number");
		return std::strtod(text_.c_str(), nullptr);
	}

	// as_u64 and as_i64 require an integer, without fraction and exponent, that is in range.
	uint64_t as_u64() const
	{
		digits();
		errno = 0;
		uint64_t n = std::strtoull(text_.c_str(), nullptr, 10);
		if (errno || text_[0] == '-') throw Error(text_ + " is no unsigned 64-bit number");
		return n;
	}

	int64_t as_i64() const
	{
		digits();
		errno = 0;
		int64_t n = std::strtoll(text_.c_str(), nullptr, 10);
		if (errno) throw Error(text_ + " is no 64-bit number");
		return n;
	}

	// items returns the elements of an array.
	const std::vector<Json> &items() const
	{
		want(Kind::array, "an array");
		return items_;
	}

	// members returns the members of an object, in order.
	const std::vector<std::pair<std::string, Json>> &members() const
	{
		want(Kind::object, "an object");
		return members_;
	}

	// find returns the last member with the key; nullptr if it is missing or null.
	const Json *find(std::string_view key) const
	{
		want(Kind::object, "an object");
		for (auto m = members_.rbegin(); m != members_.rend(); ++m)
			if (m->first == key) return m->second.is_null() ? nullptr : &m->second;
		return nullptr;
	}

	// Members, or a default for missing ones. Errors name the key.
	bool get(std::string_view key, bool otherwise) const { return member(key, otherwise, &Json::as_bool); }
	uint64_t get(std::string_view key, uint64_t otherwise) const { return member(key, otherwise, &Json::as_u64); }
	int64_t get(std::string_view key, int64_t otherwise) const { return member(key, otherwise, &Json::as_i64); }
	double get(std::string_view key, double otherwise) const { return member(key, otherwise, &Json::as_double); }
	std::string get(std::string_view key, const char *otherwise) const
	{
		return member(key, std::string(otherwise), &Json::as_string);
	}

private:
	class Reader;

	template <class T, class F> T member(std::string_view key, T otherwise, F as) const
	{
		const Json *v = find(key);
		if (!v) return otherwise;
		try {
			return (v->*as)();
		} catch (const Error &e) {
			throw Error(std::string(key) + ": " + e.what());
		}
	}

	void want(Kind k, const char *what) const
	{
		if (kind_ == k) return;
		static const char *const names[] = {"null", "true or false", "a number", "a string", "an array", "an object"};
		throw Error(std::string("want ") + what + ", got " + names[static_cast<int>(kind_)]);
	}

	void digits() const
	{
		want(Kind::number, "a number");
		if (text_.find_first_of(".eE") != std::string::npos) throw Error("expected an integer, got " + text_);
	}

	Kind kind_ = Kind::null;
	std::string text_; // text of a string, number or boolean
	std::vector<Json> items_;
	std::vector<std::pair<std::string, Json>> members_;
};

// Reader is a recursive descent parser.
class Json::Reader {
public:
	explicit Reader(std::string_view s) : s_(s) {}

	Json all()
	{
		Json v = value(0);
		space();
		if (at_ < s_.size()) fail("nothing may follow the value");
		return v;
	}

private:
	static constexpr int max_depth = 64;

	[[noreturn]] void fail(const char *why) const { throw Error("invalid JSON at offset " + std::to_string(at_) + ": " + why); }

	char peek() const { return at_ < s_.size() ? s_[at_] : '\0'; }
	bool take(char c)
	{
		if (at_ >= s_.size() || s_[at_] != c) return false;
		at_++;
		return true;
	}
	void space()
	{
		while (at_ < s_.size() && (s_[at_] == ' ' || s_[at_] == '\t' || s_[at_] == '\n' || s_[at_] == '\r')) at_++;
	}

	Json value(int depth)
	{
		if (depth > max_depth) fail("nested too deeply");
		space();
		if (at_ >= s_.size()) fail("the text ends where a value is wanted");
		switch (s_[at_]) {
		case '{': return object(depth);
		case '[': return array(depth);
		case '"': return make(Kind::string, string());
		case 't': return word("true", Kind::boolean);
		case 'f': return word("false", Kind::boolean);
		case 'n': return word("null", Kind::null);
		}
		return number();
	}

	static Json make(Kind k, std::string text)
	{
		Json v;
		v.kind_ = k;
		v.text_ = std::move(text);
		return v;
	}

	Json word(std::string_view w, Kind k)
	{
		if (s_.substr(at_, w.size()) != w) fail("unknown word");
		at_ += w.size();
		return make(k, std::string(w));
	}

	Json array(int depth)
	{
		Json v = make(Kind::array, "");
		at_++;
		space();
		if (take(']')) return v;
		do {
			v.items_.push_back(value(depth + 1));
			space();
		} while (take(','));
		if (!take(']')) fail("want , or ]");
		return v;
	}

	Json object(int depth)
	{
		Json v = make(Kind::object, "");
		at_++;
		space();
		if (take('}')) return v;
		do {
			space();
			if (peek() != '"') fail("want a key");
			std::string key = string();
			space();
			if (!take(':')) fail("want :");
			v.members_.emplace_back(std::move(key), value(depth + 1));
			space();
		} while (take(','));
		if (!take('}')) fail("want , or }");
		return v;
	}

	static bool digit(char c) { return c >= '0' && c <= '9'; }
	void digits()
	{
		if (!digit(peek())) fail("want a value");
		while (digit(peek())) at_++;
	}

	Json number()
	{
		size_t start = at_;
		take('-');
		if (!take('0')) digits();
		if (take('.')) digits();
		if (peek() == 'e' || peek() == 'E') {
			at_++;
			if (peek() == '+' || peek() == '-') at_++;
			digits();
		}
		return make(Kind::number, std::string(s_.substr(start, at_ - start)));
	}

	std::string string()
	{
		std::string out;
		at_++;
		for (;;) {
			if (at_ >= s_.size()) fail("the string has no end");
			if (take('"')) return out;
			if (take('\\')) {
				escape(out);
				continue;
			}
			size_t n = utf8_length(s_.substr(at_));
			if (n == 0) fail("the string is not UTF-8");
			if (static_cast<unsigned char>(s_[at_]) < 0x20) fail("control characters must be escaped");
			out.append(s_, at_, n);
			at_ += n;
		}
	}

	void escape(std::string &out)
	{
		char c = peek();
		at_++;
		switch (c) {
		case '"': case '\\': case '/': out += c; return;
		case 'b': out += '\b'; return;
		case 'f': out += '\f'; return;
		case 'n': out += '\n'; return;
		case 'r': out += '\r'; return;
		case 't': out += '\t'; return;
		case 'u': code_point(out); return;
		}
		at_--;
		fail("unknown escape");
	}

	uint32_t hex4()
	{
		uint32_t n = 0;
		for (int i = 0; i < 4; i++, at_++) {
			char c = peek();
			if (digit(c)) n = n * 16 + static_cast<uint32_t>(c - '0');
			else if (c >= 'a' && c <= 'f') n = n * 16 + static_cast<uint32_t>(c - 'a' + 10);
			else if (c >= 'A' && c <= 'F') n = n * 16 + static_cast<uint32_t>(c - 'A' + 10);
			else fail("want four hexadecimal digits");
		}
		return n;
	}

	void code_point(std::string &out)
	{
		uint32_t c = hex4();
		if (c >= 0xD800 && c <= 0xDBFF) {
			if (!take('\\') || !take('u')) fail("half of a surrogate pair");
			uint32_t low = hex4();
			if (low < 0xDC00 || low > 0xDFFF) fail("half of a surrogate pair");
			c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
		} else if (c >= 0xDC00 && c <= 0xDFFF) {
			fail("half of a surrogate pair");
		}
		auto put = [&](uint32_t b) { out += static_cast<char>(b); };
		if (c < 0x80) {
			put(c);
		} else if (c < 0x800) {
			put(0xC0 | c >> 6), put(0x80 | (c & 63));
		} else if (c < 0x10000) {
			put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
		} else {
			put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 63)), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
		}
	}

	std::string_view s_;
	size_t at_ = 0;
};

inline Json Json::parse(std::string_view text) { return Reader(text).all(); }

} // namespace gyr

#endif
