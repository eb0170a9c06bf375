// SPDX-License-Identifier: Apache-2.0

// Package bench measures the rules of an assembly on its event sources: how many events a
// second, where the time goes, and which rules cost most. No alert is sent.
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

// Options say what is measured.
type Options struct {
	// Workers is how many batches of a source are evaluated at once; 0 takes as many as a
	// run would have.
	Workers int
	// Events ends each source after this many events; 0 means no limit.
	Events uint64
	// Watch, if not nil, is called when the stream begins; what it returns when it has
	// ended.
	Watch func(*pipeline.Pipeline) (stop func())
	Log   *slog.Logger
}

// Run opens the event sources of a, which must be [assembly.Compiled], and measures until
// they end or ctx is done. See daemon.Run for [pipeline.ErrStuck].
func Run(ctx context.Context, a *assembly.Assembly, o Options) (*Report, error) {
	inputs, err := a.Open(nil)
	if err != nil {
		return nil, err
	}
	if len(inputs) == 0 {
		return nil, errors.New("there is no event source to read from: the configuration needs a plugin that has one")
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

// workers is how many workers an input gets if want are asked for; 0 asks for none in
// particular. Plugins that parse events see one after the other.
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

// discard is the sink of alerts that nobody gets.
type discard struct{}

func (discard) Write(_ []alert.Alert, done func(error)) { done(nil) }
func (discard) Close() error                            { return nil }
