// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"context"
	"io"
	"log/slog"
	"os"
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/logfiles"
	"github.com/gyr-dev/gyr/sdk"
)

// logFolder returns a folder with compressed logs: that of the environment variable
// GYR_BENCH_LOGS, or one that is made for the benchmark.
func logFolder(b *testing.B) string {
	if dir := os.Getenv("GYR_BENCH_LOGS"); dir != "" {
		return dir
	}
	dir := b.TempDir()
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		writeLog(b, dir, name+".json.gz", repeat(sampleRecords(b), 2000)...)
	}
	return dir
}

// BenchmarkRead reads all records of a folder, and in the second form also extracts a
// dozen fields of each.
func BenchmarkRead(b *testing.B) {
	dir := logFolder(b)
	run := func(b *testing.B, plan sdk.Plan, width int) {
		events, bytes := 0, 0
		out := make([]event.Value, width)
		batch := event.NewBatch(1024, event.NewArena(nil, nil))
		for b.Loop() {
			in, err := openLocal(dir, slog.New(slog.DiscardHandler))
			if err != nil {
				b.Fatal(err)
			}
			s := New().(*plugin).read(in, false)
			for err == nil {
				err = s.Next(context.Background(), batch)
				for i := range batch.Events {
					e := &batch.Events[i]
					bytes += len(e.Data)
					if plan != nil {
						if err := plan.Extract(e, out, batch.Arena); err != nil {
							b.Fatal(err)
						}
					}
				}
				events += len(batch.Events)
				batch.Release()
			}
			if err != io.EOF {
				b.Fatal(err)
			}
			s.Close()
		}
		b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
		b.ReportMetric(float64(bytes)/b.Elapsed().Seconds()/(1<<20), "MiB/s")
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
	}
	b.Run("records", func(b *testing.B) { run(b, nil, 0) })
	plan, width := planOf(b, dozen...)
	b.Run("fields=12", func(b *testing.B) { run(b, plan, width) })
}

// dozen are the fields that rules use most.
var dozen = []string{
	"ct.name", "ct.src", "ct.error", "ct.user", "ct.user.identitytype", "ct.user.arn",
	"ct.region", "ct.srcip", "ct.useragent", "ct.request.name", "s3.bucket", "ct.readonly",
}

func BenchmarkExtract(b *testing.B) {
	e := recordEvent(sampleRecords(b)[0])
	for _, c := range []struct {
		name   string
		fields []string
	}{{"fields=1", []string{"ct.name"}}, {"fields=12", dozen}, {"info", []string{"ct.info"}}} {
		plan, width := planOf(b, c.fields...)
		out := make([]event.Value, width)
		mem := event.NewArena(nil, nil)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(e.Data)))
			b.ReportAllocs()
			for b.Loop() {
				mem.Reset()
				if err := plan.Extract(e, out, mem); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSplit(b *testing.B) {
	text := []byte(logText(repeat(sampleRecords(b), 150)...))
	var s splitter
	var out []logfiles.Span
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s.Reset()
		var err error
		if _, out, err = s.Split(text, 0, true, out[:0]); err != nil || len(out) != 150 {
			b.Fatal(len(out), err)
		}
	}
}

func BenchmarkParseTime(b *testing.B) {
	text := []byte("2026-03-04T01:02:03Z")
	for b.Loop() {
		parseTime(text)
	}
}
