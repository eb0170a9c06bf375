// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package cshared_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/internal/gobuild"
)

var update = flag.Bool("update", false, "write the files that tests check")

func TestMain(m *testing.M) { os.Exit(gobuild.Main(m)) }

func library(t testing.TB, name string) string {
	t.Helper()
	return gobuild.Library(t, name, ".", "./sdk/cshared/testdata/"+name)
}

// driver builds the host in C and returns a function that runs it.
func driver(t testing.TB) func(args ...string) string { return program(t, "driver") }

func program(t testing.TB, name string) func(args ...string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), name)
	build := exec.Command("cc", "-std=gnu99", "-Wall", "-Wextra", "-Werror", "-O2", "-I../../abi", "-o", bin, "testdata/"+name+".c", "-ldl", "-lpthread")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return func(args ...string) string {
		t.Helper()
		out, err := exec.Command(bin, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%q: %v\n%s", args, err, out)
		}
		return string(out)
	}
}

// Every line of the golden file that begins with "$" is a call of the driver, what
// follows is its output.
func TestThroughC(t *testing.T) {
	const golden = "testdata/driver.golden"
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	run := driver(t)
	var got strings.Builder
	for line := range strings.Lines(string(want)) {
		call, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		args := strings.Fields(call)
		args[0] = library(t, args[0])
		for i := range args {
			args[i] = strings.Trim(args[i], "'")
		}
		got.WriteString(line + run(args...) + "\n")
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("%s (-want +got):\n%s", golden, d)
	}
}

func TestManyThreadsAndStates(t *testing.T) {
	run := driver(t)
	if got := run(library(t, "kitchen"), "threads", "20000", "0", "1", "2", "12", "18"); got != "done\n" {
		t.Errorf("got %q, want done", got)
	}
}

// There is no limit for streams, and none takes memory for events that do not come.
func TestManyStreams(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the driver reads /proc/self/statm")
	}
	want := "600 streams, 153600 events, less than 1 MiB for each\n"
	if got := driver(t)(library(t, "kitchen"), "streams", "600"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A routine that was stopped is not run again, whatever the host does: hosts with a pool of
// threads may call it once more, and do not know it any more when they have.
func TestStoppedRoutines(t *testing.T) {
	run := program(t, "routines")
	capture := func(before, after int) string {
		return fmt.Sprintf("open: rc 0, runs %d\nrun: rc 0, runs %d\nclose: rc 0, runs %d\nlate: rc 0, runs %d\n", before, after, after, after)
	}
	want := capture(0, 1003) + capture(1003, 2006) + capture(2006, 3009) + "done\n"
	if got := run(library(t, "hearer"), ""); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	// Nothing is left running by a capture that the plugin refuses.
	got := run(library(t, "hearer"), "fail")
	if want := "open: rc 1 not today, runs 0\nrun: rc 0, runs 0\nclose: rc 0, runs 0\nlate: rc 0, runs 0\n"; got != want+want+want+"done\n" {
		t.Errorf("got\n%swant three times\n%s", got, want)
	}
}

// What a library exports is what a host takes it for.
func TestExports(t *testing.T) {
	base := []string{
		"destroy", "get_contact", "get_description", "get_init_schema", "get_last_error", "get_metrics", "get_name",
		"get_required_api_version", "get_required_event_schema_version", "get_version", "init", "set_config",
	}
	extract := []string{"extract_fields", "get_extract_event_sources", "get_extract_event_types", "get_fields", "gyr_extract_batch", "gyr_repeats_fields"}
	source := []string{
		"close", "event_to_string", "get_event_source", "get_id", "get_progress", "gyr_ack", "gyr_interrupt", "gyr_next_batch",
		"gyr_read_ahead", "list_open_params", "next_batch", "open",
	}
	f := func(path string, want ...string) {
		t.Helper()
		slices.Sort(want)
		got := slices.Sorted(maps.Keys(gobuild.Exports(t, path)))
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", filepath.Base(path), d)
		}
	}
	f(library(t, "onlyfields"), slices.Concat(base, extract)...)
	f(library(t, "kitchen"), slices.Concat(base, extract, source)...)
	f(gobuild.Library(t, "dummy", ".", "./plugins/dummy/cshared"), slices.Concat(base, extract, source)...)
}

// BenchmarkExtractFields asks for 12 constant strings from a loop in C.
func BenchmarkExtractFields(b *testing.B) {
	run := driver(b)
	lib := library(b, "kitchen")
	for b.Loop() {
		b.Log(run(append([]string{lib, "bench", "1000000"}, strings.Fields("0 1 2 3 4 5 6 7 8 9 10 11")...)...))
	}
}
