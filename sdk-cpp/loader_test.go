// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package sdkcpp_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/loader"
)

// load opens a library in gyr's loader.
func load(tb testing.TB, path string) host.Module {
	tb.Helper()
	m, err := loader.Open(path, slog.New(slog.DiscardHandler), loader.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// start initialises a state that is closed at the end of the test.
func start(tb testing.TB, m host.Module, config string) host.Plugin {
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
	return p
}

func open(tb testing.TB, p host.Plugin, params string) event.Source {
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
func newBatch(tb testing.TB, p host.Plugin) *event.Batch {
	a := event.NewArena(cmem.Alloc, cmem.Free)
	tb.Cleanup(a.Free)
	b := event.NewBatch(128, a)
	b.Source = p.Module().Info().Source
	return b
}

// drain returns the payloads of a stream and the error that ended it, nil for its end.
func drain(tb testing.TB, p host.Plugin, s event.Source) (payloads []string, err error) {
	tb.Helper()
	b := newBatch(tb, p)
	for range 10000 {
		err := s.Next(context.Background(), b)
		for i := range b.Events {
			payloads = append(payloads, string(b.Events[i].Data))
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

// want makes wants of field names with arguments, "name", "name[3]" or "name[key]", with
// the cells 0, 1... "info" is evt.plugininfo.
func want(tb testing.TB, m host.Module, names ...string) (list []fields.Want) {
	tb.Helper()
	for cell, name := range names {
		base, arg, has := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		r := fields.Ref{Field: &fields.Field{ID: fields.InfoID}}
		if name != "info" {
			r = ref(tb, m, base, arg, has)
		}
		list = append(list, fields.Want{Ref: r, Cell: cell})
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
		if has && f.Arg.Index && strings.Trim(arg, "0123456789") == "" {
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
func extract(tb testing.TB, p host.Plugin, b *event.Batch, names ...string) *fields.Table {
	tb.Helper()
	pl, err := p.Plan(want(tb, p.Module(), names...))
	if err != nil {
		tb.Fatal(err)
	}
	t := new(fields.Table)
	t.Resize(len(b.Events), len(names))
	rows := make([]int32, len(b.Events))
	for i := range rows {
		rows[i] = int32(i)
	}
	if err := pl.Extract(b, rows, t); err != nil {
		tb.Fatal(err)
	}
	return t
}
