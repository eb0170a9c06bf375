// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
)

// lane moves the batches of one input: reader, workers, sequencer.
type lane struct {
	p    *Pipeline
	in   Input
	acks *acks // nil unless the source acknowledges

	plugins *companions

	reader *worker // used by the reader while it waits; nil if it is not a worker

	free  chan *job // free jobs; has room for all jobs
	work  chan *job // jobs to evaluate; closed by the reader
	order chan *job // the same jobs in the order of reading; closed by the reader

	jobs int // number of jobs; owned by the reader
	size int // size of the last batch's events in bytes; owned by the reader

	count   *inputCount
	num     uint64 // number of the last event
	first   uint64 // time of the first event of the stream
	started bool
	cut     bool // Config.MaxTime cut off events of the last batch
	shown   time.Time
}

// job is a batch in progress, with the result of its evaluation.
type job struct {
	batch   *event.Batch
	gen     *generation     // held from reading to release
	program *engine.Program // program of gen for the batch's source; nil without rules
	ack     *pending        // nil if the batch needs no acknowledgement
	cut     bool            // events beyond the end of the stream were cut off
	found   found
	err     error
	ready   chan struct{} // signals that the worker is done; capacity one
}

// A source has many events at once when it has read a file, and then none until it has read the
// next one. Reading ahead uses that time.
const (
	// leastAhead is the number of batches in addition to those that workers evaluate.
	leastAhead = 2
	// mostAhead is the maximum number, if the workers do not keep up and events are small.
	mostAhead = 10
	// smallBatch is the maximum size in bytes of a small batch.
	smallBatch = 1 << 20
)

func newLane(p *Pipeline, in Input) *lane {
	least, n := max(in.Workers, 1)+leastAhead, max(in.Workers, 1)+mostAhead
	if in.parse() {
		in.Workers, least, n = 1, 1, 1
	}
	count := p.stats.input(in.Name)
	l := &lane{p: p, in: in, count: count, num: count.num.Load(), plugins: newCompanions(&in, &p.cfg), free: make(chan *job, n), work: make(chan *job, n), order: make(chan *job, n)}
	for range least {
		l.free <- l.newJob()
	}
	if a, ok := in.Stream.(event.Acker); ok {
		l.acks = newAcks(a)
	}
	return l
}

func (l *lane) newJob() *job {
	l.jobs++
	return &job{batch: event.NewBatch(l.p.cfg.BatchSize, l.p.cfg.NewArena()), ready: make(chan struct{}, 1)}
}

// take returns a free job, a new job if the limit allows, or nil once ctx is done. While it
// waits, the reader evaluates waiting jobs.
func (l *lane) take(ctx context.Context) *job {
	select {
	case j := <-l.free:
		return j
	default:
	}
	if l.jobs < cap(l.free) && l.size <= smallBatch {
		return l.newJob()
	}
	waiting := l.work
	if l.reader == nil {
		waiting = nil
	}
	for {
		select {
		case j := <-l.free:
			return j
		case j := <-waiting:
			l.reader.finish(j)
		case <-ctx.Done():
			return nil
		}
	}
}

// size returns the total size of the events in bytes.
func size(events []event.Event) (n int) {
	for i := range events {
		n += len(events[i].Data)
	}
	return n
}

// run processes the input's events until the stream ends or ctx is done.
func (l *lane) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := l.plugins.open(); err != nil {
		return errors.Join(err, l.close(nil))
	}
	threads := max(l.in.Workers, 1)
	if threads > 1 && threads >= runtime.GOMAXPROCS(0) {
		// All processors are in use. Another worker would take time from the reader, and the
		// others would wait for it.
		threads, l.reader = threads-1, newWorker(l.p, l.plugins)
	}
	var workers sync.WaitGroup
	for range threads {
		workers.Go(func() { newWorker(l.p, l.plugins).run(l.work) })
	}
	if l.acks != nil {
		go l.acks.run()
	}
	sequenced := make(chan error, 1)
	go func() { sequenced <- l.sequence(cancel) }()

	readErr := l.readGuarded(ctx)
	if errors.Is(readErr, ErrStuck) {
		return readErr // the goroutine may still use the lane
	}
	if l.reader != nil {
		l.reader.run(l.work)
	}
	workers.Wait()
	err := <-sequenced
	err = errors.Join(readErr, err)
	if l.acks != nil {
		if stuck := l.acks.drain(ctx, l.p.cfg.StopGrace); stuck != nil {
			return errors.Join(err, fmt.Errorf("source %s: %w", l.in.Name, stuck))
		}
	}
	return l.close(err)
}

// close stops the plugins and closes the stream. err is the error so far.
func (l *lane) close(err error) error {
	done := make(chan error, 1)
	go func() { done <- l.plugins.close() }()
	grace := time.NewTimer(l.p.cfg.StopGrace)
	defer grace.Stop()
	select {
	case pluginErr := <-done:
		err = errors.Join(err, pluginErr)
	case <-grace.C:
		return errors.Join(err, fmt.Errorf("source %s: a plugin %w", l.in.Name, ErrStuck))
	}
	err = errors.Join(err, l.in.Stream.Close())
	for range l.jobs {
		(<-l.free).batch.Arena.Free()
	}
	return err
}

