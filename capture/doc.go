// SPDX-License-Identifier: Apache-2.0

// Package capture reads and writes capture files (.scap): recorded streams of events that
// gyr and Falco can replay and inspect. FORMAT.md in this folder describes every block.
//
// A capture is a sequence of blocks: a section header, facts about the machine, then
// events. The file may be compressed with gzip, and it may hold several concatenated
// captures. An event holds the ID of its plugin but no event source; the event source
// follows from the plugins that are loaded for the replay.
//
//	type or function       purpose
//	Reader                 an event.Source over a file
//	Writer                 an event.Sink into a file, or into several by size and time
//	Trigger                starts recording at a match, as configured by capture in falco.yaml
//	ReadInfo               summarizes a file, without plugins
//	Each, Filter, Merge    read captures and make new ones
//	Convert                converts log lines to a capture
//
// # Damaged files
//
// If the writer was killed, the file ends within a block or within the gzip stream. This is
// not an error: the reader returns all complete blocks, then io.EOF, and [Reader.Tail] tells
// what is missing and where. A file cut before its first event has no events. A malformed
// block is a [FormatError] with file, offset and reason; the events before it are read.
//
// # Initial state
//
// A capture may start with events that hold the state at that time: plugins dump their
// state as async events, Falco adds the user accounts. The reader returns those of plugins
// in batches with StateOnly, which plugins parse but rules do not see. It skips the others.
// Both count in the numbers of later events. The initial state is the unbroken run of such
// event types at the start, or the number of events in gyr's origin block.
//
// # Memory
//
// Events are views of the bytes read. A batch holds these bytes until it is released. The
// reader does not trust the length of a block: it never uses more memory than the
// uncompressed bytes read so far plus 64 MB (on systems other than Unix: plus the length of
// one block).
package capture
