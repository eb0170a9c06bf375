// SPDX-License-Identifier: Apache-2.0

// Package assembly makes of one configuration what a run of gyr consists of: plugins and
// their states, event sources, the catalogue of fields, rules, and programs that evaluate
// them. What outlives a configuration, such as the outputs, is in package daemon.
//
//	config.Config ─► Build ─► plugins ─► states, catalogue ─► sources ─► rules, programs
//	                                                             └─► Open ─► pipeline.Input
//
// An assembly can be made of the parts of a previous one ([Options.Previous]): modules of
// libraries, and the states of sources whose plugins did not change. Neither changes the
// previous one, which runs on if the new one is not wanted.
//
// [Build] does these steps in this order and stops where [Options.Upto] says. [Assembly.Open]
// opens the event sources. [Assembly.Close] closes the states of the plugins; the streams that
// Open returned must be closed by then, which a pipeline does.
package assembly

import (
	"errors"
	"log/slog"

	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/rules"
)

// Stage is how far [Build] goes. Each stage includes those before it.
type Stage int

// The stages, in order.
const (
	// Loaded: the plugins are loaded.
	Loaded Stage = iota
	// Initialised: they fit together, have states, and their fields are in the catalogue.
	Initialised
	// Selected: it is known which event sources are enabled.
	Selected
	// Compiled: the rules are loaded and ready to be evaluated.
	Compiled
)

// Options are what the command line adds to a configuration.
type Options struct {
	// Upto is where Build stops.
	Upto Stage
	// PluginsDir is the folder that a relative library_path is looked for in; "" looks
	// where [Libraries] says.
	PluginsDir string
	// Enable and Disable are event sources; at most one of the two may be given.
	Enable, Disable []string
	// RulesFiles are files and folders to load instead of those of the configuration; none
	// takes those of the configuration.
	RulesFiles []string
	// RequireRules makes it an error if no rule is left to evaluate.
	RequireRules bool
	// AppendOutput is text to append to the output of all rules; the words for containers
	// that Falco has ("k", "kubernetes"...) append nothing.
	AppendOutput string
	// Previous is the assembly that this one is to replace: what has not changed is taken
	// from it, see [Assembly.TakeOver]. Nil for a start.
	Previous *Assembly
	// Log gets the lines of gyr, PluginLog those of plugins. Neither may be nil.
	Log, PluginLog *slog.Logger
}

// Assembly is what a configuration is made into. Its fields are set by Build, as far as it
// went, and do not change afterwards. It may be read from any goroutine.
type Assembly struct {
	Config *config.Config
	// Plugins are the loaded plugins, in load order.
	Plugins []*Plugin
	// Sources are the event sources that plugins provide, in load order. The source syscall
	// is not among them.
	Sources []*Source
	// Catalogue are the fields of all event sources.
	Catalogue Catalogue
	// Files are the rules files that were loaded, Rules what they contain.
	Files []rules.File
	Rules *rules.Ruleset
	// Programs evaluate the rules, by event source.
	Programs map[string]*engine.Program

	opts            Options
	replayed        []host.Plugin // the states of a replay, in load order
	states          []host.Plugin // all of them, in the order in which they were made
	loaded, enabled []string      // names of event sources, with syscall
}

// RuntimeError is an error that Falco reports as "Runtime error: ... Exiting." because it
// comes up while plugins are loaded.
type RuntimeError struct{ error }

// Unwrap returns the error itself.
func (e RuntimeError) Unwrap() error { return e.error }

// Build makes an assembly of the configuration, up to the stage of the options. After an
// error everything that was made is closed again.
func Build(cfg *config.Config, o Options) (*Assembly, error) {
	a := &Assembly{Config: cfg, opts: o}
	for _, s := range []struct {
		stage Stage
		do    func() error
	}{
		{Loaded, a.loadPlugins},
		{Initialised, a.checkPlugins},
		{Initialised, a.initPlugins},
		{Initialised, a.buildCatalogue},
		{Selected, a.selectSources},
		{Compiled, a.loadRules},
		{Compiled, a.compile},
	} {
		if s.stage > o.Upto {
			break
		}
		if err := s.do(); err != nil {
			return nil, errors.Join(err, a.Close())
		}
	}
	return a, nil
}

// Close closes the states of the plugins, the last one first. It must not be called while a
// call into a plugin still runs, see [pipeline.ErrStuck].
func (a *Assembly) Close() error {
	var err error
	for i := len(a.states) - 1; i >= 0; i-- {
		err = errors.Join(err, a.states[i].Close())
	}
	a.states = nil
	return err
}

// Replaying reports whether events come from a capture file.
func (a *Assembly) Replaying() bool { return a.Config.Engine.Kind == "replay" }

// NewArena returns memory for a batch of events, outside of the Go heap where that is
// possible. The caller frees it.
func NewArena() *event.Arena { return event.NewArena(cmem.Alloc, cmem.Free) }
