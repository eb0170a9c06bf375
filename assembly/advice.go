// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/nearest"
	"github.com/gyr-dev/gyr/registry"
)

// AdvisedError is an error with the words of Falco, and what its user can do about it.
type AdvisedError struct {
	Err error
	// Advice is one or more sentences, without a newline at the end.
	Advice string
}

// Error returns the error's text without the advice.
func (e *AdvisedError) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *AdvisedError) Unwrap() error { return e.Err }

// AdviseMissing adds to an error about a plugin that is not there how to load it. names are
// the names it may have, the first one that fits counts.
func AdviseMissing(err error, names ...string) error {
	return &AdvisedError{err, HowToLoad(names...)}
}

// HowToLoad says how a configuration loads the plugin that one of the names means, and which
// plugins are built in.
func HowToLoad(names ...string) string {
	builtIn := builtInNames()
	for _, n := range names {
		if slices.Contains(builtIn, n) {
			return fmt.Sprintf("The plugin %s is built in. To load it, put {name: %s, library_path: lib%s.so} into plugins and, if there is load_plugins, %s there.", n, n, n, n)
		}
	}
	return NearBuiltIn(names...) + " Other plugins need their library in " + config.PluginsDir +
		" or the folder of --plugins-dir, and an entry {name: NAME, library_path: libNAME.so} in plugins."
}

// NearBuiltIn says which plugins are built in, and which of them a name may be meant for.
func NearBuiltIn(names ...string) string {
	builtIn := builtInNames()
	text := "Built in: " + strings.Join(builtIn, ", ") + "."
	for _, n := range names {
		if near := nearest.Name(n, slices.Values(builtIn)); near != "" {
			return "Did you mean " + near + "? " + text
		}
	}
	return text
}

// builtInNames are the names of the built-in plugins.
func builtInNames() []string {
	var names []string
	modules, err := BuiltInModules(host.Logs{})
	if err != nil {
		return nil
	}
	for _, m := range modules {
		names = append(names, m.Info().Name)
	}
	return names
}

// pluginOf returns the name of the plugin that has an event source, "" if none is known.
func pluginOf(source string) string {
	if m, err := FindBuiltIn([]string{source}, host.Logs{}); err == nil && m != nil && m.Info().Source == source {
		return m.Info().Name
	}
	for _, p := range registry.Known().Plugins {
		if p.Capabilities.Sourcing.Source == source {
			return p.Name
		}
	}
	return ""
}
