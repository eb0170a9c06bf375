// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"fmt"
	"slices"

	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/registry"
)

// SyscallSource is the event source that gyr knows and has no events of.
const SyscallSource = "syscall"

// Plugin is a loaded plugin.
type Plugin struct {
	// Config is its entry in the configuration.
	Config config.Plugin
	Module host.Module
	Info   *host.Info

	file  string // the library; "" for a built-in plugin
	stamp stamp  // of the file when it was loaded
	from  string // where it was found, for the log
}

// Provenance says for a capture which plugin made the events of a source.
func (p *Plugin) Provenance(source string) capture.Plugin {
	return capture.Plugin{
		ID: p.Info.ID, Name: p.Info.Name, Version: p.Info.Version, Source: source,
		ConfigDigest: capture.ConfigDigest(p.Config.InitConfig),
	}
}

// loadPlugins loads the plugins of the configuration, one after the other.
func (a *Assembly) loadPlugins() error {
	for _, f := range a.Config.Files {
		a.warnWritable("configuration file", f.Path)
	}
	for _, p := range a.Config.Plugins {
		l, err := a.open(p)
		if err != nil {
			return RuntimeError{err}
		}
		if !a.opts.Previous.has(l) {
			a.opts.Log.Info(fmt.Sprintf("Loaded plugin '%s@%s' %s", p.Name, l.Info.Version, l.from))
			a.warnOfID(l.Info)
			if l.file != "" {
				a.warnWritable("plugin file", l.file)
			}
		}
		a.Plugins = append(a.Plugins, l)
	}
	return nil
}

// warnOfID logs conflicts of the plugin's id with the registry of plugins.
func (a *Assembly) warnOfID(i *host.Info) {
	if !i.Caps.Has(host.Sourcing) {
		return
	}
	if w := registry.Known().Warn(i.Name, i.ID, i.Source); w != "" {
		a.opts.Log.Warn(w)
	}
}

// checkPlugins checks that the plugins fit together, and notes the event sources.
func (a *Assembly) checkPlugins() error {
	generic := map[string]bool{}
	for _, f := range new(fields.Generic).Fields(nil) {
		generic[f.Name] = true
	}
	for _, f := range a.Config.StaticFields {
		generic[fields.StaticClass+"."+f.Name] = true
	}
	infos := make([]*host.Info, len(a.Plugins))
	for i, p := range a.Plugins {
		infos[i] = p.Info
	}
	if err := host.CheckTogether(infos, []string{SyscallSource}, func(name string) bool { return generic[name] }); err != nil {
		return err
	}
	for _, p := range a.Plugins {
		if !p.Info.Caps.Has(host.Sourcing) {
			continue
		}
		if p.Info.Source == "" {
			return fmt.Errorf("Plugin '%s' is a source of system events, as it has no ID and no event source of its own, which is not supported", p.Info.Name)
		}
		a.Sources = append(a.Sources, &Source{Name: p.Info.Source, Owner: p})
	}
	return a.checkUse()
}

// checkUse checks that some event source needs each plugin, and warns of those that only
// work with system events.
func (a *Assembly) checkUse() error {
	for _, p := range a.Plugins {
		if slices.ContainsFunc(a.Sources, func(s *Source) bool { return s.concerns(p) }) || p.Info.Caps == host.Listening {
			continue
		}
		if !(&Source{Name: SyscallSource}).concerns(p) {
			return fmt.Errorf("Plugin '%s' is loaded but unused as not compatible with any known event source", p.Info.Name)
		}
		a.opts.Log.Warn(fmt.Sprintf("Plugin '%s' has to do with none of the event sources but system calls, which are not captured: it stays idle", p.Info.Name))
	}
	return nil
}
