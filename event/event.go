// SPDX-License-Identifier: Apache-2.0

// Package event holds what flows through gyr: events, the batches they travel in, the
// values extracted from them, and the interfaces of whoever makes or stores events.
//
// # Who owns the memory
//
// A [Batch] owns the memory of its events. Everything that is reachable from a batch
// (payloads, names, values) is valid from the moment its [Source] filled it until
// [Batch.Release]; whoever wants to keep something longer copies it. At any moment one
// goroutine holds a batch: the reader that fills it, then a worker that evaluates it,
// then the sequencer that releases it. Handing the batch on hands on its memory; no
// field of a batch is locked.
//
// Strings and byte slices of events and values are views: into the batch's [Arena], or
// into a buffer that the source keeps alive until the release ([Batch.Hold]). Nobody
// writes through them.
//
// # Events on the wire
//
// Plugins behind the C interface and capture files carry an event as a packed blob. An
// Event holds the decoded parts; the blob is built when somebody needs it
// ([Event.AppendBlob]) and kept if it was there from the start ([Event.Blob]).
package event

import (
	"encoding/binary"

	"github.com/gyr-dev/gyr/abi"
)

// Event is one event of a batch. The zero value is not meaningful.
type Event struct {
	// Num is the event number that rules see as evt.num: 1 for the first event.
	// Sources leave it 0 and the pipeline's reader assigns it; only a capture reader sets
	// it, to the number in the file, which also counts events that it does not hand out.
	Num uint64
	// Time is in nanoseconds since the Unix epoch, or [abi.NoTime] until the
	// pipeline's reader has set it.
	Time uint64
	// PluginID is the id of the plugin that the event belongs to, 0 for none.
	PluginID uint32
	// Type is [abi.PluginEvent] or [abi.AsyncEvent].
	Type uint16
	// Name is the name of an async event, else empty.
	Name string
	// Data is the payload: a view that the batch owns.
	Data []byte
	// Blob is the whole event in the form of the C interface if the source has it
	// at hand, else nil. Data is then a view into it. Its timestamp and plugin id are
	// those above.
	Blob []byte
}

// IsAsync reports whether the event was injected next to the stream of its source.
func (e *Event) IsAsync() bool { return e.Type == abi.AsyncEvent }

// SetTime sets the event's time, in the blob too if there is one.
func (e *Event) SetTime(ns uint64) {
	e.Time = ns
	if e.Blob != nil {
		binary.LittleEndian.PutUint64(e.Blob, ns)
	}
}
