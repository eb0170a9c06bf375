// SPDX-License-Identifier: Apache-2.0

// Package host is the common interface to all kinds of plugins. A [Module] is a plugin: a shared
// library (package loader) or a linked-in Go package ([Linked]). A [Plugin] is one initialized
// state of a module.
package host

import (
	"slices"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/sdk"
)

// Caps are the capabilities of a plugin, with the bits of the C interface's loader.
type Caps uint32

// The capabilities.
const (
	Sourcing Caps = 1 << iota
	Extraction
	Parsing
	Async
	Listening
)

// Has reports whether c includes all of want.
func (c Caps) Has(want Caps) bool { return c&want == want }

// Info describes a plugin before it is initialized. It has passed all checks that concern a
// single plugin.
type Info struct {
	Name, Description, Contact, Version string
	// RequiredAPI is the plugin API version that the plugin requires.
	RequiredAPI string
	Caps        Caps
	// ID and Source identify the plugin's event source; 0 and "" without one.
	ID     uint32
	Source string
	// ExtractSources are the event sources that the plugin extracts from; nil means all. They
	// always include the plugin's own source.
	ExtractSources []string
	// ParseSources and AsyncSources are the same for the sources whose events the plugin
	// parses, and for the sources that it injects events into.
	ParseSources, AsyncSources []string
	// AsyncEvents are the names of the events that the plugin may inject.
	AsyncEvents []string
	// Fields are the fields that the plugin extracts; the index is the field's ID.
	Fields []abi.FieldInfo
	// Schema is the JSON schema of the configuration, "" if the plugin has none.
	Schema string
	// Path is the file of a shared library, "" for a linked-in plugin.
	Path string
}

// ExtractsFrom reports whether the plugin extracts fields from events of the source.
func (i *Info) ExtractsFrom(source string) bool {
	return i.Caps.Has(Extraction) && includes(i.ExtractSources, source)
}

// ParsesFrom reports whether the plugin parses events of the source.
func (i *Info) ParsesFrom(source string) bool {
	return i.Caps.Has(Parsing) && includes(i.ParseSources, source)
}

// InjectsInto reports whether the plugin injects events into the source's stream.
func (i *Info) InjectsInto(source string) bool {
	return i.Caps.Has(Async) && includes(i.AsyncSources, source)
}

// includes reports whether a list of event sources includes source; nil includes all.
func includes(sources []string, source string) bool {
	return sources == nil || slices.Contains(sources, source)
}

// Module is a plugin that can be initialized any number of times.
type Module interface {
	Info() *Info
	// New initializes a state: it validates config against the schema and calls the plugin's
	// init. config is the text of the configuration, "" for none.
	New(config string) (Plugin, error)
}

// Plugin is an initialized state. Except for plans, its methods must be called by one goroutine
// at a time. Optional interfaces are [Parser], [AsyncSource], [StateDumper], [Listener],
// [Metered], [ConfigSetter] and [Failing].
type Plugin interface {
	Module() Module
	// Extractor extracts the plugin's fields, with the IDs of Info().Fields, and
	// [fields.InfoID] if the plugin has an event source.
	fields.Extractor
	// Open opens a stream of the plugin's event source.
	Open(params string) (event.Source, error)
	// OpenParams returns the suggested parameters for Open, if any.
	OpenParams() ([]sdk.OpenParam, error)
	// Concurrent reports whether several goroutines can use plans at once without waiting for
	// each other.
	Concurrent() bool
	// Close destroys the state. Streams and plans must no longer be in use.
	Close() error
}
