// SPDX-License-Identifier: Apache-2.0

// next.h: reading a stream of events.

#ifndef GYR_NEXT_H
#define GYR_NEXT_H

#include "state.h"

// How gyr_fill ended. From GYR_FILL_EOF on the stream has ended.
enum {
	GYR_FILL_OK,     // call again
	GYR_FILL_ROOM,   // the next events need more room: call again with need bytes
	GYR_FILL_EOF,    // no more events
	GYR_FILL_FAILED, // the plugin says so, see error
	GYR_FILL_EMPTY,  // success without an event
	GYR_FILL_MALFORMED,
	GYR_FILL_WRONG_ID, // see detail
	GYR_FILL_TOO_LARGE, // see detail
	GYR_FILL_TOO_MANY   // see detail
};

// A stream and the batch of the plugin that is being copied from.
typedef struct gyr_stream {
	gyr_state *st;
	gyr_instance *h;
	uint32_t id;        // the plugin's id
	uint32_t max_event; // bytes
	void *evts;         // as next_batch returned it
	uint32_t n, pos;    // events in it, events taken
	gyr_rc rc;          // the plugin's result, due when all are taken
	uint32_t quick;     // calls in a row that brought events at once
	uint32_t ahead;     // batches to read before the first is acknowledged; 0: no acknowledgements
	uint64_t batches;   // of the plugin that had events, so far
	// Results of gyr_fill.
	uint32_t count;  // events written
	size_t used;     // bytes written
	size_t need;     // with GYR_FILL_ROOM
	uint64_t detail; // the offending number
	char error[GYR_MAX_ERROR];
} gyr_stream;

// gyr_stream_open opens a stream. Result and error are the plugin's.
gyr_rc gyr_stream_open(gyr_stream *in, const char *params);
void gyr_stream_close(gyr_stream *in);

// gyr_stream_waits reports whether gyr_fill waits for an event until there is one, which
// gyr_stream_interrupt, from any thread, ends.
int gyr_stream_waits(const gyr_stream *in);
void gyr_stream_interrupt(gyr_stream *in);

// gyr_stream_read_ahead asks the plugin, which has the function, how many batches may be
// read before the first is acknowledged.
uint32_t gyr_stream_read_ahead(gyr_stream *in);

// gyr_stream_ack acknowledges the plugin's batches up to a number; why is NULL if all their
// events are dealt with. It may be called by any thread.
void gyr_stream_ack(gyr_stream *in, uint64_t batch, const char *why);

// gyr_stream_complete is the number of the last batch of which all events are taken.
uint64_t gyr_stream_complete(const gyr_stream *in);

// gyr_fill writes up to max events as blobs to dst, each at a multiple of eight bytes
// from its start. A plugin that brings few events per call, but at once, is called
// several times, unless its batches are acknowledged. The result is one of the above.
int gyr_fill(gyr_stream *in, uint8_t *dst, size_t cap, uint32_t max);

// gyr_stream_progress returns the plugin's text, or NULL, and hundredths of a percent.
const char *gyr_stream_progress(gyr_stream *in, uint32_t *hundredths);

#endif
