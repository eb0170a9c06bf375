// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// DefaultBatchTimeout is how long [Pull] and [Push] streams wait for more events after the
// first event of a batch.
const DefaultBatchTimeout = 30 * time.Millisecond

// MaxEventSize is the largest payload of any stream, in bytes.
const MaxEventSize = 1 << 30

// StreamOptions configures [Pull] and [Push]. The zero value is ready to use.
type StreamOptions struct {
	// BatchSize is the maximum number of events in a batch; 0 means the host's maximum.
	BatchSize int
	// BatchTimeout is the maximum time between a batch's first event and its end; 0 means
	// [DefaultBatchTimeout].
	BatchTimeout time.Duration
	// MaxEventSize is the largest payload in bytes; 0 means [MaxEventSize]. A larger
	// event is an error that ends the stream.
	MaxEventSize int
	// Progress, if set, makes the stream an [event.Progresser].
	Progress func() (share float64, text string)
	// Ack, if set, makes a [Push] stream an [event.Acker]: it is called with the tokens of a
	// batch's events when all their alerts are done, or with an error if they are not. It may
	// be called by any goroutine, but not after Close.
	Ack func(tokens []any, err error)
	// ReadAhead is the maximum number of unacknowledged batches; 0 means 16.
	ReadAhead int
	// Close, if set, is called once when the stream is closed.
	Close func() error
}

// PushEvent is an event for a [Push] stream, or the error that ends the stream.
type PushEvent struct {
	// Data is the payload. It must not change until the stream has received the next event.
	Data []byte
	// Time is in nanoseconds since the epoch, 0 or [abi.NoTime] for the time of reading.
	Time uint64
	// Token, if not nil, is passed to [StreamOptions.Ack].
	Token any
	// Err ends the stream; io.EOF is the regular end. Data is then ignored.
	Err error
}

// Push returns a stream of the events received from ch. It ends when ch is closed. The sender
// must stop when Close is called ([StreamOptions]). Batches end as in [Pull].
func Push(ch <-chan PushEvent, opts StreamOptions) event.Source {
	opts.fill()
	return opts.wrap(&pushStream{ch: ch, opts: opts})
}

type pushStream struct {
	ch    <-chan PushEvent
	opts  StreamOptions
	timer *time.Timer
	end   error

	tokens []any // of the current batch
}

func (s *pushStream) Next(ctx context.Context, b *event.Batch) error {
	err := s.fill(ctx, b)
	if s.tokens != nil {
		b.Token, s.tokens = s.tokens, nil
	}
	return err
}

func (s *pushStream) fill(ctx context.Context, b *event.Batch) error {
	stop := s.opts.stopAt(b)
	if s.end != nil || !s.take(ctx, b, nil) || len(b.Events) >= stop {
		return s.end
	}
	if s.timer == nil {
		s.timer = time.NewTimer(s.opts.BatchTimeout)
	} else {
		s.timer.Reset(s.opts.BatchTimeout)
	}
	defer s.timer.Stop()
	for len(b.Events) < stop && s.take(ctx, b, s.timer.C) {
	}
	return s.end
}

// take adds the next event. It reports whether the batch may continue.
func (s *pushStream) take(ctx context.Context, b *event.Batch, up <-chan time.Time) bool {
	select {
	case e, ok := <-s.ch:
		if !ok {
			s.end = io.EOF
		} else if s.end = e.Err; s.end == nil {
			if s.end = s.opts.add(b, e.Data, e.Time); s.end == nil && e.Token != nil && s.opts.Ack != nil {
				s.tokens = append(s.tokens, e.Token)
			}
		}
		return s.end == nil
	case <-up:
	case <-ctx.Done():
	}
	return false
}

func (s *pushStream) Close() error { return s.opts.close() }

// fill sets the defaults.
func (o *StreamOptions) fill() {
	if o.BatchTimeout <= 0 {
		o.BatchTimeout = DefaultBatchTimeout
	}
	if o.MaxEventSize <= 0 || o.MaxEventSize > MaxEventSize {
		o.MaxEventSize = MaxEventSize
	}
}

// stopAt returns the number of events at which b is full.
func (o *StreamOptions) stopAt(b *event.Batch) int {
	if o.BatchSize > 0 {
		return min(b.Max, len(b.Events)+o.BatchSize)
	}
	return b.Max
}

func (o *StreamOptions) add(b *event.Batch, data []byte, ts uint64) error {
	if len(data) > o.MaxEventSize {
		return fmt.Errorf("event of %d bytes exceeds the limit of %d", len(data), o.MaxEventSize)
	}
	if ts == 0 {
		ts = abi.NoTime
	}
	b.Add(0, ts, data)
	return nil
}

func (o *StreamOptions) close() error {
	if o.Close == nil {
		return nil
	}
	f := o.Close
	o.Close = nil
	return f()
}

// wrap adds the optional interfaces to s.
func (o *StreamOptions) wrap(s event.Source) event.Source {
	p, a := progress{o.Progress}, acks{o.Ack, o.ReadAhead}
	switch {
	case o.Progress != nil && o.Ack != nil:
		return struct {
			event.Source
			progress
			acks
		}{s, p, a}
	case o.Progress != nil:
		return struct {
			event.Source
			progress
		}{s, p}
	case o.Ack != nil:
		return struct {
			event.Source
			acks
		}{s, a}
	}
	return s
}

// progress implements [event.Progresser].
type progress struct{ ask func() (float64, string) }

// Progress implements [event.Progresser].
func (p progress) Progress() (float64, string) { return p.ask() }

// acks implements [event.Acker].
type acks struct {
	ack   func(tokens []any, err error)
	ahead int
}

// defaultReadAhead is the default of StreamOptions.ReadAhead.
const defaultReadAhead = 16

// Ack implements [event.Acker].
func (a acks) Ack(token any, err error) {
	if tokens, ok := token.([]any); ok {
		a.ack(tokens, err)
	}
}

// ReadAhead implements [event.Acker].
func (a acks) ReadAhead() int {
	if a.ahead <= 0 {
		return defaultReadAhead
	}
	return a.ahead
}
