// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// endless has an event a second until it is stopped.
type endless struct{ closed bool }

func (s *endless) Next(ctx context.Context, b *event.Batch) error {
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
		b.Add(3, 1, []byte("x"))
	}
	return nil
}

func (s *endless) Close() error { s.closed = true; return nil }

// TestInputsComeAndGo: inputs begin and end while others run; the next input of a name goes
// on with the numbers and the counts of the last one.
func TestInputsComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Config{Sink: noSink{t}})
		first, other, rec := &endless{}, &endless{}, &recorder{}
		a := p.Begin(t.Context(), Input{Name: "a", Stream: first, Workers: 2, Recorder: rec})
		b := p.Begin(t.Context(), Input{Name: "b", Stream: other, Workers: 1})
		time.Sleep(3500 * time.Millisecond) // of the bubble's clock
		a.Stop()
		if err := a.Err(); err != nil || !first.closed || other.closed {
			t.Fatalf("error %v, closed %v, the other one closed %v", err, first.closed, other.closed)
		}
		a = p.Begin(t.Context(), Input{Name: "a", Stream: &endless{}, Workers: 2, Recorder: rec})
		time.Sleep(2 * time.Second)
		a.Stop()
		<-a.Done()
		b.Stop()
		if err := b.Err(); err != nil {
			t.Fatal(err)
		}
		if want := []uint64{1, 2, 3, 4, 5}; !slices.Equal(rec.nums, want) {
			t.Errorf("numbers %v, want %v", rec.nums, want)
		}
		time.Sleep(time.Hour) // does not count, as nothing runs
		s := p.Stats()
		if s.Inputs["a"] != 5 || s.Inputs["b"] != 5 || s.Events != 10 || s.Elapsed != 5500*time.Millisecond {
			t.Errorf("stats %+v, want 5 events of each input in 5.5 s", s)
		}
	})
}

// TestAFailureStaysItsOwn: an input that fails stops no other one.
func TestAFailureStaysItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Config{Sink: noSink{t}})
		ctx, cancel := context.WithCancel(t.Context())
		good := p.Begin(ctx, Input{Name: "good", Stream: &endless{}, Workers: 1})
		bad := p.Begin(ctx, Input{Name: "bad", Stream: &stream{steps: []step{{err: io.ErrUnexpectedEOF}}}, Workers: 1})
		if err := bad.Err(); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("error %v, want the source's", err)
		}
		synctest.Wait()
		select {
		case <-good.Done():
			t.Error("the other input ended")
		default:
		}
		cancel()
		if err := good.Err(); err != nil {
			t.Error(err)
		}
	})
}
