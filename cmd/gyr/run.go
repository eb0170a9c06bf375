// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/daemon"
	"github.com/gyr-dev/gyr/internal/falcolog"
	"github.com/gyr-dev/gyr/internal/screen"
	"github.com/gyr-dev/gyr/pipeline"
)

// app is one run of the command: its output streams, its flags and its configuration.
type app struct {
	stdout, stderr io.Writer
	screen         *screen.Screen
	page           io.Writer    // stdout, for tables and help: narrow terminals get narrow lines
	side           io.Writer    // the same for stderr
	paint          screen.Paint // of stderr
	width          int          // of stdout, 0 if it has none
	opts           options
	cfg            *config.Config
	restart        func(libraries []string) // see package pluginenv; may be nil
	log            *slog.Logger             // for gyr itself
	pluginLog      *slog.Logger             // for plugins
	started        time.Time
}

func newApp(stdout, stderr io.Writer) *app {
	a := &app{screen: screen.New(stderr), started: time.Now()}
	a.stdout, a.stderr = a.screen.Above(stdout), a.screen.Above(stderr)
	a.width = screen.Width(stdout)
	a.page, a.side = screen.Fold(a.stdout, a.width), screen.Fold(a.stderr, screen.Width(stderr))
	a.paint = screen.Painting(stderr)
	a.log = falcolog.New(a.stderr, falcolog.Options{Paint: a.paintLine})
	a.pluginLog = a.log
	return a
}

// run does what the flags ask for: it prints something and exits, or runs the stream.
func (a *app) run() error {
	if print := a.printWithoutConfig(); print != nil {
		return print()
	}
	if a.task().streams {
		daemon.SurvivePipes()
	}
	if err := a.loadConfig(); err != nil {
		return err
	}
	if a.opts.pageSize {
		return a.printPageSize()
	}
	t := a.task()
	if t.needsConfig {
		if a.opts.config == "" {
			return errNoConfig
		}
		a.noteWithoutEffect()
	} else if t.builtIn && a.opts.config == "" && len(a.cfg.Plugins) == 0 {
		plugins, err := assembly.BuiltInConfig()
		if err != nil {
			return err
		}
		a.cfg.Plugins = plugins
	}
	return a.assembled(a.buildOptions(t.upto), t.do)
}

// task is what to do with an assembly, and which stage of it is needed.
type task struct {
	upto        assembly.Stage
	needsConfig bool
	builtIn     bool // without a configuration the built-in plugins are loaded
	do          func(*assembly.Assembly) error
	streams     bool // do runs until the sources end
}

// task returns the task that the flags select. The first flag in this order wins.
func (a *app) task() task {
	o := &a.opts
	switch {
	case o.version:
		return task{upto: assembly.Loaded, do: a.printVersion}
	case o.pluginInfo != "":
		return task{upto: assembly.Loaded, needsConfig: true, do: a.printPluginInfo}
	case o.listPlugins:
		return task{upto: assembly.Loaded, needsConfig: true, do: a.listPlugins}
	case o.list:
		return task{upto: assembly.Initialised, needsConfig: true, do: a.listFields}
	case len(o.validate) > 0:
		return task{upto: assembly.Selected, needsConfig: a.opts.config != "", builtIn: true, do: a.validateRules}
	case o.describeAll || o.describe != "":
		return task{upto: assembly.Compiled, needsConfig: true, do: a.describeRules}
	case o.support:
		return task{upto: assembly.Compiled, needsConfig: true, do: a.printSupport}
	}
	return task{upto: assembly.Compiled, needsConfig: true, do: a.stream, streams: true}
}

// buildOptions returns the options of an assembly, from the flags.
func (a *app) buildOptions(upto assembly.Stage) assembly.Options {
	o := &a.opts
	return assembly.Options{
		Upto: upto, PluginsDir: o.pluginsDir, Enable: o.enable, Disable: o.disable,
		RulesFiles: o.rules, RequireRules: o.requireRules, AppendOutput: o.print, Log: a.log, PluginLog: a.pluginLog,
	}
}

// assembled builds an assembly from the configuration, calls do with it and closes it. It
// does not close it while a call into a plugin is still running.
func (a *app) assembled(o assembly.Options, do func(*assembly.Assembly) error) error {
	asm, err := assembly.Build(a.cfg, o)
	if err != nil {
		return err
	}
	err = do(asm)
	if errors.Is(err, pipeline.ErrStuck) {
		return err
	}
	if cerr := asm.Close(); err == nil {
		err = cerr
	}
	return err
}

// stream evaluates the rules on the events until all sources have ended or a signal
// arrives, then prints the counts.
func (a *app) stream(asm *assembly.Assembly) error {
	res, err := daemon.Run(asm, daemon.Options{
		DryRun: a.opts.dryRun, Pidfile: a.opts.pidfile, MaxTime: time.Duration(a.opts.maxSeconds) * time.Second,
		Load: a.loadAgain, Build: a.buildOptions(assembly.Compiled),
		Started: a.started, Stdout: a.stdout, Watch: a.showProgress, Log: a.log,
	})
	if res != nil {
		patiently(func() {
			a.printCounts(res)
			a.printSummary(res)
		})
	}
	return err
}

// patiently calls print, and leaves it alone if it does not return soon: a stream that
// nobody reads must not keep gyr from exiting.
func patiently(print func()) {
	const patience = 2 * time.Second
	done := make(chan struct{})
	go func() {
		defer close(done)
		print()
	}()
	select {
	case <-done:
	case <-time.After(patience):
	}
}

// showProgress draws a progress bar while events are read, if stderr is a terminal and a
// source reports its progress. stop removes the bar.
func (a *app) showProgress(p *pipeline.Pipeline) (stop func()) {
	var seen uint64
	return a.screen.Watch(func() string {
		at, s := p.Progress(), p.Stats()
		counts := screen.Plural(s.Events, "event") + ", " + screen.Plural(s.Alerts, "alert")
		if at != nil {
			return a.screen.Bar(at.Share) + "  " + at.Text + "  " + counts
		}
		if s.Events == seen { // nothing new, and nobody knows how much is left
			return ""
		}
		seen = s.Events
		return counts
	})
}
