// SPDX-License-Identifier: Apache-2.0

// Package pipeline is the running stream: it reads event sources, has the engine evaluate
// the rules, and hands alerts to the outputs in the order of the events.
//
// # One pipeline per source
//
//	source ─► reader ─► worker 1..W ─► sequencer ─► sink
//	                                        └─────► recorder
//
// The reader fills batches, numbers their events and gives them a time. The workers
// evaluate batches independently of each other and render the alerts to bytes. The
// sequencer takes the batches in the order in which they were read.
//
// If there are as many workers as processors the reader is one of them: it evaluates while
// it has no batch to fill, and when the stream has ended. A source that computes, such as
// one that decompresses files, so has a processor for itself until it is far ahead.
//
// # What bounds it, who waits, who closes
//
// Batches come from a pool of W+2, which grows up to W+10 while the reader finds none free
// and the events of a batch have up to 1 MiB in all; then the reader waits, so that a slow
// output slows the source down and nothing is lost. A sink's Write may block. The
// reader ends at the end of the stream, at an error, or when the context is done; it then
// closes the channel to the workers and the one to the sequencer, which drain them. The
// source is closed when the sequencer has ended and every batch with a token is
// acknowledged. A failure of one source stops the others.
//
// # Plugins that do more than extract
//
// If a plugin parses events there is one batch and one worker: an event is shown to the
// parsers, in load order, and evaluated, then comes the next one. So the fields of an
// event tell nothing of later events, and no event is read before the last ones are dealt
// with. Events that plugins inject wait in a queue of 4096. When the source has filled a
// batch they take their place in it by their time, those without one at its end; when the
// source pauses or ends, all that are due follow.
//
// # Generations
//
// What a configuration makes of the events, the rules and the form of alerts, is one
// immutable [Generation] behind one pointer. The reader takes it once for each batch and
// the batch carries it to the worker and the sequencer; [Pipeline.Swap] exchanges it
// between two batches.
//
// # Acknowledgements
//
// A batch with a [event.Batch.Token] is acknowledged when the sink is done with all its
// alerts, in the order of the batches; see [event.Acker] and [alert.Sink] for what that
// says. The reader runs ahead of an acknowledging source only as far as the source allows.
// When the pipeline is to stop, batches whose alerts are not dealt with within
// [Config.StopGrace] are acknowledged with an error.
package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/rules"
)

// Input is an open event source.
type Input struct {
	// Name is the name of the event source. Batches get it as their source unless the
	// stream sets another one, as a capture file does.
	Name string
	// Stream is the open source. The pipeline closes it.
	Stream event.Source
	// Workers is how many batches are evaluated at once; at least 1.
	Workers int
	// Plugins are the states that the events meet, in load order. Those that parse see
	// every event of their sources before the rules do; the input then has one worker and
	// no read-ahead. Those that listen are told when the stream begins and ends.
	Plugins []host.Plugin
	// Live has plugins inject events next to the stream, whose plugin has this id.
	Live     bool
	PluginID uint32
	// Between, if not nil, is called between two reads of the stream, also when they bring
	// nothing. Plugins may then be asked for what they cannot be asked while they are read.
	Between func()
	// Recorder, if not nil, gets every event of the input. The pipeline does not close it.
	Recorder Recorder
}

// Recorder keeps events, all or those around matches. It is called by one goroutine at a
// time, for the events in their order, and copies what it keeps. An error ends the run.
type Recorder interface {
	// Match is called for each rule that matched an event, before Write for the event.
	Match(e *event.Event, r *rules.Rule) error
	Write(source string, e *event.Event) error
}

// Config says how a pipeline runs.
type Config struct {
	// Generation is what is done with events until the first Swap; nil means that they
	// are counted.
	Generation *Generation
	// Sink takes the alerts of all inputs. The pipeline does not close it.
	Sink alert.Sink
	// MaxTime ends a stream when its events span this time; 0 means no limit.
	MaxTime time.Duration
	// StopGrace is how long a source may take to return after the context is done, and
	// how long the sink may take for alerts that a source waits for.
	StopGrace time.Duration
	// NewArena makes the memory of a batch; nil means Go memory.
	NewArena func() *event.Arena
	// BatchSize is the number of events of a batch, 0 for the default.
	BatchSize int
	// Now is the clock, in nanoseconds since the Unix epoch; nil means the system's.
	Now func() uint64
	// Evaluate, if not nil, runs an engine's worker on a batch instead of
	// [engine.Worker.Run], to measure it. All workers of the pipeline call it at once.
	Evaluate func(w *engine.Worker, b *event.Batch, h engine.Handler) error
	Log      *slog.Logger
}

const (
	defaultBatch = 256
	defaultGrace = 5 * time.Second
)

// Pipeline runs the inputs of a configuration: all at once with Add and Run, or one by one
// with Begin.
type Pipeline struct {
	cfg     Config
	current atomic.Pointer[generation]
	lanes   []*lane // of Add
	stats   counters
	bytes   alertBytes
}

// ErrStuck is wrapped in the error of Run if a source did not return after the context
// was done. Its goroutine still runs, so the process should end.
var ErrStuck = errors.New("did not return after it was asked to stop")

// New prepares a pipeline without inputs, so that it is there before anything that refers
// to it. It starts nothing.
func New(cfg Config) *Pipeline {
	if cfg.BatchSize <= 0 {
		cfg.BatchSize = defaultBatch
	}
	if cfg.StopGrace <= 0 {
		cfg.StopGrace = defaultGrace
	}
	if cfg.NewArena == nil {
		cfg.NewArena = func() *event.Arena { return event.NewArena(nil, nil) }
	}
	if cfg.Now == nil {
		cfg.Now = func() uint64 { return uint64(time.Now().UnixNano()) }
	}
	if cfg.Evaluate == nil {
		cfg.Evaluate = (*engine.Worker).Run
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	p := &Pipeline{cfg: cfg}
	g := cfg.Generation
	if g == nil {
		g = &Generation{}
	}
	p.current.Store(p.newGeneration(g))
	return p
}

// Add adds an input for Run. It is called before Run and not at the same time as anything
// else.
func (p *Pipeline) Add(in Input) { p.lanes = append(p.lanes, newLane(p, in)) }

// Run reads all inputs until they end, and returns when everything that was read is
// evaluated and handed to the sink. It returns nil if all streams ended or ctx is done,
// else the first error, after which the other inputs were stopped too.
func (p *Pipeline) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make(chan error, len(p.lanes))
	for _, l := range p.lanes {
		r := p.begin(ctx, l)
		go func() { errs <- r.Err() }()
	}
	var first error
	for range p.lanes {
		if err := <-errs; err != nil && first == nil {
			first = err
			cancel()
		}
	}
	return first
}
