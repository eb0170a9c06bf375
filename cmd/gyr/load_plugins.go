// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"

	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/state"
)

// syscallSource is the event source that gyr knows and has no events of.
const syscallSource = "syscall"

// loaded is a plugin of the configuration.
type loaded struct {
	cfg    config.Plugin
	module host.Module
	info   *host.Info
}

// source is an event source that a loaded plugin provides, and the states of the plugins
// that its events meet.
type source struct {
	name   string
	owner  *loaded
	stream host.Plugin // the owner's state
	states []host.Plugin
	tables state.Registry // of the states
}

// loadPlugins loads the plugins of the configuration, one after the other.
func loadPlugins(a *app) error {
	for _, p := range a.cfg.Plugins {
		m, from, err := a.open(p)
		if err != nil {
			return runtimeError{err}
		}
		l := &loaded{cfg: p, module: m, info: m.Info()}
		a.log.Info(fmt.Sprintf("Loaded plugin '%s@%s' %s", p.Name, l.info.Version, from))
		a.warnOfID(l.info)
		a.plugins = append(a.plugins, l)
	}
	return nil
}

// checkPlugins checks that the plugins go together, and notes the event sources.
func checkPlugins(a *app) error {
	generic := map[string]bool{}
	for _, f := range new(fields.Generic).Fields(nil) {
		generic[f.Name] = true
	}
	for _, f := range a.cfg.StaticFields {
		generic[fields.StaticClass+"."+f.Name] = true
	}
	infos := make([]*host.Info, len(a.plugins))
	for i, p := range a.plugins {
		infos[i] = p.info
	}
	if err := host.CheckTogether(infos, []string{syscallSource}, func(name string) bool { return generic[name] }); err != nil {
		return err
	}
	for _, p := range a.plugins {
		if !p.info.Caps.Has(host.Sourcing) {
			continue
		}
		if p.info.Source == "" {
			return fmt.Errorf("Plugin '%s' is a source of system events, as it has no ID and no event source of its own, which is not supported", p.info.Name)
		}
		a.sources = append(a.sources, &source{name: p.info.Source, owner: p})
	}
	return a.checkUse()
}

// checkUse checks that every plugin has to do with some event source, and warns of those
// that have to do with system events only.
func (a *app) checkUse() error {
	for _, p := range a.plugins {
		if slices.ContainsFunc(a.sources, func(s *source) bool { return s.concerns(p) }) || p.info.Caps == host.Listening {
			continue
		}
		if !(&source{name: syscallSource}).concerns(p) {
			return fmt.Errorf("Plugin '%s' is loaded but unused as not compatible with any known event source", p.info.Name)
		}
		a.log.Warn(fmt.Sprintf("Plugin '%s' has to do with none of the event sources but system calls, which are not captured: it stays idle", p.info.Name))
	}
	return nil
}

// source returns the event source of that name, or nil.
func (a *app) source(name string) *source {
	for _, s := range a.sources {
		if s.name == name {
			return s
		}
	}
	return nil
}
