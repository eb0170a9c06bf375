// SPDX-License-Identifier: Apache-2.0

package event

import "context"

// Source is an open stream of events. The methods are called by one goroutine at a time. A
// source may also implement [Acker] and [Progresser].
type Source interface {
	// Next appends events to b until b is full, the stream ends, or no event is available
	// at present; in the last case it returns within about 30 ms if b has events. Without
	// events it should wait for one until ctx is done, since returning empty batches wastes
	// processor time. Events appended before an error are evaluated.
	//
	// A nil error means that Next can be called again, io.EOF the end of the stream. Any
	// other error is a failure of the source, which ends it. When ctx is done, Next returns
	// soon, with the events that it has.
	Next(ctx context.Context, b *Batch) error
	// Close ends the stream and frees its resources. It is called once, after the last call
	// of Next has returned. Batches that were filled stay valid.
	Close() error
}

// Acker is a Source that wants acknowledgements, for example to pass them to the service that
// sent the events.
type Acker interface {
	// Ack is called exactly once for each batch with a Token, in the order of the
	// batches, before Close.
	//
	// A nil error means that the batch is done: all events were evaluated, and for every
	// output each alert was delivered, or stored on disk for later delivery, or permanently
	// rejected by the output and counted, or dropped according to the configuration. The
	// events need not be sent again.
	//
	// Any other error means that this is not known, and the source must send the events
	// again, later or after the next start: gyr stops while alerts are in flight, or the
	// evaluation of the batch failed. Later batches may succeed nevertheless. An output that
	// rejects alerts does not cause an error.
	//
	// The calls come one at a time from a dedicated goroutine, concurrently with Next. They
	// may block, for example on a lock that Next holds; outputs and rules continue meanwhile.
	// Later acknowledgements wait for the call, and so does Close at the end: if a call does
	// not return within a few seconds then, the process exits. Ack must not wait for another
	// batch or for Close.
	Ack(token any, err error)
	// ReadAhead returns the maximum number of unacknowledged batches. It may be called
	// concurrently with Ack.
	ReadAhead() int
}

// Progresser is a Source that reports its progress: a share from 0 to 1 and a text to
// display ("12/100 files").
type Progresser interface {
	Progress() (share float64, text string)
}

// Sink stores events, such as a capture file. Write copies what it keeps.
type Sink interface {
	Write(source string, e *Event) error
	Close() error
}
