// SPDX-License-Identifier: Apache-2.0

// source.hpp: a plugin with an event source. Source opens streams; a Stream fills batches. Derive
// from LoopStream to return one event per call.

#ifndef GYR_SOURCE_HPP
#define GYR_SOURCE_HPP

#include <cstdlib>
#include <new>

#include "gyr/codec.hpp"
#include "gyr/plugin.hpp"

namespace gyr GYR_HIDDEN {

// Batch collects the events of one call. Its memory is reused for the next batch.
class Batch {
public:
	Batch() = default;
	Batch(const Batch &) = delete;
	Batch &operator=(const Batch &) = delete;
	~Batch() { std::free(mem_); }

	// The size at which a batch is full. It is a hint for streams; more events can be added.
	static constexpr size_t usual_events = 128;
	static constexpr size_t usual_bytes = size_t(1) << 20;

	size_t size() const noexcept { return at_.size(); }
	bool empty() const noexcept { return at_.empty(); }
	bool full() const noexcept { return at_.size() >= usual_events || used_ >= usual_bytes; }

	// add appends an event. It copies the payload.
	void add(std::string_view payload, Time time = no_time)
	{
		char *to = reserve(payload.size());
		if (!payload.empty()) std::memcpy(to, payload.data(), payload.size());
		commit(payload.size(), time);
	}

	// reserve returns a buffer to write a payload of up to size bytes in place; commit makes
	// it an event of n bytes. The buffer is valid until the next call of either or of add.
	char *reserve(size_t size)
	{
		if (!codec::plugin_size(size)) throw Error("the payload of an event is too large");
		grow(codec::plugin_size(size));
		reserved_ = size;
		return mem_ + used_ + codec::plugin_overhead;
	}
	void commit(size_t n, Time time = no_time)
	{
		if (n > reserved_) throw Error("an event exceeds the bytes reserved for it");
		reserved_ = 0;
		at_.push_back(used_);
		codec::put_plugin_head(reinterpret_cast<unsigned char *>(mem_ + used_), 0, time, n);
		used_ += padded(codec::plugin_overhead + n);
	}

private:
	friend class Stream;

	static size_t padded(size_t n) noexcept { return (n + 7) & ~size_t(7); }

	void grow(size_t n)
	{
		n = padded(n);
		if (cap_ - used_ >= n) return;
		size_t cap = cap_ * 2 < 4096 ? 4096 : cap_ * 2;
		if (cap < used_ + n) cap = used_ + n;
		char *p = static_cast<char *>(std::realloc(mem_, cap));
		if (!p) throw std::bad_alloc();
		mem_ = p;
		cap_ = cap;
	}

	// reset empties the batch. It frees the memory of unusually large batches.
	void reset() noexcept
	{
		at_.clear();
		used_ = reserved_ = 0;
		if (cap_ <= 8 * usual_bytes) return;
		std::free(mem_);
		mem_ = nullptr;
		cap_ = 0;
	}

	// events returns an array of pointers to events, for the host.
	gyr_event **events()
	{
		ptrs_.resize(at_.size());
		for (size_t i = 0; i < at_.size(); i++) ptrs_[i] = reinterpret_cast<gyr_event *>(mem_ + at_[i]);
		return ptrs_.data();
	}

	char *mem_ = nullptr;
	size_t used_ = 0, cap_ = 0, reserved_ = 0;
	std::vector<size_t> at_;
	std::vector<gyr_event *> ptrs_;
};

// Status is the status of a stream after a batch: more events follow; no event arrived in time;
// the stream has ended. The events of the batch are delivered in each case.
enum class Status { more, timeout, end };

// Progress is the progress of a stream: a share from 0 to 1 and a text to display.
struct Progress {
	double share = 0;
	std::string text;
};

// Stream is an open stream of events. It may run while its plugin extracts fields.
class Stream {
public:
	Stream() = default;
	Stream(const Stream &) = delete;
	Stream &operator=(const Stream &) = delete;
	virtual ~Stream() = default;

