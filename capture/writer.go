// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

const (
	defaultFlushBytes = 64 << 10
	defaultFlushEvery = 100 * time.Millisecond
)

// WriterOptions configures a writer. The zero value writes an uncompressed file.
type WriterOptions struct {
	// Gzip compresses the file.
	Gzip bool
	// Header is written at the start of each file; nil means [HostHeader].
	Header *Header
	// Plugins records which plugins produced the events.
	Plugins []Plugin
	// Initial holds the events of the initial state, such as a plugin's dump of its state.
	// They are written at the start of each file. The writer copies them.
	Initial []event.Event
	// FlushBytes and FlushEvery limit the buffered bytes and how long they stay buffered
	// before they are written to the file. 0 means 64 KiB and 100 ms.
	FlushBytes int
	FlushEvery time.Duration
	// MaxBlock is the largest block to write in bytes; 0 means DefaultMaxBlock.
	MaxBlock int64
	// Rotate configures rotation; only for [Create].
	Rotate Rotation
}

// Writer writes events to a capture file. It is an [event.Sink]. The file is a valid
// capture at any time: a process that is killed loses only what was written since the last
// flush.
//
// All methods are safe for concurrent use. After an error of the file system, all further
// calls return it.
type Writer struct {
	mu    sync.Mutex
	o     WriterOptions
	head  []byte // section header, machine, lists, origin, initial state
	buf   []byte // blocks to write at the next flush
	out   output
	file  rotating
	timer *time.Timer
	armed bool
	err   error
	done  bool
	stats WriterStats

	flushed func(events uint64) // for tests: called with the lock held after each flush
}

// WriterStats counts what a Writer has written.
type WriterStats struct {
	// Events counts the events, without initial state.
	Events uint64
	// Flushed counts the events that have been written to the file.
	Flushed uint64
	// Bytes is the total number of bytes flushed to all files, Files the number of files.
	Bytes int64
	Files int
}

var _ event.Sink = (*Writer)(nil)

// NewWriter writes a capture to dst. It does not close dst.
func NewWriter(dst io.Writer, o WriterOptions) (*Writer, error) {
	w, err := newWriter(o)
	if err != nil {
		return nil, err
	}
	return w, w.begin(dst)
}

// newWriter prepares a writer without a file.
func newWriter(o WriterOptions) (*Writer, error) {
	if o.FlushBytes <= 0 {
		o.FlushBytes = defaultFlushBytes
	}
	if o.FlushEvery <= 0 {
		o.FlushEvery = defaultFlushEvery
	}
	if o.MaxBlock <= 0 {
		o.MaxBlock = DefaultMaxBlock
	}
	if o.Header == nil {
		o.Header = HostHeader()
	}
	w := &Writer{o: o}
	w.head = appendHeader(nil, o.Header)
	w.head = appendOrigin(w.head, origin{initial: uint32(len(o.Initial)), plugins: o.Plugins})
	for i := range o.Initial {
		var err error
		if w.head, err = w.appendEvent(w.head, &o.Initial[i], 0); err != nil {
			return nil, err
		}
	}
	w.o.Initial = nil
	w.buf = make([]byte, 0, o.FlushBytes+16<<10)
	w.timer = time.AfterFunc(time.Hour, w.tick)
	w.timer.Stop()
	return w, nil
}

// begin writes the header of a file.
func (w *Writer) begin(dst io.Writer) error {
	w.out.reset(dst, w.o.Gzip)
	w.stats.Files++
	if err := w.out.write(w.head); err != nil {
		return w.fail(err)
	}
	w.stats.Bytes += w.out.size
	return nil
}

// Write implements [event.Sink]. The source is not stored: readers derive it from the plugin
// ID.
func (w *Writer) Write(_ string, e *event.Event) error { return w.put(e, 0) }

// WriteState writes an event that plugins parse on replay, but rules do not see.
func (w *Writer) WriteState(e *event.Event) error { return w.put(e, flagStateOnly) }

func (w *Writer) put(e *event.Event, flags uint32) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.err != nil:
		return w.err
	case w.done:
		return errors.New("capture: write after close")
	}
	if w.file.limited {
		if err := w.rotate(e.BlobLen()); err != nil {
			return w.fail(err)
		}
	}
	var err error
	if w.buf, err = w.appendEvent(w.buf, e, flags); err != nil {
		return err
	}
	w.stats.Events++
	if len(w.buf) >= w.o.FlushBytes {
		return w.flush()
	}
	if !w.armed {
		w.armed = true
		w.timer.Reset(w.o.FlushEvery)
	}
	return nil
}

// appendEvent appends an event block. On error it returns dst unchanged.
func (w *Writer) appendEvent(dst []byte, e *event.Event, flags uint32) ([]byte, error) {
	n := e.BlobLen()
	if total := int64(padded(8+cpuLen+flagsLen+n)) + 4; total > w.o.MaxBlock {
		return dst, fmt.Errorf("capture: the block of an event of %d bytes exceeds the limit of %d", n, w.o.MaxBlock)
	}
	large := largeType(e.Type)
	if !large && n > maxSmallBlock-8-4-cpuLen-flagsLen-3 {
		return dst, fmt.Errorf("capture: event of type %d with %d bytes does not fit into its block", e.Type, n)
	}
	typ := uint32(typeEventV2)
	switch {
	case large && flags != 0:
		typ = typeEventFlagsLarge
	case large:
		typ = typeEventLarge
	case flags != 0:
		typ = typeEventFlagsV2
	}
	dst, start := appendFrame(dst, typ)
	dst = le.AppendUint16(dst, 0)
	if flags != 0 {
		dst = le.AppendUint32(dst, flags)
	}
	at := len(dst)
	dst = e.AppendBlob(dst)
	if e.Time == abi.NoTime {
		le.PutUint64(dst[at:], uint64(time.Now().UnixNano()))
	}
	if e.Type == abi.PluginEvent {
		le.PutUint64(dst[at+8:], abi.NoThread)
	}
	return closeFrame(dst, start), nil
}

// tick flushes the buffer if it is due.
func (w *Writer) tick() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = false
	if !w.done && w.err == nil {
		_ = w.flush() // the next call returns the error
	}
}

// Flush writes all buffered blocks to the file.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil || w.done {
		return w.err
	}
	return w.flush()
}

// flush is Flush with the lock held.
func (w *Writer) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	before := w.out.size
	if err := w.out.write(w.buf); err != nil {
		return w.fail(err)
	}
	w.stats.Bytes += w.out.size - before
	w.stats.Flushed = w.stats.Events
	if cap(w.buf) > 1<<20 {
		w.buf = make([]byte, 0, w.o.FlushBytes+16<<10)
	}
	w.buf = w.buf[:0]
	if w.flushed != nil {
		w.flushed(w.stats.Flushed)
	}
	return nil
}

// Close flushes the buffer and completes the file.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return nil
	}
	w.done = true
	w.timer.Stop()
	var err error
	if w.err == nil {
		err = w.flush()
	}
	return errors.Join(err, w.endFile())
}

// endFile completes a compressed file, and closes the file if the writer opened it.
func (w *Writer) endFile() error {
	var err error
	if w.err == nil {
		before := w.out.size
		err = w.out.end()
		w.stats.Bytes += w.out.size - before
	}
	return errors.Join(err, w.file.close())
}

// Stats returns the counts so far.
func (w *Writer) Stats() WriterStats {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stats
}

func (w *Writer) fail(err error) error {
	if w.err == nil {
		w.err = fmt.Errorf("capture: %w", err)
	}
	return w.err
}
