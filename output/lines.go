// SPDX-License-Identifier: Apache-2.0

package output

import (
	"bytes"
	"io"

	"github.com/gyr-dev/gyr/alert"
)

// largeWrite is how much is written together at most where nobody else writes.
const largeWrite = 64 << 10

// wholeWrite is up to how many bytes a pipe takes in one piece (PIPE_BUF of Linux). Nothing
// that others write into the same pipe, the log for one, gets between lines or into one.
const wholeWrite = 4096

// lines writes alerts as lines, many together, and knows how far it came when a write is
// broken off in the middle of a line.
type lines struct {
	w    io.Writer
	size int // most bytes of one write, if that is more than one line
	buf  []byte
	rest []byte // of a line that is written in part
	torn []byte // that line as a whole, with its newline
}

// write writes the lines of as many alerts as go into one write, and returns how many are
// written as a whole. The alerts are copied before anything is written.
func (l *lines) write(alerts []alert.Alert) (int, error) {
	if len(l.rest) > 0 {
		k, err := l.w.Write(l.rest)
		l.rest = l.rest[k:]
		if err != nil {
			return 0, err
		}
		if bytes.Equal(l.torn[:len(l.torn)-1], alerts[0].Line) {
			return 1, nil
		} // else the alert of that line was given up meanwhile
	}
	l.buf = l.buf[:0]
	n := 0
	for i := range alerts {
		line := alerts[i].Line
		if n > 0 && len(l.buf)+len(line) >= l.size {
			break
		}
		l.buf = append(append(l.buf, line...), '\n')
		n++
	}
	k, err := l.w.Write(l.buf)
	if err == nil {
		return n, nil
	}
	return l.tear(alerts[:n], k), err
}

// tear returns how many lines the first k bytes of the buffer hold, and keeps the rest of
// the one that they end in.
func (l *lines) tear(alerts []alert.Alert, k int) int {
	at := 0
	for i := range alerts {
		end := at + len(alerts[i].Line) + 1
		if end > k {
			l.torn, l.rest = l.torn[:0], nil
			if k > at {
				l.torn = append(l.torn, l.buf[at:end]...)
				l.rest = l.torn[k-at:]
			}
			return i
		}
		at = end
	}
	return len(alerts)
}

// forget forgets the rest of a line: it is to be written as a whole.
func (l *lines) forget() { l.rest = nil }
