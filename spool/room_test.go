// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// large are alerts of 1 KiB.
func large(from, to int) []alert.Alert {
	list := numbered(from, to)
	for i := range list {
		list[i].Line = append(list[i].Line, make([]byte, 1024)...)
	}
	return list
}

// TestANewOutputStartsAtTheEnd, and its cursor is durable before the first record behind it.
func TestANewOutputStartsAtTheEnd(t *testing.T) {
	files := newCrashFS()
	dir := t.TempDir()
	s := opened(t, Options{Path: dir, FS: files})
	old := reader(t, s, "old")
	put(t, s, numbered(0, 5))
	fresh := reader(t, s, "fresh")
	put(t, s, numbered(5, 8))
	crashed := files.crash(nil)
	old.Close()
	fresh.Close()
	closed(t, s)
	s = opened(t, Options{Path: dir, FS: crashed})
	defer closed(t, s)
	old, fresh = reader(t, s, "old"), reader(t, s, "fresh")
	defer old.Close()
	defer fresh.Close()
	if got := rest(t, fresh); !slices.Equal(got, sequence(5, 8)) {
		t.Errorf("the new output got %v, want 5 to 7", got)
	}
	if got := take(t, old, 8, true); !slices.Equal(got, sequence(0, 8)) {
		t.Errorf("the old output got %v, want 0 to 7", got)
	}
}

// TestNothingIsDeletedBeforeItsCursorsAreDurable (Vector PR#25570).
func TestNothingIsDeletedBeforeItsCursorsAreDurable(t *testing.T) {
	files := newCrashFS()
	dir := t.TempDir()
	s := opened(t, Options{Path: dir, FS: files, MaxSize: minMaxSize})
	r := reader(t, s, "out")
	n := 0
	for removed := false; !removed; n += 50 {
		put(t, s, large(n, n+50))
		take(t, r, 50, false)
		files.mu.Lock()
		removed = slices.ContainsFunc(files.log, func(e string) bool { return strings.HasPrefix(e, "remove") })
		if removed {
			at := slices.IndexFunc(files.log, func(e string) bool { return strings.HasPrefix(e, "remove") })
			if files.log[at-1] != "sync cursors" && files.log[at-1] != "sync "+newCursors && files.log[at-1] != "rename "+cursorsName {
				t.Errorf("the last thing before a segment was deleted: %q, want the fsync of the cursors", files.log[at-1])
			}
		}
		files.mu.Unlock()
	}
	crashed := files.crash(nil)
	r.Close()
	closed(t, s)
	s = opened(t, Options{Path: dir, FS: crashed, MaxSize: minMaxSize})
	defer closed(t, s)
	r = reader(t, s, "out")
	defer r.Close()
	rest(t, r)
	if c := s.Counts(); c.Lost["out"] != 0 || c.Damaged != 0 {
		t.Errorf("after the crash %d alerts lost, %d bytes damaged: the cursor lags behind what was deleted", c.Lost["out"], c.Damaged)
	}
}

// TestAFullSpoolWaits until the outputs have made room; its size is kept (Fluent Bit #3355).
func TestAFullSpoolWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log syncBuilder
		s := opened(t, Options{FS: newCrashFS(), MaxSize: minMaxSize, Log: slog.New(slog.NewTextHandler(&log, nil))})
		r := reader(t, s, "out")
		var mu sync.Mutex
		appended := 0
		go func() {
			for n := 0; n < 3000; n += 10 {
				s.Append(large(n, n+10), func(error) {})
				mu.Lock()
				appended = n + 10
				mu.Unlock()
			}
		}()
		synctest.Wait()
		mu.Lock()
		if appended < 800 || appended > 1000 {
			t.Errorf("%d alerts of 1 KiB in a spool of 1 MiB", appended)
		}
		mu.Unlock()
		if n := strings.Count(log.String(), "event sources wait"); n != 1 {
			t.Errorf("the log says %d times that sources wait, want once: %s", n, log.String())
		}
		for n := 0; n < 3000; n += 100 {
			if c := s.Counts(); c.Bytes > minMaxSize {
				t.Errorf("%d bytes in a spool of %d", c.Bytes, minMaxSize)
			}
			if got := take(t, r, 100, false); !slices.Equal(got, sequence(n, n+100)) {
				t.Fatalf("got %v", got)
			}
		}
		synctest.Wait()
		if c := s.Counts(); c.Appended != 3000 || len(c.Dropped) != 0 {
			t.Errorf("counts %+v, want 3000 appended and none dropped", c)
		}
		r.Close()
		closed(t, s)
	})
}

// syncBuilder is a strings.Builder for several goroutines.
type syncBuilder struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *syncBuilder) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuilder) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// TestDropOldestMovesOnlyTheCursorsThatLag, and counts.
func TestDropOldestMovesOnlyTheCursorsThatLag(t *testing.T) {
	s := opened(t, Options{FS: newCrashFS(), MaxSize: minMaxSize, WhenFull: DropOldest})
	defer closed(t, s)
	quick, slow := reader(t, s, "quick"), reader(t, s, "slow")
	defer quick.Close()
	defer slow.Close()
	for n := 0; n < 5000; n += 50 {
		put(t, s, large(n, n+50))
		if got := take(t, quick, 50, false); !slices.Equal(got, sequence(n, n+50)) {
			t.Fatalf("quick got %v", got)
		}
	}
	c := s.Counts()
	if c.Dropped["quick"] != 0 || c.Dropped["slow"] == 0 || c.Dropped["slow"]+c.Queued["slow"] != 5000 || c.Bytes > minMaxSize {
		t.Errorf("counts %+v, want that slow lost what does not fit", c)
	}
	got := rest(t, slow)
	if uint64(len(got)) != c.Queued["slow"] || got[len(got)-1] != 4999 || !slices.Equal(got, sequence(got[0], 5000)) {
		t.Errorf("slow got %d alerts from %d on, want the last %d", len(got), got[0], c.Queued["slow"])
	}
}

