// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package interop

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/internal/gobuild"
	"github.com/gyr-dev/gyr/loader"
	"github.com/gyr-dev/gyr/plugins/dummy"
	"github.com/gyr-dev/gyr/sdk"
)

// constants is a plugin with as little work as a plugin can have: the same small event for
// ever, and twelve fields with the same text.
type constants struct{}

func (*constants) Info() sdk.Info {
	return sdk.Info{Name: "constants", Version: "1.0.0", ID: 906, EventSource: "constants"}
}

func (*constants) Fields() (list []abi.FieldInfo) {
	for i := range 12 {
		list = append(list, abi.FieldInfo{Name: fmt.Sprint("constants.f", i), Type: abi.String, Desc: "a constant"})
	}
	return list
}

func (*constants) Extract(_ *event.Event, _ *sdk.Request, out *event.Value, _ *event.Arena) error {
	sdk.SetString(out, "a constant of some length")
	return nil
}

func (*constants) Open(string) (event.Source, error) { return constantEvents{}, nil }

type constantEvents struct{}

var payload = []byte("12345678")

func (constantEvents) Next(_ context.Context, b *event.Batch) error {
	for !b.Full() {
		b.Add(0, 1, payload)
	}
	return nil
}

func (constantEvents) Close() error { return nil }

// constantPlugins are plugins with twelve constant texts, by how they come to gyr.
func constantPlugins(tb testing.TB) map[string]host.Module {
	tb.Helper()
	linked, err := host.Linked(func() sdk.Plugin { return &constants{} })
	if err != nil {
		tb.Fatal(err)
	}
	return map[string]host.Module{
		"linked":     linked,
		"go":         open(tb, gobuild.Library(tb, "kitchen", ".", "./sdk/cshared/testdata/kitchen")),
		"c++":        open(tb, cppLibrary(tb, "sdk-cpp/tests/bench.cpp")),
		"public-sdk": open(tb, gobuild.Library(tb, "constants", "testdata/gosdk", "./constants")),
	}
}

// open loads a library.
func open(tb testing.TB, path string) host.Module {
	tb.Helper()
	m, err := loader.Open(path, slog.New(slog.DiscardHandler), loader.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// BenchmarkConstants reads events and extracts twelve constant texts from each: linked in,
// from libraries of our SDKs, and from one of the public Go SDK.
func BenchmarkConstants(b *testing.B) {
	plugins := constantPlugins(b)
	for _, name := range []string{"linked", "c++", "go", "public-sdk"} {
		b.Run(name, func(b *testing.B) { benchmark(b, plugins[name], "1000000000", 12) })
	}
}

// BenchmarkDummy reads numbers and extracts dummy.value, linked in and from a library.
func BenchmarkDummy(b *testing.B) {
	loaded := open(b, gobuild.Library(b, "dummy", ".", "./plugins/dummy/cshared"))
	linked, err := host.Linked(dummy.New)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("linked", func(b *testing.B) { benchmark(b, linked, `{"maxEvents": -1}`, -1) })
	b.Run("loaded", func(b *testing.B) { benchmark(b, loaded, `{"maxEvents": -1}`, -1) })
}

// benchmark reads batches and extracts the first n fields from each event; for -1 it is
// the second field alone.
func benchmark(b *testing.B, m host.Module, params string, n int) {
	run := reader(b, m, params, n)
	events := 0
	for b.Loop() {
		events += run()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}

// reader returns a function that does so for a batch and returns the number of events.
func reader(tb testing.TB, m host.Module, params string, n int) func() int {
	tb.Helper()
	p, err := m.New("")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = p.Close() })
	src, err := p.Open(params)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = src.Close() })
	var list []fields.Want
	for i, f := range m.Info().Fields {
		if i < n || n < 0 && i == 1 {
			list = append(list, fields.Want{Ref: fields.Ref{Field: &fields.Field{FieldInfo: f, ID: uint32(i)}}, Cell: len(list)})
		}
	}
	plan, err := p.Plan(list)
	if err != nil {
		tb.Fatal(err)
	}
	arena := event.NewArena(cmem.Alloc, cmem.Free)
	tb.Cleanup(arena.Free)
	batch := event.NewBatch(128, arena)
	batch.Source = m.Info().Source
	rows := make([]int32, 128)
	for i := range rows {
		rows[i] = int32(i)
	}
	var table fields.Table
	return func() int {
		batch.Release()
		if err := src.Next(context.Background(), batch); err != nil {
			tb.Fatal(err)
		}
		table.Resize(len(batch.Events), len(list))
		if err := plan.Extract(batch, rows[:len(batch.Events)], &table); err != nil {
			tb.Fatal(err)
		}
		if v := table.Row(0)[len(list)-1]; !v.Present {
			tb.Fatal("the field is absent")
		}
		return len(batch.Events)
	}
}

// fastest returns the time per event in the fastest of many short rounds.
func fastest(run func() int) time.Duration {
	best := time.Duration(0)
	for range 300 {
		events, start := 0, time.Now()
		for events < 10_000 {
			events += run()
		}
		if d := time.Since(start) / time.Duration(events); best == 0 || d < best {
			best = d
		}
	}
	return best
}
