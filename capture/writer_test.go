// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// shared is a file that may be read while it is written.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shared) events(t *testing.T) []string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := NewReader("f", bytes.NewReader(bytes.Clone(s.b.Bytes())), ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	events, err := drain(r)
	if err != nil {
		t.Fatal(err)
	}
	return short(events)
}

// What was written is in the file after 100 ms, or at once if 64 KiB wait.
func TestFlush(t *testing.T) {
	for name, o := range packings {
		synctest.Test(t, func(t *testing.T) {
			var file shared
			o.Header = testHeader
			w, err := NewWriter(&file, o)
			if err != nil {
				t.Fatal(err)
			}
			put := func(data string) {
				e := plugin(3, 1, data)
				if err := w.Write("", &e); err != nil {
					t.Fatal(err)
				}
			}
			check := func(when string, want int) {
				t.Helper()
				synctest.Wait()
				if got := len(file.events(t)); got != want {
					t.Errorf("%s: %d events %s, want %d", name, got, when, want)
				}
			}
			check("at first", 0)
			put("a")
			time.Sleep(60 * time.Millisecond)
			put("b")
			check("before the time", 0)
			time.Sleep(40 * time.Millisecond)
			check("100 ms after the first", 2)
			put("c")
			time.Sleep(99 * time.Millisecond)
			check("99 ms after another", 2)
			time.Sleep(time.Millisecond)
			check("100 ms after another", 3)
			put(strings.Repeat("x", 40<<10))
			check("with 40 KiB waiting", 3)
			put(strings.Repeat("x", 30<<10))
			check("with 70 KiB waiting", 5)
			put("d")
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			check("after Flush", 6)
			if st := w.Stats(); st.Events != 6 || st.Flushed != 6 || st.Bytes != int64(file.b.Len()) || st.Files != 1 {
				t.Errorf("%s: stats %+v for a file of %d bytes", name, st, file.b.Len())
			}
			put("e")
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			check("after Close", 7)
			e := plugin(3, 1, "f")
			if err := w.Write("", &e); err == nil {
				t.Error("a write after Close succeeds")
			}
			if err := w.Close(); err != nil {
				t.Errorf("second Close: %v", err)
			}
		})
	}
}

func TestNoTimeIsNow(t *testing.T) {
	before := uint64(time.Now().UnixNano())
	events := mustRead(t, write(t, WriterOptions{}, plugin(3, abi.NoTime, "a")), ReaderOptions{})
	if at := events[0].Time; at < before || at > uint64(time.Now().UnixNano()) {
		t.Errorf("time is %d", at)
	}
}

func TestRotate(t *testing.T) {
	for name, o := range packings {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f.scap")
			var ended []string
			o.Header, o.Plugins = testHeader, testPlugins
			o.Initial = []event.Event{async(3, 1, "dump", "")}
			o.FlushBytes = 1000
			o.Rotate = Rotation{Size: 4096, Ended: func(p string) { ended = append(ended, p) }}
			w, err := Create(path, o)
			if err != nil {
				t.Fatal(err)
			}
			const n = 300
			for i := range n {
				e := plugin(3, uint64(i), fmt.Sprintf("%05d%x", i, ConfigDigest(fmt.Sprint(i))))
				if err := w.Write("", &e); err != nil {
					t.Fatal(err)
				}
			}
			ended = append(ended, w.Path())
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if len(ended) < 3 || ended[0] != path || ended[1] != strings.TrimSuffix(path, ".scap")+"_00001.scap" {
				t.Fatalf("files are %v", ended)
			}
			if st := w.Stats(); st.Files != len(ended) || st.Flushed != n {
				t.Errorf("stats are %+v for %d files", st, len(ended))
			}
			i := 0
			for _, p := range ended {
				st, err := os.Stat(p)
				if err != nil {
					t.Fatal(err)
				}
				if limit := int64(4096); st.Size() > limit+map[bool]int64{true: 1000}[o.Gzip] {
					t.Errorf("%s has %d bytes", p, st.Size())
				}
				r, err := Open(p, ReaderOptions{})
				if err != nil {
					t.Fatal(err)
				}
				events, err := drain(r)
				if err != nil || r.Tail() != nil || len(events) < 2 || !events[0].State {
					t.Fatalf("%s: %d events, error %v, tail %v", p, len(events), err, r.Tail())
				}
				for _, e := range events[1:] {
					if e.Time != uint64(i) {
						t.Fatalf("%s: event %d comes after %d", p, e.Time, i)
					}
					i++
				}
				if err := r.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if i != n {
				t.Errorf("got %d events, want %d", i, n)
			}
		})
	}
}

func TestRotateByTime(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		name := func(n int) string { return filepath.Join(dir, fmt.Sprintf("part%d", n)) }
		w, err := Create("", WriterOptions{Header: testHeader, Rotate: Rotation{Every: time.Minute, Name: name}})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 7 { // at 0, 25, 50, 75, … seconds
			e := plugin(3, uint64(i), fmt.Sprint(i))
			if err := w.Write("", &e); err != nil {
				t.Fatal(err)
			}
			time.Sleep(25 * time.Second)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for n, want := range [][]string{{"0", "1", "2"}, {"3", "4", "5"}, {"6"}} {
			data, err := os.ReadFile(name(n))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, short(mustRead(t, data, ReaderOptions{}))); diff != "" {
				t.Errorf("file %d:\n%s", n, diff)
			}
		}
	})
}

// full is a disk with room for some bytes.
type full struct{ room int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteErrors(t *testing.T) {
	if _, err := NewWriter(&full{10}, WriterOptions{Header: testHeader}); !errors.Is(err, errFull) {
		t.Errorf("header: error %v", err)
	}
	if _, err := Create(filepath.Join(t.TempDir(), "no", "such", "folder"), WriterOptions{Header: testHeader}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("create: error %v", err)
	}
	for name, o := range packings {
		synctest.Test(t, func(t *testing.T) {
			o.Header = testHeader
			disk := &full{1 << 20}
			w, err := NewWriter(disk, o)
			if err != nil {
				t.Fatal(err)
			}
			disk.room = 10
			e := plugin(3, 1, ConfigDigest("1")+ConfigDigest("2")+ConfigDigest("3")+ConfigDigest("4")+ConfigDigest("5")+ConfigDigest("6"))
			for range 3 {
				if err := w.Write("", &e); err != nil {
					t.Errorf("%s: write before the flush: %v", name, err)
				}
			}
			time.Sleep(time.Second) // the flush fails unseen
			synctest.Wait()
			for what, f := range map[string]func() error{"write": func() error { return w.Write("", &e) }, "flush": w.Flush} {
				if err := f(); !errors.Is(err, errFull) {
					t.Errorf("%s: %s after a failed flush: error %v", name, what, err)
				}
			}
			_ = w.Close()
		})
	}
}

// Writers are used by several goroutines: no event is lost or torn.
func TestConcurrentWrites(t *testing.T) {
	var file shared
	w, err := NewWriter(&file, WriterOptions{Header: testHeader, FlushEvery: time.Microsecond})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 500 {
				e := plugin(uint32(g), uint64(i), strings.Repeat("y", i))
				if err := w.Write("", &e); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := walk(file.b.Bytes()); err != nil {
		t.Error(err)
	}
	if n := len(file.events(t)); n != 2000 {
		t.Errorf("got %d events, want 2000", n)
	}
}
