// SPDX-License-Identifier: Apache-2.0

#include "blame.h"
#include "extract.h"
#include "tables.h"

#include <string.h>

gyr_rc gyr_parse(gyr_state *st, const uint8_t *event, const char *source)
{
	gyr_event h;
	memcpy(&h, event, sizeof h);
	st->visits++;
	if (!gyr_wants(&st->parse, h.type)) return GYR_SUCCESS;
	gyr_event_input e = {(const gyr_event *)event, st->visits, source};
	gyr_parse_input in = {
		st->owner, gyr_owner_last_error, gyr_host_reader, gyr_host_writer, &gyr_host_reader_ext, &gyr_host_writer,
	};
	gyr_blame before = gyr_enter(st->lib, "parse_event");
	gyr_rc rc = st->lib->parse_event(st->s, &e, &in);
	gyr_leave(before);
	return rc;
}
