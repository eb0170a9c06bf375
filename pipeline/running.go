// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"time"
)

// Running is a running input. It is safe for concurrent use.
type Running struct {
	cancel context.CancelFunc
	done   chan struct{}
	err    error // set before done is closed
}

// Begin starts reading an input, in addition to the running ones. Inputs are independent: a
// failure ends only the failed one. Inputs with the same name must not run at the same time; the
// next one continues the event numbers and counts of the previous one. The input is stopped when
// ctx is done.
func (p *Pipeline) Begin(ctx context.Context, in Input) *Running { return p.begin(ctx, newLane(p, in)) }

func (p *Pipeline) begin(ctx context.Context, l *lane) *Running {
	ctx, cancel := context.WithCancel(ctx)
	r := &Running{cancel: cancel, done: make(chan struct{})}
	p.stats.begin(time.Now())
	go func() {
		r.err = l.run(ctx)
		l.count.num.Store(l.num)
		p.stats.end(time.Now())
		cancel()
		close(r.done)
	}()
	return r
}

// Stop stops reading the input. Events that were read are still evaluated and their alerts passed
// to the sink. Stop does not wait for that, see Done.
func (r *Running) Stop() { r.cancel() }

// Done is closed when all alerts have been passed to the sink, all batches are acknowledged and
// the stream is closed; or when the source is stuck.
func (r *Running) Done() <-chan struct{} { return r.done }

// Err waits until the input is done. It returns nil if the stream ended or was stopped, else the
// error. The error wraps [ErrStuck] if a call did not return.
func (r *Running) Err() error {
	<-r.done
	return r.err
}
