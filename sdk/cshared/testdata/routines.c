// SPDX-License-Identifier: Apache-2.0

// routines: a host in C whose unsubscribe does not wait, as that of a host with a pool of
// threads: a routine that is under way is called once more during it, and again after the
// end of the capture. One that returned 0 is forgotten, so that unsubscribe fails.
//
//	routines LIB CONFIG      three captures

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "plugin_abi.h"

static void *lib;
static gyr_plugin *plugin;

static void *sym(const char *name)
{
	void *p = dlsym(lib, name);
	if(p == NULL) {
		printf("no symbol %s\n", name);
		exit(1);
	}
	return p;
}

static struct {
	gyr_routine_fn call;
	gyr_routine_state *state;
	int known;
} routine[16];
static int count;

static gyr_bool turn(int n) { return routine[n].known = routine[n].call(plugin, routine[n].state) != 0; }

static gyr_routine *subscribe(gyr_owner *o, gyr_routine_fn f, gyr_routine_state *i)
{
	(void)o;
	routine[count].call = f;
	routine[count].state = i;
	routine[count].known = 1;
	return &routine[count++];
}

static gyr_rc unsubscribe(gyr_owner *o, gyr_routine *r)
{
	(void)o;
	for(int n = 0; n < count; n++) {
		if(r == &routine[n]) {
			turn(n);
			int was = routine[n].known;
			routine[n].known = 0;
			return was ? GYR_SUCCESS : GYR_FAILURE;
		}
	}
	return GYR_FAILURE;
}

static void say(const char *step, gyr_rc rc)
{
	uint32_t n = 0;
	gyr_metric *m = ((gyr_metrics_fn)sym("plugin_get_metrics"))(plugin, &n);
	printf("%s: rc %d%s%s, runs %lld\n", step, rc, rc ? " " : "",
	       rc ? ((gyr_last_error_fn)sym("plugin_get_last_error"))(plugin) : "", (long long)m->value.s64);
}

int main(int argc, char **argv)
{
	if(argc < 3 || (lib = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL)) == NULL) {
		printf("usage, or: %s\n", dlerror());
		return 2;
	}
	gyr_init_input init = {0};
	gyr_rc rc = 77;
	init.config = argv[2];
	plugin = ((gyr_init_fn)sym("plugin_init"))(&init, &rc);
	gyr_routine_vtable routines = {subscribe, unsubscribe};
	gyr_listen_input in = {0};
	in.routine = &routines;
	for(int capture = 0; capture < 3; capture++) {
		int first = count;
		say("open", ((gyr_capture_fn)sym("plugin_capture_open"))(plugin, &in));
		for(int i = 0; i < 3; i++) {
			for(int n = first; n < count; n++) {
				if(routine[n].known) turn(n);
			}
		}
		say("run", 0);
		say("close", ((gyr_capture_fn)sym("plugin_capture_close"))(plugin, &in));
		for(int n = first; n < count; n++) {
			turn(n);
		}
		say("late", 0);
	}
	((gyr_destroy_fn)sym("plugin_destroy"))(plugin);
	printf("done\n");
	return 0;
}
