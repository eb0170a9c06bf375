// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/rules"
)

// stream is a source whose batches are given: each step appends events or returns an error.
type stream struct {
	steps  []step
	at     int
	closed bool
}

type step struct {
	times []uint64
	token any
	err   error
	block chan struct{} // wait for it, whatever the context says
}

func (s *stream) Next(ctx context.Context, b *event.Batch) error {
	if s.at == len(s.steps) {
		return io.EOF
	}
	st := s.steps[s.at]
	s.at++
	if st.block != nil {
		<-st.block
	}
	for _, t := range st.times {
		b.Add(3, t, []byte("x"))
	}
	b.Token = st.token
	return st.err
}

func (s *stream) Close() error { s.closed = true; return nil }

// recorder keeps what it is given.
type recorder struct {
	nums, times []uint64
	sources     []string
	err         error
}

func (r *recorder) Write(source string, e *event.Event) error {
	if r.err != nil {
		return r.err
	}
	r.nums, r.times, r.sources = append(r.nums, e.Num), append(r.times, e.Time), append(r.sources, source)
	return nil
}

func (r *recorder) Match(*event.Event, *rules.Rule) error { return r.err }

type noSink struct{ t *testing.T }

func (s noSink) Write([]alert.Alert, func(error)) { s.t.Error("Write without alerts") }
func (s noSink) Close() error                     { return nil }

// setup is a pipeline to be tested.
type setup struct {
	Config
	Inputs []Input
}

func newTest(t *testing.T, src event.Source, rec Recorder, change func(*setup)) *Pipeline {
	s := setup{
		Config: Config{Sink: noSink{t}, Now: func() uint64 { return 5_000_001_999 }},
		Inputs: []Input{{Name: "dummy", Stream: src, Workers: 2, Recorder: rec}},
	}
	if change != nil {
		change(&s)
	}
	p := New(s.Config)
	for _, in := range s.Inputs {
		p.Add(in)
	}
	return p
}

func TestNumbersAndTimes(t *testing.T) {
	src := &stream{steps: []step{{times: []uint64{10, abi.NoTime}}, {}, {times: []uint64{30}, err: io.EOF}}}
	rec := &recorder{}
	p := newTest(t, src, rec, nil)
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []uint64{1, 2, 3}; !slices.Equal(rec.nums, want) {
		t.Errorf("numbers %v, want %v", rec.nums, want)
	}
	if want := []uint64{10, 5_000_001_000, 30}; !slices.Equal(rec.times, want) {
		t.Errorf("times %v, want %v: an event without time gets the clock's in whole microseconds", rec.times, want)
	}
	if s := p.Stats(); s.Events != 3 || !src.closed || rec.sources[0] != "dummy" {
		t.Errorf("%d events counted, closed %v, source %q", s.Events, src.closed, rec.sources[0])
	}
}

// numbered is a stream whose events bring their numbers, as those of a capture do.
type numbered struct{ stream }

func (n *numbered) Next(ctx context.Context, b *event.Batch) error {
	err := n.stream.Next(ctx, b)
	for i := range b.Events {
		b.Events[i].Num = b.Events[i].Time
	}
	return err
}

func TestNumbersOfTheSourceAreKept(t *testing.T) {
	rec := &recorder{}
	src := &numbered{stream{steps: []step{{times: []uint64{3, 4, 9}}}}}
	if err := newTest(t, src, rec, nil).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []uint64{3, 4, 9}; !slices.Equal(rec.nums, want) {
		t.Errorf("numbers %v, want %v", rec.nums, want)
	}
}

func TestEventsBeforeAnErrorCount(t *testing.T) {
	boom := errors.New("boom")
	src := &stream{steps: []step{{times: []uint64{1, 2}, err: boom}}}
	rec := &recorder{}
	err := newTest(t, src, rec, nil).Run(t.Context())
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), "source dummy: ") {
		t.Errorf("error %v, want one of source dummy that wraps boom", err)
	}
	if len(rec.nums) != 2 || !src.closed {
		t.Errorf("%d events recorded, want 2; closed %v", len(rec.nums), src.closed)
	}
}

func TestFailureOfOneSourceStopsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		endless := &polling{}
		p := newTest(t, endless, nil, func(c *setup) {
			c.Inputs = append(c.Inputs, Input{Name: "bad", Stream: &stream{steps: []step{{err: boom}}}, Workers: 1})
		})
		if err := p.Run(t.Context()); !errors.Is(err, boom) {
			t.Errorf("error %v, want boom", err)
		}
		if !endless.closed {
			t.Error("the other source is still open")
		}
	})
}

// polling is a source that never has an event.
type polling struct{ closed bool }

func (p *polling) Next(ctx context.Context, _ *event.Batch) error {
	select {
	case <-time.After(30 * time.Millisecond):
	case <-ctx.Done():
	}
	return nil
}

func (p *polling) Close() error { p.closed = true; return nil }