	// next appends events to an empty batch, if possible until it is full. It must not block
	// for long: without events it returns Status::timeout after about 30 ms, so that the host
	// can stop. If it throws, the events appended so far are delivered first. It is not called
	// again after the end or an exception.
	virtual Status next(Batch &out) = 0;

	// progress returns the progress of the stream. The default is unknown.
	virtual Progress progress() { return {}; }

	// close is called once, before the destructor.
	virtual void close() {}

private:
	template <class T> friend struct RimOfSource;

	gyr_rc fill(rim::LastError &err, uint32_t *n, gyr_event ***evts) noexcept
	{
		batch_.reset();
		if (failed_) err.set(why_.c_str());
		if (over_) return failed_ ? GYR_FAILURE : GYR_EOF;
		Status s = Status::more;
		if (!rim::guard(err, [&] { s = next(batch_); })) over_ = failed_ = true;
		if (s == Status::end) over_ = true;
		bool kept = rim::guard(err, [&] {
			if (failed_) why_ = err.get();
			*evts = batch_.events();
		});
		if (!kept) {
			over_ = failed_ = true;
			return GYR_FAILURE;
		}
		*n = static_cast<uint32_t>(batch_.size());
		if (failed_) return *n ? GYR_SUCCESS : GYR_FAILURE; // the next call reports the failure
		if (s == Status::end) return GYR_EOF;
		return s == Status::timeout || !*n ? GYR_TIMEOUT : GYR_SUCCESS;
	}

	Batch batch_;
	bool over_ = false, failed_ = false;
	std::string why_;      // the reason of the failure
	std::string progress_; // result of get_progress
};

// LoopStream builds batches from single events.
class LoopStream : public Stream {
public:
	// next_event appends one or more events, or returns timeout if there is none yet, or end.
	// It should not wait longer than the batch timeout.
	virtual Status next_event(Batch &out) = 0;

protected:
	// A batch ends after this number of events, or this long after its start.
	explicit LoopStream(size_t size = Batch::usual_events, std::chrono::nanoseconds timeout = std::chrono::milliseconds(30))
	    : size_(size ? size : 1), timeout_(timeout)
	{
	}

private:
	Status next(Batch &out) final
	{
		auto start = std::chrono::steady_clock::now();
		while (out.size() < size_) {
			Status s = next_event(out);
			if (s != Status::more) return s;
			if (std::chrono::steady_clock::now() - start >= timeout_) break;
		}
		return Status::more;
	}

	const size_t size_;
	const std::chrono::nanoseconds timeout_;
};

// OpenParam is a suggested value of open parameters.
struct OpenParam {
	std::string value, desc, separator;
};

// Source is the capability to provide an event source.
class Source {
public:
	virtual ~Source() = default;

	// id returns the registered ID, event_source the name of the source ("aws_cloudtrail").
	virtual uint32_t id() const = 0;
	virtual std::string event_source() const = 0;

	// open opens a stream. params is the configured open_params, "" for none.
	virtual std::unique_ptr<Stream> open(const std::string &params) = 0;

	virtual std::vector<OpenParam> open_params() { return {}; }

	// event_to_string appends a one-line text for an event (evt.plugininfo). If it is empty,
	// the host shows the start of the payload.
	virtual void event_to_string(const Event &e, std::string &out) { (void)e, (void)out; }

private:
	template <class T> friend struct RimOfSource;

