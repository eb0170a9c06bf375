// SPDX-License-Identifier: Apache-2.0

// Package registry knows which plugin has which id and event source. The list is
// registry.yaml beside this file; its form is that of Falco's registry, of which it has
// the assignments.
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

// The ranges of ids.
const (
	// Development is the id that anybody uses before there is one.
	Development = 999
	// LastPublic is the last id that a registry assigns; the private ones follow.
	LastPublic = 1<<30 - 1
	// LastPrivate is the last id that nobody needs to register.
	LastPrivate = 1<<31 - 1
)

// Registry is a list of plugins.
type Registry struct {
	// ReservedSources are names that no event source may have.
	ReservedSources []string `yaml:"reserved_sources"`
	Plugins         []Plugin `yaml:"plugins"`
}

// Plugin is an entry. What else stands in it is for people.
type Plugin struct {
	Name         string       `yaml:"name"`
	Description  string       `yaml:"description"`
	URL          string       `yaml:"url"`
	Reserved     bool         `yaml:"reserved"`
	Capabilities Capabilities `yaml:"capabilities"`
}

// Capabilities is what a plugin can do, as far as the registry is concerned.
type Capabilities struct {
	Sourcing   Sourcing   `yaml:"sourcing"`
	Extraction Extraction `yaml:"extraction"`
}

// Sourcing says that a plugin has an event source.
type Sourcing struct {
	Supported bool   `yaml:"supported"`
	ID        uint32 `yaml:"id"`
	Source    string `yaml:"source"`
}

// Extraction says that a plugin extracts fields from events of some sources, or of all.
type Extraction struct {
	Supported bool     `yaml:"supported"`
	Sources   []string `yaml:"sources"`
}

//go:embed registry.yaml
var known string

// Known returns the registry that is built in. Nobody changes it.
var Known = sync.OnceValue(func() *Registry {
	r, err := Read(strings.NewReader(known))
	if err != nil {
		return &Registry{} // the file is checked by a test
	}
	return r
})

// Read reads a registry in YAML, without checking it.
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

// Check returns all that is wrong with the registry: names and ids that are there twice,
// names and event sources of a wrong form, ids out of range.
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
				errs = append(errs, fmt.Errorf("plugin %s: source ID is not unique: '%d' is that of %s", p.Name, s.ID, other))
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

// Warn returns what users should know of a plugin with an id and an event source, "" if
// all is well: it uses the id for development, or one that belongs to another plugin or is
// out of range. An id that nobody registered is none of the user's business; see Has.
func (r *Registry) Warn(plugin string, id uint32, source string) string {
	switch {
	case id == 0:
		return ""
	case id == Development:
		return fmt.Sprintf("plugin %s has the id %d, which is for development: events of different plugins have it", plugin, id)
	case id > LastPrivate:
		return fmt.Sprintf("plugin %s has the id %d of the reserved range", plugin, id)
	case id > LastPublic:
		return ""
	}
	for i := range r.Plugins {
		p, s := &r.Plugins[i], &r.Plugins[i].Capabilities.Sourcing
		switch {
		case !s.Supported || s.ID != id:
		case p.Name != plugin:
			return fmt.Sprintf("plugin %s has the id %d, which is registered to plugin %s", plugin, id, p.Name)
		case s.Source != source:
			return fmt.Sprintf("plugin %s has the event source %s, but is registered with %s", plugin, source, s.Source)
		default:
			return ""
		}
	}
	return ""
}

// Has reports whether the id needs no registration, or has one.
func (r *Registry) Has(id uint32) bool {
	return id == 0 || id > LastPublic && id <= LastPrivate || slices.ContainsFunc(r.Plugins, func(p Plugin) bool {
		return p.Capabilities.Sourcing.Supported && p.Capabilities.Sourcing.ID == id
	})
}
