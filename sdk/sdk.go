// SPDX-License-Identifier: Apache-2.0

// Package sdk is an SDK for Falco plugins in Go.
//
// A plugin is a type that implements [Plugin] and the optional interfaces of its
// capabilities. The same type can be linked into gyr as a Go package, or built as a shared
// library that Falco and gyr load (package sdk/cshared), without changes. Each state of the
// plugin is a separate value, made by a [Factory].
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
// The first interface of a capability is required for it; the others are optional.
//
// The example of this package is a complete plugin.
//
// # Lifecycle
//
// The factory makes a value. Info, InitSchema and Fields may be called immediately and must
// always return the same. Then follow one call of Init; any number of calls of Open,
// OpenParams, Plan, Extract and AppendString; and Destroy, if Init succeeded. A host may have
// several states, and other values of the type on which it never calls Init.
//
// # Events
//
// Open returns an [event.Source]: a stream that appends events to a batch. [Pull] and [Push]
// make a stream from a function or a channel; implement Next yourself if you can fill a batch
// faster. A stream may also be an [event.Progresser], and an [event.Acker] that receives
// acknowledgements. The plugin ID of an event may be 0.
//
// # Fields
//
// The index of a field in Fields is its ID. A [FieldTable] is an Extractor with one function
// per field. A value must have the form of the field's type ([event.Value]). Use [String],
// [Uint64], [Time], [Addr], [List] and similar functions to make values; they cannot fail, and
// return an absent value if the type cannot express the argument. A value that is not set is
// absent. Returning an error also makes it absent, and reports a reason. Strings are read up to
// the first NUL. If a string is a view of the event's payload, hosts can determine its position.
//
// Extraction receives events of other sources if Info.ExtractSources lists them or is empty,
// and events of type [abi.AsyncEvent] if an [ExtractTyper] requests them. Check the event's
// type where it matters.
//
// # Memory
//
// An event and its data are valid during the call. Values may refer to the event's payload, to
// memory from the arena passed to the call, or to Go memory that no longer changes. The host
// copies them before the arena's next reset.
//
// # Concurrency
//
// The methods of one value are called one at a time, with two exceptions. A stream has its own
// goroutine: its Next may run while the plugin extracts fields. And if a plugin is
// [Concurrent], several extractions may run at once, each with its own arena.
//
// # Errors and panics
//
// Errors are shown to users after the plugin's name. A panic does not end the process; it
// becomes the error of the call.
package sdk

import (
	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// Factory makes one state of a plugin, which is not initialized: Info, Fields and InitSchema can
// be called immediately, all other methods after Init.
type Factory func() Plugin

// Plugin is the interface of every plugin.
type Plugin interface {
	// Info describes the plugin. It must be the same for every value of the type.
	Info() Info
}

// Info describes a plugin.
type Info struct {
	// Name must be unique in a process; rules use it to require plugins.
	Name        string
	Description string
	Contact     string
	// Version is a semantic version, "1.2.3".
	Version string
	// ID is the registered ID of an event source, EventSource its name ("aws_cloudtrail").
	// Both are empty for a plugin without an event source.
	ID          uint32
	EventSource string
	// ExtractSources are the event sources that fields can be extracted from, in addition to
	// the plugin's own. If it is empty and the plugin has no source, it means all sources.
	ExtractSources []string
	// ParseSources and AsyncSources are the same for a [Parser] and an [AsyncSource].
	ParseSources []string
	AsyncSources []string
}

// Initializer is a plugin with a configuration. Init is called once, before other methods.
type Initializer interface {
	Init(config string) error
}

// SchemaProvider is a plugin with a JSON configuration. The host validates it against the JSON
// schema; Init receives valid JSON ("{}" without a configuration).
type SchemaProvider interface {
	InitSchema() string
}

// Destroyer is a plugin with resources to free at the end.
type Destroyer interface {
	Destroy()
}

// Sourcer is a plugin with an event source. Open opens a stream; params is the configured
// open_params. See [event.Source] for streams.
type Sourcer interface {
	Open(params string) (event.Source, error)
}

// OpenParam is a suggested argument of Open.
type OpenParam struct {
	Value     string `json:"value"`
	Desc      string `json:"desc,omitempty"`
	Separator string `json:"separator,omitempty"`
}

// OpenParamser is a plugin that suggests parameters for Open.
type OpenParamser interface {
	OpenParams() ([]OpenParam, error)
}

// Stringer is a plugin that formats its events as one line of text (evt.plugininfo), appended
// to dst. It may be called concurrently if the plugin is [Concurrent].
type Stringer interface {
	AppendString(dst []byte, e *event.Event) ([]byte, error)
}

// Request is a request for a field: its index in Fields and its argument.
type Request struct {
	Field  int
	Info   *abi.FieldInfo
	HasArg bool
	// ByIndex is true if the argument is Index, false if it is Key.
	ByIndex bool
	Index   uint64
	Key     string
}

// Extractor is a plugin that extracts fields. Extract sets out for one request and one event;
// out is absent on entry. Allocate memory from mem, unless the value refers to e's memory or to
// Go memory that no longer changes. An error makes the field absent.
type Extractor interface {
	Fields() []abi.FieldInfo
	Extract(e *event.Event, req *Request, out *event.Value, mem *event.Arena) error
}

// Planner is an [Extractor] that receives all wanted fields at once and can therefore parse an
// event in one pass. Extract is then used only for single fields: after a panic of the plan,
// and in tests. Plan may reject requests that can never have a value.
type Planner interface {
	Plan(reqs []Request) (Plan, error)
}

// Plan extracts a fixed set of fields. It is immutable; several goroutines may use it if the
// plugin is [Concurrent].
type Plan interface {
	// Extract sets out[i] for request i; all are absent on entry. After an error, values that
	// are not set stay absent, and gyr reports the error. [RequestErrors] names the requests
	// that it concerns.
	Extract(e *event.Event, out []event.Value, mem *event.Arena) error
}

// Concurrent is a plugin that reports whether Extract, plans and AppendString may run
// concurrently on one value. Without it they do not.
type Concurrent interface {
	ExtractsConcurrently() bool
}
