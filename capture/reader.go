// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/gyr-dev/gyr/event"
)

// batchBytes is how many bytes of events go into one batch at most, if they are more
// than one.
const batchBytes = 8 << 20

// ReaderOptions say how a capture is read. The zero value reads every event and gives
// batches the source that the file itself names, or none.
type ReaderOptions struct {
	// Sources tells the event source of a plugin id. With it, a batch holds events of
	// one source, Batch.Source is set, and an event with an id that it does not know
	// is an error (id 0, of system calls, is passed over). It is asked once per id.
	Sources func(id uint32) (source string, ok bool)
	// MaxBlock is the largest block in bytes that is read; 0 means DefaultMaxBlock.
	MaxBlock int64
	// Log gets a warning when a file ends too early or has no events. May be nil.
	Log *slog.Logger
}

// Reader reads the events of a capture file. It is an [event.Source] and an
// [event.Progresser]. Events are views of the file's bytes, with Blob and Num set; they
// live until their batch is released, also after Close. Bytes given to [NewBytesReader]
// are such views themselves and must stay as they are that long.
//
// Batches are cut where the source changes and where the initial state ends
// (Batch.StateOnly), so the file's order is kept. Num counts all events of the file
// that Falco would count, the passed over ones included.
//
// A Reader is not safe for concurrent use.
type Reader struct {
	o    ReaderOptions
	name string
	in   input
	unzip
	read progress
	fast uint32 // longest event block that needs no further check of its length

	err       error // what Next returns from now on
	sections  int
	inEvents  bool
	machine   Machine
	hasMach   bool
	plugins   []Plugin
	initial   bool   // at the head of a section: events may be initial state
	declared  uint32 // how many the origin block says, or noInitial
	num       uint64
	savedNum  uint64
	skipped   uint64
	delivered uint64
	tail      *Tail
	sources   []sourceID
	typ       uint32 // of the event block that is next
	total     uint32
}

// sourceID is an answer of ReaderOptions.Sources.
type sourceID struct {
	id   uint32
	ok   bool
	name string
}

var (
	_ event.Source     = (*Reader)(nil)
	_ event.Progresser = (*Reader)(nil)
)

// NewReader reads a capture from src, packed or not, up to its first event. name stands
// for the file in messages. A file that ends before its first event is no error.
func NewReader(name string, src io.Reader, o ReaderOptions) (*Reader, error) {
	r := &Reader{o: o}
	return r, r.Reset(name, src)
}

// NewBytesReader reads a capture that is in memory. data must not change as long as a
// batch with its events lives.
func NewBytesReader(name string, data []byte, o ReaderOptions) (*Reader, error) {
	r := &Reader{o: o}
	return r, r.ResetBytes(name, data)
}

// Reset starts with another file, with the same options. It reuses the reader's memory.
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

// ResetBytes is Reset for a file that is in memory.
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
	from int64  // offset in the file where the call began
	held *chunk // the last chunk that the batch holds
}

// Close implements [event.Source].
func (r *Reader) Close() error {
	r.in.drop()
	r.err = io.EOF
	return r.unzip.close()
}

// fail makes err the reader's last word.
func (r *Reader) fail(err error) error {
	r.err = err
	return err
}

// malformed is a FormatError for the block at off.
func (r *Reader) malformed(off int64, err error) error {
	return &FormatError{File: r.name, Offset: off, Packed: r.packed, Reason: err.Error(), err: errors.Unwrap(err)}
}

// Progress implements [event.Progresser]. It knows the size of files that [Open] opened,
// and may be called at any time.
func (r *Reader) Progress() (share float64, text string) { return r.read.share() }

// Name is the name of the file as the reader was given it.
func (r *Reader) Name() string { return r.name }

// Machine is what the file says of the machine it was made on; ok is false if nothing.
func (r *Reader) Machine() (m Machine, ok bool) { return r.machine, r.hasMach }

// Plugins are the plugins that made the file, as far as it says so: files that gyr wrote
// do. More may appear while a file of several captures is read. The slice is valid until
// the next call of Next or Reset.
func (r *Reader) Plugins() []Plugin { return r.plugins }

// Sections is the number of captures in the file that have been begun so far.
func (r *Reader) Sections() int { return r.sections }

// Skipped is the number of events so far that belong to no plugin and were passed over.
func (r *Reader) Skipped() uint64 { return r.skipped }

// Packed reports whether the file is gzip.
func (r *Reader) Packed() bool { return r.packed }

// Offset is how far the file has been read, in bytes of the unpacked data.
func (r *Reader) Offset() int64 { return r.in.offset() }

// Tail says how the file ends too early, once Next has returned io.EOF; nil if it is whole.
func (r *Reader) Tail() *Tail { return r.tail }
