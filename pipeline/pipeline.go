// SPDX-License-Identifier: Apache-2.0

// Package pipeline runs the event streams: it reads event sources, evaluates the rules with the
// engine, and passes alerts to the outputs in the order of the events.
//
// # One pipeline per source
//
//	source ─► reader ─► worker 1..W ─► sequencer ─► sink
//	                                        └─────► recorder
//
// The reader fills batches and sets the numbers and times of the events. The workers evaluate
// batches independently of each other and render the alerts to bytes. The sequencer processes
// the batches in the order of reading.
//
// If there are as many workers as processors, the reader is one of them: it evaluates while
// there is no free batch, and after the end of the stream. A source that uses the processor, for
// example to decompress files, thus has a processor for itself until it is far ahead.
//
// # Limits, waiting and closing
//
// Batches come from a pool of W+2, which grows up to W+10 while the reader finds none free and
// the events of a batch have at most 1 MiB. Then the reader waits, so that a slow output slows
// down the source and nothing is lost. A sink's Write may block. The reader ends at the end of
// the stream, at an error, or when the context is done. It then closes the channels to the
// workers and to the sequencer, which drain them. The source is closed when the sequencer has
// ended and every batch with a token is acknowledged. A failure of one source stops the others.
//
// # Parsing and async events
//
// If a plugin parses events, there is one batch and one worker: each event is parsed by all
// parsers, in load order, and evaluated before the next one. The fields of an event therefore do
// not depend on later events, and no event is read before the previous ones are done. Events
// that plugins inject wait in a queue of 4096. When the source has filled a batch, they are
// merged into it by time; events without a time go to its end. When the source pauses or ends,
// all events that are due follow.
//
// # Generations
//
// The rules and the format of alerts of a configuration are one immutable [Generation] behind
// one pointer. The reader loads it once per batch, and the batch keeps it up to the sequencer.
// [Pipeline.Swap] replaces it between two batches.
//
// # Acknowledgements
//
// A batch with a [event.Batch.Token] is acknowledged when the sink is done with all its alerts,
// in the order of the batches; see [event.Acker] and [alert.Sink] for the meaning. The source
// limits how far the reader reads ahead. When the pipeline stops, batches whose alerts are not
// done within [Config.StopGrace] are acknowledged with an error.
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
	// Name is the name of the event source. It becomes the source of all batches, unless the
	// stream sets another one, as a capture file does.
	Name string
	// Stream is the open source. The pipeline closes it.
	Stream event.Source
	// Workers is the number of batches evaluated in parallel, at least 1.
	Workers int
	// Plugins are the plugin states for the events, in load order. Parsers parse every event
	// of their sources before the rules are evaluated; the input then has one worker and no
	// read-ahead. Listeners are notified of the start and end of the stream.
	Plugins []host.Plugin
	// Live lets plugins inject events into the stream. ID is the ID of the stream's plugin.
	Live     bool
	PluginID uint32
	// Between, if not nil, is called between two reads of the stream, even if they return no
	// events. It may make calls of plugins that are not possible during a read.
	Between func()
	// Recorder, if not nil, receives every event of the input. The pipeline does not close it.
	Recorder Recorder
}

// Recorder stores events: all, or those around matches. It is called by one goroutine at a time,
// with the events in order, and copies what it keeps. An error ends the run.
type Recorder interface {
	// Match is called for each rule that matched an event, before Write for the event.
	Match(e *event.Event, r *rules.Rule) error
	Write(source string, e *event.Event) error
}

// Config configures a pipeline.
type Config struct {
	// Generation holds the rules until the first Swap; nil means that events are only counted.
	Generation *Generation
	// Sink receives the alerts of all inputs. The pipeline does not close it.
	Sink alert.Sink
	// MaxTime is the time span of events after which a stream ends; 0 means no limit.
	MaxTime time.Duration
	// StopGrace is the maximum time for a source to return after the context is done, and for
	// the sink to finish alerts that a source waits for.
	StopGrace time.Duration
	// NewArena allocates the memory of a batch; nil means the Go heap.
	NewArena func() *event.Arena
	// BatchSize is the number of events per batch, 0 for the default.
	BatchSize int
	// Now is the clock, in nanoseconds since the Unix epoch; nil means the system's.
	Now func() uint64
	// Evaluate, if not nil, is called instead of [engine.Worker.Run], for measurements. All
	// workers call it concurrently.
	Evaluate func(w *engine.Worker, b *event.Batch, h engine.Handler) error
	Log      *slog.Logger
}

const (
	defaultBatch = 256
	defaultGrace = 5 * time.Second
)

// Pipeline runs the inputs of a configuration: all together with Add and Run, or separately with
// Begin.
type Pipeline struct {
	cfg     Config
	current atomic.Pointer[generation]
	lanes   []*lane // of Add
	stats   counters
	bytes   alertBytes
}

// ErrStuck is wrapped in the error of Run if a call into a source or plugin did not return
// within the grace period after the context was done. Its goroutine still runs, so the process
// should exit.
var ErrStuck = errors.New("is stuck; giving up")

// New returns a pipeline without inputs, so that it exists before everything that refers to it.
// It starts nothing.
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

// Add adds an input for Run. It must be called before Run and is not safe for concurrent use.
func (p *Pipeline) Add(in Input) { p.lanes = append(p.lanes, newLane(p, in)) }

// Run reads all inputs until they end. It returns when all events are evaluated and all alerts
// passed to the sink. It returns nil if all streams have ended or ctx is done, else the first
// error, which also stops the other inputs.
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
