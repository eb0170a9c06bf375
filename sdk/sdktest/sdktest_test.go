// SPDX-License-Identifier: Apache-2.0

package sdktest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/plugins/dummy"
	"github.com/gyr-dev/gyr/plugins/json"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/sdk/sdktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDummy(t *testing.T) {
	sdktest.Run(t, dummy.New, sdktest.Options{Params: `{"maxEvents": 300}`})
}

func TestJSON(t *testing.T) {
	sdktest.Run(t, json.New, sdktest.Options{
		Payloads:  [][]byte{[]byte(`{"a": {"b": [1, "x"]}}`), []byte(`[]`)},
		Arguments: []string{"/a", "/a/b/1"},
	})
}

// faulty is a plugin with mistakes that a test chooses.
type faulty struct {
	info    sdk.Info
	schema  string
	fields  []abi.FieldInfo
	initErr error
	next    func(n int, ctx context.Context, b *event.Batch) error
	extract func(e *event.Event, out *event.Value)
	plan    func(reqs []sdk.Request) (sdk.Plan, error)
	text    func(e *event.Event) string
	stop    func()
	emit    func(sdk.EmitFunc)
	metrics []sdk.Metric
	parse   error
	open    func(sdk.Routines) error
	openErr error // for nonsense
	refuse  error // for anything
}

func newFaulty() *faulty {
	return &faulty{
		info:   sdk.Info{Name: "faulty", Description: "d", Contact: "c", Version: "1.0.0", ID: 1 << 30, EventSource: "faults"},
		schema: `{"type": "object"}`,
		fields: []abi.FieldInfo{{Name: "faulty.a", Type: abi.String, Desc: "a text"}, {Name: "faulty.b", Type: abi.String, Desc: "a text"}},
		next: func(n int, _ context.Context, b *event.Batch) error {
			if n > 2 {
				return io.EOF
			}
			b.Add(0, uint64(time.Now().UnixNano()), fmt.Appendf(nil, "event %d", n))
			return nil
		},
		extract: func(e *event.Event, out *event.Value) { *out = sdk.Bytes(e.Data) },
		text:    func(e *event.Event) string { return string(e.Data) },
		stop:    func() {},
		emit:    func(emit sdk.EmitFunc) { _ = emit("ping", 0, nil) },
		open:    func(sdk.Routines) error { return nil },
		openErr: errors.New("no such parameter"),
	}
}

func (f *faulty) Info() sdk.Info          { return f.info }
func (f *faulty) InitSchema() string      { return f.schema }
func (f *faulty) Init(string) error       { return f.initErr }
func (f *faulty) Fields() []abi.FieldInfo { return f.fields }
func (f *faulty) Extract(e *event.Event, _ *sdk.Request, out *event.Value, _ *event.Arena) error {
	f.extract(e, out)
	return nil
}

func (f *faulty) Plan(reqs []sdk.Request) (sdk.Plan, error) {
	if f.plan != nil {
		return f.plan(reqs)
	}
	return each{f, len(reqs)}, nil
}

func (f *faulty) AppendString(dst []byte, e *event.Event) ([]byte, error) {
	return append(dst, f.text(e)...), nil
}

func (f *faulty) Open(params string) (event.Source, error) {
	if f.refuse != nil {
		return nil, f.refuse
	}
	if params != "" && f.openErr != nil {
		return nil, f.openErr
	}
	return &stream{f: f}, nil
}
func (f *faulty) Parse(*event.Event) error         { return f.parse }
func (f *faulty) AsyncEvents() []string            { return []string{"ping"} }
func (f *faulty) StopAsync()                       { f.stop() }
func (f *faulty) Metrics() []sdk.Metric            { return f.metrics }
func (f *faulty) CaptureOpen(r sdk.Routines) error { return f.open(r) }
func (f *faulty) CaptureClose(sdk.Routines) error  { return nil }
func (f *faulty) StartAsync(emit sdk.EmitFunc) error {
	f.emit(emit)
	return nil
}

type each struct {
	f *faulty
	n int
}

func (p each) Extract(e *event.Event, out []event.Value, _ *event.Arena) error {
	for i := range out {
		p.f.extract(e, &out[i])
	}
	return nil
}

type stream struct {
	f *faulty
	n int
}

func (s *stream) Next(ctx context.Context, b *event.Batch) error {
	s.n++
	return s.f.next(s.n, ctx, b)
}
func (s *stream) Close() error { return nil }

func check(t *testing.T, p *faulty) []sdktest.Result {
	t.Helper()
	m, err := host.Linked(func() sdk.Plugin { return p })
	if err != nil {
		t.Fatal(err)
	}
	return sdktest.Check(m, sdktest.Options{Wait: 50 * time.Millisecond})
}

