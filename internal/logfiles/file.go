// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// fileReader reads one file after the other into chunks. It keeps its buffers.
type fileReader struct {
	r      *reader
	raw    []byte // compressed content
	whole  bytes.Reader
	buf    *bufio.Reader
	gz     *gzip.Reader
	split  Splitter
	source countingReader
}

// maxRaw is how much of a compressed file is read before it is inflated. That most files
// are in memory as a whole makes inflating them a tenth faster.
const maxRaw = 4 << 20

func newFileReader(r *reader) *fileReader {
	return &fileReader{r: r, buf: bufio.NewReaderSize(nil, 64<<10), gz: new(gzip.Reader), split: r.opts.Splitter()}
}

// read reads the job's file into its chunks, and reports and counts what is wrong with it.
func (f *fileReader) read(ctx context.Context, j *job) {
	f.split.Reset()
	f.source = countingReader{job: j}
	events := 0
	err := f.guard(ctx, j, &events)
	c, log, name := f.r.opts.Counts, f.r.opts.Log, j.file.Name()
	defer f.split.Done(name) // also of a file that is given up: some of its records may be events
	if ctx.Err() != nil {
		return
	}
	c.Files.Add(1)
	switch {
	case f.source.err != nil:
		j.unread = f.source.err
		c.Unreadable.Add(1)
		log.Warn("file cannot be read to its end", "file", name, "error", f.source.err, "events", events)
	case err != nil:
		c.Damaged.Add(1)
		log.Warn("file is damaged or no log, the rest of it is not read", "file", name, "error", err, "events", events)
	}
}

// guard makes a panic an error of the file: a decoder's bug costs the file, not the host.
func (f *fileReader) guard(ctx context.Context, j *job, events *int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic while reading: %v", r)
		}
	}()
	src, err := j.file.Open(ctx)
	if err != nil {
		f.source.err = err
		return err
	}
	defer src.Close()
	f.source.src = src
	if !strings.HasSuffix(j.file.Name(), ".gz") {
		return f.chunks(ctx, &f.source, j, events)
	}
	var raw io.Reader
	if f.r.opts.Streamed {
		f.buf.Reset(&f.source)
		raw = f.buf
	} else {
		raw = f.compressed(j.file.Size())
	}
	if err := f.gz.Reset(raw); err != nil {
		return fmt.Errorf("not a gzip file: %w", noEOF(err))
	}
	return f.chunks(ctx, f.gz, j, events)
}

// compressed returns a reader of the source, which has about the given size.
func (f *fileReader) compressed(size int64) io.Reader {
	if want := min(max(size+1, 64<<10), maxRaw); int64(len(f.raw)) < want {
		f.raw = make([]byte, min(want+want/2, maxRaw)) // the next ones may be a little larger
	}
	n, err := fill(&f.source, f.raw)
	f.whole.Reset(f.raw[:n])
	if err == io.EOF {
		return &f.whole
	}
	f.buf.Reset(io.MultiReader(&f.whole, &f.source)) // meets an error again
	return f.buf
}

// chunks reads text into chunks and sends those with records. What lies across the end of
// a chunk is copied to the start of the next; if it fills a chunk, the chunk grows.
func (f *fileReader) chunks(ctx context.Context, text io.Reader, j *job, events *int) error {
	c := f.r.pool.get()
	defer func() { c.Release() }()
	for have := 0; ; {
		n, readErr := fill(text, c.text[have:])
		have += n
		last := readErr == io.EOF
		pos, records, err := f.split.Split(c.text[:have], 0, last, c.records)
		c.records = records
		if err == nil && readErr != nil && !last {
			err = noEOF(readErr)
		}
		*events += len(records)
		if len(records) == 0 {
			have = copy(c.text, c.text[pos:have])
		} else {
			full := c
			c = f.r.pool.get()
			c.fit(have - pos)
			if last && have <= smallText {
				full = full.small(have)
			}
			have = copy(c.text, full.text[pos:have])
			select {
			case j.chunks <- full:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err != nil || last {
			return err
		}
		if have == len(c.text) && !c.grow() {
			pos, err := f.split.Drop(c.text)
			if err != nil {
				return err
			}
			have = copy(c.text, c.text[pos:])
		}
	}
}

// fill reads until b is full or r has an error, which is io.EOF only at its proper end.
func fill(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = r.Read(b[n:])
		n += m
	}
	return n, err
}

// noEOF gives an early end a name that people understand.
func noEOF(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the file ends too early")
	}
	return err
}

// countingReader counts what is read of a job's file, and keeps the error of its source.
type countingReader struct {
	src io.Reader
	job *job
	err error
}

func (r *countingReader) Read(b []byte) (int, error) {
	n, err := r.src.Read(b)
	r.job.read.Add(int64(n))
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}
