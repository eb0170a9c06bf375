// SPDX-License-Identifier: Apache-2.0

// Package bench measures the rules of an assembly on its event sources: events per second,
// time per stage and the most expensive rules. It sends no alerts.
package bench

import (
	"context"
	"errors"
	"log/slog"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/pipeline"
)

// Options configures a measurement.
type Options struct {
	// Workers is the number of batches of a source to evaluate in parallel; 0 means as many
	// as in a normal run.
	Workers int
	// Events stops each source after this many events; 0 means no limit.
	Events uint64
	// Watch, if not nil, is called when the stream starts; the function that it returns is
	// called when the stream has ended.
	Watch func(*pipeline.Pipeline) (stop func())
	Log   *slog.Logger
}

// Run opens the event sources of a, which must be built up to [assembly.Compiled], and
// measures until they end or ctx is done. See daemon.Run for [pipeline.ErrStuck].
func Run(ctx context.Context, a *assembly.Assembly, o Options) (*Report, error) {
	inputs, err := a.Open(nil)
	if err != nil {
		return nil, err
	}
	if len(inputs) == 0 {
		return nil, errors.New("no event source to read from: configure a plugin that provides one")
	}
	m := newMeter(a.Rules.Rules)
	for i := range inputs {
		in := &inputs[i]
		in.Stream = m.watch(in.Stream, o.Events)
		in.Workers = workers(a, in, o.Workers)
	}
	p := pipeline.New(pipeline.Config{
		Generation: a.Generation(), Sink: discard{}, Evaluate: m.evaluate, NewArena: assembly.NewArena, Log: o.Log,
	})
	for _, in := range inputs {
		p.Add(in)
	}
	stop := func() {}
	if o.Watch != nil {
		stop = o.Watch(p)
	}
	err = p.Run(ctx)
	stop()
	if err != nil {
		return nil, err
	}
	return m.report(a, inputs, p.Stats()), nil
}

// workers returns the number of workers of an input. want is the requested number, 0 for the
// default. A source whose events a plugin parses has one worker, since parsing is sequential.
func workers(a *assembly.Assembly, in *pipeline.Input, want int) int {
	if want <= 0 {
		want = in.Workers
	}
	for _, s := range a.Sources {
		if in.Name != "" && s.Name != in.Name {
			continue
		}
		for _, p := range s.States {
			if p.Module().Info().Caps.Has(host.Parsing) {
				return 1
			}
		}
	}
	return want
}

// discard is a sink that drops all alerts.
type discard struct{}

func (discard) Write(_ []alert.Alert, done func(error)) { done(nil) }
func (discard) Close() error                            { return nil }
