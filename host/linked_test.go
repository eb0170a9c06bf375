// SPDX-License-Identifier: Apache-2.0

package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/sdk"
)

// fake is a plugin whose every answer a test can change.
type fake struct {
	info   sdk.Info
	fields []abi.FieldInfo
	init   func(config string) error
	open   func(params string) (event.Source, error)
	value  func(e *event.Event, req *sdk.Request, mem *event.Arena) (event.Value, error)
	text   func(dst []byte, e *event.Event) ([]byte, error)
}

func newFake() *fake {
	return &fake{
		info: sdk.Info{Name: "fake", Version: "1.0.0", ID: 7, EventSource: "fakes"},
		fields: []abi.FieldInfo{
			{Name: "fake.a", Type: abi.String, Desc: "a"},
			{Name: "fake.b", Type: abi.Uint64, Desc: "b"},
			{Name: "fake.ip", Type: abi.IPAddr, Desc: "ip"},
			{Name: "fake.list", Type: abi.String, List: true, Desc: "list"},
			{Name: "fake.arg", Type: abi.String, Arg: abi.FieldArg{Key: true, Index: true}, Desc: "arg"},
		},
		init: func(string) error { return nil },
		open: func(string) (event.Source, error) { return nil, errors.New("not today") },
		value: func(e *event.Event, req *sdk.Request, _ *event.Arena) (event.Value, error) {
			return sdk.String(req.Info.Name + " of " + string(e.Data)), nil
		},
		text: func(dst []byte, e *event.Event) ([]byte, error) { return append(dst, e.Data...), nil },
	}
}

func (f *fake) Info() sdk.Info                                          { return f.info }
func (f *fake) Init(config string) error                                { return f.init(config) }
func (f *fake) InitSchema() string                                      { return `{"type": "object"}` }
func (f *fake) Fields() []abi.FieldInfo                                 { return f.fields }
func (f *fake) Open(params string) (event.Source, error)                { return f.open(params) }
func (f *fake) AppendString(dst []byte, e *event.Event) ([]byte, error) { return f.text(dst, e) }

func (f *fake) Extract(e *event.Event, req *sdk.Request, out *event.Value, mem *event.Arena) (err error) {
	*out, err = f.value(e, req, mem)
	return err
}

