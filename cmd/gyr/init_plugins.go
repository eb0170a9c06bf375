// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"strings"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/state"
)

// initPlugins makes the states of the plugins: one per plugin and event source that it
// has to do with or, in a replay, one per plugin. The states that work on one stream share
// their tables.
func initPlugins(a *app) error {
	if a.replaying() {
		return a.initReplay()
	}
	for _, s := range a.sources {
		s.tables = host.NewTables()
		for _, p := range a.plugins {
			if !s.concerns(p) {
				continue
			}
			state, err := a.newState(p, s.tables)
			if err != nil {
				return err
			}
			s.add(p, state)
		}
	}
	return nil
}

func (a *app) initReplay() error {
	tables := host.NewTables()
	for _, p := range a.plugins {
		var state host.Plugin
		for _, s := range a.sources {
			s.tables = tables
			if !s.concerns(p) {
				continue
			}
			if state == nil {
				var err error
				if state, err = a.newState(p, tables); err != nil {
					return err
				}
				a.replayed = append(a.replayed, state)
			}
			s.add(p, state)
		}
	}
	return nil
}

// concerns reports whether the plugin has to do with the events of the source. A plugin
// that only listens has to do with every stream.
func (s *source) concerns(p *loaded) bool {
	return p == s.owner || p.info.Caps == host.Listening ||
		p.info.ExtractsFrom(s.name) || p.info.ParsesFrom(s.name) || p.info.InjectsInto(s.name)
}

func (s *source) add(p *loaded, state host.Plugin) {
	s.states = append(s.states, state)
	if p == s.owner {
		s.stream = state
	}
}

// newState initialises a plugin; the state is closed at the end of the run.
func (a *app) newState(p *loaded, tables state.Registry) (host.Plugin, error) {
	state, err := host.New(p.module, p.cfg.InitConfig, tables)
	if err == nil && p.cfg.Concurrency > 0 {
		state, err = a.pool(p, state)
	}
	if err != nil {
		if strings.HasPrefix(err.Error(), "error in plugin ") {
			return nil, runtimeError{err} // the configuration does not fit the schema
		}
		return nil, err
	}
	a.atEnd(func() error {
		if a.stuck {
			return nil // a call into some plugin still runs
		}
		return state.Close()
	})
	return state, nil
}

// pool adds the states that the configuration asks for to extract fields side by side. A
// plugin that extracts concurrently by itself needs none, one with a state that matters for
// what it extracts can have none.
func (a *app) pool(p *loaded, first host.Plugin) (host.Plugin, error) {
	switch {
	case first.Concurrent():
		return first, nil
	case p.info.Caps&(host.Parsing|host.Async|host.Listening) != 0, !p.info.Caps.Has(host.Extraction):
		a.log.Warn("plugin " + p.info.Name + ": concurrency has no effect, as the plugin " +
			"does more than extracting what an event holds")
		return first, nil
	}
	var others []host.Plugin
	for range p.cfg.Concurrency {
		s, err := host.New(p.module, p.cfg.InitConfig, nil)
		if err != nil {
			return nil, errors.Join(err, host.NewPool(first, others).Close())
		}
		others = append(others, s)
	}
	return host.NewPool(first, others), nil
}
