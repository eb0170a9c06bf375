// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cbuild"
	"github.com/gyr-dev/gyr/internal/cmem"
)

func TestMain(m *testing.M) { os.Exit(cbuild.Main(m)) }

// load builds and opens a test plugin.
func load(tb testing.TB, name string, flags ...string) *module {
	tb.Helper()
	m, err := Open(cbuild.Library(tb, name, flags...), slog.New(slog.DiscardHandler), Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return m.(*module)
}

// start initialises a state that is closed at the end of the test.
func start(tb testing.TB, m host.Module, config string) *plugin {
	tb.Helper()
	p, err := m.New(config)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := p.Close(); err != nil {
			tb.Error(err)
		}
	})
	return p.(*plugin)
}

// openStream opens a stream that is closed at the end of the test.
func openStream(tb testing.TB, p host.Plugin, params string) event.Source {
	tb.Helper()
	s, err := p.Open(params)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// newBatch returns a batch of the plugin's source over memory outside the heap.
func newBatch(tb testing.TB, p host.Plugin, size int) *event.Batch {
	a := event.NewArena(cmem.Alloc, cmem.Free)
	tb.Cleanup(a.Free)
	b := event.NewBatch(size, a)
	b.Source = p.Module().Info().Source
	return b
}

// drain reads a stream to its end and returns the payloads and the error that ended it,
// nil for io.EOF. size is that of the batches.
func drain(tb testing.TB, p host.Plugin, s event.Source, size int) (payloads []string, err error) {
	tb.Helper()
	b := newBatch(tb, p, size)
	for range 100000 {
		err := s.Next(context.Background(), b)
		if len(b.Events) > size {
			tb.Fatalf("%d events in a batch of %d", len(b.Events), size)
		}
		for i := range b.Events {
			var e event.Event
			if err := e.Decode(b.Events[i].Blob); err != nil {
				tb.Fatal(err)
			}
			if string(e.Data) != string(b.Events[i].Data) || e.Time != b.Events[i].Time || e.PluginID != b.Events[i].PluginID {
				tb.Fatalf("event %+v is decoded as %+v", b.Events[i], e)
			}
			payloads = append(payloads, string(e.Data))
		}
		b.Release()
		if errors.Is(err, io.EOF) {
			return payloads, nil
		}
		if err != nil {
			return payloads, err
		}
	}
	tb.Fatal("the stream does not end")
	return nil, nil
}

// want makes wants of field names, "name", "name[3]" or "name[key]", with the cells 0, 1...
// "info" is evt.plugininfo.
func want(tb testing.TB, m host.Module, names ...string) (list []fields.Want) {
	tb.Helper()
	for cell, name := range names {
		if name == "info" {
			list = append(list, fields.Want{Ref: fields.Ref{Field: &fields.Field{ID: fields.InfoID}}, Cell: cell})
			continue
		}
		base, arg, has := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		list = append(list, fields.Want{Ref: ref(tb, m, base, arg, has), Cell: cell})
	}
	return list
}

func ref(tb testing.TB, m host.Module, name, arg string, has bool) fields.Ref {
	tb.Helper()
	for i, f := range m.Info().Fields {
		if f.Name != name {
			continue
		}
		field := &fields.Field{FieldInfo: f, ID: uint32(i)}
		if has && f.Arg.Index {
			var n uint64
			for _, c := range arg {
				n = n*10 + uint64(c-'0')
			}
			return fields.IndexRef(field, n)
		}
		return fields.Ref{Field: field, Arg: arg, HasArg: has}
	}
	tb.Fatalf("no field %s", name)
	return fields.Ref{}
}

// extract runs a plan over all events of a batch.
func extract(tb testing.TB, p *plugin, b *event.Batch, names ...string) *fields.Table {
	tb.Helper()
	pl, err := p.Plan(want(tb, p.mod, names...))
	if err != nil {
		tb.Fatal(err)
	}
	var t fields.Table
	t.Resize(len(b.Events), len(names))
	for i := range t.Cells { // what a table had before must not shine through
		t.Cells[i] = event.StringValue("left over")
	}
	rows := make([]int32, len(b.Events))
	for i := range rows {
		rows[i] = int32(i)
	}
	if err := pl.Extract(b, rows, &t); err != nil {
		tb.Fatal(err)
	}
	return &t
}
