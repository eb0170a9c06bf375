// SPDX-License-Identifier: Apache-2.0

// Package daemon is what outlives a configuration: outputs, recorder, metrics, signals, the
// pidfile and the running stream. What one configuration is made into is in package assembly.
//
//	Run: check ─► outputs ─► signals ─► pidfile ─► inputs, pipeline ─► outputs delivered ─► Result
//
// Run prints nothing but what the outputs deliver; its caller prints the [Result].
package daemon

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/pipeline"
	"github.com/gyr-dev/gyr/rules"
)

// Options are what the command line adds to a configuration.
type Options struct {
	// DryRun checks the configuration and opens neither sources nor outputs.
	DryRun bool
	// Pidfile is a file for the process id; "" writes none.
	Pidfile string
	// MaxTime ends each source when its events span this time; 0 means no limit.
	MaxTime time.Duration
	// Started is when the process was started.
	Started time.Time
	// Stdout gets the alerts of the stdout output, and the answers of an HTTP server if
	// the configuration wants them.
	Stdout io.Writer
	// Load, if not nil, reads the configuration again for a reload, and Build says how it is
	// built.
	Load  func() (*config.Config, error)
	Build assembly.Options
	// Watch, if not nil, is called when the stream begins; what it returns when it has
	// ended.
	Watch func(*pipeline.Pipeline) (stop func())
	// Log must not be nil.
	Log *slog.Logger
}

// Result is what a run counted.
type Result struct {
	Stats pipeline.Stats
	// Rules are those that ran.
	Rules *rules.Ruleset
	// Plugins are the metrics of the plugins when their streams had ended; none after
	// [pipeline.ErrStuck].
	Plugins []PluginMetrics
}

// Run runs the stream of an assembly until its sources end, one of them fails, or SIGINT or
// SIGTERM comes, and delivers the alerts. A result comes with every error that the stream
// or the outputs had; it is nil if nothing was started. The error wraps [pipeline.ErrStuck]
// if a call into a plugin did not return: the assembly must not be closed then.
func Run(a *assembly.Assembly, o Options) (*Result, error) {
	if err := checkOutputs(a.Config, o.Log); err != nil {
		return nil, err
	}
	if o.DryRun {
		o.Log.Debug("Skipping outputs initialization in dry-run")
	}
	if err := checkMetrics(&a.Config.Metrics, a.Config.Webserver.Prometheus, o.Log); err != nil {
		return nil, err
	}
	if o.DryRun {
		o.Log.Debug("Skipping event processing in dry-run")
		return nil, nil
	}
	out, err := openOutputs(a.Config, o.Stdout, o.Log)
	if err != nil {
		return nil, err
	}
	asked := make(reloads, 1)
	end := func() { out.end(a.Config.ShutdownTimeout) }
	ctx, stop := watchSignals(context.Background(), end, out.reopen, asked, o.Log)
	res, err := run(ctx, a, out, asked, o)
	lost := out.close()
	if ctx.Err() == nil && err == nil {
		err = lost // who sends a signal has the log to tell
	}
	stop()
	return res, err
}

func run(ctx context.Context, a *assembly.Assembly, out *outputs, asked reloads, o Options) (*Result, error) {
	if err := writePidfile(o.Pidfile); err != nil {
		return nil, err
	}
	s := newStream(a, out, asked, o)
	err := s.run(ctx)
	if err != nil {
		o.Log.Info("An error occurred in an event source, forcing termination...")
	}
	last := s.now.Load().asm
	res := &Result{Stats: s.pipeline.Stats(), Rules: last.Rules}
	if !errors.Is(err, pipeline.ErrStuck) {
		res.Plugins = pluginCounts(last)
		err = errors.Join(err, s.closeBuilt(a))
	}
	return res, err
}

func checkOutputs(cfg *config.Config, log *slog.Logger) error {
	if !cfg.Outputs.Any() {
		return errors.New("No output configured, please make sure at least one output is configured and enabled.") //nolint:revive,staticcheck // Falco's words
	}
	if h, ok := os.LookupEnv(assembly.HostnameVariable); ok {
		log.Info("Hostname value has been overridden via environment variable to: " + h)
	}
	return nil
}
