// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"bytes"
	"io"
	"strings"
)

// Fold returns a writer that breaks the lines of a text which are longer than width between
// words. What stands in columns stays there as far as there is room: the second column of a
// line that is too narrow for it begins a line of its own. A width of 0 returns w.
//
// Each call of Write should have whole lines; a line without its end is written as it is.
func Fold(w io.Writer, width int) io.Writer {
	if width <= 0 {
		return w
	}
	return &folder{w, max(width, minWidth)}
}

// minWidth is where folding any further makes a text less readable.
const minWidth = 20

type folder struct {
	w     io.Writer
	width int
}

func (f *folder) Write(p []byte) (int, error) {
	var b bytes.Buffer
	for line := range bytes.Lines(p) {
		text, whole := bytes.CutSuffix(line, []byte("\n"))
		if !whole || visible(string(text)) <= f.width {
			b.Write(line)
			continue
		}
		f.fold(&b, string(text))
	}
	if _, err := f.w.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// fold writes a line that is too long.
func (f *folder) fold(b *bytes.Buffer, line string) {
	line = strings.TrimRight(line, " ")
	lead := len(line) - len(strings.TrimLeft(line, " "))
	second := secondColumn(line, lead)
	indent := min(lead+2, f.width/2)
	switch {
	case second == 0:
	case second <= f.width/2:
		indent = second
	default:
		f.words(b, strings.Repeat(" ", min(lead, f.width/2))+line[lead:second], indent)
		line = strings.Repeat(" ", indent) + line[second:]
	}
	f.words(b, line, indent)
}

// secondColumn is where the second column of a line begins, behind two spaces or more; 0 if
// there is none.
func secondColumn(line string, lead int) int {
	gap := strings.Index(line[lead:], "  ")
	if gap < 0 {
		return 0
	}
	gap += lead
	return gap + len(line[gap:]) - len(strings.TrimLeft(line[gap:], " "))
}

// words writes a line in several, those after the first one indented. Spaces between words
// stay as they are where the line goes on.
func (f *folder) words(b *bytes.Buffer, line string, indent int) {
	line = strings.TrimRight(line, " ")
	for {
		at := breakAt(line, f.width)
		b.WriteString(strings.TrimRight(line[:at], " ") + "\n")
		rest := strings.TrimLeft(line[at:], " ")
		if rest == "" {
			return
		}
		line = strings.Repeat(" ", indent) + rest
	}
}

// breakAt is where a line is broken: behind the last space within width, or else behind the
// first word. Colours have no width.
func breakAt(line string, width int) int {
	last, seen, word, colour := 0, 0, false, false
	for i, r := range line {
		if r == ' ' && word {
			last = i
		}
		word = word || r != ' '
		if colour = colour || r == '\x1b'; colour {
			colour = r != 'm'
			continue
		}
		if seen++; seen > width && last > 0 {
			return last
		}
	}
	return len(line)
}

// visible is how many columns a line takes.
func visible(line string) int {
	n, colour := 0, false
	for _, r := range line {
		switch {
		case r == '\x1b':
			colour = true
		case colour:
			colour = r != 'm'
		default:
			n++
		}
	}
	return n
}
