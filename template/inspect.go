// SPDX-License-Identifier: Apache-2.0

package template

import (
	"strings"

	"github.com/gyr-dev/gyr/filter"
)

// Finding is a mistake in a template, or something that looks like one, for messages to
// people: the errors of [Compile] have Falco's texts, which name nothing.
type Finding struct {
	// Offset is where it is in the text.
	Offset int
	// Message says what it is, Hint what to do about it, or "".
	Message, Hint string
	// Field is the name of a field that does not exist, or "".
	Field string
}

const noPercent = "outputs cannot have a percent sign alone: write the word percent"

// Inspect finds all mistakes of a template, not only the first, and doubts: text right behind
// a field, as in %ct.username, of which ct.user is the field. Nothing is added to the scope's
// layout that the template does not use.
func Inspect(text string, s *filter.Scope) (faults, doubts []Finding) {
	at := 0
	if strings.HasPrefix(text, "*") {
		at = 1
	}
	for {
		i := strings.IndexByte(text[at:], '%')
		if i < 0 {
			return faults, doubts
		}
		percent := at + i
		at = percent + 1
		for at < len(text) && text[at] >= '0' && text[at] <= '9' {
			at++
		}
		rest := text[at:]
		op, n, err := filter.CompileOperandPrefix(rest, s)
		if err != nil {
			f := fault(rest, s)
			f.Offset = at + f.Offset
			if f.Hint == noPercent {
				f.Offset = percent
			}
			faults = append(faults, f)
			at += nameLen(rest)
			continue
		}
		if word := gluedWord(rest[n:]); word != "" && mayGoOn(op) {
			doubts = append(doubts, Finding{
				Offset: at, Message: "the field is " + op.String() + ", and " + word + " is text behind it",
				Hint: "put a blank or a sign between them, or correct the name of the field",
			})
		}
		at += n
	}
}

// fault says why no field begins a text that follows a %.
func fault(rest string, s *filter.Scope) Finding {
	c := filter.ExplainOperand(rest, s)
	f := Finding{Offset: c.At.Offset, Message: c.Detail, Field: c.Field}
	switch {
	case strings.HasPrefix(rest, "{"), strings.HasPrefix(rest, "("):
		f.Hint = "write %field without brackets around it"
	case nameLen(rest) == 0:
		f.Hint = noPercent
	}
	return f
}

// nameLen is how much of a text looks like the name of a field.
func nameLen(s string) int {
	n := 0
	for n < len(s) && (isNameByte(s[n]) || s[n] == '.' && n+1 < len(s) && isNameByte(s[n+1])) {
		n++
	}
	return n
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// gluedWord returns the text at the beginning that looks like more of a name.
func gluedWord(s string) string { return s[:nameLen(s)] }

// mayGoOn reports whether text behind an operand looks like more of its name.
func mayGoOn(op *filter.Operand) bool { return op != nil && op.Plain() && !op.Refs()[0].HasArg }

// Glued reports whether text that looks like more of its name stands right behind a field;
// [Inspect] tells where.
func (t *Template) Glued() bool {
	for i := range t.parts {
		if i+1 < len(t.parts) && t.parts[i+1].op == nil && mayGoOn(t.parts[i].op) && gluedWord(t.parts[i+1].literal) != "" {
			return true
		}
	}
	return false
}
