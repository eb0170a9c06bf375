// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// A block that claims to be large takes no memory before its bytes are there.
func TestClaimedLength(t *testing.T) {
	for _, claim := range []uint32{growLimit - 4, growLimit + 4, DefaultMaxBlock} {
		var head [8]byte
		le.PutUint32(head[:], typeEventLarge)
		le.PutUint32(head[4:], claim)
		file := slices.Concat(section(), head[:], make([]byte, 1000))
		for range 3 {
			if used := heapUsed(func() {
				for name, open := range readers {
					r, err := open(file, ReaderOptions{})
					if err != nil {
						t.Fatal(err)
					}
					if events, err := drain(r); err != nil || len(events) > 0 || r.Tail() == nil {
						t.Fatalf("%s: %d events, error %v, tail %v", name, len(events), err, r.Tail())
					}
					if err := r.Close(); err != nil {
						t.Fatal(err)
					}
					runtime.GC()
				}
			}); used > 64<<20 {
				t.Errorf("claim of %d bytes: %d bytes of heap taken", claim, used)
			}
		}
	}
}

// heapUsed is how many bytes f allocates on the heap of Go.
func heapUsed(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// gauge checks after each read what is held against what has been read.
type gauge struct {
	t    *testing.T
	src  io.Reader
	n    int64
	next int64 // when to look again
	base int64 // on the heap before
}

func (g *gauge) Read(p []byte) (int, error) {
	n, err := g.src.Read(p)
	g.n += int64(n)
	if g.n > g.next {
		g.next += 16 << 20
		if held := heapHeld() - g.base; held > g.n+64<<20 {
			g.t.Errorf("%d bytes on the heap after %d bytes were read", held, g.n)
		}
	}
	return n, err
}

func heapHeld() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// blocks is an endless supply of an event block of some size, up to total bytes.
type blocks struct {
	block []byte
	at    int
	left  int
}

func (b *blocks) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), b.left)], b.block[b.at:])
	b.at = (b.at + n) % len(b.block)
	b.left -= n
	return n, nil
}

// What is held stays below what was read plus 64 MB, for blocks of all sizes, with one
// batch in use.
func TestMemoryHeld(t *testing.T) {
	for _, size := range []int{100, 70 << 10, 200 << 10, 3 << 20, 60 << 20} {
		e := event.Event{PluginID: 3, Type: abi.PluginEvent, Data: make([]byte, size)}
		one := block(typeEventLarge, cpu, e.AppendBlob(nil))
		times := max(1, 64<<20/len(one))
		src := io.MultiReader(bytes.NewReader(section()), &blocks{block: one, left: times * len(one)})
		e.Data = nil
		r, err := NewReader("f", &gauge{t: t, src: src, base: heapHeld()}, ReaderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		b := event.NewBatch(1024, event.NewArena(nil, nil))
		for err == nil {
			err = r.Next(context.Background(), b)
			n += len(b.Events)
			for i := range b.Events {
				if len(b.Events[i].Data) != size {
					t.Fatalf("event of %d bytes, want %d", len(b.Events[i].Data), size)
				}
			}
			b.Release()
		}
		if !errors.Is(err, io.EOF) || n != times {
			t.Errorf("size %d: got %d events, want %d, error %v", size, n, times, err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A bomb of zeros that unpacks to a large block's claim is read as it comes.
func TestPackedClaim(t *testing.T) {
	var file bytes.Buffer
	z := gzip.NewWriter(&file)
	var head [8]byte
	le.PutUint32(head[:], typeEventLarge)
	le.PutUint32(head[4:], 200<<20)
	if _, err := z.Write(slices.Concat(section(), head[:], make([]byte, 24<<20))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if used := heapUsed(func() {
		r, err := NewBytesReader("f", file.Bytes(), ReaderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if events, err := drain(r); len(events) > 0 || err != nil || r.Tail().Rest != 8+24<<20 {
			t.Errorf("%d events, error %v, tail %v", len(events), err, r.Tail())
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}); used > 64<<20 {
		t.Errorf("%d bytes of heap taken", used)
	}
}

func TestNoAllocationPerEvent(t *testing.T) {
	const n = 20000
	list := make([]event.Event, n)
	for i := range list {
		list[i] = plugin(3, uint64(i), "a log line of some length")
	}
	for name, o := range packings {
		file := write(t, o, list...)
		r := &Reader{o: ReaderOptions{Sources: func(uint32) (string, bool) { return "dummy", true }}}
		b := event.NewBatch(512, event.NewArena(nil, nil))
		src := bytes.NewReader(nil)
		got := testing.AllocsPerRun(5, func() {
			src.Reset(file)
			err := r.Reset("f", src)
			for err == nil {
				err = r.Next(context.Background(), b)
				b.Release()
			}
			if err != io.EOF {
				t.Fatal(err)
			}
		})
		if got > 30 { // per file, not per event
			t.Errorf("%s: reading %d events takes %v allocations", name, n, got)
		}
		o.Header = testHeader
		w, err := NewWriter(io.Discard, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list { // packed bytes need their room once
			if err := w.Write("", &list[i]); err != nil {
				t.Fatal(err)
			}
		}
		got = testing.AllocsPerRun(n, func() {
			if err := w.Write("dummy", &list[0]); err != nil {
				t.Fatal(err)
			}
		})
		if got != 0 {
			t.Errorf("%s: writing an event takes %v allocations", name, got)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
