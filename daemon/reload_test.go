// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/pipeline"
	"github.com/gyr-dev/gyr/sdk"
)

// feed is a plugin whose events a test gives; it notes what becomes of its streams.
type feed struct {
	name string
	id   uint32
	events,
	notes chan string
	fail func(params string) error // of Open, nil for none

	unblock   chan struct{} // ends a call that an event "stuck" blocks
	measure   func()        // called by Metrics, if not nil
	destroyed atomic.Int32  // states
}

func newFeed(name string, id uint32) *feed {
	return &feed{name: name, id: id, events: make(chan string), notes: make(chan string, 100), unblock: make(chan struct{})}
}

func (f *feed) Destroy() { f.destroyed.Add(1) }

func (f *feed) Metrics() []sdk.Metric {
	if f.measure != nil {
		f.measure()
	}
	return nil
}

func (f *feed) Info() sdk.Info {
	return sdk.Info{Name: f.name, Version: "1.0.0", ID: f.id, EventSource: f.name}
}

func (f *feed) Open(params string) (event.Source, error) {
	if f.fail != nil {
		if err := f.fail(params); err != nil {
			return nil, err
		}
	}
	f.notes <- "open " + params
	return &feedStream{f, params}, nil
}

type feedStream struct {
	*feed
	params string
}

func (s *feedStream) Next(ctx context.Context, b *event.Batch) error {
	select {
	case <-ctx.Done():
		return nil
	case e := <-s.events:
		switch e {
		case "fail":
			return errors.New("connection lost")
		case "end":
			return io.EOF
		case "stuck":
			<-s.unblock
			return nil
		}
		b.Add(s.id, 1, []byte(e))
		return nil
	}
}

func (s *feedStream) Close() error {
	s.notes <- "close " + s.params
	return nil
}

// lines is an output that a test reads line by line.
type lines struct {
	mu   sync.Mutex
	rest []byte
	c    chan string
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		line, rest, ok := bytes.Cut(l.rest, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		l.c <- string(line)
		l.rest = rest
	}
}

// live is a running daemon with two feeds, a and b.
type live struct {
	t       *testing.T
	dir     string
	a, b    *feed
	alerts  *lines
	log     *lines
	reloads reloads
	cancel  context.CancelFunc
	ended   chan error
	s       *stream
}

const ruleOf = "- {rule: r, desc: d, condition: evt.num > 0, output: %s %%evt.num, priority: INFO, source: a}\n" +
	"- {rule: s, desc: d, condition: evt.num > 0, output: %s %%evt.num, priority: INFO, source: b}\n"

// start runs a daemon. Its configuration is more and what the feeds open.
func start(t *testing.T, more string) *live {
	t.Helper()
	l := &live{t: t, dir: t.TempDir(), alerts: &lines{c: make(chan string, 100)}, log: &lines{c: make(chan string, 1000)}, ended: make(chan error, 1)}
	l.a, l.b = newFeed("a", 901), newFeed("b", 902)
	was := assembly.BuiltIn
	assembly.BuiltIn = []sdk.Factory{func() sdk.Plugin { return l.a }, func() sdk.Plugin { return l.b }}
	t.Cleanup(func() { assembly.BuiltIn = was })
	l.rules(fmt.Sprintf(ruleOf, "one", "one"))
	l.config("x", "y", more)
	log := slog.New(slog.NewTextHandler(l.log, nil))
	build := assembly.Options{Upto: assembly.Compiled, PluginsDir: l.dir, Log: log, PluginLog: log}
	load := func() (*config.Config, error) {
		return config.Load(filepath.Join(l.dir, "falco.yaml"), config.Options{})
	}
	cfg, err := load()
	if err != nil {
		t.Fatal(err)
	}
	asm, err := assembly.Build(cfg, build)
	if err != nil {
		t.Fatal(err)
	}
	out, err := openOutputs(cfg, l.alerts, log)
	if err != nil {
		t.Fatal(err)
	}
	l.reloads = make(reloads, 1)
	l.s = newStream(asm, out, l.reloads, Options{Load: load, Build: build, Log: log})
	ctx, cancel := context.WithCancel(t.Context())
	l.cancel = cancel
	go func() {
		err := l.s.run(ctx)
		err = errors.Join(err, out.close())
		if !errors.Is(err, pipeline.ErrStuck) { // as in Run and its caller
			err = errors.Join(err, l.s.closeBuilt(asm), asm.Close())
		}
		l.ended <- err
	}()
	l.note(l.a, "open x")
	l.note(l.b, "open y")
	return l
}

func (l *live) rules(text string) { write(l.t, filepath.Join(l.dir, "rules.yaml"), text) }

