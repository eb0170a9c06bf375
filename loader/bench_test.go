// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package loader

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

var benchFields = []string{
	"bench.f0", "bench.f1", "bench.f2", "bench.f3", "bench.f4", "bench.f5",
	"bench.f6", "bench.f7", "bench.f8", "bench.f9", "bench.f10", "bench.f11",
}

// benchPlan reads a batch of 128 events and plans the extraction of twelve fields.
func benchPlan(tb testing.TB) (run func(), b *event.Batch) {
	p := start(tb, load(tb, "bench.c"), "")
	s := openStream(tb, p, "")
	b = newBatch(tb, p, 128)
	pl, err := p.Plan(want(tb, p.mod, benchFields...))
	if err != nil {
		tb.Fatal(err)
	}
	rows := make([]int32, 128)
	for i := range rows {
		rows[i] = int32(i)
	}
	var t fields.Table
	t.Resize(128, len(benchFields))
	return func() {
		b.Release()
		if err := s.Next(context.Background(), b); err != nil {
			tb.Fatal(err)
		}
		if err := pl.Extract(b, rows, &t); err != nil {
			tb.Fatal(err)
		}
	}, b
}

// cpuTime is the processor time of the process, which a busy machine does not stretch.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkExtract reads 128 events and extracts twelve constant strings from each.
func BenchmarkExtract(b *testing.B) {
	run, _ := benchPlan(b)
	b.ReportAllocs()
	start := cpuTime(b)
	for b.Loop() {
		run()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128, "ns/event")
	b.ReportMetric(float64(cpuTime(b)-start)/float64(b.N)/128, "cpu-ns/event")
}

// BenchmarkParse does what BenchmarkExtract does event by event, each parsed before.
func BenchmarkParse(b *testing.B) {
	p := start(b, load(b, "bench.c", "-DPARSE"), "")
	s := openStream(b, p, "")
	batch := newBatch(b, p, 128)
	pl, err := p.Plan(want(b, p.mod, benchFields...))
	if err != nil {
		b.Fatal(err)
	}
	one := event.Batch{Source: batch.Source, Arena: batch.Arena}
	rows := []int32{0}
	var t fields.Table
	t.Resize(1, len(benchFields))
	b.ReportAllocs()
	begin := cpuTime(b)
	for b.Loop() {
		batch.Release()
		if err := s.Next(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
		for i := range batch.Events {
			one.Events = batch.Events[i : i+1]
			if err := errors.Join(p.Parse(&one, 0), pl.Extract(&one, rows, &t)); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128, "ns/event")
	b.ReportMetric(float64(cpuTime(b)-begin)/float64(b.N)/128, "cpu-ns/event")
}

// BenchmarkNext reads small events, with a plugin that brings 128 or one per call.
func BenchmarkNext(b *testing.B) {
	for _, n := range []int{1, 128} {
		b.Run(fmt.Sprintf("percall=%d", n), func(b *testing.B) {
			p := start(b, load(b, "bench.c"), "")
			s := openStream(b, p, fmt.Sprint(n))
			batch := newBatch(b, p, 128)
			events := 0
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Next(context.Background(), batch); err != nil {
					b.Fatal(err)
				}
				events += len(batch.Events)
				batch.Release()
			}
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(events)/float64(b.N), "events/batch")
		})
	}
}

// What flows through the loader in the steady state costs no allocation.
func TestNoAllocationPerBatch(t *testing.T) {
	run, b := benchPlan(t)
	run()
	if n := testing.AllocsPerRun(50, run); n != 0 {
		t.Errorf("%v allocations per batch of %d events, want 0", n, len(b.Events))
	}
}
