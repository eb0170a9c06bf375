// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cbuild"
	"github.com/gyr-dev/gyr/sdk"
)

// journal is a log whose messages a test reads.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

// take returns the messages since the last call.
func (j *journal) take() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	defer j.text.Reset()
	return j.text.String()
}

// loadLogged builds and opens a test plugin that logs to a journal, one message per line.
func loadLogged(tb testing.TB, name string, flags ...string) (*module, *journal) {
	tb.Helper()
	j := &journal{}
	log := slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key != slog.MessageKey {
			return slog.Attr{}
		}
		return a
	}}))
	m, err := Open(cbuild.Library(tb, name, flags...), log, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return m.(*module), j
}

func metric(tb testing.TB, p *plugin, name string) any {
	tb.Helper()
	for _, m := range p.Metrics() {
		if m.Name == name {
			return m.Value()
		}
	}
	tb.Fatalf("no metric %s", name)
	return nil
}

// twoTypes is a batch with a plugin event and an async event.
func twoTypes(tb testing.TB, p *plugin) *event.Batch {
	b := newBatch(tb, p, 8)
	b.Add(906, 1, []byte("x"))
	b.Events = append(b.Events, event.Event{Time: 2, Type: abi.AsyncEvent, PluginID: 906, Name: "tick", Data: []byte("y")})
	for i := range b.Events {
		b.Events[i].Num = uint64(i) + 1
	}
	return b
}

func TestParseSeesTheTypesItAskedFor(t *testing.T) {
	f := func(want uint64, flags ...string) {
		t.Helper()
		p := start(t, load(t, "caps.c", flags...), "")
		b := twoTypes(t, p)
		for i := range b.Events {
			if err := p.Parse(b, i); err != nil {
				t.Error(err)
			}
		}
		if got := metric(t, p, "parsed"); got != want {
			t.Errorf("%v: %v events parsed, want %d", flags, got, want)
		}
	}
	f(1) // plugin events only
	f(2, "-DPARSE_TYPES=2")
	f(1, "-DPARSE_TYPES=1")
	f(2, "-DPARSE_TYPES=2", "-DONE_ARGUMENT", `-DAPI="3.0.0"`, "-DFIRST=1")
}

func TestParseFails(t *testing.T) {
	p := start(t, load(t, "caps.c"), "parse")
	if err := p.Parse(twoTypes(t, p), 0); err == nil || err.Error() != "plugin caps: parse: caps does not want to" {
		t.Errorf("error = %v", err)
	}
}

// The event that was parsed last has the same number in extraction, until the plugin has
// made a text of it; every other visit has another.
func TestExtractionHasTheNumberOfTheParsedEvent(t *testing.T) {
	p := start(t, load(t, "caps.c"), "")
	b := twoTypes(t, p)
	b.Add(906, 3, []byte("z"))
	b.Events[2].Num = 3
	one := event.Batch{Source: b.Source, Arena: b.Arena, Events: b.Events[:1]}
	other := event.Batch{Source: b.Source, Arena: b.Arena, Events: b.Events[2:]}
	same := func(b *event.Batch, want uint64, names ...string) {
		t.Helper()
		if got := extract(t, p, b, append([]string{"caps.same"}, names...)...).Cells[0].Num; got != want {
			t.Errorf("same number = %d, want %d", got, want)
		}
	}
	if err := p.Parse(&one, 0); err != nil {
		t.Fatal(err)
	}
	same(&one, 1)
	same(&one, 1, "info")
	same(&one, 0)
	if err := p.Parse(&one, 0); err != nil {
		t.Fatal(err)
	}
	same(&other, 0)
	same(&one, 0) // the plugin has seen another event meanwhile
	if err := p.Parse(&one, 0); err != nil {
		t.Fatal(err)
	}
	one.Events[0].Num = 9 // the memory of another event
	same(&one, 0)
}

// sent is what an EmitFunc got.
type sent struct {
	mu   sync.Mutex
	list []string
	err  error
}

func (s *sent) emit(name string, at uint64, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, fmt.Sprintf("%s %d %s", name, int64(at), data))
	return s.err
}

func (s *sent) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.list = nil }()
	return s.list
}

