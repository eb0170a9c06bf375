// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/state"
)

// Parser is a plugin that sees every event of the sources in Info.ParseSources before
// fields are extracted from it and before any rule sees it, in the order of the events,
// each once. It is where a plugin keeps state, in tables or in itself. The event is valid
// during the call. An error is logged and counted; the event goes on.
type Parser interface {
	Parse(e *event.Event) error
}

// ExtractTyper is an [Extractor] that says from which types of events fields can be
// extracted: [abi.PluginEvent], [abi.AsyncEvent]. Without it, or if it returns none, only
// from [abi.PluginEvent]. It may be asked after Init only.
type ExtractTyper interface {
	ExtractTypes() []uint16
}

// ParseTyper is a [Parser] that says which types of events it wants to see; see [ExtractTyper].
type ParseTyper interface {
	ParseTypes() []uint16
}

// EmitFunc injects an event: the name of one of AsyncEvents, the time in nanoseconds (0 or
// [abi.NoTime] for now), the payload. It copies what it is given, may be called by any
// goroutine, and never waits: an event that the host has no room for, or does not
// accept, is an error and was not injected.
type EmitFunc func(name string, time uint64, data []byte) error

// AsyncSource is a plugin that injects events of type [abi.AsyncEvent] next to the streams
// of the sources in Info.AsyncSources, of its own accord.
type AsyncSource interface {
	// AsyncEvents lists the names of the events that it may inject, at least one.
	AsyncEvents() []string
	// StartAsync begins a time in which emit may be called, also before StartAsync
	// returns. It returns soon; the work is done in goroutines of the plugin. It is
	// called when a live stream begins, never when a capture file is replayed.
	StartAsync(emit EmitFunc) error
	// StopAsync ends that time: once it has returned emit is not called any more. It may
	// come without StartAsync, and StartAsync may come again.
	StopAsync()
}

// StateDumper is an [AsyncSource] that can describe its state in events, from which it
// restores it when they are parsed. DumpState is called when a capture file begins; emit
// may be called until it returns.
type StateDumper interface {
	DumpState(emit EmitFunc) error
}

// TableSetter is a plugin that uses tables of others or offers its own. SetTables is
// called once, before Init. Tables are looked up and added in SetTables and in Init only;
// tables and field handles found there are used as long as the plugin lives, in Parse and
// Listener's methods, and read in Extract and plans.
type TableSetter interface {
	SetTables(tables state.Registry) error
}

// Listener is a plugin that is told when a capture begins and ends: after its streams were
// opened, before they are closed; also when a capture file is replayed. An error of
// CaptureOpen ends the capture.
type Listener interface {
	CaptureOpen(r Routines) error
	CaptureClose(r Routines) error
}

// Routines are the host's threads for work beside the stream.
type Routines interface {
	// Start has f called again and again until it returns false or the routine is
	// stopped, at the latest at the end of the capture.
	Start(f func() bool) (Routine, error)
}

// Routine is a running function. Stop returns when it no longer runs; stopping again, or
// after the function ended by itself, is no error. The function does not stop itself: it
// returns false.
type Routine interface {
	Stop() error
}

// ConfigSetter is a plugin whose configuration can change while it runs. SetConfig gets
// the new configuration, checked as that of Init. After an error the old one stays.
type ConfigSetter interface {
	SetConfig(config string) error
}

// EventSchemaVersioner is a plugin that needs a version of the host's event schema: a
// semantic version.
type EventSchemaVersioner interface {
	EventSchemaVersion() string
}
