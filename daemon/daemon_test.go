// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/config"
)

// built returns the assembly of a configuration with the dummy plugin and a rule that every
// event matches. more is added to the configuration, set is as with -o.
func built(t *testing.T, more string, set ...string) *assembly.Assembly {
	t.Helper()
	dir := t.TempDir()
	rules, conf := filepath.Join(dir, "rules.yaml"), filepath.Join(dir, "falco.yaml")
	write(t, rules, "- {rule: r, desc: d, condition: dummy.value > 0, output: o, priority: INFO, source: dummy}\n")
	write(t, conf, "plugins: [{name: dummy, library_path: libdummy.so, open_params: '{\"start\": 1, \"maxEvents\": 5}'}]\nrules_files: ["+rules+"]\n"+more)
	cfg, err := config.Load(conf, config.Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	a, err := assembly.Build(cfg, assembly.Options{Upto: assembly.Compiled, PluginsDir: dir, Log: log, PluginLog: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func options(stdout io.Writer) Options {
	return Options{Stdout: stdout, Log: slog.New(slog.DiscardHandler)}
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestRun: the sources are read to their end, the alerts are delivered when Run returns.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	pid := filepath.Join(t.TempDir(), "pid")
	o := options(&out)
	o.Pidfile = pid
	res, err := Run(built(t, "stdout_output: {enabled: true}\n"), o)
	if err != nil {
		t.Fatal(err)
	}
	if res.Stats.Events != 5 || res.Stats.Alerts != 5 || res.Rules.Rules != 1 {
		t.Errorf("%d events, %d alerts, %d rules, want 5, 5, 1", res.Stats.Events, res.Stats.Alerts, res.Rules.Rules)
	}
	if n := strings.Count(out.String(), "Informational o\n"); n != 5 {
		t.Errorf("%d alerts delivered, want 5: %q", n, out.String())
	}
	text, err := os.ReadFile(pid)
	if err != nil || string(text) != strconv.Itoa(os.Getpid()) {
		t.Errorf("pidfile has %q (%v), want %d", text, err, os.Getpid())
	}
}

// TestDryRun: nothing is opened or written.
func TestDryRun(t *testing.T) {
	dir := t.TempDir()
	file, pid := filepath.Join(dir, "alerts"), filepath.Join(dir, "pid")
	o := options(io.Discard)
	o.DryRun, o.Pidfile = true, pid
	res, err := Run(built(t, "file_output: {enabled: true, filename: "+file+"}\n"), o)
	if res != nil || err != nil {
		t.Errorf("result %v, error %v, want none", res, err)
	}
	for _, f := range []string{file, pid} {
		if _, err := os.Stat(f); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, want no such file", f, err)
		}
	}
}

// TestRefused: what is wrong is said before anything is opened.
func TestRefused(t *testing.T) {
	f := func(more, pidfile, want string) {
		t.Helper()
		o := options(io.Discard)
		o.Pidfile = pidfile
		if _, err := Run(built(t, more), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	const out = "stdout_output: {enabled: true}\n"
	f("stdout_output: {enabled: false}\nsyslog_output: {enabled: false}\n", "", "No output configured")
	f(out+"metrics: {enabled: true, interval: 1ms, output_rule: true}\n", "", "minimum value of 100ms")
	f(out+"metrics: {enabled: true, interval: 1h}\n", "", "no output configured")
	f(out+"metrics: {enabled: true, interval: 1h, output_file: /nonexistent/metrics}\n", "", "metrics.output_file")
	f(out, "/nonexistent/pid", "Could not write pid to pidfile /nonexistent/pid")
	f(out+"capture: {enabled: true, path_prefix: /nonexistent/c, mode: all_rules}\n", "", "/nonexistent/c")
}

// TestRunAfterAnError: a source that does not open is an error, with a result to print.
func TestRunAfterAnError(t *testing.T) {
	res, err := Run(built(t, "stdout_output: {enabled: true}\n", "plugins[0].open_params=nonsense"), options(io.Discard))
	if err == nil || res == nil || res.Stats.Events != 0 {
		t.Errorf("result %v, error %v, want both", res, err)
	}
}

// TestRecordings: a run leaves its recordings complete.
func TestRecordings(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "rec")
	if _, err := Run(built(t, "stdout_output: {enabled: true}\ncapture: {enabled: true, path_prefix: "+prefix+", mode: all_rules}\n"), options(io.Discard)); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(prefix + "*")
	if err != nil || len(files) != 1 {
		t.Fatalf("recordings %q (%v), want one", files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Size() == 0 {
		t.Errorf("recording %v (%v), want bytes", info, err)
	}
}

// TestNodriverWaits: without a source the run goes on until it is stopped or its time is
// over, if engine.kind is nodriver; else it ends at once.
func TestNodriverWaits(t *testing.T) {
	for _, c := range []struct {
		kind      string
		max, want time.Duration
	}{{"nodriver", 0, time.Hour}, {"nodriver", 5 * time.Second, 5 * time.Second}, {"kmod", 0, 0}} {
		a := built(t, "load_plugins: []\n", "engine.kind="+c.kind)
		synctest.Test(t, func(t *testing.T) {
			o := options(io.Discard)
			o.MaxTime = c.max
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			began := time.Now()
			err := newStream(a, &outputs{}, nil, o).run(ctx)
			if took := time.Since(began); took != c.want || err != nil {
				t.Errorf("engine.kind %s with at most %v: ended after %v (%v), want %v", c.kind, c.max, took, err, c.want)
			}
		})
	}
}
