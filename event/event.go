// SPDX-License-Identifier: Apache-2.0

// Package event defines the data that flows through gyr: events, batches of events, the
// values extracted from them, and the interfaces of event sources and sinks.
//
// # Memory ownership
//
// A [Batch] owns the memory of its events. Everything reachable from a batch (payloads,
// names, values) is valid from the time its [Source] filled it until [Batch.Release]; copy
// what must live longer. One goroutine owns a batch at a time: the reader that fills it,
// then a worker that evaluates it, then the sequencer that releases it. Passing on the batch
// passes on the ownership of its memory; there are no locks.
//
// Strings and byte slices of events and values are views: of the batch's [Arena], or of a
// buffer that the source keeps valid until the release ([Batch.Hold]). They are read-only.
//
// # Encoded events
//
// The C interface and capture files use a packed encoding of an event, the blob. An Event
// holds the decoded parts. The blob is kept if the source provides it ([Event.Blob]), and
// otherwise built on demand ([Event.AppendBlob]).
package event

import (
	"encoding/binary"

	"github.com/gyr-dev/gyr/abi"
)

// Event is one event of a batch. The zero value is not meaningful.
type Event struct {
	// Num is the event number that rules see as evt.num, starting at 1. Sources leave it 0
	// and the pipeline's reader assigns it. Only a capture reader sets it, to the number in
	// the file, which also counts skipped events.
	Num uint64
	// Time is in nanoseconds since the Unix epoch, or [abi.NoTime] until the pipeline's
	// reader sets it.
	Time uint64
	// PluginID is the ID of the plugin that the event belongs to, 0 for none.
	PluginID uint32
	// Type is [abi.PluginEvent] or [abi.AsyncEvent].
	Type uint16
	// Name is the name of an async event, empty for other events.
	Name string
	// Data is the payload, in memory that the batch owns.
	Data []byte
	// Blob is the event in the encoding of the C interface if the source provides it, else
	// nil. If set, Data is a view of it, and it holds the same time and plugin ID.
	Blob []byte
}

// IsAsync reports whether the event was injected into the stream of its source.
func (e *Event) IsAsync() bool { return e.Type == abi.AsyncEvent }

// SetTime sets the event's time, also in the blob if there is one.
func (e *Event) SetTime(ns uint64) {
	e.Time = ns
	if e.Blob != nil {
		binary.LittleEndian.PutUint64(e.Blob, ns)
	}
}
