// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"errors"
	"strings"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/state"
)

// initPlugins makes the states of the plugins: one per plugin and event source that it
// works with or, in a replay, one per plugin. The states that work on one stream share
// their tables.
func (a *Assembly) initPlugins() error {
	if a.Replaying() {
		return a.initReplay()
	}
	for _, s := range a.Sources {
		s.tables = host.NewTables()
		if old := a.opts.Previous.unchangedSource(s, a.Plugins); old != nil {
			s.Kept, s.tables = true, old.tables
		}
		for _, p := range a.Plugins {
			if !s.concerns(p) {
				continue
			}
			state := a.keptState(s, p)
			if state == nil {
				var err error
				if state, err = a.NewState(p, s.tables); err != nil {
					return err
				}
			}
			s.add(p, state)
		}
	}
	return nil
}

func (a *Assembly) initReplay() error {
	tables := host.NewTables()
	for _, p := range a.Plugins {
		var state host.Plugin
		for _, s := range a.Sources {
			s.tables = tables
			if !s.concerns(p) {
				continue
			}
			if state == nil {
				var err error
				if state, err = a.NewState(p, tables); err != nil {
					return err
				}
				a.replayed = append(a.replayed, state)
			}
			s.add(p, state)
		}
	}
	return nil
}

// concerns reports whether the plugin works with the events of the source. A plugin that
// only listens works with every stream.
func (s *Source) concerns(p *Plugin) bool {
	return p == s.Owner || p.Info.Caps == host.Listening ||
		p.Info.ExtractsFrom(s.Name) || p.Info.ParsesFrom(s.Name) || p.Info.InjectsInto(s.Name)
}

func (s *Source) add(p *Plugin, state host.Plugin) {
	s.States = append(s.States, state)
	s.plugins = append(s.plugins, p)
	if p == s.Owner {
		s.Stream = state
	}
}

// NewState initialises a plugin with its init_config. Close closes the state.
func (a *Assembly) NewState(p *Plugin, tables state.Registry) (host.Plugin, error) {
	state, err := host.New(p.Module, p.Config.InitConfig, tables)
	if err == nil && p.Config.Concurrency > 0 {
		state, err = a.pool(p, state)
	}
	if err != nil {
		if strings.HasPrefix(err.Error(), "error in plugin ") {
			return nil, RuntimeError{err} // the configuration does not fit the schema
		}
		return nil, err
	}
	a.states = append(a.states, state)
	return state, nil
}

// pool adds the states that the configuration asks for to extract fields side by side. A
// plugin that extracts concurrently by itself needs none, one with a state that matters for
// what it extracts can have none.
func (a *Assembly) pool(p *Plugin, first host.Plugin) (host.Plugin, error) {
	switch {
	case first.Concurrent():
		return first, nil
	case p.Info.Caps&(host.Parsing|host.Async|host.Listening) != 0, !p.Info.Caps.Has(host.Extraction):
		a.opts.Log.Warn("plugin " + p.Info.Name + ": concurrency has no effect, as the plugin " +
			"does more than extracting what an event holds")
		return first, nil
	}
	var others []host.Plugin
	for range p.Config.Concurrency {
		s, err := host.New(p.Module, p.Config.InitConfig, nil)
		if err != nil {
			return nil, errors.Join(err, host.NewPool(first, others).Close())
		}
		others = append(others, s)
	}
	return host.NewPool(first, others), nil
}
