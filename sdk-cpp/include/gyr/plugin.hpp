// SPDX-License-Identifier: Apache-2.0

// plugin.hpp: the base of every plugin. A plugin is a class that derives from Plugin and from
// the classes of its capabilities, and is exported with one macro for each of them:
//
//	class           header          macro                 capability
//	Plugin          plugin.hpp      GYR_PLUGIN(T)         (required)
//	Source          source.hpp      GYR_SOURCE(T)         provides an event source
//	Extractor       extractor.hpp   GYR_EXTRACTOR(T)      extracts fields
//	Parser          parser.hpp      GYR_PARSER(T)         parses every event, keeps state
//	AsyncEvents     async.hpp       GYR_ASYNC(T)          injects events at any time
//	Listener        listener.hpp    GYR_LISTENER(T)       is notified of start and end of a capture
//
// Use the macros at global scope, in one file, GYR_PLUGIN first.
//
// Lifetime: each plugin state that the host creates is one object of T: constructor, init,
// calls, destroy, destructor. A separate object, which is never initialized, describes the
// plugin; only const functions are called on it.
//
// Threads: the functions of one object are called one at a time, except that the stream
// of a source may run while the object extracts fields.
//
// Errors: an exception makes the call fail; the user sees the text of what().

#ifndef GYR_PLUGIN_HPP
#define GYR_PLUGIN_HPP

#include <cstdio>
#include <memory>
#include <type_traits>

#include "gyr/json.hpp"
#include "gyr/metrics.hpp"
#include "gyr/tables.hpp"

namespace gyr GYR_HIDDEN {

// Info describes a plugin. It is the same for all objects.
struct Info {
	std::string name; // unique in a process
	std::string version; // semantic: "1.2.3"
	std::string description;
	std::string contact;
	// The minimum plugin API version of the host. With a lower version, older hosts can load
	// the plugin; the SDK does not use features that they lack.
	std::string required_api = GYR_API_VERSION;
};

enum class Severity : int32_t {
	fatal = GYR_LOG_FATAL,
	critical = GYR_LOG_CRITICAL,
	error = GYR_LOG_ERROR,
	warning = GYR_LOG_WARNING,
	notice = GYR_LOG_NOTICE,
	info = GYR_LOG_INFO,
	debug = GYR_LOG_DEBUG,
	trace = GYR_LOG_TRACE
};

// Plugin is the base class of all plugins.
class Plugin {
public:
	Plugin() = default;
	Plugin(const Plugin &) = delete;
	Plugin &operator=(const Plugin &) = delete;
	virtual ~Plugin() = default;

	virtual Info info() const = 0;

	// init receives the configuration, "" for none. If it throws, the plugin fails to load.
	virtual void init(const std::string &config) { (void)config; }

	// destroy is called once after a successful init, before the destructor.
	virtual void destroy() {}

	// init_schema returns the JSON schema of the configuration. The host validates the
	// configuration before init. "" means that the configuration is plain text.
	virtual std::string init_schema() const { return ""; }

	// set_config changes the configuration while the plugin runs.
	virtual void set_config(const std::string &config)
	{
		(void)config;
		throw Error("the configuration cannot change while the plugin runs");
	}

	// metrics adds the current values of all metrics.
	virtual void metrics(Metrics &m) { (void)m; }

	// required_event_schema returns the version of the system events that the plugin supports.
	virtual std::string required_event_schema() const { return "3.0.0"; }

protected:
	// log writes a message to the host's log; component "" means the plugin's name. It can be
	// used from init on, and has no effect in hosts before API 3.3.
	void log(Severity s, const std::string &msg, const std::string &component = "") const noexcept
	{
		if (log_) log_(owner_.handle, component.empty() ? nullptr : component.c_str(), msg.c_str(), static_cast<int32_t>(s));
	}

	// tables returns handles of tables. Use it in init.
	const Tables &tables() const noexcept { return tables_; }

private:
	template <class T> friend struct RimOfPlugin;

	bool start(const gyr_init_input *in) noexcept
	{
		ready_ = rim::guard(errors_, [&] {
			if (!in) throw Error("the host gave no input");
			owner_ = {in->owner, in->get_owner_last_error};
			minor_ = minor(info().required_api);
			if (minor_ >= 3) log_ = in->log;
			tables_.bind(*in, minor_, &errors_);
			init(in->config ? in->config : "");
		});
		tables_.unbind();
		return ready_;
	}

	void end() noexcept
	{
		if (ready_) rim::guard(errors_, [&] { destroy(); });
		ready_ = false;
	}

	gyr_metric *collect(uint32_t *n) noexcept
	{
		metrics_.list_.clear();
		bool ok = rim::guard(errors_, [&] { metrics(metrics_); });
		if (!ok) metrics_.list_.clear();
		*n = static_cast<uint32_t>(metrics_.list_.size());
		return metrics_.list_.data();
	}

