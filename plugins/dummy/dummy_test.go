// SPDX-License-Identifier: Apache-2.0

package dummy

import (
	"context"
	"errors"
	"flag"
	"io"
	"strconv"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/fieldtable"
	"github.com/gyr-dev/gyr/sdk"
)

var update = flag.Bool("update", false, "write the files that tests check")

//go:generate go test -run TestReadme -update .

func TestReadme(t *testing.T) { fieldtable.Test(t, "README.md", fields.Fields(), *update) }

func start(t *testing.T, config, params string) event.Source {
	t.Helper()
	p := New().(*plugin)
	if err := p.Init(config); err != nil {
		t.Fatal(err)
	}
	s, err := p.Open(params)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// drain returns the numbers of a stream, read in batches of n.
func drain(t *testing.T, s event.Source, n int) (numbers []uint64) {
	t.Helper()
	b := event.NewBatch(n, event.NewArena(nil, nil))
	for {
		err := s.Next(context.Background(), b)
		for i := range b.Events {
			v, bad := strconv.ParseUint(string(b.Events[i].Data), 10, 64)
			if bad != nil {
				t.Fatal(bad)
			}
			numbers = append(numbers, v)
		}
		if errors.Is(err, io.EOF) {
			return numbers
		}
		if err != nil {
			t.Fatal(err)
		}
		b.Release()
	}
}

func TestNumbersGrow(t *testing.T) {
	f := func(config, params string, first, count int, jitter uint64) {
		t.Helper()
		got := drain(t, start(t, config, params), 7)
		if len(got) != count {
			t.Fatalf("%s %s: got %d events, want %d", config, params, len(got), count)
		}
		last := uint64(first)
		for _, n := range got {
			if step := n - last; step < 1 || step > 1+jitter {
				t.Errorf("%s %s: step %d, want 1 to %d", config, params, step, 1+jitter)
			}
			last = n
		}
	}
	f("", "", 1, 20, 10)
	f("{}", "{}", 1, 20, 10)
	f(`{"jitter": 0}`, `{"start": 5, "maxEvents": 50}`, 5, 50, 0)
	f(`{"jitter": 3, "useAsync": true}`, `{"maxEvents": 500}`, 1, 500, 3)
	f(`{"jitter": 0}`, `{"maxEvents": 0}`, 1, 0, 0)
	f(`{"jitter": 18446744073709551615}`, `{"maxEvents": 9}`, 1, 9, 1<<64-2)
}

func TestBadParameters(t *testing.T) {
	p := New().(*plugin)
	if err := p.Init("[]"); err == nil {
		t.Error("Init([]) succeeded")
	}
	if _, err := p.Open("nope"); err == nil || err.Error()[:len("wrong open params format: ")] != "wrong open params format: " {
		t.Errorf("Open(nope): got %v", err)
	}
}

func TestFields(t *testing.T) {
	f := func(data, field string, index uint64, want event.Value) {
		t.Helper()
		e := event.Event{Type: abi.PluginEvent, Data: []byte(data)}
		var got event.Value
		err := New().(*plugin).Extract(&e, request(t, field, index), &got, nil)
		if got.Present != want.Present || got.Num != want.Num || got.Str != want.Str {
			t.Errorf("%s of %q: got %+v, want %+v", field, data, got, want)
		}
		if (err != nil) == want.Present {
			t.Errorf("%s of %q: got error %v", field, data, err)
		}
	}
	f("12", "dummy.value", 0, sdk.Uint64(12))
	f("18446744073709551615", "dummy.value", 0, sdk.Uint64(1<<64-1))
	f("18446744073709551616", "dummy.value", 0, event.Value{})
	f("99999999999999999999", "dummy.value", 0, event.Value{})
	f("", "dummy.value", 0, event.Value{})
	f("1a", "dummy.value", 0, event.Value{})
	f("-1", "dummy.strvalue", 0, event.Value{})
	f("12", "dummy.strvalue", 0, sdk.String("12"))
	f("12", "dummy.divisible", 3, sdk.Uint64(1))
	f("12", "dummy.divisible", 5, sdk.Uint64(0))
	f("12", "dummy.divisible", 0, event.Value{})
	f("x", "dummy.divisible", 3, event.Value{})
}

// request asks for a field by its name.
func request(tb testing.TB, name string, index uint64) *sdk.Request {
	tb.Helper()
	list := fields.Fields()
	for i := range list {
		if list[i].Name == name {
			return &sdk.Request{Field: i, Info: &list[i], HasArg: list[i].Arg.Required, ByIndex: true, Index: index}
		}
	}
	tb.Fatalf("no field %s", name)
	return nil
}

func TestProgress(t *testing.T) {
	f := func(params string, share float64, text string) {
		t.Helper()
		s := start(t, "", params)
		if err := s.Next(context.Background(), event.NewBatch(5, event.NewArena(nil, nil))); err != nil {
			t.Fatal(err)
		}
		if gotShare, gotText := s.(event.Progresser).Progress(); gotShare != share || gotText != text {
			t.Errorf("%s: got %v %q, want %v %q", params, gotShare, gotText, share, text)
		}
	}
	f("", 0.25, "5/20 events")
	f(`{"maxEvents": 50}`, 0.1, "5/50 events")
	f(`{"maxEvents": -1}`, 0, "5 events")
}

func TestString(t *testing.T) {
	e := event.Event{Type: abi.PluginEvent, Data: []byte("12")}
	got, err := New().(*plugin).AppendString(nil, &e)
	if want := `{"sample": "12"}`; err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestNextAllocatesNothing(t *testing.T) {
	s := start(t, "", `{"maxEvents": -1}`)
	b := event.NewBatch(128, event.NewArena(nil, nil))
	n := testing.AllocsPerRun(100, func() {
		if err := s.Next(context.Background(), b); err != nil {
			t.Fatal(err)
		}
		b.Release()
	})
	if n != 0 {
		t.Errorf("got %v allocations per batch, want 0", n)
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"", "0", "007", "18446744073709551615", "18446744073709551616", "+1", "1_0"} {
		f.Add([]byte(s))
	}
	// Oracle: strconv, which also refuses signs and everything that is not a digit.
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := number(&event.Event{Type: abi.PluginEvent, Data: data})
		want, bad := strconv.ParseUint(string(data), 10, 64)
		if (err != nil) != (bad != nil) || err == nil && got != want {
			t.Errorf("number(%q) = %d, %v; strconv: %d, %v", data, got, err, want, bad)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	s, _ := New().(*plugin).Open(`{"maxEvents": -1}`)
	batch := event.NewBatch(128, event.NewArena(nil, nil))
	for b.Loop() {
		if err := s.Next(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
		batch.Release()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128, "ns/event")
}

func BenchmarkExtract(b *testing.B) {
	pl, err := sdk.PlanFor(New(), []sdk.Request{*request(b, "dummy.value", 0)})
	if err != nil {
		b.Fatal(err)
	}
	e := event.Event{Type: abi.PluginEvent, Data: []byte("12345678")}
	out := make([]event.Value, 1)
	for b.Loop() {
		_ = pl.Extract(&e, out, nil)
	}
}
