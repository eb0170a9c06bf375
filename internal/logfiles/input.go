// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"context"
	"io"
)

// File is a log file to read.
type File interface {
	// Name is what messages call the file. If it ends in .gz, the content is compressed.
	Name() string
	// Size is the number of bytes to read, 0 if it is not known.
	Size() int64
	// Open starts reading. Reads fail soon after ctx is done, if they can block for long.
	Open(ctx context.Context) (io.ReadCloser, error)
}

// Settler is a [File] that wants to know what became of it. See [Input.Settles].
type Settler interface {
	// Settle is called at most once, when the file was read to its end or its damage and all
	// batches with events of it are acknowledged. unread tells why the file could not be
	// read, undelivered why its events are to be given again; both are nil if it is dealt
	// with. A file that was read and is damaged is dealt with.
	//
	// It is called by any goroutine, not in the order of the files, and not at all for
	// files of which the stream has not seen the end when it is closed. It must not wait
	// for other files.
	Settle(unread, undelivered error)
}

// Input is where log files come from.
type Input interface {
	// Next returns the next file, io.EOF after the last. It waits for one until ctx is
	// done. It is called by one goroutine at a time; any other error ends the stream.
	Next(ctx context.Context) (File, error)
	// Total is the number of all files and bytes, 0 if it is not known. Any goroutine may
	// call it.
	Total() (files int, bytes int64)
	// Settles reports whether its files are all a [Settler]. Then the stream is an
	// [event.Acker].
	Settles() bool
	// Close frees what the input holds. No other method is called any more, also not those
	// of files.
	Close() error
}

// Splitter finds the records in the text of log files, one file after the other, each of
// which arrives piece by piece. Each reading goroutine has a splitter of its own.
type Splitter interface {
	// Reset begins another file.
	Reset()
	// Split appends the records that begin at or behind buf[pos] and end in buf, and
	// returns how far it got: what is behind that place has to be there again, with more
	// bytes after it, in the next call; if that cannot be, Drop goes on. last says that
	// nothing more will come. An error means that the file is damaged at that place; there
	// are no further records. It may change buf.
	Split(buf []byte, pos int, last bool, out []Span) (int, []Span, error)
	// Drop makes room where buf, which cannot grow beyond [MaxChunk], holds nothing but
	// the beginning of something. It returns how far it got, which is beyond 0.
	Drop(buf []byte) (int, error)
	// Done ends the file with this name, to count and report what was special about it.
	Done(name string)
}

// Span is a record in a buffer: its bytes and its time in nanoseconds since the epoch.
type Span struct {
	Start, End int
	Time       uint64
}
