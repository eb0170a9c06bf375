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

// lane is the way of one input's batches: reader, workers, sequencer.
type lane struct {
	p    *Pipeline
	in   Input
	acks *acks // nil unless the source acknowledges

	plugins *companions

	reader *worker // the worker that the reader is while it waits; nil if it is none

	free  chan *job // jobs that nobody uses; has room for all there may be
	work  chan *job // read, to be evaluated; the reader closes it
	order chan *job // the same jobs in the order of reading; the reader closes it

	jobs int // how many there are; the reader's
	size int // of the last batch's events, in bytes; the reader's

	count   *inputCount
	num     uint64 // number of the last event
	first   uint64 // time of the first event of the stream
	started bool
	cut     bool // the last batch lost events to the limit of Config.MaxTime
	shown   time.Time
}

// job is a batch on its way, with what the worker found.
type job struct {
	batch   *event.Batch
	gen     *generation     // from reading to release
	program *engine.Program // of it, for the batch's source; nil if it has no rules
	ack     *pending        // nil if the batch needs no acknowledgement
	cut     bool            // some of its events lie beyond the end of the stream
	found   found
	err     error
	ready   chan struct{} // the worker is done; holds one
}

// Sources have many events at once when they have read a file, and then none for as long as
// it takes to read the next one: that time is to be used.
const (
	// leastAhead is how many batches there are besides those that workers evaluate.
	leastAhead = 2
	// mostAhead is how many there can be, if the workers do not keep up and events are small.
	mostAhead = 10
	// smallBatch is up to how many bytes of events a batch counts as small.
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

// take returns a job that nobody uses, a new one if there may be more, or nil once ctx is
// done. While there is none the reader evaluates what waits for a worker.
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

// size returns how many bytes the events have.
func size(events []event.Event) (n int) {
	for i := range events {
		n += len(events[i].Data)
	}
	return n
}

// run moves the input's events until the stream ends or ctx is done.
func (l *lane) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := l.plugins.open(); err != nil {
		return errors.Join(err, l.close(nil))
	}
	threads := max(l.in.Workers, 1)
	if threads > 1 && threads >= runtime.GOMAXPROCS(0) {
		// All processors are taken. One worker more would take time from the reader, for
		// which the others then wait.
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
		return readErr // its goroutine may still use the lane
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

// close ends the part of the plugins and closes the stream. err is what happened before.
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

// readGuarded runs the reader, and gives up on it if it does not end in time once ctx is
// done: a foreign library cannot be interrupted.
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
		return fmt.Errorf("source %s: %w", l.in.Name, ErrStuck)
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

// fill has the source fill the batch until it has an event, and completes the events.
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
	// injectWithin is how long an event that a plugin injects waits for the source at most.
	injectWithin = 30 * time.Millisecond
	// betweenWithin is how late [Input.Between] may be.
	betweenWithin = 500 * time.Millisecond
)

// next asks the source for events. It may wait for some as long as nothing else is due.
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

// inject adds the events of plugins to a batch that the source filled, which returned err.
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

// now is the clock's time, in whole microseconds.
func (l *lane) now() uint64 { return l.p.cfg.Now() / 1000 * 1000 }

// complete gives the events their numbers and times, and reports whether the stream has
// reached the limit of Config.MaxTime; events beyond it are cut off.
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

// showProgress publishes how far the stream is, a few times a second.
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
