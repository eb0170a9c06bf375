// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"io"
	"os"
	"strconv"
)

// Terminal reports whether w is a terminal: a character device, but not the null device,
// whatever name it was opened by.
func Terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// Width is how many columns of text w shows: what the variable COLUMNS says, or else the
// terminal; 0 if w is no terminal or nobody knows.
func Width(w io.Writer) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if !Terminal(w) {
		return 0
	}
	return columns(w.(*os.File))
}

// Colour is how a text is shown on a terminal.
type Colour string

// The colours that gyr uses.
const (
	Red    Colour = "\x1b[31m"
	Yellow Colour = "\x1b[33m"
	Bold   Colour = "\x1b[1m"
	plain         = "\x1b[0m"
)

// Paint colours texts, or leaves them as they are.
type Paint bool

// Painting reports whether what is written to w is coloured: if it is a terminal that can
// show it, and nobody has set NO_COLOR.
func Painting(w io.Writer) Paint {
	return Paint(Terminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb")
}

// Text returns a text in a colour.
func (p Paint) Text(c Colour, text string) string {
	if !p {
		return text
	}
	return string(c) + text + plain
}
