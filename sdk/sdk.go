// SPDX-License-Identifier: Apache-2.0

// Package sdk is for writing Falco plugins in Go.
//
// A plugin is a value of a type that implements [Plugin] and the optional interfaces of
// its capabilities. The same type is linked into gyr as a Go package, or built as a
// shared library that Falco and gyr load (package sdk/cshared); it does not notice
// which. Each state of the plugin is a value of its own, made by a [Factory].
//
//	interface      capability         methods
//	Plugin         (required)         Info
//	Initializer    configuration      Init
//	SchemaProvider configuration      InitSchema
//	Destroyer      configuration      Destroy
//	Sourcer        event source       Open
//	OpenParamser   event source       OpenParams
//	Stringer       event source       String
//	Extractor      field extraction   Fields, Extract
//	Planner        field extraction   Plan, instead of one Extract call per event
//	Concurrent     field extraction   ExtractsConcurrently
package sdk

import (
	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// Factory makes one state of a plugin. Nothing has happened to it but its making: Info,
// Fields and InitSchema can be called at once, everything else after Init.
type Factory func() Plugin

// Plugin is what every plugin implements.
type Plugin interface {
	// Info describes the plugin. It is the same for every value of the type.
	Info() Info
}

// Info describes a plugin.
type Info struct {
	// Name is unique among the plugins of a process; rules require plugins by it.
	Name        string
	Description string
	Contact     string
	// Version is a semantic version, "1.2.3".
	Version string
	// ID is the registered id of an event source, EventSource its name ("aws_cloudtrail").
	// Both are empty for a plugin that only extracts.
	ID          uint32
	EventSource string
	// ExtractSources are the event sources that fields can be extracted from, besides
	// the plugin's own. Empty means all if the plugin has no source of its own.
	ExtractSources []string
}

// Initializer is a plugin with a configuration. Init is called once, first.
type Initializer interface {
	Init(config string) error
}

// SchemaProvider is a plugin whose configuration is JSON. The host checks it against the
// JSON schema before Init, which then gets valid JSON ("{}" if nothing is configured).
type SchemaProvider interface {
	InitSchema() string
}

// Destroyer is a plugin that has something to free at its end.
type Destroyer interface {
	Destroy()
}

// Sourcer is a plugin with an event source. Open starts a stream; params is whatever the
// user configured for it. See [event.Source] for what a stream does.
type Sourcer interface {
	Open(params string) (event.Source, error)
}

// OpenParam is a suggestion for Open's argument.
type OpenParam struct {
	Value     string `json:"value"`
	Desc      string `json:"desc,omitempty"`
	Separator string `json:"separator,omitempty"`
}

// OpenParamser is a plugin that can suggest parameters.
type OpenParamser interface {
	OpenParams() ([]OpenParam, error)
}

// Stringer is a plugin that shows its events as one line of text (evt.plugininfo).
// It appends to dst and may be called concurrently if [Concurrent] says so.
type Stringer interface {
	AppendString(dst []byte, e *event.Event) ([]byte, error)
}

// Request asks for one field: its position in Fields and its argument.
type Request struct {
	Field  int
	Info   *abi.FieldInfo
	HasArg bool
	// ByIndex says that the argument is Index, else it is Key.
	ByIndex bool
	Index   uint64
	Key     string
}

// Extractor is a plugin that extracts fields. Extract sets out for one request on one
// event; out is absent on entry. What is not in e's memory is put into mem (or is Go
// memory that nobody changes). An error makes the field absent.
type Extractor interface {
	Fields() []abi.FieldInfo
	Extract(e *event.Event, req *Request, out *event.Value, mem *event.Arena) error
}

// Planner is an [Extractor] that prefers to see all wanted fields at once, so that it can
// read an event in one pass. Extract is then only used for tests of single fields.
type Planner interface {
	Plan(reqs []Request) (Plan, error)
}

// Plan extracts a fixed set of fields. It is immutable: one plan may be used by several
// goroutines if the plugin is [Concurrent].
type Plan interface {
	// Extract sets out[i] for request i; all are absent on entry. After an error those
	// not set stay absent.
	Extract(e *event.Event, out []event.Value, mem *event.Arena) error
}

// Concurrent is a plugin that says whether its Extract, plans and AppendString may run
// in several goroutines at once on one value. Without it they never do.
type Concurrent interface {
	ExtractsConcurrently() bool
}
