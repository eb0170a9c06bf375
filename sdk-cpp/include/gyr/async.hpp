// SPDX-License-Identifier: Apache-2.0

// async.hpp: a plugin that injects events into the stream of a source at any time, from its
// own threads.

#ifndef GYR_ASYNC_HPP
#define GYR_ASYNC_HPP

#include <shared_mutex>

#include "gyr/codec.hpp"
#include "gyr/plugin.hpp"

namespace gyr GYR_HIDDEN {

// Emitter injects events. It can be copied, is safe for concurrent use, and may outlive the
// plugin: once the host accepts no more events, emit returns false.
class Emitter {
public:
	Emitter() = default;

	// emit injects an event; the host copies it. It never throws, because threads would have
	// to catch that. If the host rejects the event it returns false and the reason.
	bool emit(std::string_view name, std::string_view payload, Time time = no_time, std::string *why = nullptr) const noexcept
	{
		char err[GYR_MAX_ERROR] = {};
		bool ok = send(name, payload, time, err);
		err[GYR_MAX_ERROR - 1] = 0;
		if (!ok && why) rim::guard(rim::LastError::none(), [&] { *why = *err ? err : "the host refuses the event"; });
		return ok;
	}

private:
	template <class T> friend struct RimOfAsync;
	friend class AsyncEvents;

	// Channel holds the host's handler while it may be called.
	struct Channel {
		std::shared_mutex mu;
		gyr_owner *owner = nullptr;
		gyr_async_handler handler = nullptr;
	};

	bool send(std::string_view name, std::string_view payload, Time time, char *err) const noexcept
	{
		name = name.substr(0, name.find('\0'));
		size_t n = codec::async_size(name.size(), payload.size());
		if (!n) return fail(err, "the event is too large");
		alignas(8) char small[512];
		std::unique_ptr<char[]> large;
		if (n > sizeof small) large.reset(new (std::nothrow) char[n]);
		char *blob = n > sizeof small ? large.get() : small;
		if (!blob) return fail(err, "no memory for the event");
		codec::encode_async(blob, n, 0, time, name, payload);
		if (!to_) return fail(err, "async events are not started");
		std::shared_lock<std::shared_mutex> hold(to_->mu);
		if (!to_->handler) return fail(err, "async events are stopped");
		return to_->handler(to_->owner, reinterpret_cast<gyr_event *>(blob), err) == GYR_SUCCESS;
	}

	static bool fail(char *err, const char *why) noexcept
	{
		std::memcpy(err, why, std::strlen(why) + 1);
		return false;
	}

	std::shared_ptr<Channel> to_;
};

// AsyncEvents is the capability to inject events.
class AsyncEvents {
public:
	virtual ~AsyncEvents() = default;

	// async_events returns the names of the events that the plugin may inject.
	virtual std::vector<std::string> async_events() const = 0;

	// async_sources returns the event sources to inject into, besides its own.
	virtual std::vector<std::string> async_sources() const { return {}; }

	// start_async starts the threads that emit; stop_async ends and joins them. Every start
	// is followed by a stop, at the latest before destroy.
	virtual void start_async(Emitter to) = 0;
	virtual void stop_async() = 0;

	// dump_state emits events that describe the current state, for a new capture file. The
	// emitter is valid during the call.
	virtual void dump_state(Emitter to) { (void)to; }

private:
	template <class T> friend struct RimOfAsync;
	friend class Plugin;

	// stop calls stop_async if needed. Afterwards the handler is no longer called, even after
	// an exception.
	void stop()
	{
		if (!running_.to_) return;
		Emitter old = std::move(running_);
		running_ = Emitter();
		try {
			stop_async();
		} catch (...) {
			shut(old);
			throw;
		}
		shut(old);
	}
	void start(gyr_owner *o, gyr_async_handler h)
	{
		stop();
		if (!h) return;
		running_ = open(o, h);
		try {
			start_async(running_);
		} catch (...) {
			shut(running_);
			running_ = Emitter();
			throw;
		}
	}
	void dump(gyr_owner *o, gyr_async_handler h)
	{
		if (!h) throw Error("the host gave no handler");
		Emitter to = open(o, h);
		try {
			dump_state(to);
		} catch (...) {
			shut(to);
			throw;
		}
		shut(to);
	}

	static Emitter open(gyr_owner *o, gyr_async_handler h)
	{
		Emitter e;
		e.to_ = std::make_shared<Emitter::Channel>();
		e.to_->owner = o;
		e.to_->handler = h;
		return e;
	}
	static void shut(const Emitter &e)
	{
		std::unique_lock<std::shared_mutex> hold(e.to_->mu);
		e.to_->handler = nullptr;
	}

	Emitter running_;
};

// RimOfAsync holds the functions that GYR_ASYNC exports.
template <class T> struct RimOfAsync {
	static gyr_rc handler(gyr_plugin *s, gyr_owner *o, gyr_async_handler h) noexcept
	{
		return rim::status<T>(s, [&](AsyncEvents &a) { a.start(o, h); });
	}
	static gyr_rc dump(gyr_plugin *s, gyr_owner *o, gyr_async_handler h) noexcept
	{
		return rim::status<T>(s, [&](AsyncEvents &a) { a.dump(o, h); });
	}
};

} // namespace gyr

#define GYR_ASYNC(T)                                                                                                      \
	GYR_CAPABILITY(T, GYR_ASYNC, gyr::AsyncEvents)                                                                    \
	GYR_EXPORT const char *plugin_get_async_events(void)                                                              \
	{                                                                                                                 \
		return gyr::rim::about<T>(nullptr, [](const gyr::AsyncEvents &t) { return gyr::rim::names(t.async_events()); }); \
	}                                                                                                                 \
	GYR_EXPORT const char *plugin_get_async_event_sources(void)                                                       \
	{                                                                                                                 \
		return gyr::rim::about<T>("[]", [](const gyr::AsyncEvents &t) { return gyr::rim::names(t.async_sources()); }); \
	}                                                                                                                 \
	GYR_EXPORT gyr_rc plugin_set_async_event_handler(gyr_plugin *s, gyr_owner *o, gyr_async_handler h) { return gyr::RimOfAsync<T>::handler(s, o, h); } \
	GYR_EXPORT gyr_rc plugin_dump_state(gyr_plugin *s, gyr_owner *o, gyr_async_handler h) { return gyr::RimOfAsync<T>::dump(s, o, h); }

#endif
