// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/sdk"
)

// companion is a plugin that notes what it is told.
type companion struct {
	name    string
	notes   *[]string
	emit    sdk.EmitFunc
	onParse func(e *event.Event) error
	onStart func(emit sdk.EmitFunc) error
	onOpen  func(r sdk.Routines) error
	onClose func() error
}

func (c *companion) note(format string, args ...any) {
	*c.notes = append(*c.notes, c.name+" "+fmt.Sprintf(format, args...))
}

func (c *companion) Info() sdk.Info {
	return sdk.Info{Name: c.name, Version: "0.1.0", ParseSources: []string{"dummy"}, AsyncSources: []string{"dummy"}}
}
func (c *companion) AsyncEvents() []string { return []string{"tick"} }
func (c *companion) StartAsync(emit sdk.EmitFunc) error {
	c.note("start")
	if c.onStart != nil {
		return c.onStart(emit)
	}
	return nil
}
func (c *companion) StopAsync() { c.note("stop") }
func (c *companion) CaptureOpen(r sdk.Routines) error {
	c.note("open")
	if c.onOpen != nil {
		return c.onOpen(r)
	}
	return nil
}

func (c *companion) CaptureClose(sdk.Routines) error {
	c.note("close")
	if c.onClose != nil {
		return c.onClose()
	}
	return nil
}

func (c *companion) DumpState(emit sdk.EmitFunc) error {
	c.note("dump")
	return errors.Join(emit("tick", 7, []byte("state")), emit("tick", 0, nil))
}

// parser is a companion that parses.
type parser struct{ companion }

func (c *parser) Parse(e *event.Event) error {
	c.note("parse %d", e.Num)
	if c.onParse != nil {
		return c.onParse(e)
	}
	return nil
}

func state(t *testing.T, p sdk.Plugin, logs ...host.Logs) host.Plugin {
	t.Helper()
	m, err := host.Linked(func() sdk.Plugin { return p }, logs...)
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.New("")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// noting is a stream that notes when it is read and closed.
type noting struct {
	stream
	notes *[]string
}

func (n *noting) Close() error {
	*n.notes = append(*n.notes, "stream closed")
	return n.stream.Close()
}

func TestPluginsOfAStream(t *testing.T) {
	var notes []string
	src := &noting{stream{steps: []step{{times: []uint64{1, 2}}, {times: []uint64{3}}}}, &notes}
	a, b := &parser{companion{name: "a", notes: &notes}}, &parser{companion{name: "b", notes: &notes}}
	a.onParse = func(e *event.Event) error {
		if want := int(e.Num)/3 + 1; src.at != want {
			t.Errorf("event %d is parsed when %d batches were read, want %d", e.Num, src.at, want)
		}
		return nil
	}
	rec := &recorder{}
	p := newTest(t, src, rec, func(c *setup) {
		c.Inputs[0].Live, c.Inputs[0].PluginID = true, 3
		c.Inputs[0].Plugins = []host.Plugin{state(t, a), state(t, b)}
	})
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := "a start, b start, a open, b open, a dump, b dump, " +
		"a parse 1, b parse 1, a parse 2, b parse 2, a parse 3, b parse 3, a stop, b stop, a close, b close, stream closed"
	// The source ends in another goroutine than the one that parses.
	slices.SortStableFunc(notes, func(x, y string) int { return late(x) - late(y) })
	if got := strings.Join(notes, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if d := fmt.Sprint(rec.times[0], rec.times[2], rec.times[4:], rec.nums); d != "7 7 [1 2 3] [0 0 0 0 1 2 3]" {
		t.Errorf("recorded %s: the states come first", d)
	}
}

// late orders notes: those of the reader's end come behind those of parsing.
func late(note string) int {
	if strings.HasSuffix(note, " stop") {
		return 1
	}
	if strings.HasSuffix(note, "close") || strings.HasSuffix(note, "closed") {
		return 2
	}
	return 0
}

func TestReplaysHaveNoInjectedEvents(t *testing.T) {
	var notes []string
	c := &companion{name: "c", notes: &notes}
	p := newTest(t, &stream{steps: []step{{times: []uint64{1}}}}, nil, func(cfg *setup) {
		cfg.Inputs[0].Plugins = []host.Plugin{state(t, c)}
	})
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(notes, ", "); got != "c open, c close" {
		t.Errorf("got %s", got)
	}
}

func TestPluginsThatFail(t *testing.T) {
	boom := errors.New("boom")
	f := func(want string, change func(*parser)) {
		t.Helper()
		var notes []string
		src := &stream{steps: []step{{times: []uint64{1, 2, 3}}}}
		c := &parser{companion{name: "c", notes: &notes}}
		change(c)
		var log bytes.Buffer
		p := newTest(t, src, nil, func(cfg *setup) {
			cfg.Inputs[0].Live = true
			cfg.Inputs[0].Plugins = []host.Plugin{state(t, c, host.Logs{Report: slog.New(slog.NewTextHandler(&log, nil))})}
		})
		err := p.Run(t.Context())
		if got := fmt.Sprint(err) + log.String(); !strings.Contains(got, want) || !src.closed {
			t.Errorf("got %s, want %s; stream closed: %v", got, want, src.closed)
		}
	}
	f("plugin c: capture open: boom", func(c *parser) { c.onOpen = func(sdk.Routines) error { return boom } })
	f("plugin c: capture close: boom", func(c *parser) { c.onClose = func() error { return boom } })
	f("boom", func(c *parser) { c.onStart = func(sdk.EmitFunc) error { return boom } })
	f("plugin c: an event cannot be parsed: boom", func(c *parser) { c.onParse = func(*event.Event) error { return boom } })
	f("plugin c: an event cannot be parsed: boom (2 times so far)", func(c *parser) { c.onParse = func(*event.Event) error { return boom } })
	f("plugin c: an event cannot be parsed: panic: boom", func(c *parser) { c.onParse = func(*event.Event) error { panic("boom") } })
}

func TestPluginThatDoesNotLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var notes []string
		block := make(chan struct{})
		c := &companion{name: "c", notes: &notes, onClose: func() error { <-block; return nil }}
		p := newTest(t, &stream{}, nil, func(cfg *setup) { cfg.Inputs[0].Plugins = []host.Plugin{state(t, c)} })
		if err := p.Run(t.Context()); !errors.Is(err, ErrStuck) {
			t.Errorf("error %v, want ErrStuck", err)
		}
		close(block)
	})
}

