// SPDX-License-Identifier: Apache-2.0

package event

import "context"

// Source is an open stream of events. The methods are called by one goroutine at a time;
// optional powers are [Acker] and [Progresser].
type Source interface {
	// Next appends events to b until it is full, the stream ends, or the source has
	// nothing more to offer for now: with events, it then returns within about 30 ms.
	// Without any it had better wait for one until ctx is done, as waking up for nothing
	// costs; it may return before that with none. Events that were appended count also
	// when an error comes with them: they are evaluated first.
	//
	// nil means call again, io.EOF the end of the stream, any other error a failure of
	// the source, which ends it. When ctx is done it returns soon, with what it has.
	Next(ctx context.Context, b *Batch) error
	// Close ends the stream and frees what belongs to it. It is called once, after the
	// last Next has returned. Batches that were filled stay valid.
	Close() error
}

// Acker is a Source that wants to know what became of its events, to tell whoever it has
// them from.
type Acker interface {
	// Ack is called exactly once for each batch with a Token, in the order of the
	// batches, before Close.
	//
	// nil means that the batch is dealt with. Every rule has seen every event, and each
	// alert was, for every output, delivered, or is on disk until it will be, or was
	// refused by the output for good and counted, or was dropped as the configuration
	// says. The events need not be given again.
	//
	// An error means that this is not known, and the events are to be given again, later
	// or at the next start: gyr stops and alerts are under way, or something failed
	// while the batch was evaluated. Batches behind it may be dealt with all the same.
	// An output that refuses alerts is no error.
	//
	// The calls come one at a time, from a goroutine that does nothing else, also while
	// Next runs. They may take a while and wait for a lock that Next holds: outputs and
	// rules go on meanwhile. But all later acknowledgements wait for a call, and in the
	// end Close does: one that does not return within a few seconds then ends the process.
	// Ack must not wait for another batch, or for Close.
	Ack(token any, err error)
	// ReadAhead is how many batches may be read before the first is acknowledged. It may
	// be called while Ack runs.
	ReadAhead() int
}

// Progresser is a Source that knows how much of its stream it has read: a share from
// 0 to 1 and a text for people ("12/100 files").
type Progresser interface {
	Progress() (share float64, text string)
}

// Sink stores events, as a capture file does. Write copies what it keeps.
type Sink interface {
	Write(source string, e *Event) error
	Close() error
}
