// SPDX-License-Identifier: Apache-2.0

// Package capture reads and writes capture files (.scap): streams of events that were
// recorded, to be replayed or looked at later, here or in Falco. FORMAT.md beside this
// file draws every block.
//
// A capture is a sequence of blocks: a section header, facts about the machine, then
// events. The file may be packed with gzip as a whole, and several captures may stand one
// after the other. The id of the plugin is all that an event says of where it comes from;
// the event source follows from the plugins that are loaded when it is replayed.
//
//	type or function       what it is for
//	Reader                 an event.Source over a file
//	Writer                 an event.Sink into a file, or into several by size and time
//	Trigger                records from a match of a rule on, as falco.yaml's capture says
//	ReadInfo               what is in a file, without plugins
//	Each, Filter, Merge    go through captures and make new ones
//	Convert                make a capture of log lines
//
// # Damaged files
//
// A file whose writer was killed ends within a block or within the packed stream. That is
// no error: all whole blocks are read, the end is io.EOF, and [Reader.Tail] says what is
// missing and where. A file that was killed before its first event opens as empty. A block
// that is wrong in itself is a [FormatError] with file, offset and reason; the events
// before it are read.
//
// # Initial state
//
// A capture may begin with events that tell the state at its beginning: plugins dump
// theirs as async events, Falco adds the accounts of the machine. The reader hands out
// those that plugins made in batches with StateOnly, to be parsed and seen by no rule, and
// passes over the others; both count in the numbers of the events after them. They are
// the unbroken run of such types at the head, or as many as gyr's origin block says.
//
// # Memory
//
// Events are views of the bytes read, which batches hold and give back when they are
// released. A block's length is not believed: a reader never has more memory than the
// bytes of the file that it has unpacked, plus 64 MB (on systems other than Unix: plus
// the length of one block).
package capture
