// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"sync/atomic"

	"github.com/gyr-dev/gyr/event"
)

// Options say how files are read.
type Options struct {
	// Splitter makes the splitter of a reading goroutine.
	Splitter func() Splitter
	// Workers is the number of files that are read at the same time, 0 for one per
	// processor. More are for inputs that wait for a network.
	Workers int
	// Streamed has compressed files inflated while they are read. Without it small ones are
	// read first, which is faster where reading does not wait.
	Streamed bool
	// Dedup, if set, leaves records out that were events before. The stream is an
	// [event.Acker] then.
	Dedup *Dedup
	// Counts must not be nil. Several streams may share it.
	Counts *Counts
	// Log must not be nil.
	Log *slog.Logger
	// End, if set, is called once, when all files have been read or no more are.
	End func()
}

// Counts say what became of files and records.
type Counts struct {
	Files      atomic.Uint64 // read to their end, their damage or an error
	Unreadable atomic.Uint64 // of these, files that could not be opened or read to the end
	Damaged    atomic.Uint64 // of these, files with damaged contents, and such that are no logs
	Events     atomic.Uint64 // records that became events
}

// source is a stream of records. It implements [event.Source] and [event.Progresser]; see
// [ackedSource] for inputs that want to know more.
type source struct {
	in   Input
	opts Options
	r    *reader

	job   *job   // whose chunks are taken, nil between two files
	chunk *chunk // whose records are taken, nil if it has no more
	pos   int    // the first record of chunk not yet taken
	files int    // read
	bytes int64  // of these files
	ended bool   // Options.End was called
	acks  *acks  // nil if the input does not want any
}

// Open starts to read the files of an input, which belongs to the stream from now on. The
// stream is an [event.Progresser], and an [event.Acker] if [Input.Settles] says so. Its
// events have no plugin id.
func Open(in Input, opts Options) event.Source {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	s := &source{in: in, opts: opts}
	s.r = newReader(in, &s.opts)
	if !in.Settles() && opts.Dedup == nil {
		return s
	}
	s.acks = &acks{dedup: opts.Dedup}
	return &ackedSource{s}
}

// Next implements [event.Source]. A batch ends early where the next chunk is not ready.
func (s *source) Next(ctx context.Context, b *event.Batch) error {
	for !b.Full() {
		if s.chunk == nil {
			err := s.advance(ctx, len(b.Events) == 0)
			if err != nil || s.chunk == nil {
				return err
			}
		}
		s.take(b)
	}
	return nil
}

// take moves records from the chunk to the batch.
func (s *source) take(b *event.Batch) {
	c := s.chunk
	rest := c.records[s.pos:]
	if n := b.Max - len(b.Events); n < len(rest) {
		rest = rest[:n]
	}
	before := len(b.Events)
	for _, r := range rest {
		data := c.text[r.Start:r.End:r.End]
		if s.acks == nil || s.acks.wants(b, data) {
			b.AddView(0, r.Time, data)
		}
	}
	c.refs.Add(1)
	b.Hold(c)
	s.pos += len(rest)
	s.opts.Counts.Events.Add(uint64(len(b.Events) - before))
	if s.acks != nil && len(b.Events) > before {
		if !s.acks.begun {
			s.acks.begun = true
			s.opts.Log.Info("first event", "file", s.job.file.Name())
		}
		s.acks.add(b, s.job)
	}
	if s.pos == len(c.records) {
		s.chunk, s.pos = nil, 0
		c.Release()
	}
}

// advance gets the next chunk, if there is one now or, if it may wait, before ctx is done.
// io.EOF is the end of all files.
func (s *source) advance(ctx context.Context, wait bool) error {
	for {
		if s.job == nil {
			j, open, ready := receive(ctx, s.r.order, wait)
			if ready && !open {
				return s.end()
			}
			if s.job = j; !ready {
				return nil
			}
		}
		c, open, ready := receive(ctx, s.job.chunks, wait)
		if !ready || open {
			s.chunk = c
			return nil
		}
		s.files++
		s.bytes += s.job.file.Size()
		if s.acks != nil {
			s.acks.end(s.job)
		}
		s.job = nil
	}
}

// receive receives from ch as it is, or waits until ctx is done. Without ready there was
// nothing, without open ch is closed.
func receive[T any](ctx context.Context, ch <-chan T, wait bool) (v T, open, ready bool) {
	select {
	case v, open = <-ch:
		return v, open, true
	default:
	}
	if !wait {
		return v, false, false
	}
	select {
	case v, open = <-ch:
		return v, open, true
	case <-ctx.Done():
	}
	return v, false, false
}

// end is the stream's end: that of the input.
func (s *source) end() error {
	s.atEnd()
	if s.r.err != nil {
		return s.r.err
	}
	return io.EOF
}

func (s *source) atEnd() {
	if !s.ended && s.opts.End != nil {
		s.opts.End()
	}
	s.ended = true
}

// Progress implements [event.Progresser]: the share of bytes, or of files if their sizes
// are not known.
func (s *source) Progress() (share float64, text string) {
	files, bytes := s.in.Total()
	if files == 0 {
		return 0, fmt.Sprintf("%d files", s.files)
	}
	text = fmt.Sprintf("%d/%d files", s.files, files)
	if bytes == 0 || s.files == files {
		return float64(s.files) / float64(files), text
	}
	done := s.bytes
	if s.job != nil {
		done += min(s.job.read.Load(), s.job.file.Size())
	}
	return min(1, float64(done)/float64(bytes)), text
}

// Close implements [event.Source].
func (s *source) Close() error {
	s.r.stop()
	s.atEnd()
	if s.chunk != nil {
		s.chunk.Release()
		s.chunk = nil
	}
	return s.in.Close()
}
