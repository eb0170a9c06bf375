// SPDX-License-Identifier: Apache-2.0

//go:build unix

#include "blame.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__thread gyr_blame gyr_blamed;

static const struct {
	int number;
	const char *name;
} faults[] = {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"}, {SIGILL, "SIGILL"}, {SIGABRT, "SIGABRT"}};

#define COUNT (sizeof faults / sizeof *faults)

static struct sigaction before[COUNT]; // what Go does about them
static pid_t process;
static int others_exit; // not only plugins call exit

// say writes texts to the standard error, up to NULL. It may be called in a signal handler.
static void say(const char *const *texts)
{
	char line[512];
	size_t n = 0;
	for (; *texts; texts++)
		for (const char *s = *texts; *s && n < sizeof line - 1; s++) line[n++] = *s;
	line[n++] = '\n';
	for (size_t at = 0; at < n;) {
		ssize_t done = write(2, line + at, n - at);
		if (done <= 0) return;
		at += (size_t)done;
	}
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	size_t i = 0;
	while (i < COUNT - 1 && faults[i].number != sig) i++;
	gyr_blame b = gyr_blamed;
	gyr_blamed.plugin = NULL; // once
	if (b.plugin) say((const char *[]){"gyr: plugin ", b.plugin, ": ", faults[i].name, " in ", b.call, NULL});
	if (before[i].sa_flags & SA_SIGINFO && before[i].sa_sigaction) {
		before[i].sa_sigaction(sig, info, context);
		return;
	}
	sigaction(sig, &before[i], NULL); // and the fault comes again
}

// on_exit_ runs when C code calls exit, which Go never does.
static void on_exit_(void)
{
	if (getpid() != process) return;
	gyr_blame b = gyr_blamed;
	if (!b.plugin && others_exit) return;
	if (b.plugin)
		say((const char *[]){"gyr: plugin ", b.plugin, ": called exit in ", b.call, NULL});
	else
		say((const char *[]){"gyr: a thread of a plugin called exit", NULL});
	_exit(1);
}

void gyr_blame_install(int go_exits)
{
	if (process) return;
	process = getpid();
	others_exit = go_exits;
	for (size_t i = 0; i < COUNT; i++) {
		if (sigaction(faults[i].number, NULL, &before[i])) continue;
		struct sigaction ours = before[i];
		if (!(ours.sa_flags & SA_SIGINFO)) continue; // not Go's
		ours.sa_sigaction = on_fault;
		sigaction(faults[i].number, &ours, NULL);
	}
	atexit(on_exit_);
}
