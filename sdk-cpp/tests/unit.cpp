// SPDX-License-Identifier: Apache-2.0

// unit: tests of the codec and of JSON.

#include <random>
#include <vector>

#include "check.hpp"
#include "gyr/codec.hpp"
#include "gyr/json.hpp"

namespace {

using gyr::Event;
using gyr::Json;
namespace codec = gyr::codec;

void test_codec()
{
	for (std::string payload : {std::string(), std::string("x"), std::string("a\0b", 3), std::string(70000, 'y')}) {
		std::vector<char> mem(codec::plugin_size(payload.size()));
		EQ(codec::encode_plugin(mem.data(), mem.size() - 1, 4, 5, payload), 0u);
		EQ(codec::encode_plugin(mem.data(), mem.size(), 4, 5, payload), mem.size());
		Event e;
		EQ(text(codec::decode(mem.data(), mem.size(), e)), "(null)");
		EQ(std::string(e.payload), payload);
		EQ(e.time, 5u);
		EQ(e.plugin_id, 4u);
		EQ(e.type, 322);
		EQ(e.is_async(), false);

		mem.resize(codec::async_size(3, payload.size()));
		EQ(codec::encode_async(mem.data(), mem.size() - 1, 4, 6, "abc", payload), 0u);
		EQ(codec::encode_async(mem.data(), mem.size(), 4, 6, std::string_view("abc\0d", 5), payload), mem.size());
		EQ(text(codec::decode(mem.data(), mem.size(), e)), "(null)");
		EQ(std::string(e.name), "abc");
		EQ(std::string(e.payload), payload);
		EQ(e.is_async(), true);
	}
	EQ(codec::plugin_size(size_t(UINT32_MAX) - 37), 0u);
	EQ(codec::plugin_size(size_t(UINT32_MAX) - 38), size_t(UINT32_MAX));
	EQ(codec::async_size(SIZE_MAX, 0), 0u);
	EQ(codec::async_size(0, SIZE_MAX), 0u);
	EQ(codec::async_size(5, size_t(UINT32_MAX) - 47), 0u);
}

// Every byte of the layout, from the description of the interface.
void test_layout()
{
	unsigned char mem[64] = {};
	EQ(codec::encode_async(mem, sizeof mem, 0x01020304, 0x1122334455667788, "n", "pq"), 46u);
	const unsigned char want[46] = {0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 255, 255, 255, 255, 255, 255, 255, 255, 46, 0, 0, 0, 0x92, 1, 3, 0, 0, 0,
	                                4, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 4, 3, 2, 1, 'n', 0, 'p', 'q'};
	for (size_t i = 0; i < sizeof want; i++) EQ(int(mem[i]), int(want[i]));
}

// Events with bytes changed at random: what is decoded lies inside, and encodes to the
// same bytes again but for the thread.
void fuzz_codec()
{
	std::mt19937 random(1);
	for (int round = 0; round < 200000; round++) {
		char mem[80];
		size_t n = round % 2 ? codec::encode_plugin(mem, sizeof mem, 7, 8, "payload") : codec::encode_async(mem, sizeof mem, 7, 8, "name", "payload");
		for (int i = 0; i < 3; i++) mem[random() % n] = static_cast<char>(random() % 4 ? random() % 16 : random());
		size_t size = random() % 3 ? n : random() % (n + 1);
		std::vector<char> exact(mem, mem + size); // so that a sanitizer sees what lies outside
		Event e;
		if (codec::decode(exact.data(), size, e)) continue;
		EQ(e.payload.size() <= size && e.name.size() <= size, true);
		if (e.type != gyr::plugin_event && e.type != gyr::async_event) continue;
		if (e.name.find('\0') != std::string_view::npos) continue;
		char again[80];
		size_t m = e.is_async() ? codec::encode_async(again, sizeof again, e.plugin_id, e.time, e.name, e.payload)
		                        : codec::encode_plugin(again, sizeof again, e.plugin_id, e.time, e.payload);
		EQ(m, size);
		EQ(std::string(again + 16, m - 16), std::string(exact.data() + 16, size - 16));
	}
}

std::string written(const Json &v)
{
	gyr::JsonWriter w;
	switch (v.kind()) {
	case Json::Kind::null: return "null";
	case Json::Kind::boolean: return v.as_bool() ? "true" : "false";
	case Json::Kind::number: return "number";
	case Json::Kind::string: return w.value(v.as_string()).text();
	case Json::Kind::array:
		w.begin_array();
		for (const Json &i : v.items()) w.raw(written(i));
		return w.end_array().text();
	case Json::Kind::object:
		w.begin_object();
		for (const auto &m : v.members()) w.key(m.first).raw(written(m.second));
		return w.end_object().text();
	}
	return "";
}

std::string parsed(const std::string &s)
{
	try {
		return written(Json::parse(s));
	} catch (const gyr::Error &e) {
		return e.what();
	}
}

template <class F> std::string thrown(F f)
{
	try {
		f();
	} catch (const gyr::Error &e) {
		return e.what();
	}
	return "nothing";
}

void test_json()
{
	EQ(parsed(" {\"a\" : [1, -2.5e+3 ,true,null], \"b\":{}, \"\":[]} "), "{\"a\":[number,number,true,null],\"b\":{},\"\":[]}");
	EQ(parsed("\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\n\\\"\\/\""), "\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\\n\\\"/\"");
	EQ(parsed("\"\\u0000\\u007f\\t\""), "\"\\u0000\\u007f\\t\"");
	for (std::string bad : {"", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "-", "1e", "nul", "truex", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"", "\"\x01\"", "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "{a:1}", "{\"a\" 1}", "[1 2]", "1 2", "'a'"})
		EQ(parsed(bad).substr(0, 23), "invalid JSON at offset ");
	EQ(parsed(std::string(100000, '[')).substr(0, 23), "invalid JSON at offset ");
	Json v = Json::parse("{\"n\": 18446744073709551615, \"i\": -3, \"f\": 1.5, \"b\": false, \"s\": \"t\", \"z\": null, \"i\": -4}");
	EQ(v.get("n", uint64_t(1)), UINT64_MAX);
	EQ(v.get("i", int64_t(1)), -4);
	EQ(v.get("f", 2.0), 1.5);
	EQ(v.get("b", true), false);
	EQ(v.get("s", "u"), "t");
	EQ(v.get("z", uint64_t(9)), 9u);
	EQ(v.get("none", "u"), "u");
	EQ(thrown([&] { v.get("i", uint64_t(1)); }), "i: -4 is no unsigned 64-bit number");
	EQ(thrown([&] { v.get("n", int64_t(1)); }), "n: 18446744073709551615 is no 64-bit number");
	EQ(thrown([&] { v.get("f", uint64_t(1)); }), "f: expected an integer, got 1.5");
	EQ(thrown([&] { v.get("s", uint64_t(1)); }), "s: want a number, got a string");
	EQ(thrown([&] { Json::parse("[]").get("s", true); }), "want an object, got an array");
}

// Random bytes and random changes: what can be parsed is, written and parsed, the same.
void fuzz_json()
{
	std::mt19937 random(2);
	const std::string seed = "{\"a\":[1,true,null,\"\\u00e9\\ud83d\\ude00x\"],\"b\":{\"c\":\"\xC3\xA9\"}}", alphabet = "{}[],:\"\\u0d8e1.-tnf \xC3\xA9\xff";
	size_t good = 0;
	for (int round = 0; round < 100000; round++) {
		std::string s = seed;
		for (uint32_t i = random() % 4; i > 0; i--) s[random() % s.size()] = alphabet[random() % alphabet.size()];
		if (random() % 4 == 0) s.erase(random() % s.size(), random() % 8);
		std::string once = parsed(s);
		if (once[0] == 'i') continue;
		good++;
		std::string number = once;
		for (size_t at; (at = number.find("number")) != std::string::npos;) number.replace(at, 6, "0");
		EQ(parsed(number), once);
	}
	EQ(good > 10000, true);
}

} // namespace

int main()
{
	test_codec();
	test_layout();
	fuzz_codec();
	test_json();
	fuzz_json();
	return result();
}
