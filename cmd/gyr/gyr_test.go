// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/pipeline"
)

// TestNothingIsLeftRunning runs gyr in this process: every goroutine ends with it.
func TestNothingIsLeftRunning(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := t.TempDir()
	rules, conf := filepath.Join(dir, "r.yaml"), filepath.Join(dir, "c.yaml")
	write(t, rules, "- {rule: r, desc: d, condition: dummy.value > 0, output: o %evt.num, priority: INFO, source: dummy}\n")
	write(t, conf, "plugins: [{name: dummy, library_path: libdummy-of-nobody.so}]\nstdout_output: {enabled: true}\nlog_syslog: false\nrules_files: ["+rules+"]\n")
	var out, errs bytes.Buffer
	if status := execute([]string{"-c", conf, "--plugins-dir", dir}, &out, &errs); status != 0 {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	if !strings.Contains(out.String(), "Events detected: 20\n") {
		t.Errorf("output %q, want 20 alerts", out.String())
	}
	for _, bad := range []string{"-c " + conf + " --dry-run --zork", "-c " + conf + " -o plugins[0].open_params=x"} {
		if status := execute(strings.Fields(bad), &out, &errs); status != 1 {
			t.Errorf("gyr %s: status %d, want 1", bad, status)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestSelected(t *testing.T) {
	known := []string{"syscall", "a", "b"}
	f := func(enable, disable, want string) {
		t.Helper()
		got, err := selected(known, strings.Fields(enable), strings.Fields(disable))
		if err != nil {
			got = []string{err.Error()}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("enable %q, disable %q: %q, want %q", enable, disable, got, want)
		}
	}
	f("", "", "syscall a b")
	f("b", "", "b")
	f("b syscall", "", "syscall b")
	f("", "syscall", "a b")
	f("", "a a", "syscall b")
	f("", "a b syscall", "Must enable at least one event source")
	f("c", "", "Attempted enabling an unknown event source: c")
	f("", "c", "Attempted disabling an unknown event source: c")
	f("a", "b", "You can not mix --enable-source and --disable-source")
}

func TestLogLines(t *testing.T) {
	var b bytes.Buffer
	f := func(cfg config.Config, log func(*slog.Logger), want string) {
		t.Helper()
		b.Reset()
		l := newLogger(&b, &cfg)
		out := l.Handler().(*logHandler).out
		out.now = func() time.Time { return time.Date(2026, 11, 2, 3, 4, 5, 6, time.UTC) }
		log(l)
		if b.String() != want {
			t.Errorf("log has %q, want %q", b.String(), want)
		}
	}
	cfg := config.Config{Log: config.Log{Stderr: true, Level: "info", Plugins: true, PluginLevel: "warning"}}
	f(cfg, func(l *slog.Logger) { l.Info("hello\n") }, "Mon Nov 02 03:04:05 2026: hello\n")
	f(cfg, func(l *slog.Logger) { l.Debug("hello") }, "")
	f(cfg, func(l *slog.Logger) { l.With("a", 1).WithGroup("g").Error("x", "b", "two words") }, "Mon Nov 02 03:04:05 2026: x a=1 g.b=\"two words\"\n")
	f(cfg, func(l *slog.Logger) {
		libsLogger(l, &cfg).Warn("plugin says")
		libsLogger(l, &cfg).Info("nothing")
	}, "Mon Nov 02 03:04:05 2026: [libs]: plugin says\n")
	iso := cfg
	iso.TimeISO8601 = true
	f(iso, func(l *slog.Logger) { l.Info("hello") }, "2026-11-02T03:04:05+0000: hello\n")
	off := cfg
	off.Log.Stderr = false
	f(off, func(l *slog.Logger) { l.Error("hello") }, "")
}

func TestLibraryNames(t *testing.T) {
	f := func(path, label string, want ...string) {
		t.Helper()
		if got := namesOf(config.Plugin{Name: label, LibraryPath: path}); !slices.Equal(got, want) {
			t.Errorf("names of %s labelled %s: %q, want %q", path, label, got, want)
		}
	}
	f("/usr/share/falco/plugins/libcloudtrail.so", "x", "cloudtrail", "libcloudtrail", "x")
	f("aws_cloudtrail/", "label", "aws_cloudtrail", "aws_cloudtrail", "label")
	f("json.so", "", "json", "json", "")
}

func TestExpandRules(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"b.yaml", "a.yml", "c.txt"} {
		write(t, filepath.Join(dir, n), "")
	}
	if err := os.Mkdir(filepath.Join(dir, "sub.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	got, err := expandRules([]string{dir, "x.yaml", "x.rules"})
	want := []string{filepath.Join(dir, "a.yml"), filepath.Join(dir, "b.yaml"), "x.yaml"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("rules files %q (%v), want %q", got, err, want)
	}
}

func TestProgressBarMakesWay(t *testing.T) {
	var tty bytes.Buffer
	s := &screen{tty: &tty}
	w := &above{s, &tty}
	bar := progressBar(&pipeline.Progress{Share: 0.5, Text: "3/6 files"}, pipeline.Stats{Events: 12345, Alerts: 1})
	if want := "[###############...............]  50 %  3/6 files  12,345 events, 1 alert"; bar != want {
		t.Errorf("bar %q, want %q", bar, want)
	}
	s.draw("BAR")
	for _, line := range []string{"line 1\n", "line 2\n"} {
		if _, err := w.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	s.draw("BAR")
	if want := eraseLine + "BAR" + eraseLine + "line 1\nline 2\n" + eraseLine + "BAR"; tty.String() != want {
		t.Errorf("terminal got %q, want %q", tty.String(), want)
	}
	if p := (&screen{}).above(&tty); p != &tty {
		t.Error("a writer that is no terminal is wrapped")
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %s, want %s", n, got, want)
		}
	}
}

// execute runs gyr within this process.
func execute(args []string, stdout, stderr io.Writer) int {
	return newApp(stdout, stderr).execute(args)
}
