// SPDX-License-Identifier: Apache-2.0

package event

import "github.com/gyr-dev/gyr/abi"

// Holder owns memory that a batch uses. Release is called when the batch no longer needs it.
type Holder interface{ Release() }

// Batch is a sequence of events of one event source. See the package comment for its
// ownership.
type Batch struct {
	// Events holds the events. A source appends to it, up to Max.
	Events []Event
	// Max is the number of events at which a source stops filling the batch.
	Max int
	// Source is the name of the event source ("aws_cloudtrail"). The pipeline sets it
	// before the source fills the batch; a capture reader sets it itself.
	Source string
	// StateOnly marks events that are the initial state of a capture or only change the
	// state of parsing plugins: they are parsed and numbered, but rules do not see them. A
	// capture reader sets it.
	StateOnly bool
	// Start is the time of the first event of the stream, for evt.reltime. The
	// pipeline's reader sets it.
	Start uint64
	// Token identifies the batch in the acknowledgement ([Acker.Ack]). Nil means no
	// acknowledgement.
	Token any
	// Arena is the batch's memory, for use by the current owner of the batch.
	Arena *Arena

	holders []Holder
}

// NewBatch returns an empty batch for up to max events that uses arena.
func NewBatch(max int, arena *Arena) *Batch {
	return &Batch{Events: make([]Event, 0, max), Max: max, Arena: arena}
}

// Add appends a plugin event with a copy of data. Time is in nanoseconds or [abi.NoTime].
func (b *Batch) Add(pluginID uint32, time uint64, data []byte) {
	b.AddView(pluginID, time, b.Arena.Copy(data))
}

// AddView appends a plugin event whose payload is data itself, not a copy. The caller must
// not change data until the batch is released; Hold reports the release.
func (b *Batch) AddView(pluginID uint32, time uint64, data []byte) {
	b.Events = append(b.Events, Event{Time: time, PluginID: pluginID, Type: abi.PluginEvent, Data: data})
}

// Full reports whether the batch is full.
func (b *Batch) Full() bool { return len(b.Events) >= b.Max }

// Hold arranges one call of h.Release when the batch is released.
func (b *Batch) Hold(h Holder) { b.holders = append(b.holders, h) }

// Release invalidates the batch's events and everything extracted from them, and makes the
// batch empty for reuse.
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
