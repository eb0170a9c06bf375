// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/pipeline"
)

// benchOptions are the flags of `gyr bench`.
type benchOptions struct {
	workers  int
	events   uint64
	duration time.Duration
	json     bool
}

func newBench(a *app) *cobra.Command {
	var o benchOptions
	c := &cobra.Command{
		Use:   "bench",
		Short: "Run the configured rules over the configured sources without sending alerts, and show where the time goes",
		Args:  cobra.NoArgs,
		RunE:  a.command(func(ctx context.Context, _ []string) error { return a.bench(ctx, &o) }),
	}
	a.pluginFlags(c)
	f := c.Flags()
	f.Lookup("config").Usage = "`path` of the configuration file, else " + defaultConfig
	f.StringArrayVarP(&a.opts.rules, "rules", "r", nil, "rules `file` or folder, instead of those of the configuration; may be repeated")
	f.IntVar(&o.workers, "workers", 0, "evaluate this many batches at once (default: as gyr would)")
	f.Uint64Var(&o.events, "events", 0, "stop each source after this many events")
	f.DurationVar(&o.duration, "duration", 0, "stop after this `time` (10s)")
	f.BoolVar(&o.json, "json", false, "print JSON")
	return c
}

// bench runs the pipeline with a meter in it, and prints what the meter shows.
func (a *app) bench(ctx context.Context, o *benchOptions) error {
	for _, step := range []func(*app) error{
		benchConfig, requireConfig, loadQuietly, checkPlugins, initPlugins, buildCatalogue, selectSources, loadRules,
	} {
		if err := step(a); err != nil {
			return err
		}
	}
	programs, err := a.programs()
	if err != nil {
		return err
	}
	inputs, err := a.openInputs()
	if err != nil {
		return err
	}
	if len(inputs) == 0 {
		return errors.New("there is no event source to read from: the configuration needs a plugin that has one")
	}
	m := newMeter(a.rules.Rules)
	for i := range inputs {
		in := &inputs[i]
		in.Stream = m.watch(in.Stream, o.events)
		in.Workers = a.benchWorkers(in, o.workers)
	}
	if o.duration > 0 {
		limited, cancel := context.WithTimeout(ctx, o.duration)
		defer cancel()
		ctx = limited
	}
	a.pipeline = pipeline.New(pipeline.Config{
		Generation: &pipeline.Generation{Programs: programs, Encoder: a.encoder()},
		Sink:       discard{}, Evaluate: m.evaluate,
		NewArena: func() *event.Arena { return event.NewArena(cmem.Alloc, cmem.Free) },
		Log:      a.log,
	})
	for _, in := range inputs {
		a.pipeline.Add(in)
	}
	stop := a.showProgress()
	err = a.pipeline.Run(ctx)
	stop()
	if a.stuck = errors.Is(err, pipeline.ErrStuck); err != nil {
		return err
	}
	r := m.report(a, inputs, programs)
	if o.json {
		return a.printJSON(r)
	}
	_, err = fmt.Fprint(a.stdout, r.text())
	return err
}

// benchConfig is loadConfig for a command whose output is a result, not a log.
func benchConfig(a *app) error {
	if a.opts.config == "" {
		if _, err := os.Stat(defaultConfig); err == nil {
			a.opts.config = defaultConfig
		}
	}
	cfg, err := config.Load(a.opts.config, config.Options{Set: a.opts.set})
	if err != nil {
		return err
	}
	a.cfg = cfg
	a.settlePlugins()
	a.quiet()
	a.libsLog = libsLogger(a.log, cfg)
	return nil
}

// benchWorkers is how many workers an input gets if want are asked for; 0 asks for none in
// particular. Plugins that parse events see one after the other.
func (a *app) benchWorkers(in *pipeline.Input, want int) int {
	if want <= 0 {
		want = in.Workers
	}
	for _, s := range a.sources {
		if in.Name != "" && s.name != in.Name {
			continue
		}
		for _, p := range s.states {
			if p.Module().Info().Caps.Has(host.Parsing) {
				return 1
			}
		}
	}
	return want
}

// discard is the sink of alerts that nobody is to get.
type discard struct{}

func (discard) Write(_ []alert.Alert, done func(error)) { done(nil) }
func (discard) Close() error                            { return nil }
