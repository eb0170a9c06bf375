// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/internal/falcolog"
)

// newCapture returns the command `gyr capture`. Each subcommand has a file of its own.
func newCapture(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "capture", Short: "Record, replay and inspect capture files",
		Example: `  gyr capture record --plugin cloudtrail --open logs/ -w logs.scap
  gyr capture info logs.scap`,
	}
	for _, sub := range []func(*app) *cobra.Command{
		newCaptureInfo, newCaptureCat, newCaptureFilter, newCaptureMerge, newCaptureConvert, newCaptureRecord, newCaptureReplay,
	} {
		c.AddCommand(sub(a))
	}
	return c
}

// pluginFlags defines the flags of subcommands that need plugins.
func (a *app) pluginFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&a.opts.config, "config", "c", "", "Load the plugins of the configuration at this `path` (default "+defaultConfig+", else the built-in plugins)")
	f.StringArrayVarP(&a.opts.set, "option", "o", nil, "Set a `key=value` of the configuration; may be repeated")
	f.StringVar(&a.opts.pluginsDir, "plugins-dir", "", "Resolve relative library_path values in this `folder`")
}

// plugged returns the RunE of a subcommand that needs plugins: those of the configuration,
// loaded as for a replay, or all built-in plugins if there is no configuration.
func (a *app) plugged(upto assembly.Stage, do func(ctx context.Context, asm *assembly.Assembly, args []string) error) func(*cobra.Command, []string) error {
	return a.command(func(ctx context.Context, args []string) error {
		if _, err := a.readConfig(); err != nil {
			return err
		}
		if len(a.cfg.Plugins) == 0 {
			builtIn, err := assembly.BuiltInConfig()
			if err != nil {
				return err
			}
			a.cfg.Plugins = builtIn
		}
		a.cfg.Engine.Kind = "replay"
		o := a.buildOptions(upto)
		o.Log = a.quietLog()
		a.warnOfConfig(o.Log, true)
		return a.assembled(o, func(asm *assembly.Assembly) error { return do(ctx, asm, args) })
	})
}

// command returns the RunE of a subcommand. The context of do is cancelled by SIGINT and
// SIGTERM; a second signal kills the process.
func (a *app) command(do func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		defer context.AfterFunc(ctx, stop)()
		return do(ctx, args)
	}
}

// quiet limits the log to warnings and errors, for commands whose output is their result.
func (a *app) quiet() { a.log = a.quietLog() }

func (a *app) quietLog() *slog.Logger {
	return falcolog.New(a.stderr, falcolog.Options{Min: slog.LevelWarn, ISO8601: a.cfg.TimeISO8601, Paint: a.paintLine})
}

// openForReading opens a capture. sources maps a plugin ID to its event source; it may be
// nil if event sources do not matter.
func (a *app) openForReading(path string, sources func(uint32) (string, bool)) (*capture.Reader, error) {
	return capture.Open(path, capture.ReaderOptions{Sources: sources, Log: a.log})
}

// bar returns a function that shows the progress of a long command, at most ten times per
// second.
func (a *app) bar(what string) func(share float64) {
	var drawn time.Time
	return func(share float64) {
		if now := time.Now(); now.Sub(drawn) > 100*time.Millisecond {
			drawn = now
			a.screen.Draw(fmt.Sprintf("%s %3.0f %%", what, 100*share))
		}
	}
}

// watch shows the progress of a long command until stop is called. share is called from
// another goroutine.
func (a *app) watch(what string, share func() float64) (stop func()) {
	return a.screen.Watch(func() string { return fmt.Sprintf("%s %3.0f %%", what, 100*share()) })
}

// shareOf returns the function for the share of several captures that has been read.
func shareOf(readers ...*capture.Reader) func() float64 {
	return func() float64 {
		sum := 0.0
		for _, r := range readers {
			share, _ := r.Progress()
			sum += share
		}
		return sum / float64(len(readers))
	}
}
