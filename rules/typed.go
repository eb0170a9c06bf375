// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// TypedFailure is [Report.Failure] for a rule that was made of a condition which somebody
// typed, such as an argument of a command: places are those in that text, which is called
// name. The condition must be in the file as a quoted string, so that it keeps its form.
func (r *Report) TypedFailure(name string) error {
	if r.Err != nil || r.Ok() {
		return r.Err
	}
	var b strings.Builder
	for _, f := range r.shown().Files {
		for i := range f.Errors {
			f.Errors[i].writeTyped(&b, name)
		}
	}
	return errors.New(strings.TrimSuffix(b.String(), "\n"))
}

func (i *Issue) writeTyped(b *strings.Builder, name string) {
	message := cmp.Or(i.Detail, i.Message)
	if i.at.kind != kindCondition {
		fmt.Fprintf(b, "%s: %s\n", name, message)
		return
	}
	text, offset := i.at.cond.text, min(i.at.cond.offset, len(i.at.cond.text))
	if i.mark != nil && i.mark.more != nil {
		offset = i.mark.more.typedOffset(text, i.mark.offset)
	}
	begin := strings.LastIndexByte(text[:offset], '\n') + 1
	fmt.Fprintf(b, "%s:%d:%d: %s\n", name, strings.Count(text[:offset], "\n")+1, offset-begin+1, message)
	for line := range strings.Lines(snippet(text, offset)) {
		b.WriteString("    " + line)
	}
	if i.Hint != "" {
		b.WriteString("    " + i.Hint + "\n")
	}
}

// typedOffset returns where in the text of the scalar at p the byte at an offset of the file
// is.
func (p *place) typedOffset(text string, offset int32) int {
	n, found := slices.BinarySearch(p.src.characters(int(p.offset)), offset)
	for i := range len(text) {
		if isWhite(text[i]) {
			continue
		}
		if n == 0 {
			if !found {
				break
			}
			return i
		}
		n--
	}
	return len(strings.TrimRight(text, " \t\r\n"))
}
