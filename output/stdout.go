// SPDX-License-Identifier: Apache-2.0

package output

import (
	"io"

	"github.com/gyr-dev/gyr/alert"
)

// bufferSize is how much buffered destinations collect before they write.
const bufferSize = 64 << 10

// wholeSize is up to how many bytes a pipe takes in one piece (PIPE_BUF of Linux). Nothing
// that others write into the same pipe, the log for one, gets between lines or into one.
const wholeSize = 4096

// lines writes lines to w: those of one call, as many together as a pipe takes in one
// piece, or collected beyond that.
type lines struct {
	w        io.Writer
	buffered bool
	buf      []byte
}

func (l *lines) write(alerts []alert.Alert) error {
	for i := range alerts {
		line := alerts[i].Line
		if !l.buffered && len(l.buf)+len(line) >= wholeSize || len(l.buf) >= bufferSize {
			if err := l.flush(); err != nil {
				return err
			}
		}
		l.buf = append(append(l.buf, line...), '\n')
	}
	if l.buffered {
		return nil
	}
	return l.flush()
}

// flush writes what is collected. After an error that is gone, so that a line is not
// written twice.
func (l *lines) flush() error {
	if len(l.buf) == 0 {
		return nil
	}
	_, err := l.w.Write(l.buf)
	l.buf = l.buf[:0]
	return err
}

// Stdout writes lines to a stream that it does not own.
type Stdout struct{ lines lines }

// NewStdout returns a destination for w. Unless it is buffered all lines are written when
// Write returns.
func NewStdout(w io.Writer, buffered bool) *Stdout {
	return &Stdout{lines: lines{w: w, buffered: buffered}}
}

// Name implements [Destination].
func (s *Stdout) Name() string { return "stdout" }

// Write implements [Destination].
func (s *Stdout) Write(alerts []alert.Alert) error { return s.lines.write(alerts) }

// Flush implements [Destination].
func (s *Stdout) Flush() error { return s.lines.flush() }

// Reopen does nothing.
func (s *Stdout) Reopen() error { return nil }

// Close flushes.
func (s *Stdout) Close() error { return s.lines.flush() }
