// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/state"
)

// able is a plugin with all capabilities but a source of its own. step is called by each
// of them, with its name.
type able struct {
	types  []uint16
	seen   []string
	step   func(name string) error
	emit   sdk.EmitFunc
	tables state.Registry
}

func (a *able) do(name string) error {
	a.seen = append(a.seen, name)
	if a.step != nil {
		return a.step(name)
	}
	return nil
}

func (a *able) Info() sdk.Info {
	return sdk.Info{Name: "able", Version: "1.0.0", ParseSources: []string{"s"}, AsyncSources: []string{"t"}}
}

func (a *able) Fields() []abi.FieldInfo {
	return []abi.FieldInfo{{Name: "able.type", Type: abi.Uint64, Desc: "type"}}
}

func (a *able) Extract(e *event.Event, _ *sdk.Request, out *event.Value, _ *event.Arena) error {
	*out = sdk.Uint64(uint64(e.Type))
	return nil
}
func (a *able) InitSchema() string                { return `{"type": "object"}` }
func (a *able) ExtractTypes() []uint16            { return a.types }
func (a *able) ParseTypes() []uint16              { return a.types }
func (a *able) Parse(e *event.Event) error        { return a.do("parse " + string(e.Data)) }
func (a *able) AsyncEvents() []string             { return []string{"ping"} }
func (a *able) StopAsync()                        { _ = a.do("stop") }
func (a *able) CaptureClose(_ sdk.Routines) error { return a.do("capture close") }
func (a *able) SetConfig(c string) error          { return a.do("set " + c) }
func (a *able) Metrics() []sdk.Metric {
	_ = a.do("metrics")
	return []sdk.Metric{sdk.Gauge("m", 1)}
}

func (a *able) SetTables(r state.Registry) error {
	a.tables = r
	return a.do("tables")
}

func (a *able) StartAsync(emit sdk.EmitFunc) error {
	a.emit = emit
	return a.do("start")
}

func (a *able) DumpState(emit sdk.EmitFunc) error {
	a.emit = emit
	return errors.Join(emit("ping", 0, nil), a.do("dump"))
}

func (a *able) CaptureOpen(r sdk.Routines) error {
	_, err := r.Start(func() bool { return a.do("routine") != nil })
	return errors.Join(err, a.do("capture open"))
}

func newAble(t *testing.T, a *able) *linkedPlugin {
	t.Helper()
	return newLinked(t, a).(*linkedPlugin)
}

// now runs routines once, at once.
type now struct{ goOn *bool }

func (n now) Start(f func() bool) (sdk.Routine, error) { *n.goOn = f(); return nil, nil }

func TestLinkedCapabilitiesInfo(t *testing.T) {
	got := newAble(t, &able{}).Module().Info()
	if want := Extraction | Parsing | Async | Listening; got.Caps != want {
		t.Errorf("capabilities: got %b, want %b", got.Caps, want)
	}
	if d := cmp.Diff([][]string{{"s"}, {"t"}, {"ping"}, nil}, [][]string{got.ParseSources, got.AsyncSources, got.AsyncEvents, got.ExtractSources}); d != "" {
		t.Errorf("lists (-want +got):\n%s", d)
	}
	if !got.ParsesFrom("s") || got.ParsesFrom("t") || !got.InjectsInto("t") || got.InjectsInto("s") {
		t.Error("the sources of parsing and async events are mixed up")
	}
}

func TestLinkedEventTypes(t *testing.T) {
	f := func(types []uint16, want string) {
		t.Helper()
		a := &able{types: types}
		p := newAble(t, a)
		b := event.NewBatch(2, event.NewArena(nil, nil))
		b.Events = append(b.Events, event.Event{Type: abi.PluginEvent, Data: []byte("p")}, event.Event{Type: abi.AsyncEvent, Data: []byte("a")})
		pl, err := p.Plan([]fields.Want{{Cell: 0, Ref: fields.Ref{Field: &fields.Field{FieldInfo: p.module.info.Fields[0]}}}})
		if err != nil {
			t.Fatal(err)
		}
		var table fields.Table
		table.Resize(2, 1)
		a.seen = nil
		if err := pl.Extract(b, []int32{0, 1}, &table); err != nil {
			t.Fatal(err)
		}
		for i := range b.Events {
			if err := p.Parse(b, i); err != nil {
				t.Error(err)
			}
		}
		if got := fmt.Sprint(table.Row(0)[0].Num, table.Row(1)[0].Num, a.seen); got != want {
			t.Errorf("%v: got %s, want %s", types, got, want)
		}
	}
	f(nil, "322 0 [parse p]")
	f([]uint16{322}, "322 0 [parse p]")
	f([]uint16{402}, "0 402 [parse a]")
	f([]uint16{402, 322}, "322 402 [parse p parse a]")
	f([]uint16{1}, "0 0 []")
}

