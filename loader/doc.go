// SPDX-License-Identifier: Apache-2.0

// Package loader makes plugins of shared libraries with the Falco plugin C interface
// usable as [host.Module]. It is the host's only cgo; without cgo [Open] always fails.
//
// # How a library is called
//
// A call from Go into C is dear, so everything that happens per event is a loop in C, in
// one file per task (next.c, extract.c, together.c): one crossing of the border reads a
// batch, one extracts all wanted fields of all events of a batch. What a library returns
// is checked before it is used (sizes, counts, NULL, types) and copied at once; nothing in
// Go points into a library's memory.
//
// Libraries of our own SDKs have a function of ours that extracts from many events in one
// call (together.c). Its answers are checked where they lie, in the library's memory, before
// Go reads them.
//
// # What cannot be checked
//
// A library is code in this process. These end it, or worse, and no host can help it:
//
//   - a pointer that is neither NULL nor right, a count that is too large for what the
//     pointer points at, a list of events or values that lies;
//   - a text that does not end (texts of errors and names are read up to a limit);
//   - memory that is freed, or written to, while the plugin API says that it stays;
//   - a C++ exception or a Go panic that leaves a function (the SDKs of gyr catch both), a
//     fault, abort and exit;
//   - a stack that runs over, and handlers of fault signals that do not pass them on.
//
// A call that never returns is waited for; at the end of the run not longer than the
// pipeline's grace, after which the process ends and leaves all plugins alone.
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
// # Parsing
//
// An event that is parsed and then extracted from has one number in both.
//
// # Tables
//
// A plugin's calls for tables come to functions of the host (tables.c). A table of another
// plugin is reached from there without Go, and so is a table in a field, which plugins
// hand out in a form of their own (access.c). Tables made of Go, the host's and those of
// linked-in plugins, cost a call into Go of about a microsecond (gotable.go). Go sees the
// tables of plugins as [state.Table] (ctable.go). Entries of Go tables that a plugin of an
// API before 3.1 holds are taken back after every call: it has no way to release them.
// Tables are used by one goroutine at a time, except by routines.
//
// # Calls from the library
//
// Log messages, async events, tables and routines come as calls from C into Go, on any
// thread of the library. What they know of the host is a number, so that late calls of a
// plugin that is gone find nothing. The owner they have stays readable for ever.
//
// # Locks
//
// One call at a time extracts, parses, sets a configuration or reads metrics on a state. Reading a stream goes on meanwhile, as the
// plugin API allows since 2.0; before that, there is one lock per library for everything.
//
// # Libraries stay
//
// A library is loaded once and never unloaded: libraries written in Go cannot be. Opening
// the same file again gives another module over the same library.
package loader

import "log/slog"

// Options are choices for one library; the zero value is the usual one.
type Options struct {
	// MaxEvent is the size in bytes of the largest event that is accepted, with its
	// header. 0 means 256 MiB.
	MaxEvent uint32
	// Report gets what gyr has to say about the plugin, such as its [host.Failures]; nil
	// means the log of the plugin.
	Report *slog.Logger
}

const defaultMaxEvent = 256 << 20
