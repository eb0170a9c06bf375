// SPDX-License-Identifier: Apache-2.0

// base.hpp: common parts of the SDK: the error type, the conversion of exceptions at the C
// interface, and the text of the last error.
//
// Everything in namespace gyr has hidden visibility. Otherwise the dynamic linker would merge
// the static storage of two plugins built with the SDK.

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
// Marks functions for rare cases, so that they are not inlined.
#define GYR_COLD __attribute__((noinline, cold))
#endif

namespace gyr GYR_HIDDEN {

// Error is the exception type of the SDK. Plugins may throw it or any other exception from any
// function. The host shows the text of what() to the user.
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

// rim connects the C interface to the classes. It is not part of the API.
namespace rim {

// LastError is the error text of one state. Streams and extraction may fail concurrently in
// different threads, so each thread has its own text.
class LastError {
public:
	// set stores a text, truncated to the maximum length that hosts accept.
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

	// none holds errors that occur before a state exists.
	static LastError &none() noexcept
	{
		static LastError e;
		return e;
	}

private:
	// It has no destructor, so that threads of the host do not pin the library.
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

// guard calls f and stores an exception as the last error. It returns true without one.
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