func newLinked(t testing.TB, p sdk.Plugin, logs ...Logs) Plugin {
	t.Helper()
	m, err := Linked(func() sdk.Plugin { return p }, logs...)
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.New("")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLinkedInfo(t *testing.T) {
	f := newFake()
	f.info.ExtractSources = []string{"others"}
	got := newLinked(t, f).Module().Info()
	want := &Info{
		Name: "fake", Version: "1.0.0", RequiredAPI: abi.Version, Caps: Sourcing | Extraction,
		ID: 7, Source: "fakes", ExtractSources: []string{"others", "fakes"}, Fields: f.fields, Schema: `{"type": "object"}`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("info (-want +got):\n%s", d)
	}
}

func TestLinkedRefuses(t *testing.T) {
	f := func(want string, change func(f *fake)) {
		t.Helper()
		p := newFake()
		change(p)
		_, err := Linked(func() sdk.Plugin { return p })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	f("has no name", func(f *fake) { f.info.Name = "" })
	f("plugin fake: plugin provided an invalid version string: 'x'", func(f *fake) { f.info.Version = "x" })
	f("can't implement the reserved event source 'syscall'", func(f *fake) { f.info.EventSource = "syscall" })
	f("needs an ID", func(f *fake) { f.info.ID = 0 })
	f("needs an ID", func(f *fake) { f.info.EventSource = "" })
	f("must export at least one field", func(f *fake) { f.fields = nil })
	f("duplicate field", func(f *fake) { f.fields[1].Name = "fake.a" })
	f("unknown type", func(f *fake) { f.fields[1].Type = 3 })
	f("isRequired", func(f *fake) { f.fields[1].Arg.Required = true })
	if _, err := Linked(func() sdk.Plugin { panic("boom") }); err == nil || err.Error() != "linked-in plugin: panic: boom" {
		t.Errorf("a factory that panics: got %v", err)
	}
	if _, err := Linked(func() sdk.Plugin { return nil }); err == nil {
		t.Error("a factory that makes nothing: got no error")
	}
}

func TestLinkedInit(t *testing.T) {
	f := func(config, want string, init func(string) error) {
		t.Helper()
		p := newFake()
		p.init = init
		m, err := Linked(func() sdk.Plugin { return p })
		if err != nil {
			t.Fatal(err)
		}
		if _, err = m.New(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", config, err, want)
		}
	}
	ok := func(string) error { return nil }
	f("", "plugin fake: init: panic: boom", func(string) error { panic("boom") })
	f("", "plugin fake: init: no", func(string) error { return errors.New("no") })
	f("[]", "error in plugin fake init config: In <root>", ok)
	f("{", "error in plugin fake: init config is not a valid json", ok)
	f("", "got {}", func(c string) error { return errors.New("got " + c) })
}

// script is a stream that does what its steps say.
type script struct {
	steps []func(b *event.Batch) error
	acked []any
}

func (s *script) Next(_ context.Context, b *event.Batch) error {
	step := s.steps[0]
	s.steps = s.steps[1:]
	return step(b)
}
func (s *script) Close() error                { panic("close") }
func (s *script) Ack(token any, _ error)      { s.acked = append(s.acked, token) }
func (s *script) ReadAhead() int              { return 3 }
func (s *script) Progress() (float64, string) { panic("progress") }

func TestLinkedStream(t *testing.T) {
	src := &script{steps: []func(b *event.Batch) error{
		func(b *event.Batch) error { b.Add(0, 1, []byte("one")); b.Add(7, 2, []byte("two")); return nil },
		func(b *event.Batch) error { b.Add(0, 3, []byte("three")); panic("next") },
		func(b *event.Batch) error { b.Add(7, 4, []byte("four")); b.Add(8, 5, []byte("five")); return nil },
		func(b *event.Batch) error { b.Add(7, 6, nil); return io.EOF },
		func(b *event.Batch) error { return fmt.Errorf("file x: %w", io.EOF) },
	}}
	p := newFake()
	p.open = func(string) (event.Source, error) { return src, nil }
	s, err := newLinked(t, p).Open("")
	if err != nil {
		t.Fatal(err)
	}
	b := event.NewBatch(16, event.NewArena(nil, nil))
	f := func(events int, want string) {
		t.Helper()
		b.Release()
		err := s.Next(context.Background(), b)
		if got := fmt.Sprint(err); got != want || len(b.Events) != events {
			t.Errorf("got %d events and %q, want %d and %q", len(b.Events), got, events, want)
		}
		for i := range b.Events {
			if id := b.Events[i].PluginID; id != 7 {
				t.Errorf("event %d has plugin id %d, want 7", i, id)
			}
		}
	}
	f(2, "<nil>")
	f(1, "plugin fake: read: panic: next")
	f(1, "plugin fake: read: unexpected plugin ID in plugin event: plugin='fake', expected_id=7, actual_id=8")
	f(1, "EOF")
	f(0, "plugin fake: read: file x: EOF")

	a, ok := s.(event.Acker)
	if !ok {
		t.Fatal("the stream lost its Ack")
	}
	a.Ack("token", nil)
	if a.ReadAhead() != 3 || !slices.Equal(src.acked, []any{"token"}) {
		t.Errorf("got read-ahead %d and acknowledgements %v", a.ReadAhead(), src.acked)
	}
	if _, text := s.(event.Progresser).Progress(); text != "" {
		t.Errorf("got progress %q after a panic", text)
	}
	if err := s.Close(); err == nil || err.Error() != "plugin fake: close: panic: close" {
		t.Errorf("close: got %v", err)
	}
}

// The plugin's id stands in the event and in the blob that other plugins and captures see.
func TestLinkedStreamClaimsBlobs(t *testing.T) {
	blob := (&event.Event{Type: abi.PluginEvent, Data: []byte("x")}).AppendBlob(nil)
	p := newFake()
	p.open = func(string) (event.Source, error) {
		return &script{steps: []func(b *event.Batch) error{func(b *event.Batch) error {
			b.Events = append(b.Events, event.Event{})
			return b.Events[0].Decode(blob)
		}}}, nil
	}
	s, err := newLinked(t, p).Open("")
	if err != nil {
		t.Fatal(err)
	}
	b := event.NewBatch(1, event.NewArena(nil, nil))
	if err := s.Next(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	var again event.Event
	if err := again.Decode(b.Events[0].Blob); err != nil || again.PluginID != 7 || b.Events[0].PluginID != 7 {
		t.Errorf("plugin id %d, in the blob %d (%v); want 7", b.Events[0].PluginID, again.PluginID, err)
	}
}

func TestLinkedStreamKeepsToItsPowers(t *testing.T) {
	p := newFake()
	p.open = func(string) (event.Source, error) {
		return sdk.Pull(func(context.Context) ([]byte, uint64, error) { return nil, 0, io.EOF }, sdk.StreamOptions{}), nil
	}
	s, err := newLinked(t, p).Open("")
	if err != nil {
		t.Fatal(err)
	}
	_, acks := s.(event.Acker)
	_, progress := s.(event.Progresser)
	if acks || progress {
		t.Errorf("got Acker %v, Progresser %v; want neither", acks, progress)
	}
}

func TestLinkedOpenFails(t *testing.T) {
	f := func(want string, open func(string) (event.Source, error)) {
		t.Helper()
		p := newFake()
		p.open = open
		if _, err := newLinked(t, p).Open("x"); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	f("plugin fake: open: no x", func(s string) (event.Source, error) { return nil, errors.New("no " + s) })
	f("plugin fake: open: panic: boom", func(string) (event.Source, error) { panic("boom") })
	f("plugin fake: open: Open returned nil without an error", func(string) (event.Source, error) { return nil, nil })
}

// wants makes a want of every "field", "field[key]" or "field[3]", in cells from first on
// in the given order of steps; "" is evt.plugininfo.
func wants(t testing.TB, p Plugin, cells []int, refs ...string) (list []fields.Want) {
	t.Helper()
	known := p.Module().Info().Fields
	for i, r := range refs {
		name, arg, hasArg := strings.Cut(strings.TrimSuffix(r, "]"), "[")
		ref := fields.Ref{HasArg: hasArg, Arg: arg}
		if hasArg && arg[0] >= '0' && arg[0] <= '9' {
			ref.ByIndex, ref.Index = true, uint64(arg[0]-'0')
		}
		if r == "" {
			ref.Field = &fields.Field{ID: fields.InfoID}
		} else {
			id := slices.IndexFunc(known, func(f abi.FieldInfo) bool { return f.Name == name })
			if id < 0 {
				t.Fatalf("no field %s", name)
			}
			ref.Field = &fields.Field{FieldInfo: known[id], ID: uint32(id)}
		}
		list = append(list, fields.Want{Ref: ref, Cell: cells[i]})
	}
	return list
}

// row shows a row of cells, "-" for absent ones.
func row(cells []event.Value) string {
	var parts []string
	for _, v := range cells {
		switch {
		case !v.Present:
			parts = append(parts, "-")
		case v.List != nil:
			parts = append(parts, "("+row(v.List)+")")
		case v.Str != "":
			parts = append(parts, v.Str)
		default:
			parts = append(parts, strconv.FormatUint(v.Num, 10))
		}
	}
	return strings.Join(parts, " | ")
}

// extract runs a plan over events with the given payloads; the table is filled with
// rubbish before.
func extract(t testing.TB, p Plugin, list []fields.Want, width int, payloads ...string) (rows []string) {
	t.Helper()
	plan, err := p.Plan(list)
	if err != nil {
		t.Fatal(err)
	}
	b := event.NewBatch(len(payloads), event.NewArena(nil, nil))
	var numbers []int32
	for i, s := range payloads {
		b.Add(7, 0, []byte(s))
		numbers = append(numbers, int32(i))
	}
	var table fields.Table
	table.Resize(len(payloads), width)
	for i := range table.Cells {
		table.Cells[i] = sdk.String("old")
	}
	if err := plan.Extract(b, numbers, &table); err != nil {
		t.Fatal(err)
	}
	for i := range payloads {
		rows = append(rows, row(table.Row(i)))
	}
	return rows
}

func TestLinkedPlan(t *testing.T) {
	f := func(p *fake, cells []int, refs []string, want ...string) {
		t.Helper()
		s := newLinked(t, p)
		got := extract(t, s, wants(t, s, cells, refs...), 4, "x", "y")
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%v at %v (-want +got):\n%s", refs, cells, d)
		}
	}
	p := newFake()
	f(p, []int{0, 1}, []string{"fake.a", "fake.b"}, "fake.a of x | fake.b of x | old | old", "fake.a of y | fake.b of y | old | old")
	f(p, []int{3, 1}, []string{"fake.a", "fake.b"}, "old | fake.b of x | old | fake.a of x", "old | fake.b of y | old | fake.a of y")
	f(p, []int{1, 2, 0}, []string{"fake.a", "fake.b", ""}, "x | fake.a of x | fake.b of x | old", "y | fake.a of y | fake.b of y | old")
	f(p, []int{2}, []string{""}, "old | old | x | old", "old | old | y | old")

	p.value = func(_ *event.Event, r *sdk.Request, _ *event.Arena) (event.Value, error) {
		return sdk.String(fmt.Sprintf("%v %v %d%s", r.HasArg, r.ByIndex, r.Index, r.Key)), nil
	}
	f(p, []int{0, 1, 2}, []string{"fake.arg", "fake.arg[3]", "fake.arg[k]"},
		"false false 0 | true true 3 | true false 0k | old", "false false 0 | true true 3 | true false 0k | old")
}

func TestLinkedPlanDropsWhatIsWrong(t *testing.T) {
	p := newFake()
	p.value = func(e *event.Event, r *sdk.Request, mem *event.Arena) (event.Value, error) {
		switch string(e.Data) {
		case "short":
			return event.Value{Present: true, Str: "abc"}, nil
		case "error":
			return sdk.String("1.2."), errors.New("no")
		case "empty":
			return event.Value{Present: true, List: []event.Value{}}, nil
		case "absent":
			return event.Value{Str: "1234"}, nil
		}
		return event.Value{Present: true, Str: "1234", List: []event.Value{sdk.String("a")}}, nil
	}
	s := newLinked(t, p)
	got := extract(t, s, wants(t, s, []int{0, 1}, "fake.ip", "fake.list"), 2, "short", "error", "empty", "absent", "good")
	want := []string{"- | -", "- | -", "- | -", "- | -", "(a) | (a)"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestLinkedPanicCostsOneField(t *testing.T) {
	p := newFake()
	p.value = func(e *event.Event, r *sdk.Request, _ *event.Arena) (event.Value, error) {
		if string(e.Data) == "bad" && r.Info.Name == "fake.a" {
			panic("boom")
		}
		return sdk.String(r.Info.Name), nil
	}
	p.text = func(dst []byte, e *event.Event) ([]byte, error) {
		if string(e.Data) == "worse" {
			panic("boom")
		}
		return append(dst, "text"...), nil
	}
	var logged bytes.Buffer
	s := newLinked(t, p, Logs{Plugin: slog.New(slog.NewTextHandler(&logged, nil))})
	got := extract(t, s, wants(t, s, []int{0, 1, 2}, "fake.a", "fake.b", ""), 3, "good", "bad", "worse", "bad")
	want := []string{"fake.a | fake.b | text", "- | fake.b | text", "fake.a | fake.b | -", "- | fake.b | text"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	wantFailures := []Failure{
		{Kind: FailExtract, Field: "fake.a", Count: 2, First: "panic: boom", Last: "panic: boom"},
		{Kind: FailText, Count: 1, First: "panic: boom", Last: "panic: boom"},
	}
	if d := cmp.Diff(wantFailures, s.(Failing).Failures().All()[:2]); d != "" {
		t.Errorf("failures (-want +got):\n%s", d)
	}
	if n := strings.Count(logged.String(), "panic in plugin"); n != 1 || !strings.Contains(logged.String(), "plugin=fake panic=boom") {
		t.Errorf("got %d log lines, want 1 that names the plugin:\n%s", n, &logged)
	}
}

func TestLinkedInfoText(t *testing.T) {
	p := newFake()
	p.text = func(dst []byte, e *event.Event) ([]byte, error) {
		if string(e.Data) == "none" {
			return nil, errors.New("none")
		}
		return dst, nil
	}
	s := newLinked(t, p)
	long := strings.Repeat("0123456789", 5)
	got := extract(t, s, wants(t, s, []int{0}, ""), 1, "none", "empty", long, long+"x", "a\nb", long+"\n")
	want := []string{
		"datalen=4 data=none", "datalen=5 data=empty", "datalen=50 data=" + long, "datalen=51 data=" + long + "...",
		"datalen=3 data=<binary>", "datalen=51 data=" + long + "...",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestLinkedPlanRefuses(t *testing.T) {
	s := newLinked(t, newFake())
	bad := &fields.Field{ID: 99, FieldInfo: abi.FieldInfo{Name: "fake.zz"}}
	if _, err := s.Plan([]fields.Want{{Ref: fields.Ref{Field: bad}}}); err == nil {
		t.Error("a field that does not exist: got no error")
	}
	if _, err := s.Plan(wants(t, s, []int{0}, "fake.a[x]")); err == nil || err.Error() != "plugin fake: plan: fake.a does not accept an argument" {
		t.Errorf("an argument too many: got %v", err)
	}
}

// A plugin that does not say that it extracts concurrently never does.
func TestLinkedExtractsOneAtATime(t *testing.T) {
	p := newFake()
	busy := 0
	p.value = func(*event.Event, *sdk.Request, *event.Arena) (event.Value, error) {
		busy++ // the race detector watches it, too
		defer func() { busy-- }()
		return sdk.Uint64(uint64(busy)), nil
	}
	s := newLinked(t, p)
	if s.Concurrent() {
		t.Fatal("the plugin is concurrent")
	}
	list := wants(t, s, []int{0}, "fake.b")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				if got := extract(t, s, list, 1, "x"); got[0] != "1" {
					t.Errorf("got %s extractions at once, want 1", got[0])
				}
			}
		})
	}
	wg.Wait()
}

// constant is a plugin for measuring.
type constant struct{}

func (constant) Info() sdk.Info {
	return sdk.Info{Name: "constant", Version: "1.0.0"}
}
func (constant) ExtractsConcurrently() bool { return true }
func (constant) AppendString(dst []byte, e *event.Event) ([]byte, error) {
	return append(dst, e.Data...), nil
}

func (constant) Fields() []abi.FieldInfo {
	list := make([]abi.FieldInfo, 12)
	for i := range list {
		list[i] = abi.FieldInfo{Name: fmt.Sprint("c.", i), Type: abi.String, Desc: "constant"}
	}
	return list
}

func (constant) Extract(*event.Event, *sdk.Request, *event.Value, *event.Arena) error {
	return errors.New("not used")
}
func (constant) Plan(reqs []sdk.Request) (sdk.Plan, error) { return constantPlan{}, nil }

type constantPlan struct{}

func (constantPlan) Extract(_ *event.Event, out []event.Value, _ *event.Arena) error {
	for i := range out {
		out[i] = sdk.String("constant")
	}
	return nil
}

// constants prepares 12 fields for 128 events; step is the distance between their cells.
func constants(t testing.TB, step int, info bool) func() {
	s := newLinked(t, constant{})
	var list []fields.Want
	for i := range 12 {
		list = append(list, wants(t, s, []int{i * step}, fmt.Sprint("c.", i))...)
	}
	if info {
		list = append(list, wants(t, s, []int{12 * step}, "")...)
	}
	plan, err := s.Plan(list)
	if err != nil {
		t.Fatal(err)
	}
	b := event.NewBatch(128, event.NewArena(nil, nil))
	var rows []int32
	var table fields.Table
	payload := []byte("payload")
	return func() {
		b.Release()
		rows = rows[:0]
		for i := range 128 {
			b.AddView(1, 1, payload)
			rows = append(rows, int32(i))
		}
		table.Resize(128, 12*step+1)
		if err := plan.Extract(b, rows, &table); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLinkedExtractAllocatesNothing(t *testing.T) {
	for _, step := range []int{1, 2} {
		run := constants(t, step, true)
		if n := testing.AllocsPerRun(100, run); n != 0 {
			t.Errorf("cells %d apart: got %v allocations per batch, want 0", step, n)
		}
	}
}

func BenchmarkLinkedExtract(b *testing.B) {
	for _, step := range []int{1, 2} {
		b.Run(fmt.Sprint("step=", step), func(b *testing.B) {
			run := constants(b, step, false)
			for b.Loop() {
				run()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128, "ns/event")
		})
	}
}
