// SPDX-License-Identifier: Apache-2.0

// base.hpp: what all headers of the SDK share: the error type, the border that no
// exception crosses, and the text of the last error.
//
// Everything in namespace gyr has hidden visibility. Without that the dynamic linker
// would merge the static storage of two plugins that were built with the SDK.

#ifndef GYR_BASE_HPP
#define GYR_BASE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

#include "plugin_abi.h"

#if defined(_WIN32)
#define GYR_EXPORT extern "C" __declspec(dllexport)
#define GYR_HIDDEN
#define GYR_COLD
#else
#define GYR_EXPORT extern "C" __attribute__((visibility("default")))
#define GYR_HIDDEN __attribute__((visibility("hidden")))
// What seldom happens is kept out of the functions in which it happens.
#define GYR_COLD __attribute__((noinline, cold))
#endif

namespace gyr GYR_HIDDEN {

// Error is what the SDK throws. Plugins may throw it or any other exception from any
// function: the text of what() becomes the error that the host shows to the user.
class Error : public std::runtime_error {
public:
	using std::runtime_error::runtime_error;
};

class Plugin;
class Source;
class Extractor;
class Parser;
class AsyncEvents;
class Listener;

// rim is the border between the C interface and the classes. It is no part of the API.
namespace rim {

// LastError is the error text of one state. Streams and extraction may fail in different
// threads at once: each thread gets the text of its own failure.
class LastError {
public:
	// set keeps a text, cut at the longest that hosts take.
	void set(const char *text) noexcept
	{
		Local &l = local();
		l.owner = id_;
		copy(l.text, text);
		std::lock_guard<std::mutex> hold(mu_);
		copy(text_, text);
	}

	// get returns the text, valid until the thread's next call of get or set.
	const char *get() noexcept
	{
		Local &l = local();
		if (l.owner == id_) return l.text;
		l.owner = id_;
		std::lock_guard<std::mutex> hold(mu_);
		copy(l.text, text_);
		return l.text;
	}

	// none is where errors go before there is a state.
	static LastError &none() noexcept
	{
		static LastError e;
		return e;
	}

private:
	// Without a destructor, so that threads of the host do not pin the library.
	struct Local {
		uint64_t owner;
		char text[GYR_MAX_ERROR];
	};

	static Local &local() noexcept
	{
		static thread_local Local l;
		return l;
	}

	static void copy(char *to, const char *from) noexcept
	{
		size_t n = from ? strnlen(from, GYR_MAX_ERROR - 1) : 0;
		if (n) std::memmove(to, from, n);
		to[n] = 0;
	}

	static uint64_t next() noexcept
	{
		static std::atomic<uint64_t> n{0};
		return ++n;
	}

	const uint64_t id_ = next();
	std::mutex mu_;
	char text_[GYR_MAX_ERROR] = {};
};

// guard calls f and turns exceptions into the last error; true if there was none.
template <class F> bool guard(LastError &err, F &&f) noexcept
{
	try {
		f();
		return true;
	} catch (const std::exception &e) {
		err.set(e.what());
	} catch (...) {
		err.set("unknown exception");
	}
	return false;
}

} // namespace rim
} // namespace gyr

#endif