	std::string text_, params_;
};

// RimOfSource holds the functions that GYR_SOURCE exports.
template <class T> struct RimOfSource {
	static gyr_instance *open(gyr_plugin *s, const char *params, gyr_rc *rc) noexcept
	{
		std::unique_ptr<Stream> st;
		bool ok = rim::on<T>(s, [&](Source &p) {
			st = p.open(params ? params : "");
			if (!st) throw Error("open returned no stream");
		});
		if (rc) *rc = ok ? GYR_SUCCESS : GYR_FAILURE;
		return st.release();
	}

	static void close(gyr_plugin *s, gyr_instance *h) noexcept
	{
		auto *st = static_cast<Stream *>(h);
		if (st) rim::on<T>(s, [&](T &) { st->close(); });
		delete st;
	}

	static gyr_rc next(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts) noexcept
	{
		if (n) *n = 0;
		if (evts) *evts = nullptr;
		gyr_rc rc = GYR_FAILURE;
		bool ok = rim::on<T>(s, [&](T &t) {
			if (!h || !n || !evts) throw Error("the host gave no stream");
			rc = static_cast<Stream *>(h)->fill(t.rim_errors(), n, evts);
		});
		return ok ? rc : GYR_FAILURE;
	}

	static const char *progress(gyr_plugin *s, gyr_instance *h, uint32_t *hundredths) noexcept
	{
		const char *text = nullptr;
		if (hundredths) *hundredths = 0;
		rim::on<T>(s, [&](T &) {
			auto *st = static_cast<Stream *>(h);
			if (!st) throw Error("the host gave no stream");
			Progress p = st->progress();
			st->progress_ = std::move(p.text);
			if (!st->progress_.empty()) text = st->progress_.c_str();
			if (hundredths && p.share > 0) *hundredths = static_cast<uint32_t>((p.share < 1 ? p.share : 1) * 10000);
		});
		return text;
	}

	static const char *open_params(gyr_plugin *s, gyr_rc *rc) noexcept
	{
		const char *text = nullptr;
		bool ok = rim::on<T>(s, [&](Source &p) {
			JsonWriter w;
			w.begin_array();
			for (const OpenParam &o : p.open_params()) {
				w.begin_object().key("value").value(o.value);
				if (!o.desc.empty()) w.key("desc").value(o.desc);
				if (!o.separator.empty()) w.key("separator").value(o.separator);
				w.end_object();
			}
			p.params_ = w.end_array().text();
			text = p.params_.c_str();
		});
		if (rc) *rc = ok ? GYR_SUCCESS : GYR_FAILURE;
		return text;
	}

	static const char *event_to_string(gyr_plugin *s, const gyr_event_input *in) noexcept
	{
		const char *text = nullptr;
		rim::on<T>(s, [&](Source &p) {
			Event e;
			rim::read(in, e);
			p.text_.clear();
			p.event_to_string(e, p.text_);
			text = p.text_.c_str();
		});
		return text;
	}
};

} // namespace gyr

#define GYR_SOURCE(T)                                                                                                     \
	GYR_CAPABILITY(T, GYR_SOURCE, gyr::Source)                                                                        \
	GYR_EXPORT uint32_t plugin_get_id(void)                                                                           \
	{                                                                                                                 \
		uint32_t id = 0;                                                                                          \
		gyr::rim::guard(gyr::rim::LastError::none(), [&] { id = static_cast<gyr::Source &>(gyr::rim::prototype<T>()).id(); });                \
		return id;                                                                                                \
	}                                                                                                                 \
	GYR_EXPORT const char *plugin_get_event_source(void) { return gyr::rim::about<T>("", [](const gyr::Source &t) { return t.event_source(); }); } \
	GYR_EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc) { return gyr::RimOfSource<T>::open(s, params, rc); } \
	GYR_EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h) { gyr::RimOfSource<T>::close(s, h); }                \
	GYR_EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts) { return gyr::RimOfSource<T>::next(s, h, n, evts); } \
	GYR_EXPORT const char *plugin_get_progress(gyr_plugin *s, gyr_instance *h, uint32_t *hundredths) { return gyr::RimOfSource<T>::progress(s, h, hundredths); } \
	GYR_EXPORT const char *plugin_list_open_params(gyr_plugin *s, gyr_rc *rc) { return gyr::RimOfSource<T>::open_params(s, rc); } \
	GYR_EXPORT const char *plugin_event_to_string(gyr_plugin *s, const gyr_event_input *in) { return gyr::RimOfSource<T>::event_to_string(s, in); }

#endif
