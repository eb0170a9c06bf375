// SPDX-License-Identifier: Apache-2.0

package host

import (
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/state"
)

// The interfaces in this file are implemented by every state, whatever the capabilities of its
// plugin; [Info] tells which of them are useful. The methods never panic; errors name the plugin.
//
// The methods of [Metered], and the emit function passed to an [AsyncSource], may run
// concurrently with other methods.

// Parser is a plugin that parses every event before fields are extracted (Parsing).
type Parser interface {
	// Parse passes b.Events[row] to the plugin. Call it once per event, in order, if
	// Info.ParsesFrom accepts b.Source; it skips event types that the plugin does not accept.
	// An error of the plugin is returned and counted in its [Failures]; the event should be
	// processed nevertheless.
	Parse(b *event.Batch, row int) error
}

// AsyncSource is a plugin that injects events into a stream (Async).
type AsyncSource interface {
	// StartAsync lets the plugin inject events into the stream of the source with emit, until
	// StopAsync has returned. Call it for live streams only.
	StartAsync(source string, emit EmitFunc) error
	// StopAsync stops the injection. It may be called after a failed StartAsync or without
	// StartAsync.
	StopAsync() error
}

// StateDumper is an [AsyncSource] that describes its state in events at the start of a capture
// file (Async, if the plugin implements it). emit may be called until DumpState returns. For
// other plugins it does nothing and returns nil.
type StateDumper interface {
	DumpState(source string, emit EmitFunc) error
}

// Listener is a plugin that is notified of the start and end of a capture (Listening).
type Listener interface {
	// CaptureOpen is called after the stream is opened. An error ends the capture. The caller
	// must stop the routines that the plugin starts after CaptureClose.
	CaptureOpen(r sdk.Routines) error
	// CaptureClose is called before the stream is closed.
	CaptureClose(r sdk.Routines) error
}

// Metered is a plugin with metrics. Their names do not include the plugin's name.
type Metered interface {
	Metrics() []sdk.Metric
}

// ConfigSetter is a plugin whose configuration can change at runtime. ok is false if the plugin
// does not support that. The configuration is validated against the schema. After an error the
// old one stays active.
type ConfigSetter interface {
	SetConfig(config string) (ok bool, err error)
}

// TableUser is a [Module] whose states use state tables. NewWithTables is New with the tables,
// which are shared by all states that work on the same stream.
type TableUser interface {
	NewWithTables(config string, tables state.Registry) (Plugin, error)
}

// New initializes a state, with tables if the module supports them.
func New(m Module, config string, tables state.Registry) (Plugin, error) {
	if t, ok := m.(TableUser); ok && tables != nil {
		return t.NewWithTables(config, tables)
	}
	return m.New(config)
}