// config writes the configuration: what the feeds open, "" for not at all.
func (l *live) config(a, b, more string) {
	text := "watch_config_files: false\nstdout_output: {enabled: true}\nsyslog_output: {enabled: false}\nrules_files: [" + l.dir + "/rules.yaml]\n" + more + "plugins:\n"
	for _, p := range []struct{ name, params string }{{"a", a}, {"b", b}} {
		if p.params != "" {
			text += fmt.Sprintf("  - {name: %s, library_path: lib%s.so, open_params: %s}\n", p.name, p.name, p.params)
		}
	}
	write(l.t, filepath.Join(l.dir, "falco.yaml"), text)
}

func (l *live) reload(want string) {
	l.t.Helper()
	err := l.reloads.reload(l.t.Context(), "test")
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		l.t.Errorf("reload: error %v, want %q", err, want)
	}
}

func (l *live) note(f *feed, want string) {
	l.t.Helper()
	if got := <-f.notes; got != want {
		l.t.Errorf("%s: %q, want %q", f.name, got, want)
	}
}

// event gives an event, and wants an alert.
func (l *live) event(f *feed, want string) {
	l.t.Helper()
	f.events <- "x"
	if got := <-l.alerts.c; !strings.HasSuffix(got, want) {
		l.t.Errorf("alert %q, want %q", got, want)
	}
}

func (l *live) stop(want string) {
	l.t.Helper()
	l.cancel()
	if err := <-l.ended; want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		l.t.Errorf("ended with %v, want %q", err, want)
	}
}

// TestReloadOfRules: new rules are in force, the streams and their numbers go on.
func TestReloadOfRules(t *testing.T) {
	l := start(t, "")
	l.event(l.a, "one 1")
	l.rules(fmt.Sprintf(ruleOf, "two", "two"))
	l.reload("")
	l.event(l.a, "two 2")
	l.event(l.b, "two 1")
	if n := len(l.a.notes) + len(l.b.notes); n != 0 {
		t.Errorf("%d streams opened or closed by a reload that does not concern them", n)
	}
	l.stop("")
	if s := l.s.pipeline.Stats(); s.Events != 3 || s.Alerts != 3 || s.Rules[0].Matches != 2 {
		t.Errorf("stats %+v, want 3 events and alerts, 2 of the first rule", s)
	}
}

// TestReloadOfTheVersion: the version of Falco belongs to what is exchanged, so that rules
// and the form of alerts change together, and streams go on.
func TestReloadOfTheVersion(t *testing.T) {
	const quoted = "- {rule: r, desc: d, condition: %s, output: '\"%%evt.num\"', priority: INFO, source: a}\n"
	l := start(t, "")
	l.rules(fmt.Sprintf(quoted, `evt.source = "\x61"`))
	l.reload("")
	l.event(l.a, `Informational \"1\"`)
	l.rules(fmt.Sprintf(quoted, "evt.source = a"))
	l.config("x", "y", "falco_compatibility: 0.44\n")
	l.reload("")
	l.event(l.a, `Informational "2"`)
	l.rules(fmt.Sprintf(quoted, `evt.source = "\x61"`))
	l.reload(`unsupported string escape sequence: \x`)
	if got := <-l.alerts.c; !strings.Contains(got, "hot restart failure") {
		t.Errorf("alert %q, want one of the failure", got)
	}
	l.event(l.a, `Informational "3"`)
	if n := len(l.a.notes); n != 0 {
		t.Errorf("%d streams opened or closed by reloads that do not concern them", n)
	}
	l.stop("")
}

// TestReloadOfASource: only the source that changed is opened again, the new stream before
// the old one is closed.
func TestReloadOfASource(t *testing.T) {
	l := start(t, "")
	l.event(l.a, "one 1")
	l.config("z", "y", "")
	l.reload("")
	l.note(l.a, "open z")
	l.note(l.a, "close x")
	l.event(l.a, "one 2")
	l.config("", "y", "") // a is removed
	l.rules("- {rule: s, desc: d, condition: evt.num > 0, output: last %evt.num, priority: INFO, source: b}\n")
	l.reload("")
	l.note(l.a, "close z")
	l.event(l.b, "last 1")
	if len(l.b.notes) != 0 {
		t.Errorf("the other source: %s", <-l.b.notes)
	}
	l.config("x", "y", "") // and comes back
	l.reload("")
	l.note(l.a, "open x")
	l.stop("")
}

// TestFailedReloadsChangeNothing: the log and an alert say why.
func TestFailedReloadsChangeNothing(t *testing.T) {
	l := start(t, "")
	f := func(want string) {
		t.Helper()
		l.reload(want)
		if got := <-l.alerts.c; !strings.Contains(got, "hot restart failure") || !strings.Contains(got, "Critical") {
			t.Errorf("alert %q, want one of the failure", got)
		}
		l.rules(fmt.Sprintf(ruleOf, "one", "one"))
		l.config("x", "y", "")
	}
	l.rules("- {rule: r, desc: d, condition: nonsense here, output: o, priority: INFO, source: a}\n")
	f("nonsense")
	l.rules("")
	f("no rules")
	l.config("x", "y", "metrics: {enabled: true}\n")
	f("restart gyr to change metrics")
	l.config("x", "y", "priority: none\n")
	f("priority")
	if err := os.Remove(filepath.Join(l.dir, "falco.yaml")); err != nil {
		t.Fatal(err)
	}
	f("falco.yaml")
	l.b.fail = func(p string) error {
		if p == "w" {
			return errors.New("cannot open " + p)
		}
		return nil
	}
	l.config("z", "w", "") // a opens, b does not
	f("cannot open w")
	l.note(l.a, "open z")
	l.note(l.a, "close z")
	if len(l.b.notes) != 0 { // w wants nothing that y has
		t.Errorf("b: %q", <-l.b.notes)
	}
	l.event(l.a, "one 1")
	l.event(l.b, "one 1")
	l.stop("")
}

