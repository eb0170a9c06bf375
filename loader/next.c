// SPDX-License-Identifier: Apache-2.0

#include "next.h"
#include "blame.h"

#include <string.h>

// More events in one batch than any plugin has reason for: a wrong count.
#define MAX_BATCH (1u << 20)

// Events are copied in pieces of this size, if they are not larger themselves.
#define PIECE (64u << 10)

// A plugin that was quick so often is called again in the same crossing, for so long.
#define QUICK_ENOUGH 16
#define QUICK_NS 1000000

gyr_rc gyr_stream_open(gyr_stream *in, const char *params)
{
	gyr_rc rc = GYR_FAILURE;
	gyr_blame before = gyr_enter(in->st->lib, "open");
	in->h = in->st->lib->open(in->st->s, params, &rc);
	gyr_leave(before);
	return rc;
}

int gyr_stream_waits(const gyr_stream *in)
{
	const gyr_library *lib = in->st->lib;
	return lib->major >= 3 && lib->gyr_next_batch && lib->gyr_interrupt;
}

void gyr_stream_interrupt(gyr_stream *in) { in->st->lib->gyr_interrupt(in->st->s, in->h); }

uint32_t gyr_stream_read_ahead(gyr_stream *in) { return in->st->lib->gyr_read_ahead(in->st->s, in->h); }

void gyr_stream_ack(gyr_stream *in, uint64_t batch, const char *why) { in->st->lib->gyr_ack(in->st->s, in->h, batch, why); }

uint64_t gyr_stream_complete(const gyr_stream *in) { return in->pos < in->n ? in->batches - 1 : in->batches; }

void gyr_stream_close(gyr_stream *in)
{
	gyr_blame before = gyr_enter(in->st->lib, "close");
	in->st->lib->close(in->st->s, in->h);
	gyr_leave(before);
}

static size_t padded(size_t n) { return (n + 7) & ~(size_t)7; }

// event returns event i of the plugin's batch, or NULL.
static const void *event(const gyr_stream *in, uint32_t i)
{
	if (in->st->lib->major < 3) return (const gyr_event_v2 *)in->evts + i;
	const void *e;
	memcpy(&e, (const char *)in->evts + i * sizeof e, sizeof e);
	return e;
}

// size returns how many bytes the blob of an event has; 0 if that cannot be.
static size_t size(const gyr_stream *in, const void *e)
{
	if (!e) return 0;
	if (in->st->lib->major < 3) {
		const gyr_event_v2 *old = e;
		if (!old->data && old->datalen) return 0;
		return (size_t)GYR_PAYLOAD_OFFSET + old->datalen;
	}
	gyr_event h;
	memcpy(&h, e, sizeof h);
	return h.len < GYR_PAYLOAD_OFFSET ? 0 : h.len;
}

// put32 writes a number in little endian, which is the order of all platforms that the
// plugin interface exists for.
static void put32(uint8_t *p, uint32_t v) { memcpy(p, &v, 4); }

// convert writes the blob of an event of an older generation.
static void convert(const gyr_stream *in, uint8_t *dst, const gyr_event_v2 *e)
{
	gyr_event h = {e->ts, GYR_NO_THREAD, GYR_PAYLOAD_OFFSET + e->datalen, GYR_EVENT_PLUGIN, 2};
	memcpy(dst, &h, sizeof h);
	put32(dst + 26, 4);
	put32(dst + 30, e->datalen);
	put32(dst + 34, in->id);
	if (e->datalen) memcpy(dst + GYR_PAYLOAD_OFFSET, e->data, e->datalen);
}

// copy checks the event at src and copies it. n is its size.
static int copy(gyr_stream *in, uint8_t *dst, const uint8_t *src, size_t n)
{
	gyr_event h;
	uint32_t lens[2], id;
	memcpy(&h, src, sizeof h);
	if (h.type != GYR_EVENT_PLUGIN || h.nparams != 2) return GYR_FILL_MALFORMED;
	memcpy(lens, src + sizeof h, sizeof lens);
	if (lens[0] != 4 || lens[1] != n - GYR_PAYLOAD_OFFSET) return GYR_FILL_MALFORMED;
	memcpy(&id, src + sizeof h + sizeof lens, 4);
	if (id && id != in->id) {
		in->detail = id;
		return GYR_FILL_WRONG_ID;
	}
	memcpy(dst, src, n);
	h.tid = GYR_NO_THREAD; // as the host does for every plugin source
	memcpy(dst, &h, sizeof h);
	put32(dst + 34, in->id);
	return GYR_FILL_OK;
}