func TestAsyncEvents(t *testing.T) {
	m, log := loadLogged(t, "caps.c")
	p := start(t, m, "")
	to := &sent{}
	log.take()
	// send has the plugin send an event and returns what the plugin was told.
	send := func(how string) string {
		t.Helper()
		if ok, err := p.SetConfig("send " + how); !ok || err != nil {
			t.Fatal(ok, err)
		}
		return strings.Trim(strings.TrimPrefix(strings.TrimSpace(log.take()), "msg="), "\"")
	}
	f := func(how, want string) {
		t.Helper()
		if got, want := send(how), "send: "+want; !strings.HasPrefix(got, want) {
			t.Errorf("%s: the plugin was told %q, want %q", how, got, want)
		}
	}
	f("tick right 5", "99") // nobody has had a handler
	if err := p.StartAsync("caps", to.emit); err != nil {
		t.Fatal(err)
	}
	if err := p.StartAsync("caps", to.emit); err == nil || !strings.Contains(err.Error(), "must reset the async event handler before setting a new one") {
		t.Errorf("error = %v", err)
	}
	f("tick right 5", "0")
	f("tock right 18446744073709551615", "0")
	f("tick silent 5", "0")
	if d := cmp.Diff([]string{"tick 5 data", "tock -1 data", "tick 5 data"}, to.take()); d != "" {
		t.Errorf("events -want +got:\n%s", d)
	}
	for _, how := range []string{"type", "params", "len", "huge", "lens", "idlen", "name", "noname", "null"} {
		f("tick "+how+" 5", "1 malformed async event produced by plugin: caps")
	}
	f("nobody right 5", "1 incompatible async event 'nobody' produced by plugin: caps")
	f("nobody silent 5", "1")
	f("tick thread 5", "1 async events of plugin 'caps' can have no thread associated with open event source 'caps'")
	f("tick noowner 5", "1 async event sent for a plugin that is gone")
	to.err = errors.New("no room")
	f("tick right 5", "1 no room")
	to.err = errors.New(strings.Repeat("long ", 1000))
	f("tick right 5", "1 long")
	if err := p.StopAsync(); err != nil {
		t.Fatal(err)
	}
	f("tick right 5", "1 async event sent with NULL handler: caps")
	if err := p.StopAsync(); err != nil {
		t.Errorf("stopped twice: %v", err)
	}
	if err := p.StartAsync("other", to.emit); err != nil {
		t.Fatal(err)
	}
	f("tick right 5", "1 async events of plugin 'caps' are not compatible with open event source 'other'")
	if err := p.StopAsync(); err != nil {
		t.Fatal(err)
	}
}

func TestAsyncHandlerIsRefused(t *testing.T) {
	m := load(t, "caps.c")
	p := start(t, m, "async")
	if err := p.StartAsync("caps", (&sent{}).emit); err == nil || err.Error() != "can't set async event handler for plugin 'caps' : caps does not want to" {
		t.Errorf("error = %v", err)
	}
	p = start(t, m, "unasync")
	if err := p.StartAsync("caps", (&sent{}).emit); err != nil {
		t.Fatal(err)
	}
	if err := p.StopAsync(); err == nil || err.Error() != "can't reset async event handler for plugin 'caps' : caps does not want to" {
		t.Errorf("error = %v", err)
	}
	strict := start(t, load(t, "strict.c"), "")
	if err := strict.StartAsync("strict", (&sent{}).emit); err == nil {
		t.Error("a plugin without async events got a handler")
	}
}

// Events come from threads of the plugin's until StopAsync has returned.
func TestAsyncEventsFromThreads(t *testing.T) {
	p := start(t, load(t, "caps.c"), "tick")
	for range 5 {
		to, enough := &sent{}, make(chan struct{})
		n := 0
		emit := func(name string, at uint64, data []byte) error {
			if n++; n == 20 {
				close(enough)
			}
			return to.emit(name, at, data)
		}
		if err := p.StartAsync("caps", emit); err != nil {
			t.Fatal(err)
		}
		<-enough
		if err := p.StopAsync(); err != nil {
			t.Fatal(err)
		}
		if got := to.take(); len(got) < 20 || got[0] != "tick -1 data" || got[1] != "tock -1 data" {
			t.Errorf("events %v", got)
		}
	}
}

func TestDumpState(t *testing.T) {
	p := start(t, load(t, "caps.c"), "")
	to := &sent{}
	if err := p.DumpState("caps", to.emit); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"tick 7 one", "tock -1 three"}, to.take()); d != "" {
		t.Errorf("events -want +got:\n%s", d)
	}
	p = start(t, load(t, "caps.c"), "dump")
	if err := p.DumpState("caps", to.emit); err == nil || err.Error() != "dump error for plugin 'caps' : caps does not want to" {
		t.Errorf("error = %v", err)
	}
	if err := start(t, load(t, "strict.c"), "").DumpState("strict", to.emit); err != nil {
		t.Errorf("a plugin without state: %v", err)
	}
}

