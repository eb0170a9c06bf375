// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package sdkcpp_test

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
)

// cpuTime is the processor time of the process, which a busy machine does not stretch.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure reports the cost of f per event; f is called once per batch of 128.
func measure(b *testing.B, f func() error) {
	b.ReportAllocs()
	begin := cpuTime(b)
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
	events := float64(b.N) * 128
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/events, "ns/event")
	b.ReportMetric(float64(cpuTime(b)-begin)/events, "cpu-ns/event")
	b.ReportMetric(events/b.Elapsed().Seconds(), "events/s")
}

// next returns a function that reads the next batch of a stream.
func next(s event.Source, batch *event.Batch) func() error {
	return func() error {
		batch.Release()
		return s.Next(context.Background(), batch)
	}
}

// BenchmarkExtract extracts twelve constant strings, which the SDK copies or not, from
// 128 events, and reads these: what loader's benchmark measures.
func BenchmarkExtract(b *testing.B) {
	for _, kind := range []string{"f", "b"} {
		p := start(b, load(b, library(b, "tests/bench.cpp")), "")
		read, run := plan(b, p, kind)
		b.Run(map[string]string{"f": "copied", "b": "borrowed"}[kind]+"+next", func(b *testing.B) {
			measure(b, func() error {
				if err := read(); err != nil {
					return err
				}
				return run()
			})
		})
	}
}

// plan returns functions that read a batch and extract from it.
func plan(tb testing.TB, p host.Plugin, kind string) (read, run func() error) {
	batch := newBatch(tb, p)
	read = next(open(tb, p, ""), batch)
	var names []string
	for i := range 12 {
		names = append(names, fmt.Sprintf("bench.%s%d", kind, i))
	}
	pl, err := p.Plan(want(tb, p.Module(), names...))
	if err != nil {
		tb.Fatal(err)
	}
	t := new(fields.Table)
	t.Resize(128, len(names))
	rows := make([]int32, 128)
	for i := range rows {
		rows[i] = int32(i)
	}
	if err := read(); err != nil {
		tb.Fatal(err)
	}
	return read, func() error { return pl.Extract(batch, rows, t) }
}

// BenchmarkNext reads small events: of a stream that fills batches, of one that makes
// them one by one, and of dummy_c.
func BenchmarkNext(b *testing.B) {
	f := func(name, source, params string) {
		p := start(b, load(b, library(b, source)), "")
		s := open(b, p, params)
		batch := newBatch(b, p)
		b.Run(name, func(b *testing.B) { measure(b, next(s, batch)) })
	}
	f("batch", "tests/bench.cpp", "")
	f("single", "tests/bench.cpp", "single")
	f("dummy_c", "../plugins/dummy_c/dummy_c.cpp", `{"maxEvents": -1}`)
}
