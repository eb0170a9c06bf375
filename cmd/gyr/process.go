// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/pipeline"
)

// processEvents opens the event sources and runs the rules on what they give until they
// end, fail, or a signal comes.
func processEvents(a *app) error {
	programs, err := a.programs()
	if err != nil {
		return err
	}
	if err := a.checkMetrics(); err != nil {
		return err
	}
	if a.opts.dryRun {
		a.log.Debug("Skipping event processing in dry-run")
		return nil
	}
	a.pipeline = a.newPipeline(programs)
	inputs, err := a.openInputs()
	if err == nil {
		if len(inputs) == 0 {
			a.log.Warn("There is no event source to read from: load a plugin that has one (gyr plugin list)")
		}
		if err = a.addMetrics(inputs); err != nil {
			closeInputs(inputs)
			return err
		}
		err = a.stream(inputs)
	}
	if err != nil {
		a.log.Info("An error occurred in an event source, forcing termination...")
	}
	a.stuck = errors.Is(err, pipeline.ErrStuck)
	return err
}

// programs prepares the rules of every event source.
func (a *app) programs() (map[string]*engine.Program, error) {
	programs := map[string]*engine.Program{}
	for name, r := range a.rules.Sources {
		p, err := engine.New(r, engine.Options{MatchAll: a.cfg.RuleMatchAll})
		if err != nil {
			return nil, err
		}
		programs[name] = p
	}
	return programs, nil
}

func (a *app) openInputs() ([]pipeline.Input, error) {
	if a.replaying() {
		return a.openCapture()
	}
	a.logSources()
	var inputs []pipeline.Input
	for _, s := range a.sources {
		if !slices.Contains(a.enabledSources, s.name) {
			continue
		}
		a.log.Info(fmt.Sprintf("Opening '%s' source with plugin '%s'", s.name, s.owner.cfg.Name))
		stream, err := s.stream.Open(s.owner.cfg.OpenParams)
		if err != nil {
			closeInputs(inputs)
			return nil, err
		}
		inputs = append(inputs, pipeline.Input{Name: s.name, Stream: stream, Workers: s.workers(), Recorder: a.recorder(),
			Plugins: s.states, Live: true, PluginID: s.owner.info.ID})
	}
	return inputs, nil
}

// closeInputs closes streams that will not be read, after an error, which is the one to report.
func closeInputs(inputs []pipeline.Input) {
	for _, in := range inputs {
		in.Stream.Close()
	}
}

// openCapture opens the capture file of a replay. Its events find their source by the id
// of their plugin.
func (a *app) openCapture() ([]pipeline.Input, error) {
	workers := runtime.GOMAXPROCS(0)
	byID := map[uint32]string{}
	for _, s := range a.sources {
		byID[s.owner.info.ID] = s.name
		workers = min(workers, s.workers())
	}
	file := a.cfg.Engine.CaptureFile
	r, err := capture.Open(file, capture.ReaderOptions{
		Sources: func(id uint32) (string, bool) { s, ok := byID[id]; return s, ok },
		Log:     a.log,
	})
	if err != nil {
		return nil, fmt.Errorf("Could not open trace filename %s for reading: %w", file, err)
	}
	a.log.Info("Replaying events from the capture file: " + file)
	return []pipeline.Input{{Stream: r, Workers: workers, Recorder: a.recorder(), Plugins: a.replayed}}, nil
}

// workers is how many batches of a source are evaluated at once. Tables are used by one
// at a time; a plugin whose extractions wait for each other leaves something to do for one
// more worker at most.
func (s *source) workers() int {
	n := runtime.GOMAXPROCS(0)
	for _, t := range s.tables.List() {
		if !host.Builtin(t) {
			return 1 // plugins read what others have
		}
	}
	for _, p := range s.states {
		if !p.Concurrent() {
			n = min(n, 2)
		}
	}
	return n
}

// newPipeline returns a pipeline without inputs.
func (a *app) newPipeline(programs map[string]*engine.Program) *pipeline.Pipeline {
	return pipeline.New(pipeline.Config{
		Generation: &pipeline.Generation{Programs: programs, Encoder: a.encoder()},
		Sink:       a.sink,
		MaxTime:    time.Duration(a.opts.maxSeconds) * time.Second,
		NewArena:   func() *event.Arena { return event.NewArena(cmem.Alloc, cmem.Free) },
		Log:        a.log,
	})
}

// stream runs the pipeline until all inputs have ended.
func (a *app) stream(inputs []pipeline.Input) error {
	for _, in := range inputs {
		a.pipeline.Add(in)
	}
	stop := a.showProgress()
	defer stop()
	return a.pipeline.Run(a.stop)
}
