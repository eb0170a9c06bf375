// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// columns is a table of two columns, whose second one is text.
type columns struct {
	indent, width int  // of the second column, of the whole
	stacked       bool // a text begins a line of its own
}

// minText is how much room a text needs beside the first column.
const minText = 24

// columns returns the form of a table on stdout: as it is asked for, or what a narrower
// terminal has room for.
func (a *app) columns(indent, width int) columns {
	if a.width > 0 {
		width = min(width, a.width)
	}
	if width-indent < minText {
		return columns{2, width, true}
	}
	return columns{indent, width, false}
}

// row returns a row without its newline. A head that is too long pushes the text aside.
func (c columns) row(head, text string) string {
	if c.stacked {
		return head + "\n" + strings.Repeat(" ", c.indent) + text
	}
	return fmt.Sprintf("%-*s %s", c.indent-1, head, text)
}

// wrap breaks a text for the second column. Each word is followed by a space, as in Falco.
func (c columns) wrap(text string) string {
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
