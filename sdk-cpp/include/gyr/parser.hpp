// SPDX-License-Identifier: Apache-2.0

// parser.hpp: a plugin that parses every event before fields are extracted, to keep its state
// and tables up to date.

#ifndef GYR_PARSER_HPP
#define GYR_PARSER_HPP

#include "gyr/codec.hpp"
#include "gyr/plugin.hpp"

namespace gyr GYR_HIDDEN {

// Parser is the capability to parse events.
class Parser {
public:
	virtual ~Parser() = default;

	// parse is called for each event. It may read and write tables.
	virtual void parse(const Event &e, const TableAccess &tables) = 0;

	// The events to parse, as for Extractor.
	virtual std::vector<std::string> parse_sources() const { return {}; }
	virtual std::vector<uint16_t> parse_types() const { return {plugin_event}; }

private:
	template <class T> friend struct RimOfParser;

	std::vector<uint16_t> types_;
};

// RimOfParser holds the functions that GYR_PARSER exports.
template <class T> struct RimOfParser {
	static uint16_t *types(uint32_t *n, gyr_plugin *s) noexcept
	{
		return rim::event_types<T>(n, s, [](Parser &p) -> std::vector<uint16_t> & { return p.types_ = p.parse_types(); });
	}

	static gyr_rc parse(gyr_plugin *s, const gyr_event_input *in, const gyr_parse_input *x) noexcept
	{
		return rim::status<T>(s, [&](T &t) {
			if (!x) throw Error("the host gave no input");
			Event e;
			rim::read(in, e);
			bool ext = t.rim_minor() >= 1;
			rim::Owner o{x->owner, x->get_owner_last_error};
			const gyr_writer_vtable *w = ext && x->table_writer_ext ? x->table_writer_ext : &x->table_writer;
			TableAccess tables(o, &x->table_reader, ext ? x->table_reader_ext : nullptr, w);
			static_cast<Parser &>(t).parse(e, tables);
		});
	}
};

} // namespace gyr

#define GYR_PARSER(T)                                                                                                     \
	GYR_CAPABILITY(T, GYR_PARSER, gyr::Parser)                                                                        \
	GYR_EXPORT const char *plugin_get_parse_event_sources(void)                                                       \
	{                                                                                                                 \
		return gyr::rim::about<T>("[]", [](const gyr::Parser &t) { return gyr::rim::names(t.parse_sources()); }); \
	}                                                                                                                 \
	GYR_EXPORT uint16_t *plugin_get_parse_event_types(uint32_t *n, gyr_plugin *s) { return gyr::RimOfParser<T>::types(n, s); } \
	GYR_EXPORT gyr_rc plugin_parse_event(gyr_plugin *s, const gyr_event_input *in, const gyr_parse_input *x) { return gyr::RimOfParser<T>::parse(s, in, x); }

#endif