func TestLinkedAsync(t *testing.T) {
	a := &able{}
	p := newAble(t, a)
	var got []string
	emit := func(name string, ts uint64, data []byte) error {
		got = append(got, fmt.Sprint(name, ts, string(data)))
		return nil
	}
	if err := p.StartAsync("t", emit); err != nil {
		t.Fatal(err)
	}
	if err := a.emit("ping", 3, []byte("x")); err != nil {
		t.Error(err)
	}
	if err := a.emit("pong", 0, nil); err == nil || err.Error() != "incompatible async event 'pong' produced by plugin: able" {
		t.Errorf("an event that is not listed: %v", err)
	}
	other := newAble(t, &able{})
	if err := other.StartAsync("s", emit); err != nil {
		t.Fatal(err)
	}
	err := other.impl.(*able).emit("ping", 9, nil)
	if want := "async events of plugin 'able' are not compatible with open event source 's'"; err == nil || err.Error() != want {
		t.Errorf("a source that the plugin does not inject into: %v, want %s", err, want)
	}
	if err := p.StopAsync(); err != nil {
		t.Error(err)
	}
	if err := a.emit("ping", 4, nil); !errors.Is(err, errClosed) {
		t.Errorf("after the end: %v", err)
	}
	if err := p.DumpState("t", emit); err != nil {
		t.Error(err)
	}
	if err := a.emit("ping", 5, nil); !errors.Is(err, errClosed) {
		t.Errorf("after the dump: %v", err)
	}
	if d := cmp.Diff([]string{"ping3x", "ping0"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// Closing the state stops what runs.
	a.seen = nil
	if err := p.StartAsync("t", emit); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil || fmt.Sprint(a.seen) != "[start stop]" {
		t.Errorf("got %v, %v", a.seen, err)
	}
}

// Every call of a plugin may fail, or panic: the error names the plugin and the step.
func TestLinkedCapabilitiesFail(t *testing.T) {
	f := func(step string, call func(p *linkedPlugin) error) {
		t.Helper()
		for _, panics := range []bool{false, true} {
			a := &able{}
			p := newAble(t, a)
			a.step = func(name string) error {
				if name != step {
					return nil
				}
				if panics {
					panic("boom")
				}
				return errors.New("boom")
			}
			err := call(p)
			if step == "stop" && !panics {
				continue // it returns nothing
			}
			if err == nil || !strings.HasPrefix(err.Error(), "plugin able: ") || !strings.HasSuffix(err.Error(), "boom") {
				t.Errorf("%s: got %v", step, err)
			}
		}
	}
	none := func(string, uint64, []byte) error { return nil }
	b := event.NewBatch(1, nil)
	b.Events = append(b.Events, event.Event{Type: abi.PluginEvent})
	goOn := true
	f("parse ", func(p *linkedPlugin) error { return p.Parse(b, 0) })
	f("start", func(p *linkedPlugin) error { return p.StartAsync("t", none) })
	f("dump", func(p *linkedPlugin) error { return p.DumpState("t", none) })
	f("stop", func(p *linkedPlugin) error {
		_ = p.StartAsync("t", none)
		return p.StopAsync()
	})
	f("capture open", func(p *linkedPlugin) error { return p.CaptureOpen(now{&goOn}) })
	f("capture close", func(p *linkedPlugin) error { return p.CaptureClose(now{&goOn}) })
	f("set {}", func(p *linkedPlugin) error { _, err := p.SetConfig(""); return err })
	for _, step := range []string{"routine", "metrics"} {
		a := &able{}
		p := newAble(t, a)
		a.step = func(name string) error {
			if name == step {
				panic("boom")
			}
			return nil
		}
		goOn = true
		if err := p.CaptureOpen(now{&goOn}); err != nil || goOn {
			t.Errorf("%s: got %v, goes on: %t", step, err, goOn)
		}
		if list := p.Metrics(); (step == "metrics") != (list == nil) {
			t.Errorf("%s: metrics are %v", step, list)
		}
	}
	m, err := Linked(func() sdk.Plugin { return &able{step: func(string) error { return errors.New("boom") }} })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.New(""); err == nil || err.Error() != "plugin able: init: boom" {
		t.Errorf("tables: got %v", err)
	}
}

func TestLinkedTablesAndConfig(t *testing.T) {
	a := &able{}
	m, err := Linked(func() sdk.Plugin { return a })
	if err != nil {
		t.Fatal(err)
	}
	r := state.NewRegistry()
	if _, err := New(m, "", r); err != nil || a.tables != r {
		t.Errorf("the plugin has not got the tables: %v", err)
	}
	p, err := m.New("")
	if err != nil || a.tables == nil || a.tables == r {
		t.Errorf("without tables a plugin gets %v, %v", a.tables, err)
	}
	if ok, err := p.(ConfigSetter).SetConfig(`{"a": 1}`); !ok || err != nil || a.seen[len(a.seen)-1] != `set {"a": 1}` {
		t.Errorf("got %t %v %v", ok, err, a.seen)
	}
	if ok, err := p.(ConfigSetter).SetConfig(`[]`); !ok || err == nil {
		t.Errorf("a configuration against the schema: got %t %v", ok, err)
	}
	if ok, err := newLinked(t, newFake()).(ConfigSetter).SetConfig("{}"); ok || err != nil {
		t.Errorf("a plugin that cannot: got %t %v", ok, err)
	}
}
