// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/bench"
)

// benchOptions holds the flags of `gyr bench`.
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
		Short: "Run the configured rules without sending alerts and show where time is spent",
		Args:  arguments(0, 0),
		Example: `  gyr bench -c falco.yaml
  gyr bench -c falco.yaml -r my_rules.yaml --duration 10s --json`,
		RunE: a.command(func(ctx context.Context, _ []string) error { return a.bench(ctx, &o) }),
	}
	a.pluginFlags(c)
	f := c.Flags()
	f.Lookup("config").Usage = "Read the configuration from this `path` (default " + defaultConfig + ")"
	f.StringArrayVarP(&a.opts.rules, "rules", "r", nil, "Load this rules `file` or folder instead of rules_files; may be repeated")
	f.IntVar(&o.workers, "workers", 0, "Evaluate this `number` of batches in parallel (default: as in a normal run)")
	f.Uint64Var(&o.events, "events", 0, "Stop each source after this `number` of events")
	f.DurationVar(&o.duration, "duration", 0, "Stop after this `duration`, such as 10s")
	f.BoolVar(&o.json, "json", false, "Print JSON")
	return c
}

// bench measures the configured rules on the configured sources and prints the report.
func (a *app) bench(ctx context.Context, o *benchOptions) error {
	if _, err := a.readConfig(); err != nil {
		return err
	}
	if a.opts.config == "" {
		return errNoConfig
	}
	a.quiet()
	a.warnOfConfig(a.log, true)
	if o.duration > 0 {
		limited, cancel := context.WithTimeout(ctx, o.duration)
		defer cancel()
		ctx = limited
	}
	return a.assembled(a.buildOptions(assembly.Compiled), func(asm *assembly.Assembly) error {
		r, err := bench.Run(ctx, asm, bench.Options{Workers: o.workers, Events: o.events, Watch: a.showProgress, Log: a.log})
		if err != nil {
			return err
		}
		if o.json {
			return a.printJSON(r)
		}
		_, err = fmt.Fprint(a.page, benchText(r))
		return err
	})
}
