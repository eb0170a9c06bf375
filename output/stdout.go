// SPDX-License-Identifier: Apache-2.0

package output

import (
	"context"
	"io"
	"os"

	"github.com/gyr-dev/gyr/alert"
)

// Stdout writes lines to a stream that it does not own.
type Stdout struct{ lines lines }

// NewStdout returns a destination for w. If it is buffered, or a regular file, it writes up
// to 64 KiB at once, else as much as a pipe takes in one piece.
func NewStdout(w io.Writer, buffered bool) *Stdout {
	s := &Stdout{lines: lines{w: w, size: wholeWrite}}
	if f, ok := w.(*os.File); ok && !buffered {
		info, err := f.Stat()
		buffered = err == nil && info.Mode().IsRegular()
	}
	if buffered {
		s.lines.size = largeWrite
	}
	return s
}

// Name implements [Destination].
func (s *Stdout) Name() string { return "stdout" }

// Write implements [Destination]. When nobody can read the stream any more it is gone. A
// write that waits for a reader does not end with ctx.
func (s *Stdout) Write(_ context.Context, alerts []alert.Alert) (int, error) {
	n, err := s.lines.write(alerts)
	if brokenPipe(err) {
		err = &Gone{err}
	}
	return n, err
}

// Reopen does nothing.
func (s *Stdout) Reopen() error { return nil }

// Close does nothing.
func (s *Stdout) Close() error { return nil }
