// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package interop

import (
	"context"
	"log/slog"
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/internal/gobuild"
	"github.com/gyr-dev/gyr/loader"
	"github.com/gyr-dev/gyr/plugins/dummy"
)

// BenchmarkLibraryConstants extracts 12 constant strings from events of a Go library.
func BenchmarkLibraryConstants(b *testing.B) {
	m, err := loader.Open(gobuild.Library(b, "kitchen", ".", "./sdk/cshared/testdata/kitchen"), slog.New(slog.DiscardHandler), loader.Options{})
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, m, "100000000", 12)
}

// BenchmarkDummy reads numbers and extracts dummy.value, linked in and from a library.
func BenchmarkDummy(b *testing.B) {
	loaded, err := loader.Open(gobuild.Library(b, "dummy", ".", "./plugins/dummy/cshared"), slog.New(slog.DiscardHandler), loader.Options{})
	if err != nil {
		b.Fatal(err)
	}
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
	p, err := m.New("")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	src, err := p.Open(params)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	var list []fields.Want
	for i, f := range m.Info().Fields {
		if i < n || n < 0 && i == 1 {
			list = append(list, fields.Want{Ref: fields.Ref{Field: &fields.Field{FieldInfo: f, ID: uint32(i)}}, Cell: len(list)})
		}
	}
	plan, err := p.Plan(list)
	if err != nil {
		b.Fatal(err)
	}
	arena := event.NewArena(cmem.Alloc, cmem.Free)
	defer arena.Free()
	batch := event.NewBatch(128, arena)
	batch.Source = m.Info().Source
	rows := make([]int32, 128)
	for i := range rows {
		rows[i] = int32(i)
	}
	var table fields.Table
	events := 0
	for b.Loop() {
		if err := src.Next(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
		table.Resize(len(batch.Events), len(list))
		if err := plan.Extract(batch, rows[:len(batch.Events)], &table); err != nil {
			b.Fatal(err)
		}
		if v := table.Row(0)[0]; !v.Present {
			b.Fatal("the field is absent")
		}
		events += len(batch.Events)
		batch.Release()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}
