// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package interop

import (
	"bytes"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/gobuild"
	"github.com/gyr-dev/gyr/loader"
	"github.com/gyr-dev/gyr/state"
)

// pantry is a library with all capabilities but sourcing, and the table that it needs.
type pantry struct {
	host.Plugin
	t      *testing.T
	log    *bytes.Buffer
	tables state.Registry
	users  *state.Mem
}

func newPantry(t *testing.T, config string) *pantry {
	t.Helper()
	x := &pantry{t: t, log: &bytes.Buffer{}, tables: state.NewRegistry()}
	log := slog.New(slog.NewTextHandler(x.log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	m, err := loader.Open(gobuild.Library(t, "pantry", ".", "./sdk/cshared/testdata/pantry"), log, loader.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if x.users, err = state.New("users", state.Uint64, state.Column{Name: "name", Type: state.String}); err != nil {
		t.Fatal(err)
	}
	if err := x.tables.Add(x.users); err != nil {
		t.Fatal(err)
	}
	if x.Plugin, err = host.New(m, config, x.tables); err != nil {
		t.Fatal(err)
	}
	return x
}

// end destroys the state.
func (x *pantry) end() {
	if err := x.Close(); err != nil {
		x.t.Error(err)
	}
}

// parse shows events with payloads and returns the errors.
func (x *pantry) parse(payloads ...string) string {
	b := event.NewBatch(len(payloads), event.NewArena(nil, nil))
	b.Source = "kitchen"
	for i, p := range payloads {
		b.AddView(0, 1, []byte(p))
		b.Events[i].Num = uint64(i + 1)
	}
	var errs []string
	for i := range b.Events {
		if err := x.Plugin.(host.Parser).Parse(b, i); err != nil {
			errs = append(errs, err.Error())
		}
	}
	return strings.Join(errs, "; ")
}

// value extracts a field from an event.
func (x *pantry) value(e event.Event, ref string) string {
	x.t.Helper()
	b := event.NewBatch(1, event.NewArena(nil, nil))
	b.Source = "kitchen"
	b.Events = append(b.Events, e)
	pl, err := x.Plan(wants(x.t, x.Plugin, []string{ref}))
	if err != nil {
		x.t.Fatal(err)
	}
	var table fields.Table
	table.Resize(1, 1)
	if err := pl.Extract(b, []int32{0}, &table); err != nil {
		x.t.Fatal(err)
	}
	if v := table.Row(0)[0]; v.Present {
		return v.Str
	}
	return "<NA>"
}

func plain(text string) event.Event {
	return event.Event{Num: 99, Time: 1, Type: abi.PluginEvent, Data: []byte(text)}
}

func (x *pantry) want(what, got, want string) {
	x.t.Helper()
	if got != want {
		x.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestPantryTables(t *testing.T) {
	x := newPantry(t, "{}")
	x.want("parse", x.parse("1", "2", "1", "300", "1"), "")
	x.want("seen", x.value(plain(""), "pantry.seen[1]"), "-3 user 1")
	x.want("seen", x.value(plain(""), "pantry.seen[300]"), "-1 user 300")
	x.want("nobody", x.value(plain(""), "pantry.seen[5]"), "<NA>")
	x.want("sum", x.value(plain(""), "pantry.sum"), "3 -5")
	// What the plugin wrote is in the host's table.
	seen, err := x.users.Field("seen", state.Int16)
	if err != nil {
		t.Fatal(err)
	}
	e, err := x.users.Get(state.Uint(1))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Read(seen); err != nil || v.Int() != -3 {
		t.Errorf("the host reads %d %v", v.Int(), err)
	}
	x.want("errors", x.parse("x", "erase", "erase", "panic"), `plugin pantry: parse: strconv.ParseUint: parsing "x": invalid syntax; `+
		"plugin pantry: parse: erase from table users: no entry with this key; plugin pantry: parse: panic: parse panics")
	x.want("erased", x.value(plain(""), "pantry.sum"), "2 -2")
	x.want("clear", x.parse("clear"), "")
	x.want("cleared", x.value(plain(""), "pantry.sum"), "0 0")
	if err := x.Close(); err != nil {
		t.Error(err)
	}
}

// The table that the plugin offers is used through the host.
func TestPantryOffersATable(t *testing.T) {
	x := newPantry(t, "{}")
	defer x.end()
	x.parse("1", "22", "1")
	tab, err := x.tables.Get("pantry", state.String)
	if err != nil {
		t.Fatal(err)
	}
	x.want("fields", fmt.Sprint(tab.Size(), tab.Fields()), "2 [{n uint64 false} {label string true} {parts table false}]")
	n, err := tab.Field("n", state.Uint64)
	if err != nil {
		t.Fatal(err)
	}
	label, err := tab.Field("label", state.String)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := tab.Field("parts", state.TableType)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tab.Field("nope", state.Bool); err == nil {
		t.Error("a field that is not there was found")
	}
	e, err := tab.Get(state.Text("22"))
	if err != nil {
		t.Fatal(err)
	}
	v, _ := e.Read(n)
	l, _ := e.Read(label)
	x.want("entry", fmt.Sprint(v.Num, " ", l.Str), "2 label of 22")
	if err := e.Write(n, state.Uint(1<<40)); err != nil {
		t.Error(err)
	}
	if err := e.Write(label, state.Text("mine")); err == nil {
		t.Error("a read-only field was written")
	}
	v, _ = e.Read(n)
	x.want("written", strconv.FormatUint(v.Num, 10), strconv.Itoa(1<<40))
	sub, err := e.Read(parts)
	if err != nil {
		t.Fatal(err)
	}
	part, err := sub.Table.New()
	if err == nil {
		part, err = sub.Table.Add(state.Uint(3), part)
	}
	if err != nil {
		t.Fatal(err)
	}
	part.Release()
	x.want("parts", strconv.FormatUint(sub.Table.Size(), 10), "1")
	e.Release()
	var keys []string
	if err := tab.Each(func(e state.Entry) bool {
		l, _ := e.Read(label)
		keys = append(keys, l.Str)
		return true
	}); err != nil {
		t.Error(err)
	}
	slices.Sort(keys)
	x.want("all", strings.Join(keys, ","), "label of 1,label of 22")
	if err := tab.Erase(state.Text("1")); err != nil {
		t.Error(err)
	}
	if err := tab.Erase(state.Text("1")); err == nil {
		t.Error("an entry was erased twice")
	}
	x.want("after erase", strconv.FormatUint(tab.Size(), 10), "1")
	if err := tab.Clear(); err != nil || tab.Size() != 0 {
		t.Errorf("clear: %v, %d left", err, tab.Size())
	}
}

func TestPantryAsync(t *testing.T) {
	x := newPantry(t, "{}")
	defer x.end()
	var mu sync.Mutex
	var got []string
	two := make(chan struct{})
	emit := func(name string, ts uint64, data []byte) error {
		mu.Lock()
		defer mu.Unlock()
		if got = append(got, fmt.Sprintf("%s %d %s", name, int64(ts), data)); len(got) == 2 {
			close(two)
		}
		return nil
	}
	a := x.Plugin.(host.AsyncSource)
	if err := a.StartAsync("kitchen", emit); err != nil {
		t.Fatal(err)
	}
	<-two
	if err := a.StopAsync(); err != nil {
		t.Error(err)
	}
	want := []string{"ping 7 first", "ping -1 second incompatible async event 'pong' produced by plugin: pantry"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	got = nil
	if err := x.Plugin.(host.StateDumper).DumpState("kitchen", emit); err != nil || fmt.Sprint(got) != "[dump 1 {}]" {
		t.Errorf("dump: got %v %v", got, err)
	}
	ping := event.Event{Num: 5, Time: 1, Type: abi.AsyncEvent, Name: "ping", Data: []byte("x")}
	x.want("async field", x.value(ping, "pantry.async"), "ping")
	x.want("no async field", x.value(plain(""), "pantry.async"), "")
	bad := newPantry(t, `{"async": false}`)
	defer bad.end()
	if err := bad.Plugin.(host.AsyncSource).StartAsync("kitchen", emit); err == nil || !strings.Contains(err.Error(), "no events today") {
		t.Errorf("got %v", err)
	}
}

func TestPantryListensAndMeasures(t *testing.T) {
	x := newPantry(t, "{}")
	defer x.end()
	r := host.NewRoutines(slog.New(slog.DiscardHandler))
	defer r.Stop()
	l := x.Plugin.(host.Listener)
	if err := l.CaptureOpen(r); err != nil {
		t.Fatal(err)
	}
	rounds := func() int64 {
		for _, m := range x.Plugin.(host.Metered).Metrics() {
			if m.Name == "rounds" {
				return int64(m.Bits)
			}
		}
		return -1
	}
	for rounds() < 1000003 {
		runtime.Gosched()
	}
	if err := l.CaptureClose(r); err != nil {
		t.Error(err)
	}
	end := rounds()
	x.parse("1", "1")
	var got []string
	for _, m := range x.Plugin.(host.Metered).Metrics() {
		if m.Name != "rounds" {
			got = append(got, fmt.Sprintf("%s %t %T %v", m.Name, m.Monotonic, m.Value(), m.Value()))
		}
	}
	want := []string{
		"parsed true uint64 2", "half false float64 0.5", "int false int -3", "u32 false uint32 2147483648",
		"s32 false int32 -2147483648", "float false float32 0.25", "large false int64 1099511627776",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("metrics (-want +got):\n%s", d)
	}
	if now := rounds(); now != end {
		t.Errorf("a routine runs on: %d, then %d", end, now)
	}
}

func TestPantryConfigAndLog(t *testing.T) {
	x := newPantry(t, `{"a": 1}`)
	c := x.Plugin.(host.ConfigSetter)
	if ok, err := c.SetConfig(`{"b": 2}`); !ok || err != nil {
		t.Errorf("got %t %v", ok, err)
	}
	x.want("config", x.value(plain(""), "pantry.config"), `{"b": 2}`)
	if _, err := c.SetConfig(`{"fail": true}`); err == nil || !strings.Contains(err.Error(), "not this one") {
		t.Errorf("got %v", err)
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"level=INFO", `ready who=pantry config=`, `failures=\"true true true\"`, "level=WARN", "bye who=pantry"} {
		if !strings.Contains(x.log.String(), want) {
			t.Errorf("the log has no %s:\n%s", want, x.log)
		}
	}
	fresh := state.NewRegistry()
	if err := fresh.Add(x.users); err != nil {
		t.Fatal(err)
	}
	if _, err := host.New(x.Module(), `{"fail": true}`, fresh); err == nil || !strings.Contains(err.Error(), "init fails") {
		t.Errorf("init: got %v", err)
	}
	if _, err := x.Module().New(""); err == nil || !strings.Contains(err.Error(), "users") {
		t.Errorf("without its table: got %v", err)
	}
}

// States come and go with all that they have opened.
func TestPantryManyStates(t *testing.T) {
	for range 50 {
		x := newPantry(t, "{}")
		x.parse("1", "2")
		if err := x.Plugin.(host.AsyncSource).StartAsync("kitchen", func(string, uint64, []byte) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
