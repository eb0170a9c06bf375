// SPDX-License-Identifier: Apache-2.0

// Package loader makes plugins of shared libraries with the Falco plugin C interface
// usable as [host.Module]. It is the host's only cgo; without cgo [Open] always fails.
//
// # How a library is called
//
// A call from Go into C is dear, so everything that happens per event is a loop in C, in
// one file per task (next.c, extract.c): one crossing of the border reads a batch, one
// extracts all wanted fields of all events of a batch. What a library returns is checked
// before it is used (sizes, counts, NULL, types) and copied at once; nothing in Go points
// into a library's memory. What cannot be checked is a wild pointer.
//
// # What real plugins demand of the extraction loop
//
//   - A call holds each field id at most once; the same field with another argument goes
//     into a further call. SDKs keep one result buffer per field id.
//   - The answers of a call are zeroed before and copied before the next one.
//   - When a call for several fields fails, those without an answer are asked alone.
//   - All calls for an event come together, under an event number that no other visit to
//     an event has in the life of the state. Plugins cache the parsed event by number, and
//     event_to_string, which comes last, may spoil that cache.
//
// # Locks
//
// One call at a time extracts on a state. Reading a stream goes on meanwhile, as the
// plugin API allows since 2.0; before that, there is one lock per library for everything.
//
// # Libraries stay
//
// A library is loaded once and never unloaded: libraries written in Go cannot be. Opening
// the same file again gives another module over the same library.
package loader

// Options are choices for one library; the zero value is the usual one.
type Options struct {
	// MaxEvent is the size in bytes of the largest event that is accepted, with its
	// header. 0 means 256 MiB.
	MaxEvent uint32
}

const defaultMaxEvent = 256 << 20