func TestRoutinesEndWithTheCapture(t *testing.T) {
	var notes []string
	running := make(chan struct{})
	c := &companion{name: "c", notes: &notes, onOpen: func(r sdk.Routines) error {
		n := 0
		_, err := r.Start(func() bool {
			if n++; n == 3 {
				close(running)
			}
			return true
		})
		<-running
		return err
	}}
	p := newTest(t, &stream{}, nil, func(cfg *setup) { cfg.Inputs[0].Plugins = []host.Plugin{state(t, c)} })
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	} // goleak sees a routine that still runs
}

// queueOf is a queue at the time 100 s.
func queueOf(log *bytes.Buffer) (*asyncQueue, host.EmitFunc) {
	q := &asyncQueue{source: "dummy", id: 3, now: func() uint64 { return 100e9 }, log: slog.New(slog.NewTextHandler(log, nil))}
	return q, q.emitter(&host.Info{Name: "p", Caps: host.Async, AsyncEvents: []string{"tick"}, AsyncSources: []string{"dummy"}})
}

func TestMergeByTime(t *testing.T) {
	// f has events injected at the given times, then merges them into events at main.
	f := func(main, injected []uint64, pause bool, want string) {
		t.Helper()
		q, emit := queueOf(&bytes.Buffer{})
		for i, at := range injected {
			if err := emit("tick", at, fmt.Append(nil, i)); err != nil {
				t.Error(err)
			}
		}
		b := event.NewBatch(2, event.NewArena(nil, nil))
		for _, at := range main {
			b.Add(3, at, []byte("m"))
		}
		q.merge(b, pause)
		got := ""
		for i := range b.Events {
			e := &b.Events[i]
			got += fmt.Sprintf(" %s%d", e.Data, int64(e.Time))
			if injected := string(e.Data) != "m"; injected != e.IsAsync() || injected && (e.Name != "tick" || e.PluginID != 3) {
				t.Errorf("event %+v", e)
			}
		}
		if got = strings.TrimSpace(got); got != want {
			t.Errorf("main %v, injected %v: got %s, want %s", main, injected, got, want)
		}
	}
	no := abi.NoTime
	f([]uint64{10, 20}, nil, false, "m10 m20")
	f([]uint64{10, 20}, []uint64{15}, false, "m10 015 m20")
	f([]uint64{10, 20}, []uint64{20, 10, 10}, false, "110 210 m10 020 m20")
	f([]uint64{10, 20}, []uint64{30, 5}, false, "15 m10 m20") // 30 waits
	f([]uint64{20, 10}, []uint64{15}, false, "015 m20 m10")
	f([]uint64{10}, []uint64{no, 5, 0}, false, "15 m10 0-1 2-1") // without a time: due now
	f(nil, []uint64{30, 5, no}, true, "15 030 2-1")
	f(nil, []uint64{105e9, 5}, true, "15") // in the future
}

func TestRefusedEvents(t *testing.T) {
	var log bytes.Buffer
	q, emit := queueOf(&log)
	f := func(err error, want string) {
		t.Helper()
		if fmt.Sprint(err) != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	f(emit("tock", 1, nil), "incompatible async event 'tock' produced by plugin: p")
	f(emit("tick", 110e9, nil), "<nil>")
	f(emit("tick", 110e9+1, nil), "async event ts too far in future")
	for range asyncRoom - 1 {
		f(emit("tick", 1, nil), "<nil>")
	}
	for range 3 {
		f(emit("tick", 1, nil), "async event queue is full")
	}
	if n := strings.Count(log.String(), "async event queue is full: events of plugin 'p' are rejected"); n != 1 {
		t.Errorf("%d lines in the log:\n%s", n, log.String())
	}
	q.finish()
	for _, want := range []string{"async event queue is full: 3 events were rejected", "async event ts too far in future: 1 events", "4096 async events have a time after the end"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %q in the log:\n%s", want, log.String())
		}
	}
}

// Injected events are in the stream, with numbers, times and the id of the source.
func TestInjectedEventsInTheStream(t *testing.T) {
	var notes []string
	c := &companion{name: "c", notes: &notes}
	c.onStart = func(emit sdk.EmitFunc) error {
		return errors.Join(emit("tick", 15, nil), emit("tick", abi.NoTime, nil), emit("tick", 4_000_000_000, nil))
	}
	rec := &recorder{}
	p := newTest(t, &stream{steps: []step{{times: []uint64{10, 20}}, {}, {times: []uint64{30}}}}, rec, func(cfg *setup) {
		cfg.Inputs[0].Live, cfg.Inputs[0].PluginID = true, 3
		cfg.Inputs[0].Plugins = []host.Plugin{state(t, c)}
	})
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(rec.times[2:], rec.nums[2:]) // behind the state
	if want := "[10 15 20 5000001000 4000000000 30] [1 2 3 4 5 6]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