	static unsigned minor(const std::string &version)
	{
		unsigned major = 0, minor = 0, patch = 0;
		if (std::sscanf(version.c_str(), "%u.%u.%u", &major, &minor, &patch) != 3 || major != GYR_API_MAJOR)
			throw Error("the required API version '" + version + "' is not one of " + std::to_string(GYR_API_MAJOR) + ".x");
		return minor;
	}

public: // for namespace rim
	rim::LastError &rim_errors() noexcept { return errors_; }
	const rim::Owner &rim_owner() const noexcept { return owner_; }
	unsigned rim_minor() const noexcept { return minor_; }
	unsigned rim_required_minor() const { return minor(info().required_api); }

private:
	rim::LastError errors_;
	rim::Owner owner_;
	unsigned minor_ = GYR_API_MINOR;
	gyr_log_fn log_ = nullptr;
	bool ready_ = false;
	Tables tables_;
	Metrics metrics_;
	std::string event_schema_;
};

namespace rim {

// prototype is the object that describes the plugin.
template <class T> T &prototype()
{
	static T object;
	return object;
}

// about returns a text about the plugin with static storage. Each function of the interface has
// its own storage, because each Make is a distinct type.
template <class T, class Make> const char *about(const char *otherwise, Make make) noexcept
{
	const char *text = otherwise;
	LastError &err = LastError::none();
	bool ok = guard(err, [&] {
		static const std::string storage = make(static_cast<const T &>(prototype<T>()));
		text = storage.c_str();
	});
	// The only way to report this: the host cannot request the last error yet.
	if (!ok) std::fprintf(stderr, "gyr: a plugin cannot describe itself: %s\n", err.get());
	return text;
}

// names returns a JSON array of strings.
inline std::string names(const std::vector<std::string> &list)
{
	JsonWriter w;
	w.begin_array();
	for (const std::string &s : list) w.value(s);
	return w.end_array().text();
}

template <class T> T *self(gyr_plugin *s) noexcept { return static_cast<T *>(s); }

// on calls f with the state. It returns true if there is a state and f does not throw.
template <class T, class F> bool on(gyr_plugin *s, F f) noexcept
{
	T *t = self<T>(s);
	if (!t) {
		LastError::none().set("the host gave no plugin state");
		return false;
	}
	return guard(t->rim_errors(), [&] { f(*t); });
}

// event_types returns the list of types returned by ask. Hosts of API 3.0 call it before init
// and do not pass the argument for the state.
template <class T, class F> uint16_t *event_types(uint32_t *n, gyr_plugin *s, F ask) noexcept
{
	if (!n) return nullptr;
	*n = 0;
	uint16_t *list = nullptr;
	guard(LastError::none(), [&] {
		T &about = prototype<T>();
		T *t = about.rim_required_minor() >= 1 && s ? self<T>(s) : &about;
		std::vector<uint16_t> &types = ask(*t);
		*n = static_cast<uint32_t>(types.size());
		list = types.data();
	});
	return list;
}

template <class T, class F> gyr_rc status(gyr_plugin *s, F f) noexcept { return on<T>(s, f) ? GYR_SUCCESS : GYR_FAILURE; }

} // namespace rim

template <class T> struct RimOfAsync;

// RimOfPlugin holds the functions that GYR_PLUGIN exports.
template <class T> struct RimOfPlugin {
	static_assert(std::is_class_v<T>, "gyr: GYR_PLUGIN takes the name of your plugin class");
	static_assert(std::is_base_of_v<Plugin, T>, "gyr: the class in GYR_PLUGIN must derive publicly from gyr::Plugin");
	static_assert(!std::is_abstract_v<T>, "gyr: the class in GYR_PLUGIN leaves a function of its base classes out (one that is '= 0')");
	static_assert(std::is_default_constructible_v<T> || std::is_abstract_v<T>, "gyr: the class in GYR_PLUGIN needs a public constructor without arguments");

	static const char *required_api() noexcept
	{
		return rim::about<T>("", [](const Plugin &t) {
			std::string v = t.info().required_api;
			Plugin::minor(v);
			return v;
		});
	}

	static gyr_plugin *init(const gyr_init_input *in, gyr_rc *rc) noexcept
	{
		gyr_rc ignored;
		if (!rc) rc = &ignored;
		*rc = GYR_FAILURE;
		T *t = nullptr;
		if (!rim::guard(rim::LastError::none(), [&] { t = new T(); })) return nullptr;
		Plugin *p = t;
		if (p->start(in)) *rc = GYR_SUCCESS;
		return t; // even after a failure: the host requests the last error from it
	}

	static void destroy(gyr_plugin *s) noexcept
	{
		T *t = rim::self<T>(s);
		if (!t) return;
		if constexpr (std::is_base_of_v<AsyncEvents, T>) RimOfAsync<T>::handler(s, nullptr, nullptr);
		static_cast<Plugin *>(t)->end();
		delete t;
	}

	static const char *last_error(gyr_plugin *s) noexcept { return s ? rim::self<T>(s)->rim_errors().get() : rim::LastError::none().get(); }

	static const char *init_schema(int32_t *type) noexcept
	{
		const char *schema = rim::about<T>("", [](const Plugin &t) { return t.init_schema(); });
		if (type) *type = *schema ? GYR_SCHEMA_JSON : GYR_SCHEMA_NONE;
		return *schema ? schema : nullptr;
	}

	static gyr_rc set_config(gyr_plugin *s, const gyr_set_config_input *in) noexcept
	{
		return rim::status<T>(s, [&](Plugin &p) {
			if (!in) throw Error("the host gave no configuration");
			p.set_config(in->config ? in->config : "");
		});
	}

	static gyr_metric *metrics(gyr_plugin *s, uint32_t *n) noexcept
	{
		uint32_t ignored;
		if (!n) n = &ignored;
		*n = 0;
		Plugin *p = rim::self<T>(s);
		return p ? p->collect(n) : nullptr;
	}

	static const char *event_schema(gyr_plugin *s) noexcept
	{
		const char *text = "3.0.0";
		rim::on<T>(s, [&](Plugin &p) {
			p.event_schema_ = p.required_event_schema();
			text = p.event_schema_.c_str();
		});
		return text;
	}
};

// Functions defined by the macros of the capabilities. If a class derives from a capability
// but does not export it, linking fails with the name of the macro.
extern "C" {
GYR_HIDDEN void GYR_SOURCE_is_missing_for_this_plugin(void);
GYR_HIDDEN void GYR_EXTRACTOR_is_missing_for_this_plugin(void);
GYR_HIDDEN void GYR_PARSER_is_missing_for_this_plugin(void);
GYR_HIDDEN void GYR_ASYNC_is_missing_for_this_plugin(void);
GYR_HIDDEN void GYR_LISTENER_is_missing_for_this_plugin(void);
}

namespace rim {

template <class T> void check_macros() noexcept
{
	if constexpr (std::is_base_of_v<Source, T>) GYR_SOURCE_is_missing_for_this_plugin();
	if constexpr (std::is_base_of_v<Extractor, T>) GYR_EXTRACTOR_is_missing_for_this_plugin();
	if constexpr (std::is_base_of_v<Parser, T>) GYR_PARSER_is_missing_for_this_plugin();
	if constexpr (std::is_base_of_v<AsyncEvents, T>) GYR_ASYNC_is_missing_for_this_plugin();
	if constexpr (std::is_base_of_v<Listener, T>) GYR_LISTENER_is_missing_for_this_plugin();
}

} // namespace rim
} // namespace gyr

