// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/pipeline"
)

// stream is the running stream: what is made of the current configuration, and the inputs
// that are read. One goroutine, that of run, begins, ends and replaces inputs; all others
// tell it through channels.
type stream struct {
	out      *outputs
	opts     Options
	pipeline *pipeline.Pipeline
	now      atomic.Pointer[current] // read by metrics too

	snapshots *snapshots

	inputs []*input // those that run, or wait to be opened again
	idle   bool     // the run goes on without inputs

	stopping bool                 // nothing is opened any more
	stuck    error                // a reload met a source that did not return
	left     []*assembly.Assembly // replaced, but not closed yet
	ended    chan *input          // from a goroutine per input
	retry    chan *input          // from a timer per input
	over     chan struct{}        // closed at the end of run, so that nobody waits for it

	reloads reloads
	watch   *fileWatch // nil if files are not watched
}

// current is the configuration that is in force.
type current struct {
	asm     *assembly.Assembly
	digests map[string]string // of rules and configuration files, by name of a metric
	since   time.Time
}

// input is an event source that is read.
type input struct {
	name     string
	running  *pipeline.Running // nil while it waits to be opened again
	recorder io.Closer         // nil if it has none, or it was closed
	began    time.Time
	failures int // in a row
	timer    *time.Timer
}

// newStream prepares a stream. Nothing is opened yet.
func newStream(a *assembly.Assembly, out *outputs, asked reloads, o Options) *stream {
	s := &stream{
		out: out, opts: o, reloads: asked, ended: make(chan *input), retry: make(chan *input), over: make(chan struct{}),
		pipeline: pipeline.New(pipeline.Config{
			Generation: a.Generation(), Sink: out.sink, MaxTime: o.MaxTime, NewArena: assembly.NewArena, Log: o.Log,
		}),
	}
	s.now.Store(&current{a, digests(a), o.Started})
	return s
}

// run opens the event sources and runs the rules on their events until they have ended, one
// of them fails for good, or ctx is done.
func (s *stream) run(ctx context.Context) error {
	defer close(s.over)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := s.open(ctx)
	if err == nil {
		asm := s.now.Load().asm
		if s.opts.Load != nil && asm.Config.WatchFiles && !asm.Replaying() {
			s.watch = watchFiles(asm, s.reloads, watchAfter, s.opts.Log)
			defer s.watch.close()
		}
		stop := func() {}
		if s.opts.Watch != nil {
			stop = s.opts.Watch(s.pipeline)
		}
		err = s.supervise(ctx, cancel)
		stop()
	}
	return errors.Join(err, s.snapshots.close())
}

// open opens all event sources and begins to read them.
func (s *stream) open(ctx context.Context) (err error) {
	if s.snapshots, err = s.newSnapshots(); err != nil {
		return err
	}
	asm := s.now.Load().asm
	inputs, err := asm.Open(s.recorder(asm))
	if err != nil {
		return err
	}
	if len(inputs) == 0 {
		s.opts.Log.Warn("There is no event source to read from: load a plugin that has one (gyr plugin list)")
		s.idle = asm.Config.Engine.Kind == "nodriver" // as in Falco, which waits for events that never come
	}
	for _, in := range inputs {
		i := &input{name: in.Name}
		s.inputs = append(s.inputs, i)
		s.begin(ctx, i, in)
	}
	return nil
}

// begin reads an input from now on.
func (s *stream) begin(ctx context.Context, i *input, in pipeline.Input) {
	in.Between = s.snapshots.between(in.Name)
	i.running, i.began = s.pipeline.Begin(ctx, in), time.Now()
	i.recorder, _ = in.Recorder.(io.Closer)
	running := i.running
	go func() {
		<-running.Done()
		select {
		case s.ended <- i:
		case <-s.over:
		}
	}()
}

// supervise waits until no input is left. The first failure stops the others, unless the
// configuration wants sources to be restarted.
func (s *stream) supervise(ctx context.Context, stop func()) error {
	var first error
	stopped := ctx.Done()
	var enough <-chan time.Time // there are no events that could say how much time is over
	if s.idle && s.opts.MaxTime > 0 {
		t := time.NewTimer(s.opts.MaxTime)
		defer t.Stop()
		enough = t.C
	}
	for len(s.inputs) > 0 || s.idle {
		select {
		case <-enough:
			s.idle = false
		case i := <-s.ended:
			first = worse(first, s.finish(i), stop)
		case i := <-s.retry:
			s.reopen(ctx, i)
		case <-stopped:
			stopped, s.idle = nil, false
			s.forgetWaiting()
		case r := <-s.reloads:
			r.answer(s.reload(ctx, r.why))
			first = worse(first, s.stuck, stop)
		}
	}
	return first
}

// worse returns the first error, after which it calls stop. It adds that a source is stuck,
// whenever that comes, as then nothing may be closed.
func worse(first, err error, stop func()) error {
	switch {
	case err == nil:
		return first
	case first == nil:
		stop()
		return err
	case errors.Is(err, pipeline.ErrStuck) && !errors.Is(first, pipeline.ErrStuck):
		return errors.Join(first, err)
	}
	return first
}
