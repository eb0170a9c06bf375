// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/output"
)

// ack is an acknowledgement that a source got.
type ack struct {
	token any
	err   error
}

// acked is a stream that notes its acknowledgements.
type acked struct {
	stream
	mu    sync.Mutex
	got   []ack
	ahead int
	late  bool   // one came after Close
	onAck func() // called by Ack, if not nil
}

func (a *acked) Ack(token any, err error) {
	if a.onAck != nil {
		a.onAck()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.got = append(a.got, ack{token, err})
	a.late = a.late || a.closed
}

func (a *acked) ReadAhead() int { return a.ahead }

// is reports an error if the acknowledgements are not those of want: "1 2 3!" are three, the
// third with an error.
func (a *acked) is(t *testing.T, want string) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	got := ""
	for _, k := range a.got {
		got += fmt.Sprintf(" %v", k.token)
		if k.err != nil {
			got += "!"
		}
	}
	if got = strings.TrimSpace(got); got != want {
		t.Errorf("acknowledged %q, want %q", got, want)
	}
	if a.late {
		t.Error("acknowledged after Close")
	}
}

// batches adds n batches of one event with the tokens 1 to n.
func (a *acked) batches(n int) *acked {
	for i := range n {
		a.steps = append(a.steps, step{times: []uint64{uint64(i)}, token: i + 1})
	}
	return a
}

// holding is a sink that keeps the done functions, by event number.
type holding struct {
	mu   sync.Mutex
	done map[uint64]func(error)
}

func (h *holding) Write(alerts []alert.Alert, done func(error)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.done == nil {
		h.done = map[uint64]func(error){}
	}
	h.done[alerts[0].Num] = done
}

func (h *holding) Close() error { return nil }

// finish says that the alerts about an event are dealt with.
func (h *holding) finish(num uint64, err error) {
	h.mu.Lock()
	done := h.done[num]
	h.mu.Unlock()
	done(err)
}

func TestAcksKeepTheOrderOfBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &acked{}
		a := newAcks(src)
		go a.run()
		one, two, three := a.add(1), a.add(2), a.add(3)
		a.finish(three, nil)
		a.finish(two, errors.New("no"))
		synctest.Wait()
		src.is(t, "")
		a.finish(one, nil)
		synctest.Wait()
		src.is(t, "1 2! 3")
		a.finish(two, nil) // a sink that calls done twice
		if err := a.drain(t.Context(), time.Second); err != nil {
			t.Error(err)
		}
		a.finish(one, nil)
		src.is(t, "1 2! 3")
	})
}

// An acknowledgement that takes its time holds up neither what delivers alerts nor what
// reads on, within the bound.
func TestSlowAcknowledgement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		block := make(chan struct{})
		src := (&acked{ahead: 3, onAck: func() { <-block }}).batches(9)
		k := &keeper{}
		p := newTest(t, src, nil, func(s *setup) { s.Sink, s.Generation = k, generationOf(t, "r", "x", alert.Encoder{}) })
		ended := make(chan error, 1)
		go func() { ended <- p.Run(t.Context()) }()
		synctest.Wait()
		if n := len(k.nums()); n != 4 || src.at != 4 {
			t.Errorf("%d alerts are delivered and %d batches read during the first acknowledgement, want 4", n, src.at)
		}
		close(block)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		src.is(t, "1 2 3 4 5 6 7 8 9")
	})
}

func TestEveryBatchIsAcknowledged(t *testing.T) {
	src := (&acked{ahead: 1}).batches(50)
	if err := newTest(t, src, nil, nil).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(src.got) != 50 || src.late {
		t.Errorf("%d acknowledgements, want 50; after Close: %v", len(src.got), src.late)
	}
	if !slices.IsSortedFunc(src.got, func(a, b ack) int { return a.token.(int) - b.token.(int) }) {
		t.Errorf("acknowledged out of order: %v", src.got)
	}
}

func TestReadAheadIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &acked{ahead: 2}
		a := newAcks(src)
		go a.run()
		var all []*pending
		for i := range 3 {
			all = append(all, a.add(i))
		}
		ok := make(chan bool, 1)
		go func() { ok <- a.wait(t.Context()) }()
		synctest.Wait()
		select {
		case <-ok:
			t.Error("reads on with 3 batches open, want at most 2")
		default:
		}
		a.finish(all[0], nil)
		if !<-ok {
			t.Error("the reader was not let on")
		}
		a.finish(all[1], nil)
		a.finish(all[2], nil)
		if err := a.drain(t.Context(), time.Second); err != nil {
			t.Error(err)
		}
	})
}

// A batch that fails is acknowledged with the error, behind the one before, whose alerts are
// delivered later; so are those that were read meanwhile.
func TestFailingBatchBehindAGoodOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		src := (&acked{ahead: 9}).batches(3)
		h := &holding{}
		p := newTest(t, src, nil, func(s *setup) {
			s.Sink, s.Generation = h, generationOf(t, "r", "x", alert.Encoder{})
			s.Evaluate = func(w *engine.Worker, b *event.Batch, m engine.Handler) error {
				if b.Events[0].Num == 2 {
					return boom
				}
				return w.Run(b, m)
			}
		})
		ended := make(chan error, 1)
		go func() { ended <- p.Run(t.Context()) }()
		synctest.Wait()
		src.is(t, "")
		h.finish(1, nil)
		if err := <-ended; !errors.Is(err, boom) {
			t.Errorf("error %v, want boom", err)
		}
		src.is(t, "1 2! 3!")
		if !errors.Is(src.got[1].err, boom) {
			t.Errorf("the second batch got %v", src.got[1].err)
		}
	})
}

