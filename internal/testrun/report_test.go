// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReport(t *testing.T) {
	now := time.Unix(1000, 0)
	var out bytes.Buffer
	r := newReport(&out, []string{"m.org/x", "m.org/x/a", "m.org/x/b/c"}, func() time.Time { return now })
	f := func(want string, events ...event) {
		t.Helper()
		out.Reset()
		for _, e := range events {
			r.add(e)
		}
		if d := cmp.Diff(want, out.String()); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
	f("", event{Action: "start", Package: "m.org/x"}, event{Action: "start", Package: "m.org/x/b/c"})
	f("", event{Action: "run", Package: "m.org/x", Test: "TestA"}, event{Action: "output", Package: "m.org/x", Test: "TestA", Output: "noise\n"},
		event{Action: "pass", Package: "m.org/x", Test: "TestA"})
	f("ok    x                                       0.1s  1 of 3; running: b/c\n",
		event{Action: "output", Package: "m.org/x", Output: "ok\n"}, event{Action: "pass", Package: "m.org/x", Elapsed: 0.1})
	now = now.Add(42 * time.Second)
	out.Reset()
	r.add(event{Action: "run", Package: "m.org/x/b/c", Test: "TestLong"})
	now = now.Add(3 * time.Second)
	r.beat()
	if got, want := out.String(), "      after 45s: b/c TestLong (3s)\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	f("FAIL  b/c TestLong\n    x_test.go:1: bad\n",
		event{Action: "output", Package: "m.org/x/b/c", Test: "TestLong", Output: "    x_test.go:1: bad\n"}, event{Action: "fail", Package: "m.org/x/b/c", Test: "TestLong"})
	f("", event{Action: "output", Package: "m.org/x/b/c", Test: "TestNot", Output: "=== RUN\n"},
		event{Action: "output", Package: "m.org/x/b/c", Test: "TestNot", Output: "    x_test.go:12: no such machine: here\n"},
		event{Action: "output", Package: "m.org/x/b/c", Test: "TestNot", Output: "--- SKIP: TestNot (0.00s)\n"}, event{Action: "skip", Package: "m.org/x/b/c", Test: "TestNot"})
	f("exit status 1\nFAIL  b/c                                    45.0s  2 of 3\n",
		event{Action: "output", Package: "m.org/x/b/c", Output: "exit status 1\n"}, event{Action: "fail", Package: "m.org/x/b/c", Elapsed: 45})
	f("none  a                                       0.0s  3 of 3\n", event{Action: "skip", Package: "m.org/x/a"})
	out.Reset()
	r.end()
	if d := cmp.Diff("skipped 1: no such machine: here\n3 of 3 packages in 45s, failed:\n  b/c TestLong\n  b/c\n", out.String()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// The status is that of go test, and what failed is shown whatever it failed of.
func TestRun(t *testing.T) {
	f := func(code, test string, status int, want ...string) {
		t.Helper()
		dir := t.TempDir()
		for name, text := range map[string]string{"go.mod": "module m\n", "m.go": "package m\n" + code, "m_test.go": "package m\nimport \"testing\"\nfunc TestM(t *testing.T) {" + test + "}\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		t.Chdir(dir)
		var out bytes.Buffer
		got, err := run(&out, []string{"./..."})
		if err != nil || got != status {
			t.Errorf("%s %s: status %d, %v; want %d", code, test, got, err, status)
		}
		for _, w := range want {
			if !regexp.MustCompile(w).MatchString(out.String()) {
				t.Errorf("%s %s: no %q in\n%s", code, test, w, out.String())
			}
		}
		if strings.Count(out.String(), "1 of 1") != 1+1 { // with the last line
			t.Errorf("%s %s: the package does not end once:\n%s", code, test, out.String())
		}
	}
	f("", "", 0, `(?m)^ok    m `, `1 of 1 packages in \d+s\n$`)
	f("", `t.Error("bad")`, 1, `m_test.go:3: bad`, `(?m)^FAIL  m `, `failed:\n  m TestM\n`)
	f("", `panic("boom")`, 1, `panic: boom`, `failed:\n  m TestM\n`)
	f("var x int = true", "", 1, `cannot use true`, `failed:\n  m\n`)
}
