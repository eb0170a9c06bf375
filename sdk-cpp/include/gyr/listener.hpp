// SPDX-License-Identifier: Apache-2.0

// listener.hpp: a plugin that learns when a capture starts and ends, and that can have
// the host run routines in its threads meanwhile.

#ifndef GYR_LISTENER_HPP
#define GYR_LISTENER_HPP

#include <functional>
#include <list>

#include "gyr/plugin.hpp"

namespace gyr GYR_HIDDEN {

namespace rim {

// RoutineState is a routine that the host calls, with what it does. It stays in memory until
// the next capture begins: a host with a pool of threads may call it after it was ended.
struct RoutineState {
	std::function<bool()> run;
	LastError *errors = nullptr;
	gyr_routine *handle = nullptr;
	std::mutex running; // held while run runs
	bool over = false;  // run is not called again

	static gyr_bool step(gyr_plugin *, gyr_routine_state *i) noexcept
	{
		auto *r = static_cast<RoutineState *>(i);
		if (!r) return 0;
		std::lock_guard<std::mutex> hold(r->running);
		if (r->over) return 0;
		bool more = false;
		bool ok = guard(*r->errors, [&] { more = r->run(); });
		r->over = !ok || !more;
		return !r->over;
	}
};

} // namespace rim

// Routine is a handle of a routine.
using Routine = rim::RoutineState *;

// Capture is what a plugin can do when a capture starts or ends. Do not keep it.
class Capture {
public:
	// tables may be read and written.
	const TableAccess &tables() const noexcept { return tables_; }

	// subscribe has the host call f again and again in one of its threads, until f
	// returns false or throws, or unsubscribe is called. What f shares with the rest of
	// the plugin must be locked.
	Routine subscribe(std::function<bool()> f);

	// unsubscribe returns when a routine no longer runs; one that has ended by itself may be
	// unsubscribed. All that are left end when the capture does. A routine does not
	// unsubscribe itself: it returns false.
	void unsubscribe(Routine r);

private:
	friend class Listener;
	using Routines = std::list<rim::RoutineState>;

	void end_all()
	{
		for (rim::RoutineState &r : routines_) unsubscribe(&r);
	}

	Capture(Plugin &p, const gyr_listen_input *in, Routines &r) : errors_(p.rim_errors()), in_(in), routines_(r)
	{
		if (!in) throw Error("the host gave no input");
		owner_ = {in->owner, p.rim_minor() >= 9 ? in->get_owner_last_error : nullptr};
		tables_ = TableAccess(owner_, nullptr, in->table_reader_ext, in->table_writer_ext);
	}

	rim::LastError &errors_;
	const gyr_listen_input *in_;
	Routines &routines_;
	rim::Owner owner_;
	TableAccess tables_;
};

// Listener is the capability of following captures.
class Listener {
public:
	virtual ~Listener() = default;

	virtual void capture_open(Capture &c) = 0;
	virtual void capture_close(Capture &c) { (void)c; }

private:
	template <class T> friend struct RimOfListener;

	void open(Plugin &p, const gyr_listen_input *in)
	{
		Capture c(p, in, routines_);
		c.end_all();
		routines_.clear(); // those of the last capture
		try {
			capture_open(c);
		} catch (...) {
			c.end_all();
			throw;
		}
	}
	void close(Plugin &p, const gyr_listen_input *in)
	{
		Capture c(p, in, routines_);
		try {
			capture_close(c);
		} catch (...) {
			c.end_all();
			throw;
		}
		c.end_all();
	}

	Capture::Routines routines_;
};

inline Routine Capture::subscribe(std::function<bool()> f)
{
	if (!in_->routine || !in_->routine->subscribe) throw Error("the host cannot run routines");
	routines_.emplace_back();
	rim::RoutineState &r = routines_.back();
	r.run = std::move(f);
	r.errors = &errors_;
	r.handle = in_->routine->subscribe(owner_.handle, rim::RoutineState::step, &r);
	if (r.handle) return &r;
	routines_.pop_back();
	owner_.fail("the host does not run the routine");
}

inline void Capture::unsubscribe(Routine r)
{
	bool was_over;
	{
		std::lock_guard<std::mutex> hold(r->running);
		was_over = r->over;
		r->over = true;
	}
	// Hosts forget a routine that returned 0, which it may do in this moment, so that what
	// they say to its end means nothing: it has ended here.
	if (!was_over && in_->routine && in_->routine->unsubscribe) in_->routine->unsubscribe(owner_.handle, r->handle);
}

// RimOfListener is what GYR_LISTENER exports.
template <class T> struct RimOfListener {
	static gyr_rc open(gyr_plugin *s, const gyr_listen_input *in) noexcept
	{
		return rim::status<T>(s, [&](T &t) { static_cast<Listener &>(t).open(t, in); });
	}
	static gyr_rc close(gyr_plugin *s, const gyr_listen_input *in) noexcept
	{
		return rim::status<T>(s, [&](T &t) { static_cast<Listener &>(t).close(t, in); });
	}
};

} // namespace gyr

#define GYR_LISTENER(T)                                                                                                   \
	GYR_CAPABILITY(T, GYR_LISTENER, gyr::Listener)                                                                    \
	GYR_EXPORT gyr_rc plugin_capture_open(gyr_plugin *s, const gyr_listen_input *in) { return gyr::RimOfListener<T>::open(s, in); } \
	GYR_EXPORT gyr_rc plugin_capture_close(gyr_plugin *s, const gyr_listen_input *in) { return gyr::RimOfListener<T>::close(s, in); }

#endif
