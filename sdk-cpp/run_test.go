// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package sdkcpp_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/host"
)

// sanitized are the flags for programs and plugins under the sanitizers.
var sanitized = []string{"-g", "-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"}

// program builds a test program and returns a function that runs it.
func program(t *testing.T, source string, flags ...string) func(args ...string) {
	t.Helper()
	path := build(t, source, append([]string{"-pthread"}, flags...)...)
	return func(args ...string) {
		t.Helper()
		if text, err := exec.Command(path, args...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", source, err, text)
		}
	}
}

// another returns a copy of a library, which is another library for the linker.
func another(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(out, data, 0o755); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestUnits(t *testing.T) { program(t, "tests/unit.cpp", sanitized...)() }

// Every capability, called by a host that keeps to the interface and gives no more.
func TestHost(t *testing.T) {
	lib := build(t, "tests/all.cpp", append([]string{"-shared", "-fPIC"}, sanitized...)...)
	program(t, "tests/host.cpp", append([]string{"-ldl"}, sanitized...)...)(
		lib, another(t, lib), another(t, lib), another(t, lib))
}

func TestLoaderKnowsThePlugin(t *testing.T) {
	i := load(t, library(t, "tests/all.cpp")).Info()
	if want := host.Sourcing | host.Extraction | host.Parsing | host.Async | host.Listening; i.Caps != want {
		t.Errorf("got capabilities %b, want %b", i.Caps, want)
	}
	if i.Name != "all" || i.Version != "1.2.3" || i.Contact != "none" || i.Description != "a \"plugin\"\nfor tests" || i.ID != 903 || i.Source != "all" {
		t.Errorf("got %+v", i)
	}
	if len(i.Fields) != 24 || i.Fields[20].Display != "Odd" || !i.Fields[20].Hidden() || !i.Fields[9].List || !i.Fields[13].Arg.Key {
		t.Errorf("got fields %+v", i.Fields)
	}
}

func TestLoaderReadsStreams(t *testing.T) {
	p := start(t, load(t, library(t, "tests/all.cpp")), "")
	f := func(params, want, wantErr string) {
		t.Helper()
		s, err := p.Open(params)
		if err == nil {
			var got []string
			got, err = drain(t, p, s)
			if text := strings.Join(got, " "); text != want {
				t.Errorf("%s: got %q, want %q", params, text, want)
			}
			if bad := s.Close(); bad != nil {
				t.Error(bad)
			}
		}
		if (err == nil) != (wantErr == "") || err != nil && !strings.Contains(err.Error(), wantErr) {
			t.Errorf("%s: got error %v, want %q", params, err, wantErr)
		}
	}
	f("hello", "hello", "")
	f("nothing", "", "")
	f("timeout", "before before before", "")
	f("throw", "one two", "the stream breaks")
	f("none", "", "open returned no stream")
	params, err := p.OpenParams()
	if err != nil || len(params) != 2 || params[0].Value != `a"b` || params[0].Separator != "," {
		t.Errorf("got open params %+v, %v", params, err)
	}
}

func TestLoaderExtracts(t *testing.T) {
	p := start(t, load(t, library(t, "tests/all.cpp")), "")
	b := newBatch(t, p)
	if err := next(open(t, p, "some words"), b)(); err == nil || len(b.Events) != 1 {
		t.Fatalf("got %d events, %v; want one and the end", len(b.Events), err)
	}
	names := []string{
		"all.text", "all.number", "all.flag", "all.duration", "all.moment", "all.ip4", "all.ip6", "all.mapped", "all.net", "all.texts", "all.key[a]",
		"all.key[b]", "all.index[7]", "all.index", "all.absent", "all.wrong", "all.throws", "all.twice", "all.bad_ip", "all.words", "info",
	}
	row := extract(t, p, b, names...).Row(0)
	f := func(name, str string, num uint64) {
		t.Helper()
		for i := range names {
			if v := row[i]; names[i] == name && (!v.Present || v.Str != str || v.Num != num) {
				t.Errorf("%s: got %+v, want %q, %d", name, v, str, num)
			}
		}
	}
	v6 := "\x20\x01\x0d\xb8" + strings.Repeat("\x00", 12)
	f("all.text", "a text", 0)
	f("all.number", "", 1<<64-1)
	f("all.flag", "", 1)
	f("all.duration", "", 2e9)
	f("all.moment", "", 11)
	f("all.ip4", "\xc0\x00\x02\x01", 0)
	f("all.ip6", v6, 0)
	f("all.mapped", "\xc0\x00\x02\x02", 0)
	f("all.net", "\xc0\x00\x02\x01", 0)
	f("all.key[a]", "a", 0)
	f("all.key[b]", "b", 0)
	f("all.index[7]", "", 7)
	f("info", "<some words>", 0)
	for i, name := range names {
		switch name {
		case "all.index", "all.absent", "all.wrong", "all.throws", "all.twice", "all.bad_ip":
			if row[i].Present {
				t.Errorf("%s: got %+v, want nothing", name, row[i])
			}
		case "all.texts":
			if l := row[i].List; len(l) != 301 || l[299].Str != "299" || l[300].Str != "last" {
				t.Errorf("%s: got %d values", name, len(l))
			}
		case "all.words":
			if l := row[i].List; len(l) != 2 || l[1].Str != "words" {
				t.Errorf("%s: got %+v", name, l)
			}
		}
	}
}

// Two libraries built with the SDK, with classes of the same names, share nothing.
func TestTwoPluginsAtOnce(t *testing.T) {
	a := load(t, library(t, "tests/all.cpp"))
	t.Setenv("ALL_NAME", "twin")
	b := load(t, another(t, library(t, "tests/all.cpp")))
	if a.Info().Name != "all" || b.Info().Name != "twin" {
		t.Errorf("got names %s and %s, want all and twin", a.Info().Name, b.Info().Name)
	}
	_, err := a.New(`{"fail": "init"}`)
	if err == nil || !strings.Contains(err.Error(), "init fails") {
		t.Errorf("got error %v, want that init fails", err)
	}
	start(t, b, "")
}

// In the steady state nothing is allocated, on this side of the border either.
func TestNoAllocationPerBatch(t *testing.T) {
	read, run := plan(t, start(t, load(t, library(t, "tests/bench.cpp")), ""), "f")
	n := testing.AllocsPerRun(50, func() {
		if err := read(); err != nil {
			t.Fatal(err)
		}
		if err := run(); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("got %v allocations per batch, want 0", n)
	}
}
