// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// PullFunc returns the next event: its payload, which is copied, and its time in
// nanoseconds since the epoch, 0 or [abi.NoTime] for the time of reading. It waits for an
// event until ctx is done, but no longer, and then returns ctx's error. io.EOF ends the
// stream, any other error ends it as a failure. With an error the data is ignored. It does
// not keep ctx after it has returned.
type PullFunc func(ctx context.Context) (data []byte, ts uint64, err error)

// Pull returns a stream of the events that next returns, one per call.
//
// A batch ends when it is full, when the batch timeout is over, or when the stream ends. For
// its first event it waits as long as the host lets it. Events that came before an error
// are delivered. After its end a stream stays ended. As long as next does not wait a batch
// costs no allocation.
func Pull(next PullFunc, opts StreamOptions) event.Source {
	opts.fill()
	opts.Ack = nil // events of a PullFunc have no tokens
	return opts.wrap(&pullStream{next: next, opts: opts})
}

type pullStream struct {
	next PullFunc
	opts StreamOptions
	end  error
	rest *restContext // of the last batch, if it can be used again
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
	// The clock is looked at after 1, 2, 4, ... events: often enough for a source that is
	// slow and does not look at its context, seldom enough for one that is fast.
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

// maxUnwatched is how many events are taken without a look at the clock.
const maxUnwatched = 64

// take adds the next event and reports whether there was one.
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

// isContext reports whether err says that a context is done.
func isContext(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// restContext is the context for the rest of a batch, after its first event. It gets its
// timer only when somebody waits for it, and serves the next batch if nobody did.
type restContext struct {
	parent   context.Context
	deadline time.Time

	mu     sync.Mutex
	timed  context.Context // nil until somebody waits
	cancel context.CancelFunc
}

// begin makes c the context of a batch.
func (c *restContext) begin(parent context.Context, timeout time.Duration) {
	c.parent, c.deadline = parent, time.Now().Add(timeout)
	if d, ok := parent.Deadline(); ok && d.Before(c.deadline) {
		c.deadline = d
	}
}

// end ends the batch and reports whether somebody waited, so that c is used up.
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
