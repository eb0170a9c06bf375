// SPDX-License-Identifier: Apache-2.0

// codec.hpp: decoded events, and their packed form in the C interface: plugin events (type 322)
// and async events (type 402).
//
//	offset 0   u64 time, u64 thread, u32 length, u16 type, u32 number of parameters
//	offset 26  u32 length of each parameter
//	then       the parameters: u32 plugin ID; 402 only: name with its NUL; payload
//
// Numbers are little endian, as are all supported machines.

#ifndef GYR_CODEC_HPP
#define GYR_CODEC_HPP

#include <chrono>

#include "gyr/base.hpp"

namespace gyr GYR_HIDDEN {

// Nanoseconds since 1970; no_time lets the host set the time.
using Time = uint64_t;
constexpr Time no_time = GYR_NO_TIME;

// now returns the current time.
inline Time now() noexcept
{
	auto t = std::chrono::system_clock::now().time_since_epoch();
	return static_cast<Time>(std::chrono::duration_cast<std::chrono::nanoseconds>(t).count());
}

// Event types. All other types are system events: a plugin receives them only if it requests
// them, and the SDK does not decode their parameters.
constexpr uint16_t plugin_event = GYR_EVENT_PLUGIN;
constexpr uint16_t async_event = GYR_EVENT_ASYNC;

// Event is an event from the host. All views refer to the host's memory and are valid during
// the call.
struct Event {
	uint64_t num = 0; // event number
	Time time = no_time;
	uint64_t thread = GYR_NO_THREAD;
	uint16_t type = 0;
	uint32_t plugin_id = 0; // 0 for system events
	const char *source = ""; // name of the event source
	std::string_view name; // of an async event
	std::string_view payload;
	std::string_view blob; // the event, including its header