// TestExclusiveSources: a source that wants what its predecessor has gets it, and the
// predecessor is opened again if the new one fails all the same.
func TestExclusiveSources(t *testing.T) {
	l := start(t, "")
	held := "y"
	l.b.fail = func(p string) error {
		for len(l.b.notes) > 0 {
			if n := <-l.b.notes; n == "close "+held {
				held = ""
			}
		}
		if held != "" {
			return errors.New("address already in use")
		}
		if p == "bad" {
			return errors.New("bad address")
		}
		held = p
		return nil
	}
	l.event(l.b, "one 1")
	l.config("x", "w", "")
	l.reload("")
	l.event(l.b, "one 2")
	l.config("x", "bad", "")
	l.reload("bad address")
	if got := <-l.alerts.c; !strings.Contains(got, "hot restart failure") {
		t.Errorf("alert %q, want one of the failure", got)
	}
	l.event(l.b, "one 3")
	if held != "w" {
		t.Errorf("open: %q, want w again", held)
	}
	l.stop("")
}

// TestFailingSourcesAreOpenedAgain: with on_source_failure: restart the others go on.
func TestFailingSourcesAreOpenedAgain(t *testing.T) {
	l := start(t, "on_source_failure: restart\n")
	l.event(l.a, "one 1")
	l.a.events <- "fail"
	l.note(l.a, "close x")
	l.event(l.b, "one 1")
	l.note(l.a, "open x") // after a second
	l.event(l.a, "one 2")
	l.stop("")
}

// TestAFailingSourceEndsTheRun: which is what Falco does.
func TestAFailingSourceEndsTheRun(t *testing.T) {
	l := start(t, "")
	l.a.events <- "fail"
	l.note(l.a, "close x")
	l.note(l.b, "close y")
	l.stop("connection lost")
}

// TestFileWatch: a change of a file asks for a reload, another file of the folder does not.
func TestFileWatch(t *testing.T) {
	l := start(t, "")
	defer l.stop("")
	asked := make(reloads, 1)
	w := watchFiles(l.s.now.Load().asm, asked, 0, l.s.opts.Log)
	defer w.close()
	write(t, filepath.Join(l.dir, "other.txt"), "x")
	write(t, filepath.Join(l.dir, "new.yaml"), fmt.Sprintf(ruleOf, "two", "two"))
	if err := os.Rename(filepath.Join(l.dir, "new.yaml"), filepath.Join(l.dir, "rules.yaml")); err != nil {
		t.Fatal(err)
	}
	if r := <-asked; !strings.Contains(r.why, "files changed") {
		t.Errorf("asked for a reload because %q", r.why)
	}
	write(t, filepath.Join(l.dir, "other.txt"), "y")
	w.look() // what the event would lead to
	if len(asked) != 0 {
		t.Error("a file that is not read asks for a reload")
	}
}

// TestConfigMapWatch: Kubernetes swaps a link to a folder.
func TestConfigMapWatch(t *testing.T) {
	l := start(t, "")
	defer l.stop("")
	dir := t.TempDir()
	for _, v := range []string{"1", "2"} {
		if err := os.Mkdir(filepath.Join(dir, v), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, v, "rules.yaml"), fmt.Sprintf(ruleOf, v, v))
	}
	link := func(to, name string) {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	link("1", "..data")
	link("..data/rules.yaml", "rules.yaml")
	asm := *l.s.now.Load().asm
	cfg := *asm.Config
	cfg.RulesFiles, asm.Config = []string{filepath.Join(dir, "rules.yaml")}, &cfg
	asked := make(reloads, 1)
	w := watchFiles(&asm, asked, 0, l.s.opts.Log)
	defer w.close()
	link("2", "..new")
	if err := os.Rename(filepath.Join(dir, "..new"), filepath.Join(dir, "..data")); err != nil {
		t.Fatal(err)
	}
	<-asked
}

// TestReloadRequests: requests that wait are one.
func TestReloadRequests(t *testing.T) {
	r := make(reloads, 1)
	r.ask("one")
	r.ask("two")
	if got := <-r; got.why != "one" || len(r) != 0 {
		t.Errorf("request %q and %d more, want one", got.why, len(r))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := r.reload(ctx, "three"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that of the context", err)
	}
}
