// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/internal/falcolog"
)

// newCapture is `gyr capture`, with a file per subcommand.
func newCapture(a *app) *cobra.Command {
	c := &cobra.Command{Use: "capture", Short: "Record, replay and look into capture files"}
	for _, sub := range []func(*app) *cobra.Command{
		newCaptureInfo, newCaptureCat, newCaptureFilter, newCaptureMerge, newCaptureConvert, newCaptureRecord, newCaptureReplay,
	} {
		c.AddCommand(sub(a))
	}
	return c
}

// pluginFlags are the flags of subcommands that need plugins.
func (a *app) pluginFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&a.opts.config, "config", "c", "", "`path` of a configuration file with the plugins, else "+defaultConfig+", else those that are built in")
	f.StringArrayVarP(&a.opts.set, "option", "o", nil, "set a `key=value` of the configuration; may be repeated")
	f.StringVar(&a.opts.pluginsDir, "plugins-dir", "", "`folder` that library_path is relative to")
}

// plugged makes the function of a subcommand that works with plugins: with those of the
// configuration, in the state in which a replay has them, or with all that are built in if
// there is no configuration.
func (a *app) plugged(upto assembly.Stage, do func(ctx context.Context, asm *assembly.Assembly, args []string) error) func(*cobra.Command, []string) error {
	return a.command(func(ctx context.Context, args []string) error {
		if _, err := a.readConfig(); err != nil {
			return err
		}
		if len(a.cfg.Plugins) == 0 {
			builtIn, err := assembly.BuiltInConfig(a.pluginLog)
			if err != nil {
				return err
			}
			a.cfg.Plugins = builtIn
		}
		a.cfg.Engine.Kind = "replay"
		o := a.buildOptions(upto)
		o.Log = a.quietLog()
		return a.assembled(o, func(asm *assembly.Assembly) error { return do(ctx, asm, args) })
	})
}

// command makes the function of a subcommand of one that takes a context, which is done at
// SIGINT and SIGTERM. A second signal ends the process at once.
func (a *app) command(do func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		defer context.AfterFunc(ctx, stop)()
		return do(ctx, args)
	}
}

// quiet has only warnings and errors logged: the output of the command is its result.
func (a *app) quiet() { a.log = a.quietLog() }

func (a *app) quietLog() *slog.Logger {
	return falcolog.New(a.stderr, falcolog.Options{Min: slog.LevelWarn, ISO8601: a.cfg.TimeISO8601})
}

// outFlags are the flags of subcommands that write a capture.
type outFlags struct {
	path  string
	plain bool
}

func (o *outFlags) define(c *cobra.Command) {
	c.Flags().StringVarP(&o.path, "write", "w", "", "`file` to write")
	c.Flags().BoolVar(&o.plain, "no-compress", false, "do not pack the file with gzip")
	if err := c.MarkFlagRequired("write"); err != nil {
		panic(err) // the flag is the one above
	}
}

// create opens the file to be written. It must be none of those that are read.
func (o *outFlags) create(wo capture.WriterOptions, inputs ...string) (*capture.Writer, error) {
	to, err := os.Stat(o.path)
	if err == nil {
		for _, in := range inputs {
			if from, err := os.Stat(in); err == nil && os.SameFile(from, to) {
				return nil, fmt.Errorf("%s is both read and written", o.path)
			}
		}
	}
	wo.Gzip = !o.plain
	return capture.Create(filepath.Clean(o.path), wo)
}

// closing joins the error of a last Close to another.
func closing(w *capture.Writer, err error) error { return errors.Join(err, w.Close()) }

// openForReading opens a capture. sources finds the event source of a plugin's id; it may be
// nil where sources do not matter.
func (a *app) openForReading(path string, sources func(uint32) (string, bool)) (*capture.Reader, error) {
	return capture.Open(path, capture.ReaderOptions{Sources: sources, Log: a.log})
}

// bar returns a function that draws how far a long command is, at most ten times a second.
func (a *app) bar(what string) func(share float64) {
	var drawn time.Time
	return func(share float64) {
		if now := time.Now(); now.Sub(drawn) > 100*time.Millisecond {
			drawn = now
			a.screen.Draw(fmt.Sprintf("%s %3.0f %%", what, 100*share))
		}
	}
}

// watch draws how far a long command is until stop is called. share is called from another
// goroutine.
func (a *app) watch(what string, share func() float64) (stop func()) {
	return a.screen.Watch(func() string { return fmt.Sprintf("%s %3.0f %%", what, 100*share()) })
}

// shareOf is how much of several captures has been read.
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
