// SPDX-License-Identifier: Apache-2.0

package host

import (
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/state"
)

// What a [Plugin] can do besides extracting fields and opening streams. A state
// implements the interfaces whatever its plugin is capable of; [Info] tells if it is
// worth calling them. None panics; the errors name the plugin.
//
// Two groups of methods may run beside the others, in a goroutine of their own: those of
// [Metered], and the emit function that an [AsyncSource] has got.

// Parser is a plugin that sees every event before fields are extracted (Parsing).
type Parser interface {
	// Parse shows b.Events[row] to the plugin. It is called once per event, in the order
	// of the events, if Info.ParsesFrom says that b.Source concerns the plugin; the
	// plugin skips events of types that it does not want. An error is one of the plugin,
	// and counted in its [Failures]; the event goes on.
	Parse(b *event.Batch, row int) error
}

// AsyncSource is a plugin that injects events next to a stream (Async).
type AsyncSource interface {
	// StartAsync lets the plugin call emit, which goes into the stream of the source,
	// until StopAsync has returned. It is called for live streams only.
	StartAsync(source string, emit EmitFunc) error
	// StopAsync ends that, also if StartAsync failed or was never called.
	StopAsync() error
}

// StateDumper is an [AsyncSource] that describes its state in events when a capture file
// begins (Async, and the plugin has the function). emit is used until DumpState returns.
// A plugin that does not do that calls nothing and returns nil.
type StateDumper interface {
	DumpState(source string, emit EmitFunc) error
}

// Listener is a plugin that is told when a capture begins and ends (Listening).
type Listener interface {
	// CaptureOpen comes after the stream was opened. An error ends the capture. The
	// routines that the plugin starts are the caller's to stop after CaptureClose.
	CaptureOpen(r sdk.Routines) error
	// CaptureClose comes before the stream is closed.
	CaptureClose(r sdk.Routines) error
}

// Metered is a plugin with metrics. Names are the plugin's own, without its name.
type Metered interface {
	Metrics() []sdk.Metric
}

// ConfigSetter is a plugin whose configuration can change. ok is false if this plugin's
// cannot. The configuration is checked against the schema; after an error the old one
// stays.
type ConfigSetter interface {
	SetConfig(config string) (ok bool, err error)
}

// TableUser is a [Module] whose states use state tables. NewWithTables is New with the
// tables that the state finds and adds to; they are those of all states that work on the
// same stream.
type TableUser interface {
	NewWithTables(config string, tables state.Registry) (Plugin, error)
}

// New initialises a state with tables, if the module's states can use any.
func New(m Module, config string, tables state.Registry) (Plugin, error) {
	if t, ok := m.(TableUser); ok && tables != nil {
		return t.NewWithTables(config, tables)
	}
	return m.New(config)
}
