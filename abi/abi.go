// SPDX-License-Identifier: Apache-2.0

// Package abi is Falco's plugin interface in Go: version numbers, return codes, field
// types, event types and the field descriptions that plugins publish.
//
// The C side of the interface is plugin_abi.h in this folder. It was written from the
// documented binary interface; a test in package loader compares every size and offset of
// the header with the constants below. Importing abi does not require cgo.
//
// The interface at a glance (API 3.12; for older generations see docs/COMPATIBILITY.md):
//
//	capability   symbols                                 use by the host
//	sourcing     open, close, next_batch                 reads batches of events
//	extraction   get_fields, extract_fields              requests field values
//	parsing      parse_event                             passes each event to the plugin first
//	async        get_async_events, set_async_event_…     accepts injected events
//	listening    capture_open, capture_close             notifies of the start and end of a stream
package abi

// The version of the plugin API that gyr implements. A plugin loads if its required
// version has the same major number and is not newer.
const (
	Major = 3
	Minor = 12
	Patch = 0

	// Version is Major.Minor.Patch, as used by plugins and printed by --version.
	Version = "3.12.0"
)

// Return codes of the C functions that report success.
const (
	Success      int32 = 0
	Failure      int32 = 1
	Timeout      int32 = -1
	EOF          int32 = 2
	NotSupported int32 = 3
)

// Event types that plugins produce. All other types belong to system calls.
const (
	// PluginEvent is an event of an event source: plugin ID, payload.
	PluginEvent uint16 = 322
	// AsyncEvent is a named event that a plugin injects: plugin ID, name, payload.
	AsyncEvent uint16 = 402
)

// Layout of an event blob: a packed header of HeaderSize bytes, a four-byte length per
// parameter (both event types above are large-payload types), then the parameters.
const (
	HeaderSize = 26
	// PayloadOffset is where the payload of a PluginEvent starts.
	PayloadOffset = HeaderSize + 2*4 + 4
	// AsyncNameOffset is where the name of an AsyncEvent starts.
	AsyncNameOffset = HeaderSize + 3*4 + 4
)

// NoTime as an event's timestamp lets the host set the time. NoThread marks an event that
// does not belong to a thread.
const (
	NoTime   = ^uint64(0)
	NoThread = ^uint64(0)
)

// MaxErrorLen is the maximum length of an error text in the C interface, including the NUL.
const MaxErrorLen = 1024

// MetricType is the type of a metric's value, with the numbers of API 3.6 and later.
type MetricType int32

// The types of metrics.
const (
	MetricU32 MetricType = iota
	MetricS32
	MetricU64
	MetricS64
	MetricDouble
	MetricFloat
	MetricInt // a C int: 32 bits
)
