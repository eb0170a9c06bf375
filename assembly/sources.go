// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/state"
)

// Source is an event source that a loaded plugin provides, with the states of the plugins
// that work on its events.
type Source struct {
	Name  string
	Owner *Plugin
	// Stream is the owner's state, which opens the source.
	Stream host.Plugin
	// States are the states that the events meet, in load order.
	States []host.Plugin
	// Kept says that the stream of the previous assembly's source of this name goes on:
	// neither its owner has changed nor any plugin whose state depends on what it has seen.
	Kept bool

	plugins []*Plugin      // of the states
	tables  state.Registry // of the states
}

// Source returns the event source of that name, or nil.
func (a *Assembly) Source(name string) *Source {
	for _, s := range a.Sources {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// StatesOf returns the states that the events of a source meet; in a replay these are the
// states of all plugins.
func (a *Assembly) StatesOf(source string) []host.Plugin {
	if a.Replaying() {
		return a.replayed
	}
	if s := a.Source(source); s != nil {
		return s.States
	}
	return nil
}

// SourceOf returns the name of the event source of the plugin with that id.
func (a *Assembly) SourceOf(id uint32) (string, bool) {
	for _, s := range a.Sources {
		if s.Owner.Info.ID == id {
			return s.Name, true
		}
	}
	return "", false
}

// Workers is how many batches of the source are evaluated at once. Tables are used by one
// at a time; a plugin whose extractions wait for each other leaves something to do for one
// more worker at most.
func (s *Source) Workers() int {
	n := runtime.GOMAXPROCS(0)
	for _, t := range s.tables.List() {
		if !host.Builtin(t) {
			return 1 // plugins read what others have
		}
	}
	for _, p := range s.States {
		if !p.Concurrent() {
			n = min(n, 2)
		}
	}
	return n
}

// selectSources drops the event sources that the flags disable. A replay has all of them.
// The source syscall may be named; it never has events.
func (a *Assembly) selectSources() error {
	if a.Replaying() {
		return nil
	}
	names := []string{SyscallSource}
	for _, s := range a.Sources {
		names = append(names, s.Name)
	}
	a.loaded = names
	enabled, err := selected(names, a.opts.Enable, a.opts.Disable)
	if err != nil {
		return err
	}
	a.enabled = enabled
	return nil
}

// selected applies --enable-source or --disable-source to the known event sources.
func selected(known, enable, disable []string) ([]string, error) {
	if len(enable) > 0 && len(disable) > 0 {
		return nil, errors.New("You can not mix --enable-source and --disable-source")
	}
	for _, s := range enable {
		if !slices.Contains(known, s) {
			return nil, fmt.Errorf("Attempted enabling an unknown event source: %s", s)
		}
	}
	for _, s := range disable {
		if !slices.Contains(known, s) {
			return nil, fmt.Errorf("Attempted disabling an unknown event source: %s", s)
		}
	}
	var out []string
	for _, s := range known {
		if len(enable) > 0 && !slices.Contains(enable, s) || slices.Contains(disable, s) {
			continue
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, errors.New("Must enable at least one event source")
	}
	return out, nil
}

// logSources logs which event sources there are. Only those with events count as
// enabled.
func (a *Assembly) logSources() {
	a.opts.Log.Info("Loaded event sources: " + strings.Join(a.loaded, ", "))
	var live []string
	for _, s := range a.enabled {
		if s != SyscallSource {
			live = append(live, s)
		}
	}
	slices.Sort(live)
	a.opts.Log.Info("Enabled event sources: " + strings.Join(live, ", "))
}
