// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"os"
	"slices"
	"time"

	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/host"
)

// TakeOver makes a the owner of the states that it shares with the assembly it was built
// from. Closing that one then closes what a does not use, and closing a closes what both
// used. It is called once, when a is in use.
func (a *Assembly) TakeOver() {
	old := a.opts.Previous
	if old == nil {
		return
	}
	a.opts.Previous = nil // which is not needed any more
	shared := map[host.Plugin]bool{}
	for _, s := range a.Sources {
		for _, state := range s.States {
			shared[state] = true
		}
	}
	var taken []host.Plugin
	old.states = slices.DeleteFunc(old.states, func(s host.Plugin) bool {
		if shared[s] {
			taken = append(taken, s)
		}
		return shared[s]
	})
	a.states = append(taken, a.states...)
}

// stamp tells whether a library file is still the one that was loaded.
type stamp struct {
	size int64
	time time.Time
}

func stampOf(file string) stamp {
	info, err := os.Stat(file)
	if err != nil {
		return stamp{} // whoever loads it reports the error
	}
	return stamp{info.Size(), info.ModTime()}
}

// fromFile returns the plugin that was loaded from a library; nil if there is none.
func (a *Assembly) fromFile(file string) *Plugin {
	return a.find(func(p *Plugin) bool { return p.file == file })
}

// builtIn returns the built-in plugin of that name; nil if there is none.
func (a *Assembly) builtIn(name string) *Plugin {
	return a.find(func(p *Plugin) bool { return p.file == "" && p.Info.Name == name })
}

// has reports whether an equal plugin is loaded.
func (a *Assembly) has(p *Plugin) bool {
	return a.find(func(q *Plugin) bool { return q.equal(p) }) != nil
}

func (a *Assembly) find(is func(*Plugin) bool) *Plugin {
	if a == nil {
		return nil
	}
	if i := slices.IndexFunc(a.Plugins, is); i >= 0 {
		return a.Plugins[i]
	}
	return nil
}

// equal reports whether two entries make the same plugin with the same configuration. Where
// they stand in the file does not matter.
func (p *Plugin) equal(q *Plugin) bool {
	return p.Module == q.Module && withoutPos(p.Config) == withoutPos(q.Config)
}

func withoutPos(c config.Plugin) config.Plugin {
	c.Pos = ""
	return c
}

// stateful reports whether what a plugin's state does depends on the events that it has
// seen, or on the tables of other plugins.
func (p *Plugin) stateful() bool {
	return p.Info.Caps&(host.Parsing|host.Async|host.Listening) != 0
}

// unchangedSource returns the source of a whose stream can go on as the source s of an
// assembly with these plugins: it has the same owner, and the same plugins with a state that
// matters. Nil if there is none.
func (a *Assembly) unchangedSource(s *Source, plugins []*Plugin) *Source {
	if a == nil {
		return nil
	}
	old := a.Source(s.Name)
	if old == nil || !old.Owner.equal(s.Owner) {
		return nil
	}
	before := slices.DeleteFunc(slices.Clone(old.plugins), func(p *Plugin) bool { return !p.stateful() })
	after := slices.DeleteFunc(slices.Clone(plugins), func(p *Plugin) bool { return !p.stateful() || !s.concerns(p) })
	if !slices.EqualFunc(before, after, (*Plugin).equal) {
		return nil
	}
	return old
}

// keptState returns the state that the plugin has on the kept source s; nil if it needs a
// new one.
func (a *Assembly) keptState(s *Source, p *Plugin) host.Plugin {
	if !s.Kept {
		return nil
	}
	old := a.opts.Previous.Source(s.Name)
	for i, q := range old.plugins {
		if q.equal(p) {
			return old.States[i]
		}
	}
	return nil
}
