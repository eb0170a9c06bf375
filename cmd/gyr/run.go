// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/pipeline"
	"github.com/gyr-dev/gyr/rules"
)

// app is a run of gyr: what the steps hand to each other.
type app struct {
	stdout, stderr io.Writer
	screen         screen
	opts           options
	cfg            *config.Config
	restart        func(libraries []string) // see package pluginenv; nil for none
	log            *slog.Logger             // gyr's own lines
	libsLog        *slog.Logger             // those of plugins

	plugins                       []*loaded     // in load order
	sources                       []*source     // known event sources, in load order, without syscall
	loadedSources, enabledSources []string      // names, with syscall
	replayed                      []host.Plugin // the states of a replay, in load order
	catalogue                     catalogue
	rules                         *rules.Ruleset
	files                         []rules.File // those loaded
	sink                          alert.Sink
	reopen                        func()
	stop                          context.Context // done at SIGINT and SIGTERM
	pipeline                      *pipeline.Pipeline
	started                       time.Time
	drops                         func() uint64 // alerts that outputs dropped
	stuck                         bool          // a source did not return, so plugins must be left alone

	teardown []func() error
}

// nil2ctx is the context of log calls, which none of the handlers looks at.
var nil2ctx = context.Background()

func newApp(stdout, stderr io.Writer) *app {
	a := &app{stop: context.Background(), started: time.Now(), drops: func() uint64 { return 0 }}
	if terminal(stderr) {
		a.screen.tty = stderr
	}
	a.stdout, a.stderr = a.screen.above(stdout), a.screen.above(stderr)
	a.log = newLogger(a.stderr, nil)
	a.libsLog = a.log
	return a
}

// step is a part of a start. An error ends it; errDone ends it well.
type step struct {
	name string
	do   func(*app) error
}

// errDone is returned by a step after which there is nothing left to do.
var errDone = errors.New("done")

// steps are what a start consists of, in order. Steps that only print something return
// errDone if their flag is given and do nothing otherwise.
var steps = []step{
	{"print config schema", printConfigSchema},
	{"print rule schema", printRuleSchema},
	{"print ignored events", printIgnoredEvents},
	{"list events", listEvents},
	{"load config", loadConfig},
	{"print page size", printPageSize},
	{"load plugins", loadPlugins},
	{"print version", printVersion},
	{"require config", requireConfig},
	{"note what has no effect", noteWithoutEffect},
	{"print plugin info", printPluginInfo},
	{"list plugins", listPlugins},
	{"check plugins", checkPlugins},
	{"init plugins", initPlugins},
	{"build catalogue", buildCatalogue},
	{"list fields", listFields},
	{"select sources", selectSources},
	{"validate rules", validateRules},
	{"load rules", loadRules},
	{"describe rules", describeRules},
	{"print support", printSupport},
	{"open outputs", openOutputs},
	{"handle signals", handleSignals},
	{"write pidfile", writePidfile},
	{"process events", processEvents},
}

// run does the steps until one of them ends the run, and then everything that is to be
// torn down, last one first.
func (a *app) run(steps []step) error {
	var err error
	for _, s := range steps {
		if err = s.do(a); err != nil {
			break
		}
	}
	if errors.Is(err, errDone) {
		err = nil
	}
	for len(a.teardown) > 0 {
		last := len(a.teardown) - 1
		down := a.teardown[last]
		a.teardown = a.teardown[:last]
		if derr := down(); derr != nil && err == nil {
			err = derr
		}
	}
	return err
}

// atEnd has f called when the run ends.
func (a *app) atEnd(f func() error) { a.teardown = append(a.teardown, f) }
