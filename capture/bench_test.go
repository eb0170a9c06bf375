// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

// memoryDir is a directory in memory if the system has one.
func memoryDir(b *testing.B) string {
	dir, err := os.MkdirTemp("/dev/shm", "capture")
	if err != nil {
		return b.TempDir()
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func sized(n int) event.Event {
	return plugin(3, 1_700_000_000_000_000_000, string(bytes.Repeat([]byte("log line "), n/9+1)[:n]))
}

// recorded is a capture of about total bytes with events of n bytes.
func recorded(b testing.TB, o WriterOptions, n, total int) (file []byte, events int) {
	e := sized(n)
	list := make([]event.Event, total/(n+60))
	for i := range list {
		list[i] = e
	}
	return write(b, o, list...), len(list)
}

func BenchmarkRead(b *testing.B) {
	for _, c := range []struct {
		name string
		size int
		o    WriterOptions
	}{{"plain/event=2KB", 2048, WriterOptions{}}, {"plain/event=60B", 60, WriterOptions{}},
		{"plain/event=300KB", 300 << 10, WriterOptions{}}, {"gzip/event=2KB", 2048, WriterOptions{Gzip: true}}} {
		b.Run(c.name, func(b *testing.B) {
			file, events := recorded(b, c.o, c.size, 64<<20)
			plain, _ := recorded(b, WriterOptions{}, c.size, 64<<20)
			path := filepath.Join(memoryDir(b), "f.scap")
			if err := os.WriteFile(path, file, 0o600); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(plain)))
			b.ReportAllocs()
			batch := event.NewBatch(512, event.NewArena(nil, nil))
			src := func(id uint32) (string, bool) { return "dummy", id == 3 }
			for b.Loop() {
				r, err := Open(path, ReaderOptions{Sources: src})
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for err == nil {
					err = r.Next(context.Background(), batch)
					n += len(batch.Events)
					batch.Release()
				}
				if err != io.EOF || n != events {
					b.Fatal(n, err)
				}
				if err := r.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, c := range []struct {
		name string
		size int
		o    WriterOptions
	}{{"plain/event=2KB", 2048, WriterOptions{}}, {"plain/event=60B", 60, WriterOptions{}},
		{"plain/rotate=16MB/event=2KB", 2048, WriterOptions{Rotate: Rotation{Size: 16 << 20}}},
		{"gzip/event=2KB", 2048, WriterOptions{Gzip: true}}} {
		b.Run(c.name, func(b *testing.B) {
			path := filepath.Join(memoryDir(b), "f.scap")
			o := c.o
			o.Header = testHeader
			if o.Rotate.Size > 0 {
				o.Rotate.Ended = func(done string) { _ = os.Remove(done) }
			} else {
				o.Rotate = Rotation{Size: 1 << 30, Ended: func(done string) { _ = os.Remove(done) }}
			}
			w, err := Create(path, o)
			if err != nil {
				b.Fatal(err)
			}
			e := sized(c.size)
			b.SetBytes(int64(c.size))
			b.ReportAllocs()
			for b.Loop() {
				if err := w.Write("dummy", &e); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkSmallFiles opens, reads and closes captures of one event.
func BenchmarkSmallFiles(b *testing.B) {
	for _, c := range []struct {
		name   string
		header *Header
	}{{"header=full", testHeader}, {"header=empty", &Header{}}} {
		b.Run(c.name, func(b *testing.B) {
			file := write(b, WriterOptions{Header: c.header}, plugin(3, 1, "{}"))
			batch := event.NewBatch(16, event.NewArena(nil, nil))
			var r Reader
			b.ReportAllocs()
			for b.Loop() {
				if err := r.ResetBytes("f", file); err != nil {
					b.Fatal(err)
				}
				if err := r.Next(context.Background(), batch); err != io.EOF || len(batch.Events) != 1 {
					b.Fatal(err, len(batch.Events))
				}
				batch.Release()
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}