// readGuarded runs the reader. It gives up if the reader does not end in time after ctx is done,
// since a foreign library cannot be interrupted.
func (l *lane) readGuarded(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- l.read(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	grace := time.NewTimer(l.p.cfg.StopGrace)
	defer grace.Stop()
	select {
	case err := <-done:
		return err
	case <-grace.C:
		return fmt.Errorf("source %s: reading %w", l.in.Name, ErrStuck)
	}
}

// read fills batches until the stream ends.
func (l *lane) read(ctx context.Context) error {
	defer close(l.work)
	defer close(l.order)
	for {
		j := l.take(ctx)
		if j == nil {
			return nil
		}
		err := l.fill(ctx, j.batch)
		l.size = size(j.batch.Events)
		if len(j.batch.Events) > 0 || j.batch.Token != nil {
			j.gen = l.p.generation()
			j.program = j.gen.Programs[j.batch.Source]
			if j.batch.StateOnly {
				j.program = nil
			}
			if l.acks != nil && j.batch.Token != nil {
				j.ack, j.cut = l.acks.add(j.batch.Token), l.cut
			}
			l.work <- j
			l.order <- j
		} else {
			j.batch.Release()
			l.free <- j
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case l.acks != nil && !l.acks.wait(ctx):
			return nil
		}
	}
}

// fill reads from the source until the batch has an event, and completes the events.
func (l *lane) fill(ctx context.Context, b *event.Batch) error {
	for {
		b.Source = l.in.Name
		err := l.next(ctx, b)
		if l.in.Between != nil {
			l.in.Between()
		}
		if ctx.Err() != nil && err == nil {
			err = io.EOF
		}
		if l.plugins.queue != nil {
			err = l.inject(b, err)
		}
		l.showProgress(err != nil)
		if l.complete(b) && err == nil {
			return io.EOF // the time limit is reached
		}
		if err != nil && err != io.EOF {
			return fmt.Errorf("source %s: %w", l.in.Name, err)
		}
		if err != nil || len(b.Events) > 0 || b.Token != nil {
			return err
		}
	}
}

const (
	// injectWithin is the maximum time that an injected event waits for the source.
	injectWithin = 30 * time.Millisecond
	// betweenWithin is the maximum delay of [Input.Between].
	betweenWithin = 500 * time.Millisecond
)

// next requests events from the source. It may wait for events until something else is due.
func (l *lane) next(ctx context.Context, b *event.Batch) error {
	wait := ctx
	var cancel context.CancelFunc
	switch {
	case l.plugins.queue != nil:
		wait, cancel = context.WithTimeout(ctx, injectWithin)
		defer cancel()
	case l.in.Between != nil:
		wait, cancel = context.WithTimeout(ctx, betweenWithin)
		defer cancel()
	}
	return l.in.Stream.Next(wait, b)
}

// inject adds injected events to a batch that the source has filled. err is the source's error.
func (l *lane) inject(b *event.Batch, err error) error {
	pause := len(b.Events) == 0
	if err != nil {
		if stopErr := l.plugins.stopInjecting(); stopErr != nil && err == io.EOF {
			err = stopErr
		}
	}
	for i := range b.Events {
		if e := &b.Events[i]; e.Time == abi.NoTime {
			e.SetTime(l.now())
		}
	}
	l.plugins.queue.merge(b, pause || err != nil)
	return err
}

// now returns the current time, truncated to microseconds.
func (l *lane) now() uint64 { return l.p.cfg.Now() / 1000 * 1000 }

// complete sets the numbers and times of the events. It reports whether the stream has reached
// Config.MaxTime; events beyond it are cut off.
func (l *lane) complete(b *event.Batch) bool {
	var now uint64
	for i := range b.Events {
		e := &b.Events[i]
		if e.Time == abi.NoTime {
			if now == 0 {
				now = l.now()
			}
			e.SetTime(now)
		}
		if !l.started && !e.IsAsync() {
			l.started, l.first = true, e.Time
		}
		if l.p.cfg.MaxTime > 0 && l.started && int64(e.Time-l.first) >= int64(l.p.cfg.MaxTime) {
			b.Events = b.Events[:i]
			b.Start, l.cut = l.first, true
			return true
		}
		if e.Num == 0 {
			e.Num = l.num + 1
		}
		l.num = e.Num
	}
	b.Start = l.first
	return false
}

// showProgress publishes the progress of the stream, a few times per second.
func (l *lane) showProgress(last bool) {
	src, ok := l.in.Stream.(event.Progresser)
	if !ok {
		return
	}
	if now := time.Now(); last || now.Sub(l.shown) > 100*time.Millisecond {
		l.shown = now
		share, text := src.Progress()
		l.p.stats.progress.Store(&Progress{Source: l.in.Name, Share: share, Text: text})
	}
}