// TestAnOutputThatIsNotConfiguredGivesWay first, but keeps its place as long as there is room.
func TestAnOutputThatIsNotConfiguredGivesWay(t *testing.T) {
	files := newCrashFS()
	s := opened(t, Options{FS: files, MaxSize: minMaxSize})
	gone, there := reader(t, s, "gone"), reader(t, s, "there")
	put(t, s, large(0, 10))
	take(t, gone, 5, false)
	gone.Close()
	put(t, s, large(10, 100))
	take(t, there, 100, false)
	gone = reader(t, s, "gone")
	if got := take(t, gone, 5, true); !slices.Equal(got, sequence(5, 10)) {
		t.Errorf("the name came back to %v, want 5 to 9", got)
	}
	gone.Close()
	for n := 100; n < 3000; n += 50 {
		put(t, s, large(n, n+50))
		take(t, there, 50, false)
	}
	c := s.Counts()
	if _, ok := c.Queued["gone"]; ok || c.Dropped["gone"] < 500 || c.Dropped["there"] != 0 {
		t.Errorf("counts %+v, want that only the output that is gone lost alerts", c)
	}
	if n, ok := s.Drop("there"); ok {
		t.Errorf("dropped an output that is read, with %d alerts", n)
	}
	put(t, s, large(3000, 3007))
	there.Close()
	if n, ok := s.Drop("there"); !ok || n != 7 {
		t.Errorf("dropped %d alerts (%v), want 7", n, ok)
	}
	closed(t, s)
}

// TestSegmentsAreOpenedLazily: a start reads the last one only (Fluent Bit #5166).
func TestSegmentsAreOpenedLazily(t *testing.T) {
	files := newCrashFS()
	dir := t.TempDir()
	s := opened(t, Options{Path: dir, FS: files, MaxSize: 8 << 20})
	r := reader(t, s, "out")
	for n := 0; n < 7000; n += 100 {
		put(t, s, large(n, n+100))
	}
	r.Close()
	closed(t, s)
	if n := len(files.names); n < 8 {
		t.Fatalf("%d files, want several segments", n)
	}
	files.opened = 0
	s = opened(t, Options{Path: dir, FS: files, MaxSize: 8 << 20})
	files.mu.Lock()
	if files.opened > 3 { // the cursors twice, the last segment
		t.Errorf("%d files opened at the start", files.opened)
	}
	files.mu.Unlock()
	r = reader(t, s, "out")
	if got := take(t, r, 7000, false); !slices.Equal(got, sequence(0, 7000)) {
		t.Errorf("%d alerts read", len(got))
	}
	r.Close()
	closed(t, s)
}

// TestNextEndsWithItsContext, and with the spool.
func TestNextEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := opened(t, Options{FS: newCrashFS()})
		r := reader(t, s, "out")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if got, err := r.Next(ctx, 10); got != nil || err != nil || ctx.Err() == nil {
			t.Errorf("%v, %v, want nothing after a minute", got, err)
		}
		if _, err := s.Reader("out"); err == nil {
			t.Error("a second reader of a name")
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			if got, err := r.Next(t.Context(), 10); got != nil || err != nil {
				t.Errorf("%v, %v, want nothing of a spool that is closed", got, err)
			}
		}()
		synctest.Wait()
		closed(t, s)
		<-ended
		got := make(chan error, 1)
		s.Append(numbered(0, 1), func(err error) { got <- err })
		if err := <-got; err == nil {
			t.Error("appended to a spool that is closed")
		}
		s.Append(nil, func(err error) { got <- err })
		if err := <-got; err != nil {
			t.Errorf("no alerts: %v", err)
		}
	})
}

// TestSeveralAppendAndRead at once, with files of the system.
func TestSeveralAppendAndRead(t *testing.T) {
	for _, mode := range []Sync{Always, Interval} {
		s := opened(t, Options{MaxSize: 4 << 20, Sync: mode})
		const writers, each = 4, 2000
		var readers sync.WaitGroup
		for _, name := range []string{"a", "b"} {
			r := reader(t, s, name)
			readers.Go(func() {
				defer r.Close()
				last := map[string]uint64{}
				for n := 0; n < writers*each; {
					alerts, err := r.Next(t.Context(), 300)
					if err != nil {
						t.Error(err)
						return
					}
					for _, a := range alerts {
						if a.Num != last[a.Rule] {
							t.Errorf("%s: alert %d of %s, want %d", name, a.Num, a.Rule, last[a.Rule])
							return
						}
						last[a.Rule]++
					}
					n += len(alerts)
					r.Advance(len(alerts))
				}
			})
		}
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for n := 0; n < each; n += 50 {
					alerts := large(n, n+50)
					for i := range alerts {
						alerts[i].Rule = fmt.Sprint(w)
					}
					s.Append(alerts, func(err error) {
						if err != nil {
							t.Error(err)
						}
					})
				}
			})
		}
		wg.Wait()
		readers.Wait()
		closed(t, s)
	}
}
