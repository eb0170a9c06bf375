// SPDX-License-Identifier: Apache-2.0

package httpjson

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// lines reads JSON lines in a goroutine of its own, since a read of the standard input cannot
// be interrupted. It ends with the input, or when the stream is closed and the read returns.
type lines struct {
	p    *plugin
	in   io.ReadCloser
	name string
	next chan sdk.PushEvent // closed by the goroutine
	stop chan struct{}
	once sync.Once
}

// openLines opens a file, or the standard input for -.
func (p *plugin) openLines(path string) (event.Source, error) {
	l := &lines{p: p, in: os.Stdin, name: "the standard input", next: make(chan sdk.PushEvent), stop: make(chan struct{})}
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		if info, err := file.Stat(); err != nil || info.IsDir() {
			file.Close()
			return nil, fmt.Errorf("%s is not a file", path)
		}
		l.in, l.name = file, path
	}
	go l.read()
	return counted{sdk.Push(l.next, sdk.StreamOptions{Close: l.close, MaxEventSize: sdk.MaxEventSize}), &p.counts}, nil
}

// counted counts the events of a stream.
type counted struct {
	event.Source
	counts *counters
}

// Next implements [event.Source].
func (c counted) Next(ctx context.Context, b *event.Batch) error {
	had := len(b.Events)
	err := c.Source.Next(ctx, b)
	c.counts.events.Add(uint64(len(b.Events) - had))
	return err
}

func (l *lines) read() {
	defer close(l.next)
	r := bufio.NewReaderSize(l.in, 64<<10)
	set, slots := newSet("")
	t := &target{set: set, slots: slots}
	var doc jsonscan.Result
	for {
		line, err := l.line(r)
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if t.set.Scan(line, &doc) != nil {
				l.p.skip(l.name, len(line))
			} else if !l.send(sdk.PushEvent{Data: line, Time: t.time(&doc)}) {
				return
			}
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			l.send(sdk.PushEvent{Err: fmt.Errorf("%s: %w", l.name, err)})
			return
		}
	}
}

// line reads a line, in memory of its own. One that is too large is dropped and counted.
func (l *lines) line(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for dropped := false; ; {
		part, err := r.ReadSlice('\n')
		if !dropped {
			line = append(line, part...)
		}
		if len(line) > l.p.config.MaxEventSize+1 {
			dropped, line = true, nil
			l.p.counts.dropped.Add(1)
			l.p.log.Warn("line larger than maxEventSize dropped", "from", l.name)
		}
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}

func (l *lines) send(e sdk.PushEvent) bool {
	select {
	case l.next <- e:
		return true
	case <-l.stop:
		return false
	}
}

// close ends the stream. A read of the standard input may still wait; it holds nothing but
// itself.
func (l *lines) close() (err error) {
	l.once.Do(func() {
		close(l.stop)
		if l.in != os.Stdin {
			err = l.in.Close()
		}
	})
	return err
}
