// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/state"
)

// Parser is a plugin that parses every event of the sources in Info.ParseSources: once, in
// order, before fields are extracted and rules are evaluated. It can keep state, in tables or
// in itself. The event is valid during the call. An error is logged and counted; the event is
// processed nevertheless.
type Parser interface {
	Parse(e *event.Event) error
}

// ExtractTyper is an [Extractor] that returns the event types that fields can be extracted
// from: [abi.PluginEvent], [abi.AsyncEvent]. Without it, or if it returns none, the type is
// [abi.PluginEvent]. It is called only after Init.
type ExtractTyper interface {
	ExtractTypes() []uint16
}

// ParseTyper is a [Parser] that returns the event types to parse; see [ExtractTyper].
type ParseTyper interface {
	ParseTypes() []uint16
}

// EmitFunc injects an event: a name from AsyncEvents, the time in nanoseconds (0 or
// [abi.NoTime] for now), and the payload. It copies its arguments, is safe for concurrent use,
// and never blocks: if the host has no room for the event or rejects it, EmitFunc returns an
// error.
type EmitFunc func(name string, time uint64, data []byte) error

// AsyncSource is a plugin that injects events of type [abi.AsyncEvent] into the streams of the
// sources in Info.AsyncSources at any time.
type AsyncSource interface {
	// AsyncEvents returns the names of the events that it may inject, at least one.
	AsyncEvents() []string
	// StartAsync starts a period in which emit may be called, even before StartAsync
	// returns. It must not block; use goroutines. It is called at the start of a live
	// stream, never for a replay of a capture file.
	StartAsync(emit EmitFunc) error
	// StopAsync ends the period: emit must not be called after it has returned. It may be
	// called without StartAsync, and StartAsync may be called again.
	StopAsync()
}

// StateDumper is an [AsyncSource] that can describe its state in events, and restore the state
// when these events are parsed. DumpState is called at the start of a capture file; emit may be
// called until it returns.
type StateDumper interface {
	DumpState(emit EmitFunc) error
}

// TableSetter is a plugin that uses tables of others or provides its own. SetTables is called
// once, before Init. Look up and add tables in SetTables and Init only. The tables and field
// handles are valid until Destroy: use them in Parse and in Listener's methods, and for reading
// in Extract and plans.
type TableSetter interface {
	SetTables(tables state.Registry) error
}

// Listener is a plugin that is notified of the start and end of a capture: after its streams
// are opened and before they are closed, also in a replay. An error of CaptureOpen ends the
// capture.
type Listener interface {
	CaptureOpen(r Routines) error
	CaptureClose(r Routines) error
}

// Routines runs functions in threads of the host, concurrently with the stream.
type Routines interface {
	// Start calls f repeatedly, until f returns false or the routine is stopped, at the
	// latest at the end of the capture.
	Start(f func() bool) (Routine, error)
}

// Routine is a running function. Stop waits until it no longer runs; stopping it twice, or
// after it has ended, is not an error. The function must not call Stop; it returns false
// instead.
type Routine interface {
	Stop() error
}

// ConfigSetter is a plugin whose configuration can change at runtime. SetConfig receives the
// new configuration, validated like that of Init. After an error the old one stays active.
type ConfigSetter interface {
	SetConfig(config string) error
}

// EventSchemaVersioner is a plugin that requires a version of the host's event schema, a
// semantic version.
type EventSchemaVersioner interface {
	EventSchemaVersion() string
}
