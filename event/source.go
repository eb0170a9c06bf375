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

// Acker is a Source that wants to know when its events are dealt with: every alert of
// every rule for every event of a batch is accepted by every output (or dropped by a
// rule of the configuration). Ack is called once per batch with a Token, in the order of
// the batches, from any goroutine, never after Close. err tells why delivery was given up.
type Acker interface {
	Ack(token any, err error)
	// ReadAhead is how many batches may be read before the first is acknowledged.
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
