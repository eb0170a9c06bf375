// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// next reads a batch of up to n events, as "data@time ... error".
func next(ctx context.Context, s event.Source, n int) string {
	b := event.NewBatch(n, event.NewArena(nil, nil))
	err := s.Next(ctx, b)
	var parts []string
	for i := range b.Events {
		e := &b.Events[i]
		if e.Time == abi.NoTime {
			parts = append(parts, string(e.Data))
		} else {
			parts = append(parts, fmt.Sprintf("%s@%d", e.Data, e.Time))
		}
	}
	if err != nil {
		parts = append(parts, err.Error())
	}
	return strings.Join(parts, " ")
}

// scripted returns a pull function: a text is an event, an error is returned, a duration
// is waited for, as long as the context allows.
func scripted(steps ...any) PullFunc {
	return func(ctx context.Context) ([]byte, uint64, error) {
		for {
			if len(steps) == 0 {
				return nil, 0, io.EOF
			}
			step := steps[0]
			steps = steps[1:]
			switch x := step.(type) {
			case string:
				return []byte(x), uint64(len(x) - 1), nil
			case error:
				return []byte("ignored"), 0, x
			case time.Duration:
				select {
				case <-time.After(x):
				case <-ctx.Done():
					return nil, 0, fmt.Errorf("interrupted: %w", ctx.Err())
				}
			}
		}
	}
}

func TestPull(t *testing.T) {
	f := func(opts StreamOptions, steps []any, want ...string) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			s := Pull(scripted(steps...), opts)
			for _, w := range want {
				if got := next(t.Context(), s, 4); got != w {
					t.Errorf("%v: got %q, want %q", steps, got, w)
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	none := StreamOptions{}
	bad := errors.New("bad")
	f(none, []any{"a", "bb", "c"}, "a bb@1 c EOF", "EOF", "EOF")
	f(none, []any{"a", "b", "c", "d", "e"}, "a b c d", "e EOF", "EOF")
	f(none, []any{"a", "b", bad, "c"}, "a b bad", "bad")
	f(none, []any{"a", 10 * time.Millisecond, "b", time.Second, "c"}, "a b", "c EOF")
	f(none, []any{time.Hour, "a", 29 * time.Millisecond, "b", 2 * time.Millisecond, "c"}, "a b", "c EOF") // waits for a first one
	f(StreamOptions{BatchTimeout: time.Minute}, []any{"a", 10 * time.Second, "b"}, "a b EOF")
	f(StreamOptions{BatchSize: 2}, []any{"a", "b", "c"}, "a b", "c EOF")
	f(StreamOptions{BatchSize: 9}, []any{"a", "b", "c", "d", "e"}, "a b c d", "e EOF")
	f(StreamOptions{MaxEventSize: 2}, []any{"aa", "aaa", "b"}, "aa@1 event of 3 bytes exceeds the limit of 2", "event of 3 bytes exceeds the limit of 2")
	// An error of its own is not taken for the end of waiting.
	f(none, []any{"a", context.Canceled, "b"}, "a context canceled", "context canceled")
	f(none, []any{"a", fmt.Errorf("dial: %w", context.DeadlineExceeded)}, "a dial: context deadline exceeded")
}

func TestPullStopsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := Pull(scripted("a", time.Hour), StreamOptions{BatchTimeout: 2 * time.Hour})
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		if got := next(ctx, s, 4); got != "a" {
			t.Errorf("got %q, want a", got)
		}
		if d := time.Since(start); d != time.Second {
			t.Errorf("it took %v, want 1s", d)
		}
	})
}

