// SPDX-License-Identifier: Apache-2.0

package event

import "github.com/gyr-dev/gyr/abi"

// Holder is told when a batch no longer needs the memory that the holder keeps alive.
type Holder interface{ Release() }

// Batch is a run of events of one event source, in their order. See the package comment
// for who owns it when.
type Batch struct {
	// Events are the events. A source appends to it; see Max.
	Events []Event
	// Max is the number of events at which a source stops filling the batch.
	Max int
	// Source is the name of the event source ("aws_cloudtrail"). The pipeline sets it
	// before the source fills the batch; a capture reader sets it itself.
	Source string
	// StateOnly says that the events are the initial state of a capture or only change
	// the state of parsing plugins: they are parsed and numbered, no rule sees them. A
	// capture reader sets it.
	StateOnly bool
	// Start is the time of the first event of the stream, for evt.reltime. The
	// pipeline's reader sets it.
	Start uint64
	// Token is what the source wants to see again when the batch is dealt with
	// ([Acker.Ack]). Nil if it does not care.
	Token any
	// Arena is the batch's memory, for whoever holds the batch.
	Arena *Arena

	holders []Holder
}

// NewBatch returns an empty batch for up to max events over arena.
func NewBatch(max int, arena *Arena) *Batch {
	return &Batch{Events: make([]Event, 0, max), Max: max, Arena: arena}
}

// Add appends a plugin event with a copy of data. Time is in nanoseconds or [abi.NoTime].
func (b *Batch) Add(pluginID uint32, time uint64, data []byte) {
	b.AddView(pluginID, time, b.Arena.Copy(data))
}

// AddView appends a plugin event whose payload is data itself. The caller keeps data
// unchanged until the batch is released; if it wants to use the memory again, it learns
// of the release with Hold.
func (b *Batch) AddView(pluginID uint32, time uint64, data []byte) {
	b.Events = append(b.Events, Event{Time: time, PluginID: pluginID, Type: abi.PluginEvent, Data: data})
}

// Full reports whether the batch has room for no further event.
func (b *Batch) Full() bool { return len(b.Events) >= b.Max }

// Hold has h.Release called once when the batch is released.
func (b *Batch) Hold(h Holder) { b.holders = append(b.holders, h) }

// Release ends the life of the batch's events and everything that was extracted from
// them, and makes the batch empty for its next use.
func (b *Batch) Release() {
	for i, h := range b.holders {
		h.Release()
		b.holders[i] = nil
	}
	b.holders = b.holders[:0]
	clear(b.Events)
	b.Events = b.Events[:0]
	b.Token, b.StateOnly = nil, false
	b.Arena.Reset()
}
