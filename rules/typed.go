// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"errors"
	"fmt"
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
	for _, f := range r.Files {
		for i := range f.Errors {
			f.Errors[i].writeTyped(&b, name)
		}
	}
	return errors.New(strings.TrimSuffix(b.String(), "\n"))
}

func (i *Issue) writeTyped(b *strings.Builder, name string) {
	if i.at.kind != kindCondition {
		fmt.Fprintf(b, "%s: %s\n", name, i.Message)
		return
	}
	text, offset := i.at.cond.text, min(i.at.cond.offset, len(i.at.cond.text))
	begin := strings.LastIndexByte(text[:offset], '\n') + 1
	fmt.Fprintf(b, "%s:%d:%d: %s\n", name, strings.Count(text[:offset], "\n")+1, offset-begin+1, i.Message)
	for line := range strings.Lines(snippet(text, offset)) {
		b.WriteString("    " + line)
	}
	if i.Hint != "" {
		b.WriteString("    " + i.Hint + "\n")
	}
}