#define GYR_PLUGIN(T)                                                                                                     \
	enum { GYR_PLUGIN_may_stand_only_once };                                                                          \
	struct GYR_PLUGIN_must_stand_above {                                                                              \
		using type = T;                                                                                           \
	};                                                                                                                \
	GYR_EXPORT const char *plugin_get_required_api_version(void)                                                      \
	{                                                                                                                 \
		gyr::rim::check_macros<T>();                                                                              \
		return gyr::RimOfPlugin<T>::required_api();                                                                  \
	}                                                                                                                 \
	GYR_EXPORT const char *plugin_get_name(void) { return gyr::rim::about<T>("", [](const gyr::Plugin &t) { return t.info().name; }); } \
	GYR_EXPORT const char *plugin_get_version(void) { return gyr::rim::about<T>("", [](const gyr::Plugin &t) { return t.info().version; }); } \
	GYR_EXPORT const char *plugin_get_description(void) { return gyr::rim::about<T>("", [](const gyr::Plugin &t) { return t.info().description; }); } \
	GYR_EXPORT const char *plugin_get_contact(void) { return gyr::rim::about<T>("", [](const gyr::Plugin &t) { return t.info().contact; }); } \
	GYR_EXPORT const char *plugin_get_init_schema(int32_t *type) { return gyr::RimOfPlugin<T>::init_schema(type); }      \
	GYR_EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc) { return gyr::RimOfPlugin<T>::init(in, rc); } \
	GYR_EXPORT void plugin_destroy(gyr_plugin *s) { gyr::RimOfPlugin<T>::destroy(s); }                                   \
	GYR_EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return gyr::RimOfPlugin<T>::last_error(s); }           \
	GYR_EXPORT gyr_rc plugin_set_config(gyr_plugin *s, const gyr_set_config_input *in) { return gyr::RimOfPlugin<T>::set_config(s, in); } \
	GYR_EXPORT gyr_metric *plugin_get_metrics(gyr_plugin *s, uint32_t *n) { return gyr::RimOfPlugin<T>::metrics(s, n); } \
	GYR_EXPORT const char *plugin_get_required_event_schema_version(gyr_plugin *s) { return gyr::RimOfPlugin<T>::event_schema(s); }

// GYR_CAPABILITY is the common part of the capability macros.
#define GYR_CAPABILITY(T, macro, base)                                                                                    \
	enum { macro##_may_stand_only_once };                                                                             \
	static_assert(std::is_same_v<GYR_PLUGIN_must_stand_above::type, T>, "gyr: " #macro " and GYR_PLUGIN must name the same class"); \
	static_assert(std::is_base_of_v<base, T>, "gyr: the class in " #macro " must derive publicly from " #base);       \
	extern "C" GYR_HIDDEN void gyr::macro##_is_missing_for_this_plugin(void) {}

#endif
