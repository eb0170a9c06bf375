// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"time"
)

// Running is an input that is read. Its methods may be called from any goroutine.
type Running struct {
	cancel context.CancelFunc
	done   chan struct{}
	err    error // before done is closed
}

// Begin reads an input from now on, next to those that are read already. Inputs do not
// affect each other: a failure ends only the one that fails. Several inputs of one name
// must not run at the same time; the next one goes on with the numbers of the events and
// the counts of the last one. The input is stopped when ctx is done.
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

// Stop ends the input: nothing more is read, and what was read is evaluated and handed to
// the sink. It does not wait for that, see Done.
func (r *Running) Stop() { r.cancel() }

// Done is closed when everything that was read is handed to the sink, the source has its
// acknowledgements and its stream is closed; or when the source turned out to be stuck.
func (r *Running) Done() <-chan struct{} { return r.done }

// Err waits until the input is done and returns nil if its stream ended or was stopped,
// else the failure. It wraps [ErrStuck] if the source did not return.
func (r *Running) Err() error {
	<-r.done
	return r.err
}
