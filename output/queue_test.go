// SPDX-License-Identifier: Apache-2.0

package output

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/alert"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// gate is a destination that can be held up and can fail.
type gate struct {
	mu       sync.Mutex
	got      []string
	writes   int
	flushes  int
	reopened int
	closed   bool
	hold     chan struct{} // Write waits for it to close, if not nil
	fail     error
}

func (g *gate) Name() string { return "gate" }

func (g *gate) Write(alerts []alert.Alert) error {
	if g.hold != nil {
		<-g.hold
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.writes++
	if g.fail != nil {
		return g.fail
	}
	for _, a := range alerts {
		g.got = append(g.got, string(a.Line))
	}
	return nil
}

func (g *gate) Flush() error { g.flushes++; return nil }

func (g *gate) Reopen() error { g.reopened++; return nil }

func (g *gate) Close() error { g.closed = true; return nil }

func batch(lines ...string) []alert.Alert {
	var out []alert.Alert
	for _, l := range lines {
		out = append(out, alert.Alert{Line: []byte(l)})
	}
	return out
}

func logTo(b *bytes.Buffer) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// dones counts calls of done.
type dones struct {
	mu   sync.Mutex
	ok   int
	errs []error
}

func (d *dones) one(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.ok++
	} else {
		d.errs = append(d.errs, err)
	}
}

func TestQueueDeliversInOrder(t *testing.T) {
	g, d := &gate{}, &dones{}
	q := NewQueue(g, Options{Log: quiet()})
	q.Write(batch("a", "b"), d.one)
	q.Write(nil, d.one)
	q.Write(batch("c"), d.one)
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(g.got, " "); got != "a b c" || d.ok != 3 || !g.closed {
		t.Errorf("delivered %q with %d dones, closed %v; want a b c, 3, true", got, d.ok, g.closed)
	}
	if c := q.Counts(); c != (Counts{Delivered: 3}) {
		t.Errorf("counts %+v, want 3 delivered", c)
	}
}

func TestQueueWaitsWhenFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, d := &gate{hold: make(chan struct{})}, &dones{}
		q := NewQueue(g, Options{Capacity: 3, Log: quiet()})
		written := 0
		go func() {
			for i := range 4 {
				q.Write(batch(strconv.Itoa(i), "x"), d.one)
				written++
			}
		}()
		synctest.Wait()
		if written != 1 {
			t.Errorf("%d entries of 2 alerts fit a queue of 3, want 1", written)
		}
		close(g.hold)
		synctest.Wait()
		if written != 4 || d.ok != 4 {
			t.Errorf("%d entries written, %d done after the destination was released, want 4", written, d.ok)
		}
		_ = q.Close()
	})
}

func TestQueueDropsIfTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		g, d := &gate{hold: make(chan struct{})}, &dones{}
		q := NewQueue(g, Options{Capacity: 3, Drop: true, Log: logTo(&lines)})
		q.Write(batch("a", "b"), d.one)
		q.Write(batch("c", "d"), d.one)
		q.Write(batch("e"), d.one)
		close(g.hold)
		_ = q.Close()
		if got := strings.Join(g.got, " "); got != "a b c" || d.ok != 3 {
			t.Errorf("delivered %q with %d dones, want a b c and 3", got, d.ok)
		}
		if c := q.Counts(); c != (Counts{Delivered: 3, Dropped: 2}) {
			t.Errorf("counts %+v, want 3 delivered, 2 dropped", c)
		}
		if !strings.Contains(lines.String(), "Outputs queue out of memory. Drop event and continue on ...") {
			t.Errorf("log %q does not tell of the drop", lines.String())
		}
	})
}

func TestLargeEntryGoesThroughSmallQueue(t *testing.T) {
	g, d := &gate{}, &dones{}
	q := NewQueue(g, Options{Capacity: 1, Log: quiet()})
	q.Write(batch("a", "b", "c"), d.one)
	q.Write(batch("d", "e"), d.one)
	_ = q.Close()
	if len(g.got) != 5 || d.ok != 2 {
		t.Errorf("%d alerts delivered, %d dones; want 5 and 2", len(g.got), d.ok)
	}
}

func TestFailureDoesNotStopTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		boom := errors.New("boom")
		g, d := &gate{fail: boom}, &dones{}
		q := NewQueue(g, Options{Log: logTo(&lines)})
		q.Write(batch("a", "b"), d.one)
		synctest.Wait()
		g.fail = nil
		q.Write(batch("c"), d.one)
		_ = q.Close()
		if len(d.errs) != 1 || !errors.Is(d.errs[0], boom) || d.ok != 1 {
			t.Errorf("dones: %d good, errors %v; want 1 and boom", d.ok, d.errs)
		}
		if c := q.Counts(); c != (Counts{Delivered: 1, Failed: 2}) {
			t.Errorf("counts %+v, want 1 delivered, 2 failed", c)
		}
		if !strings.Contains(lines.String(), "gate: boom") {
			t.Errorf("log %q does not tell of the failure", lines.String())
		}
	})
}

func TestBlockedDestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		g, d := &gate{hold: make(chan struct{})}, &dones{}
		q := NewQueue(g, Options{Timeout: time.Second, Log: logTo(&lines)})
		q.Write(batch("a"), d.one)
		q.Write(batch("b", "c"), d.one)
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		if !strings.Contains(lines.String(), `\"gate\" output timeout`) {
			t.Errorf("log %q does not tell of the block", lines.String())
		}
		start := time.Now()
		if err := q.Close(); err == nil || time.Since(start) != time.Second {
			t.Errorf("Close returned %v after %v, want an error after 1s", err, time.Since(start))
		}
		if len(d.errs) != 1 || !errors.Is(d.errs[0], ErrClosed) {
			t.Errorf("errors %v, want ErrClosed once", d.errs)
		}
		close(g.hold)
		synctest.Wait()
		if d.ok != 1 {
			t.Errorf("%d dones for the entry that was being written, want 1", d.ok)
		}
	})
}

func TestCloseWaitsWhileThereIsProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &dones{}
		q := NewQueue(&slow{delay: 900 * time.Millisecond}, Options{Timeout: time.Second, Log: quiet()})
		for range 5 {
			q.Write(batch("a"), d.one)
		}
		if err := q.Close(); err != nil || d.ok != 5 {
			t.Errorf("Close = %v with %d dones, want nil and 5", err, d.ok)
		}
	})
}

type slow struct {
	gate
	delay time.Duration
}

func (s *slow) Write(a []alert.Alert) error {
	time.Sleep(s.delay)
	return s.gate.Write(a)
}

func TestSettledEntriesAreUsedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, d := &gate{}, &dones{}
		q := NewQueue(g, Options{Log: quiet()})
		var want []string
		for i := range 50 {
			lines := []string{"a" + strconv.Itoa(i), "b" + strconv.Itoa(i), "c" + strconv.Itoa(i)}[:1+i%3]
			want = append(want, lines...)
			q.Write(batch(lines...), d.one)
			if i%5 == 4 { // five entries may wait at a time
				synctest.Wait()
			}
		}
		if !slices.Equal(g.got, want) || d.ok != 50 {
			t.Errorf("got %q with %d dones, want %q with 50", g.got, d.ok, want)
		}
		if n := len(q.spare); n == 0 || n > 5 {
			t.Errorf("%d slices for entries of which at most five were in use", n)
		}
		_ = q.Close()
	})
}

func TestReopen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		q := NewQueue(g, Options{Log: quiet()})
		q.Reopen()
		synctest.Wait()
		if g.reopened != 1 {
			t.Errorf("reopened %d times, want once", g.reopened)
		}
		_ = q.Close()
	})
}

func TestFanoutJoinsErrors(t *testing.T) {
	boom := errors.New("boom")
	good, bad, d := &gate{}, &gate{fail: boom}, &dones{}
	f := Fanout([]alert.Sink{NewQueue(bad, Options{Log: quiet()}), NewQueue(good, Options{Log: quiet()})})
	f.Write(batch("a"), d.one)
	f.Write(nil, d.one)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if len(good.got) != 1 || d.ok != 1 || len(d.errs) != 1 || !errors.Is(d.errs[0], boom) {
		t.Errorf("good output got %v, dones %d, errors %v; want one alert, 1 and boom", good.got, d.ok, d.errs)
	}
}

// counter counts writes.
type counter struct {
	bytes.Buffer
	writes int
}

func (c *counter) Write(b []byte) (int, error) {
	c.writes++
	return c.Buffer.Write(b)
}

func TestStdoutWrites(t *testing.T) {
	f := func(buffered bool, want int) {
		t.Helper()
		var w counter
		s := NewStdout(&w, buffered)
		if err := errors.Join(s.Write(batch("a", "b", "c")), s.Write(batch("d")), s.Flush()); err != nil {
			t.Fatal(err)
		}
		if w.String() != "a\nb\nc\nd\n" || w.writes != want {
			t.Errorf("buffered %v: %q in %d writes, want 4 lines in %d", buffered, w.String(), w.writes, want)
		}
	}
	f(false, 2)
	f(true, 1)
}

// pieces keeps what is written, a write each.
type pieces []string

func (p *pieces) Write(b []byte) (int, error) { *p = append(*p, string(b)); return len(b), nil }

// Lines are written together, but never so that a pipe could split one that fits into it.
func TestLinesStayWhole(t *testing.T) {
	var texts []string
	for i := range 60 {
		texts = append(texts, strings.Repeat("x", 150*i)) // up to 8,850 bytes
	}
	var w pieces
	if err := NewStdout(&w, false).Write(batch(texts...)); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(w, ""), strings.Join(texts, "\n")+"\n"; got != want {
		t.Errorf("%d bytes written, want %d, or others", len(got), len(want))
	}
	for _, p := range w {
		if lines := strings.Count(p, "\n"); !strings.HasSuffix(p, "\n") || len(p) > wholeSize && lines > 1 {
			t.Errorf("a write of %d bytes with %d lines", len(p), lines)
		}
	}
	if len(w) > 50 {
		t.Errorf("%d writes of 60 lines: the short ones are not written together", len(w))
	}
}

func TestFile(t *testing.T) {
	for _, keep := range []bool{false, true} {
		dir := t.TempDir()
		path := filepath.Join(dir, "out.txt")
		if err := os.WriteFile(path, []byte("old\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		o := NewFile(path, keep, false)
		if err := o.Write(batch("a", "b")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path, path+".1"); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(o.Reopen(), o.Write(batch("c")), o.Close()); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{path + ".1": "old\na\nb\n", path: "c\n"} {
			if got, err := os.ReadFile(name); err != nil || string(got) != want {
				t.Errorf("keep alive %v: %s has %q (%v), want %q", keep, filepath.Base(name), got, err, want)
			}
		}
	}
	err := NewFile(filepath.Join(t.TempDir(), "no", "dir"), false, false).Write(batch("a"))
	if err == nil || !strings.Contains(err.Error(), "failed to open output file ") {
		t.Errorf("error for a file that cannot be opened = %v", err)
	}
}
