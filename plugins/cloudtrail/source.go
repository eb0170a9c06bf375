// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/gyr-dev/gyr/event"
)

// source is a stream of records. It implements [event.Source] and [event.Progresser].
type source struct {
	in input
	r  *reader

	job   *job   // whose chunks are taken, nil between two files
	chunk *chunk // whose records are taken, nil if it has no more
	pos   int    // the first record of chunk not yet taken
	files int    // read
	bytes int64  // of these files
	told  bool   // what did not become events
}

var (
	_ event.Source     = (*source)(nil)
	_ event.Progresser = (*source)(nil)
)

// newSource starts a stream. What becomes of files and records is counted in counts.
func newSource(in input, log *slog.Logger, counts *counters) *source {
	return &source{in: in, r: newReader(in, log, counts)}
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
	for _, r := range rest {
		b.AddView(pluginID, r.time, c.text[r.start:r.end:r.end])
	}
	c.refs.Add(1)
	b.Hold(c)
	s.pos += len(rest)
	s.r.counts.by[taken].n.Add(uint64(len(rest)))
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
	s.tell()
	if s.r.err != nil {
		return s.r.err
	}
	return io.EOF
}

// tell reports once, when all files have been read or no more are, what did not become events.
func (s *source) tell() {
	if !s.told {
		s.told = true
		s.r.counts.report(s.r.log)
	}
}

// Progress implements [event.Progresser]: the share of bytes, or of files if their sizes
// are not known.
func (s *source) Progress() (share float64, text string) {
	files, bytes := s.in.total()
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
	s.tell()
	if s.chunk != nil {
		s.chunk.Release()
		s.chunk = nil
	}
	return s.in.close()
}