func TestRecorderFailureIsReported(t *testing.T) {
	full := errors.New("disk full")
	err := newTest(t, &stream{steps: []step{{times: []uint64{1}}}}, &recorder{err: full}, nil).Run(t.Context())
	if !errors.Is(err, full) {
		t.Errorf("error %v, want disk full", err)
	}
}

func TestMaxTimeCutsTheStream(t *testing.T) {
	src := &stream{steps: []step{{times: []uint64{100, 50, 100 + 2e9 - 1, 100 + 2e9}}, {times: []uint64{7}}}}
	rec := &recorder{}
	p := newTest(t, src, rec, func(c *setup) { c.MaxTime = 2 * time.Second })
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []uint64{100, 50, 100 + 2e9 - 1}; !slices.Equal(rec.times, want) {
		t.Errorf("events at %v, want %v", rec.times, want)
	}
}

func TestSourceThatDoesNotReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		block := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		p := newTest(t, &stream{steps: []step{{block: block}}}, nil, nil)
		done := make(chan error)
		go func() { done <- p.Run(ctx) }()
		synctest.Wait()
		cancel()
		begin := time.Now()
		err := <-done
		if !errors.Is(err, ErrStuck) || !strings.Contains(err.Error(), "dummy") {
			t.Errorf("error %v, want one that names the source", err)
		}
		if d := time.Since(begin); d != defaultGrace {
			t.Errorf("gave up after %v, want %v", d, defaultGrace)
		}
		close(block)
	})
}

// sized is a source of batches with one event of as many bytes.
type sized struct{ left, size int }

func (s *sized) Next(_ context.Context, b *event.Batch) error {
	if s.left == 0 {
		return io.EOF
	}
	s.left--
	b.Add(3, 1, make([]byte, s.size))
	return nil
}

func (s *sized) Close() error { return nil }

// stalled is a recorder that waits.
type stalled struct{ until chan struct{} }

func (s stalled) Write(string, *event.Event) error      { <-s.until; return nil }
func (s stalled) Match(*event.Event, *rules.Rule) error { return nil }

// Small batches are read further ahead than large ones, and none without end.
func TestPoolGrowsWithSmallBatchesOnly(t *testing.T) {
	const workers = 2 // of newTest
	for size, want := range map[int]int{10: workers + mostAhead, smallBatch + 1: workers + leastAhead} {
		synctest.Test(t, func(t *testing.T) {
			rec, batches := stalled{make(chan struct{})}, 0
			p := newTest(t, &sized{left: 40, size: size}, rec, func(c *setup) {
				c.NewArena = func() *event.Arena { batches++; return event.NewArena(nil, nil) }
			})
			done := make(chan error, 1)
			go func() { done <- p.Run(t.Context()) }()
			synctest.Wait()
			if batches != want {
				t.Errorf("events of %d bytes: %d batches while nothing moves, want %d", size, batches, want)
			}
			close(rec.until)
			if err := <-done; err != nil || p.Stats().Events != 40 {
				t.Errorf("events of %d bytes: %d events, error %v", size, p.Stats().Events, err)
			}
		})
	}
}

// A reader that is a worker takes what waits for one while there is no batch to fill.
func TestReaderEvaluatesWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newTest(t, &stream{}, nil, nil).lanes[0]
		var all []*job
		for len(all) < cap(l.free) {
			all = append(all, l.take(t.Context()))
		}
		l.reader = newWorker(l.p, l.plugins)
		taken := make(chan *job)
		go func() { taken <- l.take(t.Context()) }()
		for _, j := range all[:3] {
			l.work <- j
		}
		synctest.Wait()
		for i, j := range all {
			if evaluated := len(j.ready) == 1; evaluated != (i < 3) {
				t.Errorf("batch %d: evaluated %v, want %v", i, evaluated, i < 3)
			}
		}
		l.free <- all[0]
		if j := <-taken; j != all[0] {
			t.Error("the reader did not go on with the batch that became free")
		}
	})
}

// The reader and the workers share the batches, and all of them are evaluated.
func TestReaderIsOneOfTheWorkers(t *testing.T) {
	src := &sized{left: 500, size: 1}
	rec := &recorder{}
	p := newTest(t, src, rec, func(c *setup) { c.Inputs[0].Workers = max(2, runtime.GOMAXPROCS(0)) })
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(rec.nums) != 500 || !slices.IsSorted(rec.nums) || p.lanes[0].reader == nil {
		t.Errorf("%d events in order %v, want 500; reader %v", len(rec.nums), slices.IsSorted(rec.nums), p.lanes[0].reader)
	}
}

func TestBetweenTwoReads(t *testing.T) {
	src := &stream{steps: []step{{times: []uint64{1}}, {}, {}, {times: []uint64{2, 3}}}}
	calls := 0
	p := newTest(t, src, nil, func(c *setup) { c.Inputs[0].Between = func() { calls++ } })
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if calls != 5 { // also behind reads that bring nothing, and behind the last one
		t.Errorf("%d calls, want 5", calls)
	}
	if got := p.Stats().Inputs["dummy"]; got != 3 {
		t.Errorf("%d events of the input, want 3", got)
	}
}