func TestRoutines(t *testing.T) {
	f := func(config string, enough func(runs uint64) bool) {
		t.Helper()
		p := start(t, load(t, "caps.c"), config)
		r := host.NewRoutines(slog.New(slog.DiscardHandler))
		if err := p.CaptureOpen(r); err != nil {
			t.Fatal(err)
		}
		for metric(t, p, "ended") == int32(0) || !enough(metric(t, p, "runs").(uint64)) {
			runtime.Gosched()
		}
		if err := p.CaptureClose(r); err != nil && config != "once" {
			t.Error(err) // one that ended cannot be unsubscribed
		}
		runs := metric(t, p, "runs")
		r.Stop()
		if metric(t, p, "runs") != runs {
			t.Error("a routine runs that was unsubscribed or ended by itself")
		}
		if metric(t, p, "ended") != int32(1) {
			t.Errorf("%v routines ended themselves, want 1", metric(t, p, "ended"))
		}
	}
	f("", func(n uint64) bool { return n > 20 })
	f("once", func(n uint64) bool { return n == 1 })
}

func TestListenerFails(t *testing.T) {
	r := host.NewRoutines(slog.New(slog.DiscardHandler))
	defer r.Stop()
	m := load(t, "caps.c")
	if err := start(t, m, "listen").CaptureOpen(r); err == nil || err.Error() != "capture_open error for plugin 'caps' : caps does not want to" {
		t.Errorf("error = %v", err)
	}
	p := start(t, m, "unlisten")
	if err := p.CaptureOpen(r); err != nil {
		t.Fatal(err)
	}
	if err := p.CaptureClose(r); err == nil || err.Error() != "capture_close error for plugin 'caps' : caps does not want to" {
		t.Errorf("error = %v", err)
	}
	if err := start(t, load(t, "strict.c"), "").CaptureOpen(r); err != nil {
		t.Errorf("a plugin that does not listen: %v", err)
	}
}

func TestMetrics(t *testing.T) {
	want := []sdk.Metric{
		sdk.Counter("u32", ^uint32(0)), sdk.Gauge("s32", int32(-1)), sdk.Counter("u64", ^uint64(0)), sdk.Gauge("s64", int64(-2)),
		sdk.Counter("d", 1.5), sdk.Gauge("f", float32(2.5)), sdk.Counter("i", -3),
		sdk.Counter("parsed", uint64(0)), sdk.Counter("runs", uint64(0)), sdk.Counter("ended", int32(0)),
	}
	f := func(flags ...string) {
		t.Helper()
		if d := cmp.Diff(want, start(t, load(t, "caps.c", flags...), "").Metrics()); d != "" {
			t.Errorf("%v -want +got:\n%s", flags, d)
		}
	}
	f()
	f(`-DAPI="3.6.0"`)
	f(`-DAPI="3.5.0"`, "-DFIRST=1")
	if got := start(t, load(t, "strict.c"), "").Metrics(); got != nil {
		t.Errorf("metrics %v of a plugin without", got)
	}
}

func TestSetConfig(t *testing.T) {
	f := func(p *plugin, config string, wantOK bool, want string) {
		t.Helper()
		ok, err := p.SetConfig(config)
		if got := fmt.Sprint(err); ok != wantOK || got != want {
			t.Errorf("%s: %v, %s; want %v, %s", config, ok, got, wantOK, want)
		}
	}
	p := start(t, load(t, "caps.c"), "")
	f(p, "new", true, "<nil>")
	f(p, "config", true, "plugin caps: set config: caps does not want to")
	p = start(t, load(t, "caps.c", `-DSCHEMA="{\"type\":\"object\",\"additionalProperties\":false}"`), "")
	f(p, "{}", true, "<nil>")
	f(p, "", true, "<nil>")
	f(p, "{", true, "error in plugin caps: init config is not a valid json")
	if _, err := p.SetConfig(`{"a":1}`); err == nil || !strings.HasPrefix(err.Error(), "error in plugin caps init config: In ") {
		t.Errorf("error = %v", err)
	}
	f(start(t, load(t, "strict.c"), ""), "x", false, "<nil>")
}

func TestEventSchemaVersion(t *testing.T) {
	f := func(version, want string) {
		t.Helper()
		m, log := loadLogged(t, "caps.c", `-DEVENT_SCHEMA="`+version+`"`)
		start(t, m, "")
		if got := strings.TrimSpace(log.take()); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("version %s: log %q, want %q", version, got, want)
		}
	}
	f("4.5.1", "")
	f("99.0.0", "")
	f("four", "plugin provided an invalid required event schema version")
}
