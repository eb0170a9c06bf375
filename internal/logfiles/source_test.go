// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

// Batches keep their events while others are filled, and after the stream's end.
func TestBatchesKeepTheirEvents(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for i, pad := range []int{900, 10, 2000, 0, 1500, 600} {
		list := numbered(1000*i, 1000*i+500, pad)
		write(t, dir, fmt.Sprintf("%d.gz", i), list)
		want = append(want, list...)
	}
	s := Open(openLocal(t, dir), options()).(*source)
	var batches []*event.Batch
	var got []string
	keep := func(b *event.Batch) {
		for _, e := range b.Events {
			got = append(got, string(e.Data))
		}
		b.Release()
	}
	for end := false; !end; {
		b := event.NewBatch(70, event.NewArena(nil, nil))
		end = next(t, s, b)
		if batches = append(batches, b); len(batches) == 40 { // the oldest go back, their memory is used again
			for _, b := range batches[:20] {
				keep(b)
			}
			batches = batches[20:]
		}
	}
	s.Close()
	for _, b := range batches {
		keep(b)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %d events, want %d, or others", len(got), len(want))
	}
	for _, c := range s.r.pool.free {
		if c.refs.Load() != 0 {
			t.Errorf("a free chunk has %d references", c.refs.Load())
		}
	}
}

// Many small files do not keep a chunk each.
func TestSmallFilesHoldLittle(t *testing.T) {
	dir := t.TempDir()
	const files = 300
	for i := range files {
		write(t, dir, fmt.Sprintf("%03d.txt", i), numbered(i, i+1, 100))
	}
	s := Open(openLocal(t, dir), options()).(*source)
	held := 0
	b := event.NewBatch(1<<20, event.NewArena(nil, nil))
	for end := false; !end; {
		end = next(t, s, b)
	}
	s.Close()
	for _, e := range b.Events {
		held += cap(e.Data)
	}
	if len(b.Events) != files || held > files*200 {
		t.Errorf("%d events hold %d bytes", len(b.Events), held)
	}
	if n := len(s.r.pool.free); n > s.r.opts.Workers*2+2 {
		t.Errorf("%d chunks were made", n)
	}
	b.Release()
}

// Once a stream is under way, Next allocates nothing. Only what happens per file allocates,
// so the file is large.
func TestNextAllocs(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	dir := t.TempDir()
	write(t, dir, "a.txt", numbered(0, 20000, 1500))
	s := Open(openLocal(t, dir), options()).(*source)
	defer s.Close()
	var chunks []*chunk // as many as the file may have under way
	for range s.r.depth + 8 {
		chunks = append(chunks, s.r.pool.get())
	}
	for _, c := range chunks {
		c.Release()
	}
	b := event.NewBatch(64, event.NewArena(nil, nil))
	read := func() {
		for len(b.Events) == 0 {
			if next(t, s, b) {
				t.Fatal("the file is too small")
			}
		}
		b.Release()
	}
	for range 150 {
		read()
	}
	if n := testing.AllocsPerRun(100, read); n >= 1 {
		t.Errorf("got %v allocations per batch, want 0", n)
	}
}

// What no buffer can hold is dropped by the splitter, and reading goes on.
func TestDrop(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", []string{"1", strings.Repeat("x", 2*MaxChunk-10), "2"})
	l := &lines{}
	o := options()
	o.Workers, o.Splitter = 1, func() Splitter { return l }
	s := Open(openLocal(t, dir), o)
	b := event.NewBatch(10, event.NewArena(nil, nil))
	for end := false; !end; {
		end = next(t, s, b)
	}
	s.Close()
	if len(b.Events) != 3 || string(b.Events[0].Data) != "1" || string(b.Events[2].Data) != "2" || l.dropped != 1 {
		t.Errorf("got %d events, %d times dropped", len(b.Events), l.dropped)
	}
	b.Release()
}
