// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"fmt"
	"strings"
)

// Columns is a table of two columns, whose second one is text.
type Columns struct {
	indent, width int  // of the second column, of the whole
	stacked       bool // a text begins a line of its own
}

// minText is how much room a text needs beside the first column.
const minText = 24

// NewColumns returns the form of a table: as it is asked for, or what a terminal of that width
// has room for, if it is narrower. terminal is 0 if there is none.
func NewColumns(indent, width, terminal int) Columns {
	if terminal > 0 {
		width = min(width, terminal)
	}
	if width-indent < minText {
		return Columns{2, width, true}
	}
	return Columns{indent, width, false}
}

// Row returns a row without its newline. A head that is too long pushes the text aside.
func (c Columns) Row(head, text string) string {
	if c.stacked {
		return head + "\n" + strings.Repeat(" ", c.indent) + text
	}
	return fmt.Sprintf("%-*s %s", c.indent-1, head, text)
}

// Entry is Row for a name and its wrapped text, without a space between the columns. A name
// that is too long has a line of its own.
func (c Columns) Entry(name, text string) string {
	if c.stacked || len(name) > c.indent {
		return name + "\n" + strings.Repeat(" ", c.indent) + c.Wrap(text)
	}
	return fmt.Sprintf("%-*s%s", c.indent, name, c.Wrap(text))
}

// Wrap breaks a text for the second column. Each word is followed by a space, as in Falco.
func (c Columns) Wrap(text string) string {
	var b strings.Builder
	n := 0
	for word := range strings.FieldsSeq(text) {
		if n += len(word) + 1; n > c.width-c.indent && n > len(word)+1 {
			b.WriteString("\n" + strings.Repeat(" ", c.indent))
			n = len(word) + 1
		}
		b.WriteString(word + " ")
	}
	return b.String()
}