	bool is_async() const noexcept { return type == async_event; }
};

namespace codec {

constexpr size_t header_size = sizeof(gyr_event);
constexpr size_t plugin_overhead = GYR_PAYLOAD_OFFSET;
constexpr size_t async_overhead = header_size + 3 * 4 + 4 + 1; // the 1 is the name's NUL

// Events whose size exceeds the length in the header.
constexpr size_t max_size = UINT32_MAX;

// plugin_size and async_size return the size of an event, 0 if it would be too large.
inline size_t plugin_size(size_t payload) noexcept
{
	return payload > max_size - plugin_overhead ? 0 : plugin_overhead + payload;
}

inline size_t async_size(size_t name, size_t payload) noexcept
{
	if (name > max_size - async_overhead || payload > max_size - async_overhead - name) return 0;
	return async_overhead + name + payload;
}

inline void put32(unsigned char *p, uint32_t v) noexcept { std::memcpy(p, &v, sizeof v); }

inline void put_header(unsigned char *p, Time ts, size_t size, uint16_t type, uint32_t params) noexcept
{
	gyr_event h = {ts, GYR_NO_THREAD, static_cast<uint32_t>(size), type, params};
	std::memcpy(p, &h, sizeof h);
}

// put_plugin_head writes a plugin event without its payload, which follows at plugin_overhead.
// The size must be valid (plugin_size).
inline void put_plugin_head(unsigned char *p, uint32_t id, Time ts, size_t payload) noexcept
{
	put_header(p, ts, plugin_overhead + payload, plugin_event, 2);
	put32(p + 26, 4);
	put32(p + 30, static_cast<uint32_t>(payload));
	put32(p + 34, id);
}

// encode_plugin writes a plugin event to dst and returns its size. If it does not fit into room
// bytes it writes nothing and returns 0. An ID of 0 is filled in by the host.
inline size_t encode_plugin(void *dst, size_t room, uint32_t id, Time ts, std::string_view payload) noexcept
{
	size_t n = plugin_size(payload.size());
	if (!n || n > room) return 0;
	auto *p = static_cast<unsigned char *>(dst);
	put_plugin_head(p, id, ts, payload.size());
	if (!payload.empty()) std::memcpy(p + plugin_overhead, payload.data(), payload.size());
	return n;
}

// encode_async writes an async event in the same way. A name ends at its first NUL.
inline size_t encode_async(void *dst, size_t room, uint32_t id, Time ts, std::string_view name, std::string_view payload) noexcept
{
	name = name.substr(0, name.find('\0'));
	size_t n = async_size(name.size(), payload.size());
	if (!n || n > room) return 0;
	auto *p = static_cast<unsigned char *>(dst);
	put_header(p, ts, n, async_event, 3);
	put32(p + 26, 4);
	put32(p + 30, static_cast<uint32_t>(name.size() + 1));
	put32(p + 34, static_cast<uint32_t>(payload.size()));
	put32(p + 38, id);
	if (!name.empty()) std::memcpy(p + 42, name.data(), name.size());
	p[42 + name.size()] = 0;
	if (!payload.empty()) std::memcpy(p + 43 + name.size(), payload.data(), payload.size());
	return n;
}

inline uint32_t get32(const unsigned char *p) noexcept
{
	uint32_t v;
	std::memcpy(&v, p, sizeof v);
	return v;
}

// The reason why a blob is not a valid event; nullptr if it is.
using Fault = const char *;

inline Fault decode_plugin(const unsigned char *p, size_t n, Event &e) noexcept
{
	if (n < plugin_overhead) return "the event is too short for its parameters";
	if (get32(p + 26) != 4 || get32(p + 30) != n - plugin_overhead) return "the lengths of the parameters are wrong";
	e.plugin_id = get32(p + 34);
	e.payload = {reinterpret_cast<const char *>(p + plugin_overhead), n - plugin_overhead};
	return nullptr;
}

inline Fault decode_async(const unsigned char *p, size_t n, Event &e) noexcept
{
	if (n < async_overhead) return "the event is too short for its parameters";
	uint64_t name = get32(p + 30), payload = get32(p + 34);
	if (get32(p + 26) != 4 || name == 0 || 42 + name + payload != n) return "the lengths of the parameters are wrong";
	const char *text = reinterpret_cast<const char *>(p + 42);
	if (std::memchr(text, 0, name) != text + name - 1) return "the name has no end";
	e.plugin_id = get32(p + 38);
	e.name = {text, static_cast<size_t>(name - 1)};
	e.payload = {text + name, static_cast<size_t>(payload)};
	return nullptr;
}

// decode decodes the event at blob, which has size bytes. It sets all members of e except num
// and source. Events of other types have an empty payload. blob need not be aligned.
inline Fault decode(const void *blob, size_t size, Event &e) noexcept
{
	if (!blob || size < header_size) return "the event is shorter than its header";
	auto *p = static_cast<const unsigned char *>(blob);
	gyr_event h;
	std::memcpy(&h, p, sizeof h);
	if (h.len != size) return "the event's length is wrong";
	e.time = h.ts;
	e.thread = h.tid;
	e.type = h.type;
	e.plugin_id = 0;
	e.name = e.payload = {};
	e.blob = {reinterpret_cast<const char *>(p), size};
	if (h.type == plugin_event) return h.nparams == 2 ? decode_plugin(p, size, e) : "a plugin event has two parameters";
	if (h.type == async_event) return h.nparams == 3 ? decode_async(p, size, e) : "an async event has three parameters";
	return nullptr;
}

} // namespace codec

namespace rim {

// read decodes the event that the host passes in, or throws.
inline void read(const gyr_event_input *in, Event &e)
{
	if (!in || !in->evt) throw Error("the host gave no event");
	uint32_t len;
	std::memcpy(&len, reinterpret_cast<const char *>(in->evt) + offsetof(gyr_event, len), sizeof len);
	if (codec::Fault why = codec::decode(in->evt, len, e)) throw Error(why);
	e.num = in->num;
	if (in->source) e.source = in->source;
}

} // namespace rim
} // namespace gyr

#endif
