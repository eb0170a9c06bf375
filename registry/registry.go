// SPDX-License-Identifier: Apache-2.0

// Package registry maps plugins to their IDs and event sources. The list is registry.yaml in
// this folder. It has the form of Falco's plugin registry and the same assignments.
package registry

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// The ranges of plugin IDs.
const (
	// Development is the ID for plugins in development, which have no registered ID yet.
	Development = 999
	// LastPublic is the last ID that a registry assigns. Private IDs follow.
	LastPublic = 1<<30 - 1
	// LastPrivate is the last private ID. Private IDs need no registration.
	LastPrivate = 1<<31 - 1
)

// Registry is a list of plugins.
type Registry struct {
	// ReservedSources lists names that event sources must not use.
	ReservedSources []string `yaml:"reserved_sources"`
	Plugins         []Plugin `yaml:"plugins"`
}

// Plugin is an entry of the registry. Other keys of an entry are ignored.
type Plugin struct {
	Name         string       `yaml:"name"`
	Description  string       `yaml:"description"`
	URL          string       `yaml:"url"`
	Reserved     bool         `yaml:"reserved"`
	Capabilities Capabilities `yaml:"capabilities"`
}

// Capabilities lists the capabilities of a plugin that the registry records.
type Capabilities struct {
	Sourcing   Sourcing   `yaml:"sourcing"`
	Extraction Extraction `yaml:"extraction"`
}

// Sourcing describes the event source of a plugin.
type Sourcing struct {
	Supported bool   `yaml:"supported"`
	ID        uint32 `yaml:"id"`
	Source    string `yaml:"source"`
}

// Extraction lists the event sources that a plugin extracts fields from.
type Extraction struct {
	Supported bool     `yaml:"supported"`
	Sources   []string `yaml:"sources"`
}

//go:embed registry.yaml
var known string

// Known returns the built-in registry. The caller must not change it.
var Known = sync.OnceValue(func() *Registry {
	r, err := Read(strings.NewReader(known))
	if err != nil {
		return &Registry{} // a test checks the file
	}
	return r
})

// Read reads a registry in YAML. It does not check the entries.
func Read(from io.Reader) (*Registry, error) {
	r := &Registry{}
	if err := yaml.NewDecoder(from).Decode(r); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("registry: %w", err)
	}
	return r, nil
}

var (
	nameForm   = regexp.MustCompile(`^[a-z]+[a-z0-9-_]*$`)
	sourceForm = regexp.MustCompile(`^[a-z]+[a-z0-9_]*$`)
)

// Check returns all errors in the registry: duplicate names and IDs, malformed names and
// event sources, IDs out of range.
func (r *Registry) Check() []error {
	var errs []error
	names, ids := map[string]bool{}, map[uint32]string{}
	for i := range r.Plugins {
		p := &r.Plugins[i]
		if !nameForm.MatchString(p.Name) {
			errs = append(errs, fmt.Errorf("plugin name does not follow the naming convention %s: '%s'", nameForm, p.Name))
		}
		if names[p.Name] {
			errs = append(errs, fmt.Errorf("plugin name is not unique: '%s'", p.Name))
		}
		names[p.Name] = true
		if s := &p.Capabilities.Sourcing; s.Supported {
			for _, err := range s.check(r.ReservedSources) {
				errs = append(errs, fmt.Errorf("plugin %s: %w", p.Name, err))
			}
			if other, taken := ids[s.ID]; taken {
				errs = append(errs, fmt.Errorf("plugin %s: source ID is not unique: '%d' belongs to %s", p.Name, s.ID, other))
			}
			ids[s.ID] = p.Name
		}
	}
	return errs
}

func (s *Sourcing) check(reserved []string) (errs []error) {
	if s.ID > LastPublic {
		errs = append(errs, fmt.Errorf("source ID outside the allowed range (%d): '%d'", LastPublic, s.ID))
	}
	switch {
	case s.ID == 0:
	case slices.Contains(reserved, s.Source):
		errs = append(errs, fmt.Errorf("forbidden source name: '%s'", s.Source))
	case !sourceForm.MatchString(s.Source):
		errs = append(errs, fmt.Errorf("source name does not follow the naming convention %s: '%s'", sourceForm, s.Source))
	}
	return errs
}

// Warn returns a warning for users of a plugin with this ID and event source, or "". It warns
// of the development ID, of IDs that belong to another plugin, and of IDs out of range. It
// does not warn of unregistered IDs, which concern the plugin's author; see Has.
func (r *Registry) Warn(plugin string, id uint32, source string) string {
	switch {
	case id == 0:
		return ""
	case id == Development:
		return fmt.Sprintf("plugin %s has ID %d, which is reserved for development and not unique", plugin, id)
	case id > LastPrivate:
		return fmt.Sprintf("plugin %s has ID %d, which is in the reserved range", plugin, id)
	case id > LastPublic:
		return ""
	}
	for i := range r.Plugins {
		p, s := &r.Plugins[i], &r.Plugins[i].Capabilities.Sourcing
		switch {
		case !s.Supported || s.ID != id:
		case p.Name != plugin:
			return fmt.Sprintf("plugin %s has ID %d, which is registered to plugin %s", plugin, id, p.Name)
		case s.Source != source:
			return fmt.Sprintf("plugin %s has the event source %s, but is registered with %s", plugin, source, s.Source)
		default:
			return ""
		}
	}
	return ""
}

// Has reports whether the ID is registered, or needs no registration.
func (r *Registry) Has(id uint32) bool {
	return id == 0 || id > LastPublic && id <= LastPrivate || slices.ContainsFunc(r.Plugins, func(p Plugin) bool {
		return p.Capabilities.Sourcing.Supported && p.Capabilities.Sourcing.ID == id
	})
}