func TestNothingToComplainAbout(t *testing.T) {
	for _, r := range check(t, newFaulty()) {
		if r.Failed() || len(r.Warnings) > 0 {
			t.Errorf("%s: errors %q, warnings %q", r.Name, r.Errors, r.Warnings)
		}
	}
}

// Each mistake is found by the case that is for it.
func TestMistakes(t *testing.T) {
	f := func(name, want string, change func(p *faulty)) {
		t.Helper()
		p := newFaulty()
		change(p)
		for _, r := range check(t, p) {
			if r.Name != name {
				continue
			}
			if text := strings.Join(append(r.Errors, r.Warnings...), "\n"); !strings.Contains(text, want) {
				t.Errorf("%s: got %q, want %q", name, text, want)
			}
			return
		}
		t.Errorf("there is no case %s", name)
	}
	// slow is f on a clock of its own.
	slow := func(name, want string, change func(p *faulty)) {
		t.Helper()
		synctest.Test(t, func(*testing.T) { f(name, want, change) })
	}
	f("info", `the name "Fault Y" does not follow the convention`, func(p *faulty) { p.info.Name = "Fault Y" })
	f("info", "contact is missing", func(p *faulty) { p.info.Contact = " " })
	f("info", "not valid UTF-8", func(p *faulty) { p.info.Description = "\xff" })
	f("info", `the event source "a-b"`, func(p *faulty) { p.info.EventSource = "a-b" })
	f("registry", "reserved for development", func(p *faulty) { p.info.ID = 999 })
	f("registry", "registered to plugin dummy", func(p *faulty) { p.info.ID = 3 })
	f("fields", "field simple does not follow", func(p *faulty) { p.fields[0].Name = "simple" })
	f("fields", "a field of every event source", func(p *faulty) { p.fields[0].Name = "evt.time" })
	f("fields", "has no description", func(p *faulty) { p.fields[0].Desc = p.fields[0].Name })
	f("init", "init without a configuration: plugin faulty: init: boom", func(p *faulty) { p.initErr = errors.New("boom") })
	f("config", "accepts a list", func(p *faulty) { p.schema = `{}` })
	f("open error", "accepts invalid parameters", func(p *faulty) { p.openErr = nil })
	f("open error", "without a reason", func(p *faulty) { p.openErr = errors.New("the plugin gives no reason") })
	f("read", "open with the parameters \"\": plugin faulty: open: boom (pass others", func(p *faulty) { p.refuse = errors.New("boom") })
	f("read", "read with the parameters \"\", after 1 events: plugin faulty: read: boom", func(p *faulty) {
		p.next = func(_ int, _ context.Context, b *event.Batch) error {
			b.Add(0, 1, nil)
			return errors.New("boom")
		}
	})
	f("read", "expected_id", func(p *faulty) {
		p.next = func(_ int, _ context.Context, b *event.Batch) error { b.Add(5, 1, nil); return nil }
	})
	f("read", "nanoseconds since 1970", func(p *faulty) {
		p.next = func(_ int, _ context.Context, b *event.Batch) error { b.Add(0, 1, nil); return io.EOF }
	})
	f("read", "2 of 3 events are older", func(p *faulty) {
		p.next = func(_ int, _ context.Context, b *event.Batch) error {
			for i := range 3 {
				b.Add(0, uint64(1e18-i), nil)
			}
			return io.EOF
		}
	})
	f("read", "no event within", func(p *faulty) {
		p.next = func(int, context.Context, *event.Batch) error { return io.EOF }
	})
	f("end", "after its end the stream returns 1 events", func(p *faulty) {
		p.next = func(n int, _ context.Context, b *event.Batch) error {
			if n == 2 {
				return io.EOF
			}
			b.Add(0, 1, nil)
			return nil
		}
	})
	slow("stop", "reading continues for 1", func(p *faulty) {
		p.next = func(_ int, ctx context.Context, _ *event.Batch) error {
			if ctx.Err() != nil {
				time.Sleep(1100 * time.Millisecond) // what a plugin does that does not look
			}
			return io.EOF
		}
	})
	slow("stop", "next_batch continues for 1", func(p *faulty) {
		p.next = func(_ int, ctx context.Context, _ *event.Batch) error {
			if ctx.Err() == nil {
				time.Sleep(1200 * time.Millisecond) // as a library that waits for events
			}
			return nil
		}
	})
	shared := []byte("same")
	f("memory", "event 1 changed when the next batch was read", func(p *faulty) {
		p.next = func(n int, _ context.Context, b *event.Batch) error {
			shared[0] = byte(n)
			b.AddView(0, 1, shared)
			return nil
		}
	})
	f("extract", "faulty.a cannot be extracted: panic: boom", func(p *faulty) {
		p.extract = func(*event.Event, *event.Value) { panic("boom") }
	})
	f("extract", "no field had a value", func(p *faulty) { p.extract = func(*event.Event, *event.Value) {} })
	calls := 0
	f("extract", "faulty.a of event 1 is first 1, then ", func(p *faulty) {
		p.extract = func(_ *event.Event, out *event.Value) { calls++; *out = sdk.String(strconv.Itoa(calls)) }
	})
	f("extract", "contains a NUL", func(p *faulty) {
		p.extract = func(_ *event.Event, out *event.Value) { *out = sdk.String("a\x00bcd") }
	})
	misfit := func(want string, typ abi.FieldType, list bool, v event.Value) {
		t.Helper()
		f("extract", want, func(p *faulty) {
			p.fields[0].Type, p.fields[0].List = typ, list
			p.extract = func(_ *event.Event, out *event.Value) { *out = v }
		})
	}
	misfit("faulty.a has a wrong value: it is a string, but the field is a uint64", abi.Uint64, false, sdk.String("7"))
	misfit("faulty.a has a wrong value: it is a number, but the field is a string", abi.String, false, sdk.Uint64(7))
	misfit("faulty.a has a wrong value: it is a list, but the field is a single string", abi.String, false, sdk.Strings(nil, []string{"a"}))
	misfit("faulty.a has a wrong value: it is a string, but the field is a bool", abi.Bool, true, sdk.Strings(nil, []string{"a"}))
	f("extract singly", "faulty.a of event 1 is alone if requested alone, but together together", func(p *faulty) {
		p.plan = func(reqs []sdk.Request) (sdk.Plan, error) {
			text := "together"
			if len(reqs) == 1 {
				text = "alone"
			}
			q := *p
			q.extract = func(_ *event.Event, out *event.Value) { *out = sdk.String(text) }
			return each{&q, len(reqs)}, nil
		}
	})
	f("odd events", "on unexpected events: faulty.a cannot be extracted: panic: ", func(p *faulty) {
		p.extract = func(e *event.Event, out *event.Value) { *out = sdk.Bytes(e.Data[:5]) }
	})
	f("text", "two different texts", func(p *faulty) {
		p.text = func(*event.Event) string { calls++; return strconv.Itoa(calls) }
	})
	f("text", "not one line", func(p *faulty) { p.text = func(*event.Event) string { return "a\nb" } })
	f("text", "returns no text", func(p *faulty) { p.text = func(*event.Event) string { return "" } })
	f("parse", "parsing fails for all 2 events", func(p *faulty) { p.parse = errors.New("boom") })
	slow("async", "stopping takes 1", func(p *faulty) { p.stop = func() { time.Sleep(1100 * time.Millisecond) } })
	f("listen", "still running", func(p *faulty) {
		p.open = func(r sdk.Routines) error {
			_, err := r.Start(func() bool { return true })
			return err
		}
	})
	f("listen", "capture open: plugin faulty: capture open: boom", func(p *faulty) {
		p.open = func(sdk.Routines) error { return errors.New("boom") }
	})
	f("metrics", "has no name", func(p *faulty) { p.metrics = []sdk.Metric{sdk.Gauge(" ", 1)} })
	f("metrics", "duplicate metric", func(p *faulty) { p.metrics = []sdk.Metric{sdk.Gauge("m", 1), sdk.Gauge("m", 1)} })
}

func TestBegin(t *testing.T) {
	m, err := host.Linked(func() sdk.Plugin { return newFaulty() })
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	results := sdktest.Check(m, sdktest.Options{Wait: time.Millisecond, Begin: func(name string) { names = append(names, name) }})
	if len(names) != len(results) || names[0] != results[0].Name {
		t.Errorf("got %d names and %d results", len(names), len(results))
	}
}

// A host in a test: read, extract, show.
func ExampleHost() {
	m, err := host.Linked(dummy.New)
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := sdktest.Open(m, `{"jitter": 0}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = h.Close() }()
	events, err := h.Read(`{"start": 5, "maxEvents": 2}`, 10, time.Second)
	fmt.Println(len(events), "events,", err)
	for _, e := range events {
		v, err := h.Extract(e, "dummy.value", "dummy.divisible[2]")
		fmt.Println(sdktest.Format(abi.Uint64, v[0]), sdktest.Format(abi.Uint64, v[1]), err)
	}
	// Output:
	// 2 events, EOF
	// 6 1 <nil>
	// 7 0 <nil>
}
