// SPDX-License-Identifier: Apache-2.0

// Package host is a plugin as gyr sees it, whatever it is made of: a [Module] is a
// plugin that can be used (a shared library, package loader; or a Go package that is
// linked in, [Linked]), a [Plugin] is one initialised state of it.
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

// Has reports whether all of want are there.
func (c Caps) Has(want Caps) bool { return c&want == want }

// Info is what is known of a plugin before it is initialised. All checks of the host
// that concern one plugin have been made.
type Info struct {
	Name, Description, Contact, Version string
	// RequiredAPI is the plugin API version that the plugin was made for.
	RequiredAPI string
	Caps        Caps
	// ID and Source identify a plugin's own event source; 0 and "" without one.
	ID     uint32
	Source string
	// ExtractSources are the event sources whose events the plugin extracts from; nil
	// means all. A plugin's own source is always among them.
	ExtractSources []string
	// ParseSources and AsyncSources are the same for events that the plugin parses, and
	// for sources next to whose streams it injects events.
	ParseSources, AsyncSources []string
	// AsyncEvents are the names of the events that it may inject.
	AsyncEvents []string
	// Fields are the fields it extracts; the index is the field's id.
	Fields []abi.FieldInfo
	// Schema is the JSON schema of the configuration, "" if the plugin has none.
	Schema string
	// Path is the file of a shared library, "" for a plugin that is linked in.
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

// InjectsInto reports whether the plugin injects events next to the source's stream.
func (i *Info) InjectsInto(source string) bool {
	return i.Caps.Has(Async) && includes(i.AsyncSources, source)
}

// includes reports whether a list of event sources has one of them; nil has all.
func includes(sources []string, source string) bool {
	return sources == nil || slices.Contains(sources, source)
}

// Module is a plugin that can be initialised, any number of times.
type Module interface {
	Info() *Info
	// New initialises a state: it checks config against the schema and calls the
	// plugin's init. config is the text of the configuration, "" for none.
	New(config string) (Plugin, error)
}

// Plugin is an initialised state. Its methods other than those of plans are called by
// one goroutine at a time. What else a state can do is said by optional interfaces:
// [Parser], [AsyncSource], [StateDumper], [Listener], [Metered], [ConfigSetter], [Failing].
type Plugin interface {
	Module() Module
	// Extractor for the plugin's fields, with ids as in Info().Fields, and for
	// [fields.InfoID] if it has an event source.
	fields.Extractor
	// Open starts a stream of the plugin's event source.
	Open(params string) (event.Source, error)
	// OpenParams returns suggestions for Open, none if the plugin makes none.
	OpenParams() ([]sdk.OpenParam, error)
	// Concurrent reports whether plans may be used by several goroutines at once
	// without waiting for each other.
	Concurrent() bool
	// Close destroys the state. Streams and plans are no longer used by then.
	Close() error
}
