// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// PullFunc returns the next event: its payload, which is copied, and its time in nanoseconds
// since the epoch, 0 or [abi.NoTime] for the time of reading. It waits for an event until ctx
// is done and then returns ctx's error. io.EOF ends the stream; any other error is a failure
// that ends it. With an error, data is ignored. It must not keep ctx.
type PullFunc func(ctx context.Context) (data []byte, ts uint64, err error)

// Pull returns a stream of the events that next returns, one per call.
//
// A batch ends when it is full, when the batch timeout has passed, or when the stream ends. It
// waits for its first event until the host's context is done. Events before an error are
// delivered. A stream that has ended stays ended. While next does not wait, a batch does not
// allocate.
func Pull(next PullFunc, opts StreamOptions) event.Source {
	opts.fill()
	opts.Ack = nil // events of a PullFunc have no tokens
	return opts.wrap(&pullStream{next: next, opts: opts})
}

type pullStream struct {
	next PullFunc
	opts StreamOptions
	end  error
	rest *restContext // of the previous batch, if it can be reused
}

func (s *pullStream) Next(ctx context.Context, b *event.Batch) error {
	stop := s.opts.stopAt(b)
	if s.end != nil || !s.take(ctx, b) || ctx.Err() != nil || len(b.Events) >= stop {
		return s.end
	}
	if s.rest == nil {
		s.rest = &restContext{}
	}
	rest := s.rest
	rest.begin(ctx, s.opts.BatchTimeout)
	// Read the clock after 1, 2, 4, ... events: often enough for a slow source that ignores
	// its context, and rarely enough for a fast one.
	for n, look := 1, 1; len(b.Events) < stop && s.take(rest, b); n++ {
		if n < look {
			continue
		}
		if rest.Err() != nil {
			break
		}
		look = min(2*n, n+maxUnwatched)
	}
	if rest.end() {
		s.rest = nil
	}
	return s.end
}

// maxUnwatched is the maximum number of events between reads of the clock.
const maxUnwatched = 64

// take adds the next event. It reports whether there was one.
func (s *pullStream) take(ctx context.Context, b *event.Batch) bool {
	data, ts, err := s.next(ctx)
	if err != nil {
		if !isContext(err) || ctx.Err() == nil {
			s.end = err
		}
		return false
	}
	s.end = s.opts.add(b, data, ts)
	return s.end == nil
}

func (s *pullStream) Close() error { return s.opts.close() }

// isContext reports whether err is the error of a done context.
func isContext(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// restContext is the context for the rest of a batch, after its first event. It starts its timer
// only when something waits for it; if nothing did, the next batch reuses it.
type restContext struct {
	parent   context.Context
	deadline time.Time

	mu     sync.Mutex
	timed  context.Context // nil until something waits
	cancel context.CancelFunc
}

// begin prepares c for a batch.
func (c *restContext) begin(parent context.Context, timeout time.Duration) {
	c.parent, c.deadline = parent, time.Now().Add(timeout)
	if d, ok := parent.Deadline(); ok && d.Before(c.deadline) {
		c.deadline = d
	}
}

// end ends the batch and reports whether something waited, in which case c cannot be reused.
func (c *restContext) end() (waited bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timed == nil {
		return false
	}
	c.cancel()
	return true
}

// Deadline implements [context.Context].
func (c *restContext) Deadline() (time.Time, bool) { return c.deadline, true }

// Value implements [context.Context].
func (c *restContext) Value(key any) any { return c.parent.Value(key) }

// Done implements [context.Context].
func (c *restContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timed == nil {
		c.timed, c.cancel = context.WithDeadline(c.parent, c.deadline)
	}
	return c.timed.Done()
}

// Err implements [context.Context].
func (c *restContext) Err() error {
	c.mu.Lock()
	timed := c.timed
	c.mu.Unlock()
	if timed != nil {
		return timed.Err()
	}
	if err := c.parent.Err(); err != nil {
		return err
	}
	if !time.Now().Before(c.deadline) {
		return context.DeadlineExceeded
	}
	return nil
}
