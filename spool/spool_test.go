// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/alert"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// opened opens a spool over files in a folder of the test.
func opened(t testing.TB, o Options) *Spool {
	t.Helper()
	if o.Path == "" {
		o.Path = t.TempDir()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closed(t testing.TB, s *Spool) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func numbered(from, to int) []alert.Alert {
	var list []alert.Alert
	for n := from; n < to; n++ {
		list = append(list, alert.Alert{
			Num: uint64(n), Time: 1_700_000_000_000_000_000, Rule: "rule", Source: "source", Priority: alert.Warning,
			Tags: []string{"a", "b"}, Line: fmt.Appendf(nil, "line %d", n),
		})
	}
	return list
}

// put appends alerts and waits until they are stored.
func put(t testing.TB, s *Spool, alerts []alert.Alert) {
	t.Helper()
	done := make(chan error, 1)
	s.Append(alerts, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func reader(t testing.TB, s *Spool, name string) *Reader {
	t.Helper()
	r, err := s.Reader(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// take reads n alerts and returns their numbers; it advances past them if keep is not set.
func take(t testing.TB, r *Reader, n int, keep bool) []int {
	t.Helper()
	var nums []int
	for len(nums) < n {
		alerts, err := r.Next(t.Context(), n-len(nums))
		if err != nil || len(alerts) == 0 {
			t.Fatalf("%d of %d alerts, then %v", len(nums), n, err)
		}
		for _, a := range alerts {
			nums = append(nums, int(a.Num))
		}
		if !keep {
			r.Advance(len(alerts))
		}
	}
	return nums
}

// rest reads what there is. A mark behind it ends the wait for more.
func rest(t testing.TB, r *Reader) []int {
	t.Helper()
	const end = 1 << 40
	put(t, r.s, []alert.Alert{{Num: end}})
	var nums []int
	for {
		alerts, err := r.Next(t.Context(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range alerts {
			if a.Num == end {
				r.Advance(len(alerts))
				return nums
			}
			nums = append(nums, int(a.Num))
		}
		r.Advance(len(alerts))
	}
}

func sequence(from, to int) []int {
	var list []int
	for n := from; n < to; n++ {
		list = append(list, n)
	}
	return list
}

// TestAlertsComeBackAsTheyWere: order, contents, several outputs, a restart.
func TestAlertsComeBackAsTheyWere(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Options{Path: dir})
	a, b := reader(t, s, "a"), reader(t, s, "b")
	put(t, s, numbered(0, 10))
	put(t, s, numbered(10, 300))
	got, err := a.Next(t.Context(), 1)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	want := numbered(0, 1)[0]
	if x := got[0]; x.Num != want.Num || x.Time != want.Time || x.Rule != want.Rule || x.Source != want.Source || x.Priority != want.Priority ||
		!slices.Equal(x.Tags, want.Tags) || string(x.Line) != string(want.Line) {
		t.Errorf("alert %+v, want %+v", x, want)
	}
	a.Advance(1)
	if nums := take(t, a, 299, false); !slices.Equal(nums, sequence(1, 300)) {
		t.Errorf("a: %v", nums)
	}
	if nums := take(t, b, 100, false); !slices.Equal(nums, sequence(0, 100)) {
		t.Errorf("b: %v", nums)
	}
	if c := s.Counts(); c.Appended != 300 || c.Queued["a"] != 0 || c.Queued["b"] != 200 {
		t.Errorf("counts %+v", c)
	}
	a.Close()
	b.Close()
	closed(t, s)
	s = opened(t, Options{Path: dir})
	defer closed(t, s)
	b = reader(t, s, "b")
	defer b.Close()
	if nums := take(t, b, 200, false); !slices.Equal(nums, sequence(100, 300)) {
		t.Errorf("b after a restart: %v", nums)
	}
}

// TestASecondProcessIsRefused by the lock.
func TestASecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Options{Path: dir})
	if _, err := Open(Options{Path: dir, Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), "used by another process") {
		t.Errorf("error %v, want that it is used", err)
	}
	closed(t, s)
	closed(t, opened(t, Options{Path: dir}))
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lock", "cursors"} {
		file, err := os.Stat(filepath.Join(dir, name))
		if err != nil || file.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v, want mode 0600", name, file, err)
		}
	}
	_ = info
}

// TestAckAfterFsync: an alert counts as stored when it is fsynced, never before
// (Vector #22489).
func TestAckAfterFsync(t *testing.T) {
	files := newCrashFS()
	s := opened(t, Options{FS: files})
	s.Append(numbered(0, 1), func(error) {
		files.mu.Lock()
		defer files.mu.Unlock()
		files.note("done")
	})
	closed(t, s)
	files.mu.Lock()
	defer files.mu.Unlock()
	seg := slices.Index(files.log, "done")
	if seg < 1 || !slices.ContainsFunc(files.log[:seg], func(e string) bool { return strings.HasPrefix(e, "sync ") && strings.HasSuffix(e, ".seg") }) {
		t.Errorf("done before the fsync: %q", files.log)
	}
	i := 0
	for _, e := range files.log[:seg] {
		if strings.HasSuffix(e, ".seg") {
			i++
		}
	}
	if i < 2 { // one for the header, one for the record
		t.Errorf("%d fsyncs of the segment before done, want 2: %q", i, files.log)
	}
}

// TestStoredAlertsSurviveACrashOfTheMachine: whatever was acknowledged is there after a crash
// at any moment, and nothing comes that was not appended.
func TestStoredAlertsSurviveACrashOfTheMachine(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		files := newCrashFS()
		dir := t.TempDir()
		s := opened(t, Options{Path: dir, FS: files, MaxSize: minMaxSize})
		out := reader(t, s, "out")
		var mu sync.Mutex
		stored, n := map[int]bool{}, 0
		var crashed *crashFS
		for range 20 {
			from, to := n, n+1+r.IntN(200)
			n = to
			done := make(chan struct{})
			s.Append(numbered(from, to), func(err error) {
				mu.Lock()
				defer mu.Unlock()
				for i := from; err == nil && i < to; i++ {
					stored[i] = true
				}
				close(done)
			})
			if r.IntN(2) == 0 {
				<-done
			}
			if r.IntN(10) == 0 {
				break
			}
		}
		mu.Lock()
		crashed = files.crash(r)
		promised := maps.Clone(stored)
		mu.Unlock()
		out.Close()
		closed(t, s)

		s = opened(t, Options{Path: dir, FS: crashed, MaxSize: minMaxSize})
		out = reader(t, s, "out")
		nums := rest(t, out)
		if !slices.IsSorted(nums) || len(slices.Compact(slices.Clone(nums))) != len(nums) {
			t.Errorf("seed %d: alerts out of order or twice: %v", seed, nums)
		}
		have := map[int]bool{}
		for _, x := range nums {
			have[x] = true
		}
		for i := range n {
			if promised[i] && !have[i] {
				t.Fatalf("seed %d: alert %d of %d stored is lost (%d read)", seed, i, len(promised), len(nums))
			}
		}
		put(t, s, numbered(n, n+3)) // and it goes on
		if got := take(t, out, 3, false); !slices.Equal(got, sequence(n, n+3)) {
			t.Errorf("seed %d: after the crash %v", seed, got)
		}
		out.Close()
		closed(t, s)
	}
}

// TestEveryPrefixRecoversAllWholeRecords: the log may end anywhere.
func TestEveryPrefixRecoversAllWholeRecords(t *testing.T) {
	files := newCrashFS()
	dir := t.TempDir()
	s := opened(t, Options{Path: dir, FS: files})
	r := reader(t, s, "out")
	put(t, s, numbered(0, 20))
	r.Close()
	closed(t, s)
	seg := segmentPath(dir, 1)
	whole := files.names[seg].data
	var ends []int
	sc := newScanner(mustOpen(t, files, seg), int64(len(whole)))
	for {
		_, _, ok, err := sc.next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		ends = append(ends, int(sc.offset))
	}
	if len(ends) != 20 {
		t.Fatalf("%d records in the segment, want 20", len(ends))
	}
	for n := range len(whole) + 1 {
		cut := files.crash(nil)
		cut.names[seg].data = slices.Clone(whole[:n])
		s := opened(t, Options{Path: dir, FS: cut})
		r := reader(t, s, "out")
		want := 0
		for want < len(ends) && ends[want] <= n {
			want++
		}
		if size, err := cut.Size(seg); err != nil || (want > 0 && int(size) != ends[want-1]) {
			t.Fatalf("prefix of %d bytes: the torn end is not cut off: %d bytes (%v)", n, size, err)
		}
		if got := rest(t, r); len(got) != want {
			t.Fatalf("prefix of %d bytes: %d records, want %d", n, len(got), want)
		}
		r.Close()
		closed(t, s)
	}
}

func mustOpen(t *testing.T, files FS, name string) File {
	t.Helper()
	f, err := files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestDamageIsSkippedAndCounted: a broken record costs itself and nothing else, and never a
// start (Vector #17644, OpenTelemetry #35899).
func TestDamageIsSkippedAndCounted(t *testing.T) {
	files := newCrashFS()
	dir := t.TempDir()
	s := opened(t, Options{Path: dir, FS: files})
	r := reader(t, s, "out")
	put(t, s, numbered(0, 12))
	r.Close()
	closed(t, s)
	seg := segmentPath(dir, 1)
	size := len(files.names[seg].data)
	for at := range size {
		for _, garbled := range []byte{0x01, 0xff} {
			hurt := files.crash(nil)
			hurt.names[seg].data[at] ^= garbled
			s := opened(t, Options{Path: dir, FS: hurt})
			r := reader(t, s, "out")
			got := rest(t, r)
			want := 11 // all but the one that is hurt
			if at < segmentTop {
				want = 12
			}
			if len(got) != want || !slices.IsSorted(got) {
				t.Fatalf("byte %d damaged: %d alerts, want %d", at, len(got), want)
			}
			c := s.Counts()
			if at >= segmentTop && (c.Damaged == 0 || c.Lost["out"] > 1) {
				t.Fatalf("byte %d damaged: %d bytes of damage, %d alerts lost", at, c.Damaged, c.Lost["out"])
			}
			r.Close()
			closed(t, s)
		}
	}
	gone := files.crash(nil)
	gone.names[filepath.Join(dir, cursorsName)].data = []byte("nonsense that is no cursor")
	s = opened(t, Options{Path: dir, FS: gone})
	if c := s.Counts(); c.Damaged != 26 {
		t.Errorf("%d bytes of damage, want the 26 of the cursors", c.Damaged)
	}
	closed(t, s)
}

// TestFailedFsync: nothing since the last good one counts as stored; it is written again, and
// only then acknowledged.
func TestFailedFsync(t *testing.T) {
	for _, mode := range []Sync{Always, Interval} {
		for _, op := range []string{"sync", "write", "create", "syncdir"} {
			synctest.Test(t, func(t *testing.T) {
				files := newCrashFS()
				dir := t.TempDir()
				s := opened(t, Options{Path: dir, FS: files, Sync: mode})
				r := reader(t, s, "out")
				put(t, s, numbered(0, 10))
				time.Sleep(time.Second) // of the bubble's clock: what was written is fsynced
				left := 3
				files.mu.Lock()
				files.fail = func(what, name string) error {
					if op == "create" || op == "syncdir" { // of the segment that follows
						if what == "sync" && left == 3 {
							left--
							return syscall.EIO
						}
					}
					if what == op && left > 0 && !strings.HasPrefix(name, "cursors") {
						left--
						return syscall.ENOSPC
					}
					return nil
				}
				files.mu.Unlock()
				stored := false
				s.Append(numbered(10, 20), func(err error) {
					files.mu.Lock()
					defer files.mu.Unlock()
					if err != nil || mode == Always && left > 0 {
						t.Errorf("done with %v, %d failures to come", err, left)
					}
					stored = true
				})
				time.Sleep(time.Minute)
				files.mu.Lock()
				if !stored || left != 0 {
					t.Errorf("mode %d, %s: stored %v, %d failures left", mode, op, stored, left)
				}
				files.mu.Unlock()
				crashed := files.crash(nil)
				if got := take(t, r, 20, false); !slices.Equal(got, sequence(0, 20)) {
					t.Errorf("mode %d, %s: read %v", mode, op, got)
				}
				if c := s.Counts(); c.Failures != 3 {
					t.Errorf("mode %d, %s: %d failures counted, want 3", mode, op, c.Failures)
				}
				r.Close()
				closed(t, s)
				s = opened(t, Options{Path: dir, FS: crashed, Sync: mode})
				r = reader(t, s, "out")
				if got := rest(t, r); !slices.Equal(got, sequence(0, 20)) {
					t.Errorf("mode %d, %s: after a crash %v", mode, op, got)
				}
				r.Close()
				closed(t, s)
			})
		}
	}
}

// TestADiskThatStaysFull: Close does not wait for ever, and tells who appended.
func TestADiskThatStaysFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := newCrashFS()
		s := opened(t, Options{FS: files})
		files.mu.Lock()
		files.fail = func(what, _ string) error { return syscall.ENOSPC }
		files.mu.Unlock()
		got := make(chan error, 1)
		s.Append(numbered(0, 10), func(err error) { got <- err })
		time.Sleep(time.Hour)
		if s.Counts().Failures < 1000 {
			t.Errorf("%d failures in an hour, want a try each second", s.Counts().Failures)
		}
		_ = s.Close()
		if err := <-got; !errors.Is(err, ErrClosed) {
			t.Errorf("done with %v, want ErrClosed", err)
		}
	})
}
