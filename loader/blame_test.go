// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package loader

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/internal/cbuild"
)

// The variables of a child of TestLastWords: the plugin's file and its configuration.
const (
	crashFile   = "GYR_TEST_CRASH_FILE"
	crashConfig = "GYR_TEST_CRASH_CONFIG"
)

// TestCrash is what a child of TestLastWords does: everything, in order.
func TestCrash(t *testing.T) {
	file := os.Getenv(crashFile)
	if file == "" {
		t.Skip("it is for children of TestLastWords")
	}
	m, err := Open(file, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.New(os.Getenv(crashConfig))
	if err != nil {
		t.Fatal(err)
	}
	p := s.(*plugin)
	src, err := p.Open("")
	if err != nil {
		t.Fatal(err)
	}
	b := newBatch(t, p, 1)
	if err := src.Next(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	extract(t, p, b, "crash.a", "info")
	if err := errors.Join(src.Close(), p.Close()); err != nil {
		t.Fatal(err)
	}
}

// A close or destroy that does not return is given up, and named; the library is left alone.
func TestCallsThatDoNotReturn(t *testing.T) {
	usual := callLimit
	callLimit = 50 * time.Millisecond
	defer func() { callLimit = usual }()
	for _, step := range []string{"close", "destroy"} {
		file := filepath.Join(t.TempDir(), step+".so") // a library of its own
		text, err := os.ReadFile(cbuild.Library(t, "crash.c"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o700); err != nil { //nolint:gosec // it is loaded
			t.Fatal(err)
		}
		m, err := Open(file, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := m.New(step + " hang")
		if err != nil {
			t.Fatal(err)
		}
		src, err := s.Open("")
		if err != nil {
			t.Fatal(err)
		}
		want := "plugin crash: " + step + " did not return within 50ms"
		if step == "close" {
			want += "\nplugin crash: destroy is not called, as close did not return"
		}
		if err := errors.Join(src.Close(), s.Close()); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A plugin that ends the process is named, with the call that it was in.
func TestLastWords(t *testing.T) {
	file := cbuild.Library(t, "crash.c")
	f := func(config, want string, status int) {
		t.Helper()
		c := exec.Command(os.Args[0], "-test.run=^TestCrash$", "-test.v")
		c.Env = append(os.Environ(), crashFile+"="+file, crashConfig+"="+config)
		out, _ := c.CombinedOutput()
		if !strings.Contains(string(out), want) || status >= 0 && c.ProcessState.ExitCode() != status {
			t.Errorf("%s: status %d, want %d and %q:\n%.600s", config, c.ProcessState.ExitCode(), status, want, out)
		}
	}
	for _, call := range []string{"init", "open", "next_batch", "extract_fields", "event_to_string", "close", "destroy"} {
		f(call+" segv", "gyr: plugin crash: SIGSEGV in "+call+"\n", -1)
		f(call+" exit", "gyr: plugin crash: called exit in "+call+"\n", 1)
	}
	f("next_batch abort", "gyr: plugin crash: SIGABRT in next_batch\n", -1)
	if !goExits {
		f("next_batch thread", "gyr: a thread of a plugin called exit\n", 1)
	}
	f("next_batch fork", "PASS", 0) // a child may leave
	f("none", "PASS", 0)
}
