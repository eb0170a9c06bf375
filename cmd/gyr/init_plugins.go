// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"github.com/gyr-dev/gyr/host"
)

// initPlugins makes the states of the plugins: one per plugin and event source that it
// has to do with or, in a replay, one per plugin.
func initPlugins(a *app) error {
	shared := map[*loaded]host.Plugin{}
	for _, s := range a.sources {
		for _, p := range a.plugins {
			if p != s.owner && !p.info.ExtractsFrom(s.name) {
				continue
			}
			state := shared[p]
			if state == nil {
				var err error
				if state, err = a.newState(p); err != nil {
					return err
				}
			}
			if a.replaying() {
				shared[p] = state
			}
			s.states = append(s.states, state)
			if p == s.owner {
				s.stream = state
			}
		}
	}
	return nil
}

// newState initialises a plugin; the state is closed at the end of the run.
func (a *app) newState(p *loaded) (host.Plugin, error) {
	state, err := p.module.New(p.cfg.InitConfig)
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
