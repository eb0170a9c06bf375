// SPDX-License-Identifier: Apache-2.0

// Package abi is the Falco plugin contract in Go: version numbers, return codes,
// field types, event types and the field descriptions that plugins publish.
//
// The C side of the same contract is plugin_abi.h beside this file, written from
// facts about the binary interface; a test in package loader compares every size
// and offset of the header with the constants below. Importing abi needs no cgo.
//
// The contract in one table (API 3.12; older generations differ as said in
// docs/COMPATIBILITY.md):
//
//	capability   symbols that make it                    what the host does with it
//	sourcing     open, close, next_batch                 reads batches of events
//	extraction   get_fields, extract_fields              asks for field values
//	parsing      parse_event                             shows it each event first
//	async        get_async_events, set_async_event_…     lets it inject events
//	listening    capture_open, capture_close             tells it when a stream starts
package abi

// The version of the plugin API that gyr implements. A plugin loads if its required
// version has the same major number and is not newer.
const (
	Major = 3
	Minor = 12
	Patch = 0

	// Version is Major.Minor.Patch as plugins and --version print it.
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

// Event types that plugins produce. Every other type belongs to system calls.
const (
	// PluginEvent carries one record of an event source: plugin id, payload.
	PluginEvent uint16 = 322
	// AsyncEvent carries a named event that a plugin injects: plugin id, name, payload.
	AsyncEvent uint16 = 402
)

// Layout of an event blob: a packed header of HeaderSize bytes, one length of four bytes per
// parameter (both event types above have the large-payload flag), then the parameters.
const (
	HeaderSize = 26
	// PayloadOffset is where the payload of a PluginEvent starts.
	PayloadOffset = HeaderSize + 2*4 + 4
	// AsyncNameOffset is where the name of an AsyncEvent starts.
	AsyncNameOffset = HeaderSize + 3*4 + 4
)

// NoTime in an event's timestamp asks the host to set the time; NoThread says that the
// event belongs to no thread.
const (
	NoTime   = ^uint64(0)
	NoThread = ^uint64(0)
)

// MaxErrorLen is the longest error text of the C interface, with its terminator.
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