// rest returns how many bytes the events need that are left, up to n of them and up to
// PIECE bytes: memory for more would be made and given back for each batch.
static size_t rest(const gyr_stream *in, uint32_t n)
{
	size_t sum = 0;
	for (uint32_t i = in->pos; i < in->n && i - in->pos < n; i++) {
		size_t len = size(in, event(in, i));
		if (!len || len > in->max_event || (sum && sum + padded(len) > PIECE)) break;
		sum += padded(len);
	}
	return sum;
}

// take copies the events of the plugin's batch.
static int take(gyr_stream *in, uint8_t *dst, size_t cap, uint32_t max)
{
	for (; in->pos < in->n && in->count < max; in->pos++) {
		const void *e = event(in, in->pos);
		size_t len = size(in, e);
		if (!len) return GYR_FILL_MALFORMED;
		if (len > in->max_event) {
			in->detail = len;
			return GYR_FILL_TOO_LARGE;
		}
		if (padded(len) > cap - in->used) {
			in->need = rest(in, max - in->count);
			return GYR_FILL_ROOM;
		}
		if (in->st->lib->major < 3) {
			convert(in, dst + in->used, e);
		} else {
			int r = copy(in, dst + in->used, e, len);
			if (r) return r;
		}
		in->used += padded(len);
		in->count++;
	}
	return GYR_FILL_OK;
}

// fetch calls next_batch once and keeps what it says.
static int fetch(gyr_stream *in)
{
	const gyr_library *lib = in->st->lib;
	in->n = in->pos = 0;
	in->evts = NULL;
	gyr_blame before = gyr_enter(lib, "next_batch");
	if (lib->major < 3)
		in->rc = ((gyr_next_batch_v2_fn)lib->next_batch)(in->st->s, in->h, &in->n, (gyr_event_v2 **)&in->evts);
	else
		in->rc = (gyr_stream_waits(in) && !in->count ? lib->gyr_next_batch : lib->next_batch)(in->st->s, in->h, &in->n, (gyr_event ***)&in->evts);
	gyr_leave(before);
	switch (in->rc) {
	case GYR_SUCCESS:
		if (!in->n) return GYR_FILL_EMPTY;
		break;
	case GYR_TIMEOUT:
	case GYR_EOF: break;
	default: {
		// The text is asked for now: the next call of the state may replace it.
		const char *why = gyr_state_error(in->st);
		size_t n = gyr_text_len(why, sizeof in->error - 1);
		if (n) memcpy(in->error, why, n);
		in->error[n] = 0;
		in->rc = GYR_FAILURE;
		// Who has failed may have left the count alone.
		if (!in->evts) in->n = 0;
	}
	}
	if (in->n > MAX_BATCH) {
		in->detail = in->n;
		in->n = 0;
		return GYR_FILL_TOO_MANY;
	}
	if (in->n && !in->evts) {
		in->n = 0;
		return GYR_FILL_MALFORMED;
	}
	if (in->n) in->batches++;
	return GYR_FILL_OK;
}

int gyr_fill(gyr_stream *in, uint8_t *dst, size_t cap, uint32_t max)
{
	in->count = 0;
	in->used = in->need = 0;
	uint64_t start = 0;
	for (;;) {
		int r = take(in, dst, cap, max);
		if (r) return r;
		if (in->pos < in->n) return GYR_FILL_OK;
		// Every event of the batch is taken: now its result counts.
		if (in->rc == GYR_EOF) return GYR_FILL_EOF;
		if (in->rc == GYR_FAILURE) return GYR_FILL_FAILED;
		if (in->rc == GYR_TIMEOUT && start) {
			in->rc = GYR_SUCCESS;
			return GYR_FILL_OK;
		}
		if (in->ahead && in->count) return GYR_FILL_OK;
		if (in->count == max || (start && in->quick < QUICK_ENOUGH)) return GYR_FILL_OK;
		uint64_t t0 = gyr_os_now();
		if (start && t0 - start > QUICK_NS) return GYR_FILL_OK;
		if (!start) start = t0;
		if ((r = fetch(in))) return r;
		if (in->rc != GYR_SUCCESS || gyr_os_now() - t0 > QUICK_NS)
			in->quick = 0;
		else if (in->quick < QUICK_ENOUGH)
			in->quick++;
	}
}

const char *gyr_stream_progress(gyr_stream *in, uint32_t *hundredths)
{
	*hundredths = 0;
	return in->st->lib->get_progress(in->st->s, in->h, hundredths);
}
