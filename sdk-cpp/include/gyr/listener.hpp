// SPDX-License-Identifier: Apache-2.0

// listener.hpp: a plugin that is notified of the start and end of a capture, and that can have
// the host run routines in the host's threads meanwhile.

#ifndef GYR_LISTENER_HPP
#define GYR_LISTENER_HPP

#include <functional>
#include <list>

#include "gyr/plugin.hpp"

namespace gyr GYR_HIDDEN {

namespace rim {

// RoutineState is a routine that the host calls. It stays in memory until the next capture
// starts, because a host with a thread pool may call it after its end.
struct RoutineState {
	std::function<bool()> run;
	LastError *errors = nullptr;
	gyr_routine *handle = nullptr;
	std::mutex running; // held during run
	bool over = false;  // run must not be called again

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

// Capture provides the functions available at the start and end of a capture. Do not keep it.
class Capture {
public:
	// tables may be read and written.
	const TableAccess &tables() const noexcept { return tables_; }

	// subscribe lets the host call f repeatedly in one of its threads, until f returns false
	// or throws, or unsubscribe is called. Lock data that f shares with the rest of the plugin.
	Routine subscribe(std::function<bool()> f);

	// unsubscribe ends a routine and waits until it no longer runs. It accepts routines that
	// have ended. Remaining routines end with the capture. A routine must not unsubscribe
	// itself; it returns false instead.
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

// Listener is the capability to follow captures.
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
		routines_.clear(); // of the previous capture
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
	// Ignore the result: the host drops a routine that returned 0, which may just have
	// happened. The routine has ended in any case.
	if (!was_over && in_->routine && in_->routine->unsubscribe) in_->routine->unsubscribe(owner_.handle, r->handle);
}

// RimOfListener holds the functions that GYR_LISTENER exports.
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
