// SPDX-License-Identifier: Apache-2.0

// hostile: extracts values that cannot be used. hostile.ok is right, so that a test sees
// that the rest of the call counts.

#include <sys/mman.h>
#include <unistd.h>
#define NAME "hostile"
#define ID 904
#define SOURCE "hostile"
#include "plugin.h"

EXPORT const char *plugin_get_fields(void)
{
	return "[{\"type\":\"string\",\"name\":\"hostile.ok\",\"desc\":\"right\"},"
	       "{\"type\":\"string\",\"name\":\"hostile.null_res\",\"desc\":\"no answer, but one value\"},"
	       "{\"type\":\"uint64\",\"name\":\"hostile.null_num\",\"desc\":\"no answer, but one value\"},"
	       "{\"type\":\"string\",\"name\":\"hostile.null_str\",\"desc\":\"a NULL string\"},"
	       "{\"type\":\"string\",\"name\":\"hostile.null_elem\",\"isList\":true,\"desc\":\"a NULL string in a list\"},"
	       "{\"type\":\"string\",\"name\":\"hostile.null_all\",\"isList\":true,\"desc\":\"only NULL strings\"},"
	       "{\"type\":\"uint64\",\"name\":\"hostile.huge\",\"isList\":true,\"desc\":\"a wrong count\"},"
	       "{\"type\":\"uint64\",\"name\":\"hostile.negative\",\"isList\":true,\"desc\":\"a count of -1\"},"
	       "{\"type\":\"ipaddr\",\"name\":\"hostile.ip5\",\"desc\":\"an address of 5 bytes\"},"
	       "{\"type\":\"ipnet\",\"name\":\"hostile.ipnull\",\"desc\":\"an address at NULL\"},"
	       "{\"type\":\"ipaddr\",\"name\":\"hostile.ips\",\"isList\":true,\"desc\":\"two good addresses of three\"},"
	       "{\"type\":\"bool\",\"name\":\"hostile.bool7\",\"desc\":\"a boolean of 7\"},"
	       "{\"type\":\"string\",\"name\":\"hostile.two\",\"desc\":\"two values for a single field\"},"
	       "{\"type\":\"string\",\"name\":\"hostile.long\",\"desc\":\"a text of 300 KiB\"},"
	       "{\"type\":\"string\",\"name\":\"hostile.edge\",\"isList\":true,\"desc\":\"texts of 0 to 69 bytes, each before memory that cannot be read\"}]";
}

EXPORT gyr_plugin *plugin_init(const gyr_init_input *in, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return malloc(1);
}
EXPORT void plugin_destroy(gyr_plugin *s) { free(s); }
EXPORT const char *plugin_get_last_error(gyr_plugin *s) { return NULL; }

EXPORT gyr_instance *plugin_open(gyr_plugin *s, const char *params, gyr_rc *rc)
{
	*rc = GYR_SUCCESS;
	return calloc(1, 64);
}
EXPORT void plugin_close(gyr_plugin *s, gyr_instance *h) { free(h); }
EXPORT gyr_rc plugin_next_batch(gyr_plugin *s, gyr_instance *h, uint32_t *n, gyr_event ***evts)
{
	static gyr_event *list[1];
	put_event(h, ID, 1, "x", 1);
	list[0] = h;
	*n = 1;
	*evts = list;
	return GYR_SUCCESS;
}
EXPORT const char *plugin_event_to_string(gyr_plugin *s, const gyr_event_input *e) { return NULL; }

#define EDGES 70

// edges returns texts whose terminator is the last byte of a page.
static const char **edges(void)
{
	static const char *list[EDGES];
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	for (size_t i = 0; i < EDGES && !list[EDGES - 1]; i++) {
		char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		mprotect(p + page, page, PROT_NONE);
		memset(p + page - 1 - i, 'e', i);
		list[i] = p + page - 1 - i;
	}
	return list;
}

EXPORT gyr_rc plugin_extract_fields(gyr_plugin *s, const gyr_event_input *e, const gyr_extract_input *in)
{
	static const char *ok[] = {"ok", "second"}, *nulls[] = {"a", NULL, "b"}, *only[] = {NULL, NULL};
	static char text[300 << 10];
	static const char *texts[] = {text};
	static uint64_t n[] = {1};
	static uint32_t seven[] = {7};
	static gyr_bytes ip5[] = {{5, "12345"}}, null[] = {{4, NULL}}, ips[] = {{4, "abcd"}, {3, "abc"}, {16, "0123456789abcdef"}};
	memset(text, 'l', sizeof text - 1);
	for (uint32_t i = 0; i < in->num_fields; i++) {
		gyr_extract_field *f = &in->fields[i];
		f->res_len = 1;
		switch (f->field_id) {
		case 0: f->res.str = ok; break;
		case 1:
		case 2: f->res.str = NULL; break;
		case 3: f->res.str = only; break;
		case 4: f->res.str = nulls, f->res_len = 3; break;
		case 5: f->res.str = only, f->res_len = 2; break;
		case 6: f->res.u64 = n, f->res_len = 1ull << 40; break;
		case 7: f->res.u64 = n, f->res_len = UINT64_MAX; break;
		case 8: f->res.buf = ip5; break;
		case 9: f->res.buf = null; break;
		case 10: f->res.buf = ips, f->res_len = 3; break;
		case 11: f->res.boolean = seven; break;
		case 12: f->res.str = ok, f->res_len = 2; break;
		case 13: f->res.str = texts; break;
		case 14: f->res.str = edges(), f->res_len = EDGES; break;
		}
	}
	return GYR_SUCCESS;
}