// The recorder is a part of the batch's way, too.
func TestBatchThatIsNotRecordedIsNotAcknowledged(t *testing.T) {
	src := (&acked{ahead: 9}).batches(2)
	full := errors.New("disk full")
	if err := newTest(t, src, &recorder{err: full}, nil).Run(t.Context()); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	if len(src.got) == 0 || slices.ContainsFunc(src.got, func(a ack) bool { return !errors.Is(a.err, full) }) {
		t.Errorf("acknowledged %v, want the error", src.got)
	}
}

// When the pipeline stops it waits for alerts under way, but not without end: what is not
// dealt with by then is acknowledged as such, in order, and nothing follows.
func TestBatchesAreGivenUpAfterTheGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := (&acked{ahead: 9}).batches(3)
		h := &holding{}
		p := newTest(t, src, nil, func(s *setup) {
			s.Sink, s.Generation, s.StopGrace = h, generationOf(t, "r", "x", alert.Encoder{}), time.Minute
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		synctest.Wait() // the stream is at its end
		time.Sleep(24 * time.Hour)
		src.is(t, "") // a slow output is waited for as long as nobody stops gyr
		cancel()
		begin := time.Now()
		h.finish(2, nil)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if d := time.Since(begin); d != time.Minute {
			t.Errorf("waited %v, want a minute", d)
		}
		src.is(t, "1! 2 3!")
		h.finish(1, nil)
		h.finish(3, nil)
		src.is(t, "1! 2 3!")
	})
}

// A stop lets alerts under way arrive.
func TestStopWithBatchesInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := (&acked{ahead: 2}).batches(9)
		h := &holding{}
		p := newTest(t, src, nil, func(s *setup) { s.Sink, s.Generation = h, generationOf(t, "r", "x", alert.Encoder{}) })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		synctest.Wait()
		if src.at != 3 {
			t.Errorf("%d batches were read, want 3", src.at)
		}
		cancel()
		synctest.Wait()
		for _, num := range []uint64{3, 1, 2} {
			time.Sleep(time.Second)
			h.finish(num, nil)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		src.is(t, "1 2 3")
		if !src.closed {
			t.Error("the source is open")
		}
	})
}

// A source that does not return from an acknowledgement is not closed: it is in use.
func TestSourceThatDoesNotReturnFromAck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		block := make(chan struct{})
		src := (&acked{onAck: func() { <-block }}).batches(1)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := newTest(t, src, nil, nil).Run(ctx)
		if !errors.Is(err, ErrStuck) || !strings.Contains(err.Error(), "source dummy: an acknowledgement is stuck") {
			t.Errorf("error %v", err)
		}
		if src.closed {
			t.Error("the source was closed while it is called")
		}
		close(block)
	})
}

// Events beyond the time limit are not evaluated, so their batch is not dealt with.
func TestBatchThatIsCutIsNotDealtWith(t *testing.T) {
	src := &acked{ahead: 9, stream: stream{steps: []step{
		{times: []uint64{0}, token: 1}, {times: []uint64{1, 5e9}, token: 2}, {times: []uint64{6e9}, token: 3},
	}}}
	p := newTest(t, src, nil, func(s *setup) { s.MaxTime = 3 * time.Second })
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	src.is(t, "1 2!")
}

// dropping is a sink that drops what it gets, as an output may that has no room.
type dropping struct{ keeper }

func (d *dropping) Write(_ []alert.Alert, done func(error)) { done(nil) }

// What is dropped as the configuration says is dealt with.
func TestAlertsThatAreDroppedAreDealtWith(t *testing.T) {
	src := (&acked{ahead: 1}).batches(3)
	p := newTest(t, src, nil, func(s *setup) { s.Sink, s.Generation = &dropping{}, generationOf(t, "r", "x", alert.Encoder{}) })
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	src.is(t, "1 2 3")
}

// With several outputs a batch is dealt with when the last one is done with it; if one does
// not know what became of its alerts, the source learns that.
func TestOneOfSeveralOutputsFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := (&acked{ahead: 9}).batches(3)
		good, slow := &keeper{}, &holding{}
		p := newTest(t, src, nil, func(s *setup) {
			s.Sink, s.Generation = output.Fanout([]alert.Sink{good, slow}), generationOf(t, "r", "x", alert.Encoder{})
		})
		ended := make(chan error, 1)
		go func() { ended <- p.Run(t.Context()) }()
		synctest.Wait()
		if len(good.alerts) != 3 {
			t.Errorf("the good output has %d alerts, want all", len(good.alerts))
		}
		src.is(t, "")
		lost := errors.New("output closed")
		slow.finish(2, lost)
		slow.finish(1, nil)
		slow.finish(3, nil)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		src.is(t, "1 2! 3")
		if !errors.Is(src.got[1].err, lost) {
			t.Errorf("the second batch got %v", src.got[1].err)
		}
	})
}
