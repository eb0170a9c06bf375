// SPDX-License-Identifier: Apache-2.0

// Package sdk is for writing Falco plugins in Go.
//
// A plugin is a value of a type that implements [Plugin] and the optional interfaces of
// its capabilities. The same type is linked into gyr as a Go package, or built as a
// shared library that Falco and gyr load (package sdk/cshared); it does not notice
// which. Each state of the plugin is a value of its own, made by a [Factory].
//
//	interface            capability         methods
//	Plugin               (required)         Info
//	Initializer          configuration      Init
//	SchemaProvider       configuration      InitSchema
//	ConfigSetter         configuration      SetConfig
//	Destroyer            configuration      Destroy
//	Sourcer              event source       Open
//	OpenParamser         event source       OpenParams
//	Stringer             event source       AppendString
//	Extractor            field extraction   Fields, Extract
//	Planner              field extraction   Plan, instead of one Extract call per event
//	ExtractTyper         field extraction   ExtractTypes
//	Concurrent           field extraction   ExtractsConcurrently
//	Parser               event parsing      Parse
//	ParseTyper           event parsing      ParseTypes
//	AsyncSource          async events       AsyncEvents, StartAsync, StopAsync
//	StateDumper          async events       DumpState
//	Listener             capture listening  CaptureOpen, CaptureClose
//	TableSetter          state tables       SetTables
//	Metered              metrics            Metrics
//	LogSetter            log                SetLogger
//	EventSchemaVersioner event schema       EventSchemaVersion
//
// The first interface of a capability makes it, the others of it are optional.
//
// The example of this package is a whole plugin.
//
// # Life
//
// The factory makes a value; Info, InitSchema and Fields may be called at once and always
// give the same. Then come Init, once; then any number of calls of Open, OpenParams, Plan,
// Extract and AppendString; at last Destroy, if Init succeeded. A host may have several
// states, and other values of the type on which Init is never called.
//
// # Events
//
// Open returns an [event.Source]: a stream that appends events to a batch. [Pull] and
// [Push] make one of a function or of a channel; whoever can fill a batch faster
// implements Next himself. A stream may also be an [event.Progresser], and an
// [event.Acker] that learns when its events have been dealt with. The plugin id of an
// event may be left 0.
//
// # Fields
//
// The position of a field in Fields is its id. A [FieldTable] is an Extractor of fields
// that have a function each. A value is set in the form that the field's type demands
// ([event.Value]); [String], [Uint64], [Time], [Addr], [List] and their like make values
// and cannot go wrong: what a type cannot express is absent. A field that an event does
// not have is left alone, which makes it absent; an error does the same and says why.
// Texts are read up to their first NUL. A text that is a view of the event's payload
// tells hosts that ask for it where it stands there.
//
// Extraction sees events of other sources, too, if Info.ExtractSources says so or is
// empty, and events of type [abi.AsyncEvent] if an [ExtractTyper] says so: look at the
// event's type where it matters.
//
// # Memory
//
// An event and what it refers to are valid during the call. Values may point into the
// event's payload, into memory of the arena that comes with the call, or at Go memory
// that nobody changes any more; the host copies them before the arena's next reset.
//
// # Threads
//
// The methods of one value are called one at a time, with two exceptions. A stream lives
// in a goroutine of its own: its Next may run while the plugin extracts fields. And if a
// plugin is [Concurrent], so may several extractions, each with an arena of its own.
//
// # Errors and panics
//
// Errors are shown to users behind the plugin's name. A panic does not end the process:
// it counts as an error of the call.
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
	// ParseSources and AsyncSources are the same for a [Parser] and an [AsyncSource].
	ParseSources []string
	AsyncSources []string
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
// read an event in one pass. Extract is then only used for single fields: after a panic of
// the plan, and in tests. Plan may refuse requests that can never have a value.
type Planner interface {
	Plan(reqs []Request) (Plan, error)
}

// Plan extracts a fixed set of fields. It is immutable: one plan may be used by several
// goroutines if the plugin is [Concurrent].
type Plan interface {
	// Extract sets out[i] for request i; all are absent on entry. After an error those
	// not set stay absent, and gyr reports the error. [RequestErrors] say which requests
	// it is about.
	Extract(e *event.Event, out []event.Value, mem *event.Arena) error
}

// Concurrent is a plugin that says whether its Extract, plans and AppendString may run
// in several goroutines at once on one value. Without it they never do.
type Concurrent interface {
	ExtractsConcurrently() bool
}
