// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/gyr-dev/gyr/event"
)

// batchBytes limits the size of a batch with more than one event.
const batchBytes = 8 << 20

// ReaderOptions configures a reader. With the zero value it reads every event, and the
// source of a batch is the one recorded in the file, or empty.
type ReaderOptions struct {
	// Sources returns the event source of a plugin ID. If set, a batch holds events of one
	// source, Batch.Source is set, and an event with an unknown ID is an error (ID 0, which
	// stands for system calls, is skipped). It is called once per ID.
	Sources func(id uint32) (source string, ok bool)
	// MaxBlock is the largest accepted block in bytes; 0 means DefaultMaxBlock.
	MaxBlock int64
	// Log receives a warning if a file is truncated or has no events. May be nil.
	Log *slog.Logger
}

// Reader reads the events of a capture file. It is an [event.Source] and an
// [event.Progresser]. Events are views of the file's bytes, with Blob and Num set. They are
// valid until their batch is released, even after Close. The bytes passed to
// [NewBytesReader] must not change until then.
//
// A batch ends where the source changes and where the initial state ends
// (Batch.StateOnly), so the order of the file is kept. Num counts all events that Falco
// would count, including skipped ones.
//
// A Reader is not safe for concurrent use.
type Reader struct {
	o    ReaderOptions
	name string
	in   input
	unzip
	read progress
	fast uint32 // longest event block whose length needs no further check

	err       error // returned by all further calls of Next
	sections  int
	inEvents  bool
	machine   Machine
	hasMach   bool
	plugins   []Plugin
	initial   bool   // at the start of a section: events may be initial state
	declared  uint32 // number given by the origin block, or noInitial
	num       uint64
	savedNum  uint64
	skipped   uint64
	delivered uint64
	tail      *Tail
	sources   []sourceID
	typ       uint32 // of the next event block
	total     uint32
}

// sourceID is a cached result of ReaderOptions.Sources.
type sourceID struct {
	id   uint32
	ok   bool
	name string
}

var (
	_ event.Source     = (*Reader)(nil)
	_ event.Progresser = (*Reader)(nil)
)

// NewReader reads a capture from src, compressed or not, up to its first event. name is the
// name of the file in messages. A file that ends before its first event is not an error.
func NewReader(name string, src io.Reader, o ReaderOptions) (*Reader, error) {
	r := &Reader{o: o}
	return r, r.Reset(name, src)
}

// NewBytesReader reads a capture in memory. data must not change until all batches are
// released.
func NewBytesReader(name string, data []byte, o ReaderOptions) (*Reader, error) {
	r := &Reader{o: o}
	return r, r.ResetBytes(name, data)
}

// Reset starts reading another file with the same options. It reuses the reader's memory.
func (r *Reader) Reset(name string, src io.Reader) error {
	r.clear(name)
	src, err := r.unzip.open(src)
	if err != nil {
		r.in.reset(nil, nil)
		return r.fail(&FormatError{File: name, Reason: err.Error(), err: err})
	}
	r.in.reset(src, nil)
	return r.start()
}

// ResetBytes is Reset for a capture in memory.
func (r *Reader) ResetBytes(name string, data []byte) error {
	r.clear(name)
	if isGzip(data) {
		src, err := r.unzip.openBytes(data)
		if err != nil {
			return r.fail(&FormatError{File: name, Reason: err.Error(), err: err})
		}
		r.in.reset(src, nil)
	} else {
		r.in.reset(nil, data)
	}
	return r.start()
}

func (r *Reader) clear(name string) {
	r.name, r.err, r.tail = name, nil, nil
	r.sections, r.inEvents, r.initial, r.hasMach = 0, false, false, false
	r.machine, r.plugins = Machine{}, r.plugins[:0]
	r.num, r.savedNum, r.skipped, r.delivered = 0, 0, 0, 0
	r.declared = noInitial
	r.unzip.packed = false
	if r.o.MaxBlock <= 0 {
		r.o.MaxBlock = DefaultMaxBlock
	}
	r.fast = uint32(min(smallBlock, r.o.MaxBlock))
}

// start reads up to the first event block.
func (r *Reader) start() error {
	if r.advance() || r.err == io.EOF {
		return nil
	}
	return r.err
}

// Next implements [event.Source].
func (r *Reader) Next(ctx context.Context, b *event.Batch) error {
	if err := ctx.Err(); err != nil {
		return nil
	}
	f := filling{b: b, from: r.in.offset()}
	for !b.Full() {
		if r.err != nil {
			return r.err
		}
		if done, err := r.take(&f); err != nil {
			r.fail(err)
		} else if done {
			return nil
		}
		if n := r.in.offset() - f.from; n >= batchBytes {
			if len(b.Events) > 0 || ctx.Err() != nil {
				return nil
			}
			f.from += n
		}
	}
	return nil
}

// filling is the state of one call of Next.
type filling struct {
	b    *event.Batch
	from int64  // file offset at the start of the call
	held *chunk // the last chunk that the batch holds
}

// Close implements [event.Source].
func (r *Reader) Close() error {
	r.in.drop()
	r.err = io.EOF
	return r.unzip.close()
}

// fail makes all further calls return err.
func (r *Reader) fail(err error) error {
	r.err = err
	return err
}

// malformed returns a FormatError for the block at off.
func (r *Reader) malformed(off int64, err error) error {
	return &FormatError{File: r.name, Offset: off, Packed: r.packed, Reason: err.Error(), err: errors.Unwrap(err)}
}

// Progress implements [event.Progresser]. The share is known for files opened with [Open].
// It is safe for concurrent use.
func (r *Reader) Progress() (share float64, text string) { return r.read.share() }

// Name returns the name given to the reader.
func (r *Reader) Name() string { return r.name }

// Machine returns the description of the machine that recorded the file; ok is false if the
// file has none.
func (r *Reader) Machine() (m Machine, ok bool) { return r.machine, r.hasMach }

// Plugins returns the plugins recorded in the file. Only gyr records them. The list may grow
// while a file with several captures is read. The slice is valid until the next call of
// Next or Reset.
func (r *Reader) Plugins() []Plugin { return r.plugins }

// Sections returns the number of captures in the file whose header has been read.
func (r *Reader) Sections() int { return r.sections }

// Skipped returns the number of skipped events so far: those that belong to no plugin.
func (r *Reader) Skipped() uint64 { return r.skipped }

// Packed reports whether the file is compressed with gzip.
func (r *Reader) Packed() bool { return r.packed }

// Offset returns the current position in bytes of uncompressed data.
func (r *Reader) Offset() int64 { return r.in.offset() }

// Tail describes where the file is truncated, once Next has returned io.EOF; nil if the file
// is complete.
func (r *Reader) Tail() *Tail { return r.tail }
