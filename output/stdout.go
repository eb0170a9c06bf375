// SPDX-License-Identifier: Apache-2.0

package output

import (
	"io"

	"github.com/gyr-dev/gyr/alert"
)

// bufferSize is how much buffered destinations collect before they write.
const bufferSize = 64 << 10

// lines writes lines to w: one by one, or collected.
type lines struct {
	w        io.Writer
	buffered bool
	buf      []byte
}

func (l *lines) write(alerts []alert.Alert) error {
	for i := range alerts {
		l.buf = append(append(l.buf, alerts[i].Line...), '\n')
		if !l.buffered || len(l.buf) >= bufferSize {
			if err := l.flush(); err != nil {
				return err
			}
		}
	}
	return nil
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

// NewStdout returns a destination for w. Unless it is buffered every line is a write of
// its own.
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