func TestPush(t *testing.T) {
	f := func(opts StreamOptions, steps []any, want ...string) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			ch := make(chan PushEvent)
			go func() {
				defer close(ch)
				for _, step := range steps {
					switch x := step.(type) {
					case string:
						ch <- PushEvent{Data: []byte(x), Time: uint64(len(x) - 1)}
					case error:
						ch <- PushEvent{Data: []byte("ignored"), Err: x}
						return
					case time.Duration:
						time.Sleep(x)
					}
				}
			}()
			s := Push(ch, opts)
			for _, w := range want {
				if got := next(t.Context(), s, 4); got != w {
					t.Errorf("%v: got %q, want %q", steps, got, w)
				}
			}
			for range ch { // lets the sender end
			}
		})
	}
	none := StreamOptions{}
	f(none, []any{"a", "bb", "c"}, "a bb@1 c EOF", "EOF")
	f(none, []any{"a", "b", "c", "d", "e"}, "a b c d", "e EOF")
	f(none, []any{"a", errors.New("bad")}, "a bad", "bad")
	f(none, []any{"a", io.EOF}, "a EOF", "EOF")
	f(none, []any{"a", 10 * time.Millisecond, "b", time.Second, "c"}, "a b", "c EOF")
	f(none, []any{time.Hour, "a", 29 * time.Millisecond, "b", 2 * time.Millisecond, "c"}, "a b", "c EOF")
	f(StreamOptions{MaxEventSize: 2}, []any{"aaa"}, "event of 3 bytes exceeds the limit of 2")
}

func TestPushStopsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		ch := make(chan PushEvent)
		start := time.Now()
		if got := next(ctx, Push(ch, StreamOptions{}), 4); got != "" || time.Since(start) != 0 {
			t.Errorf("got %q after %v, want nothing at once", got, time.Since(start))
		}
	})
}

func TestStreamOptions(t *testing.T) {
	closed := 0
	s := Push(nil, StreamOptions{
		Progress: func() (float64, string) { return 0.5, "half" },
		Close:    func() error { closed++; return errors.New("late") },
	})
	p, ok := s.(event.Progresser)
	if !ok {
		t.Fatal("a stream with progress is no Progresser")
	}
	if share, text := p.Progress(); share != 0.5 || text != "half" {
		t.Errorf("got progress %v %q", share, text)
	}
	if err := s.Close(); err == nil || err.Error() != "late" {
		t.Errorf("close: got %v", err)
	}
	if err := s.Close(); err != nil || closed != 1 {
		t.Errorf("second close: got %v after %d calls", err, closed)
	}
	if _, ok := Push(nil, StreamOptions{}).(event.Progresser); ok {
		t.Error("a stream without progress is a Progresser")
	}
}

// A source that is slow and never looks at its context must not hold its events back.
func TestPullLooksAtTheClock(t *testing.T) {
	f := func(each time.Duration, want int) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			slow := func(context.Context) ([]byte, uint64, error) {
				time.Sleep(each)
				return []byte("x"), 0, nil
			}
			b := event.NewBatch(1000, event.NewArena(nil, nil))
			start := time.Now()
			err := Pull(slow, StreamOptions{}).Next(t.Context(), b)
			if took := time.Since(start) - each; err != nil || took > 2*DefaultBatchTimeout+each || len(b.Events) != want {
				t.Errorf("%v each: got %d events after another %v, %v; want %d", each, len(b.Events), took, err, want)
			}
		})
	}
	f(time.Second, 2)
	f(10*time.Millisecond, 5)
	f(time.Millisecond, 33)
	f(time.Microsecond, 1000)
}

func TestPullAllocatesNothing(t *testing.T) {
	data := []byte("x")
	s := Pull(func(context.Context) ([]byte, uint64, error) { return data, 0, nil }, StreamOptions{})
	b := event.NewBatch(128, event.NewArena(nil, nil))
	n := testing.AllocsPerRun(100, func() {
		if err := s.Next(t.Context(), b); err != nil || !b.Full() {
			t.Fatal(len(b.Events), err)
		}
		b.Release()
	})
	if n != 0 {
		t.Errorf("got %v allocations per batch, want 0", n)
	}
}
