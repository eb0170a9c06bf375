// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"errors"
	"regexp/syntax"
	"strings"

	"github.com/gyr-dev/gyr/compat"
)

// Cause is the part of a check or operand that does not compile. It is for messages to people:
// [Error] has Falco's message and position, which is the beginning of the check.
type Cause struct {
	// At is where the part begins in the text that was parsed.
	At Pos
	// Value is which value of a list it is, counted from 0; -1 if it is none.
	Value int
	// Field is the name of a field that does not exist, or "".
	Field string
	// Detail is a message for cases in which Falco's misleads, or "".
	Detail string
	// Hint is a suggestion, or "".
	Hint string
}

// FindCause returns the part of a check to blame if the check does not compile. Without one it
// is the whole check. The scope's layout does not change.
func FindCause(check Node, s *Scope) Cause {
	switch n := check.(type) {
	case *Unary:
		if c, ok := operandCause(n.Left, s); ok {
			return c
		}
	case *Binary:
		if c, ok := operandCause(n.Left, s); ok {
			return c
		}
		if c, ok := operandCause(n.Right, s); ok {
			return c
		}
		if c, ok := constantCause(n, s); ok {
			return c
		}
	}
	return Cause{At: check.Pos(), Value: -1}
}

// operandCause looks within an operand; constants are none.
func operandCause(n Node, s *Scope) (c Cause, found bool) {
	Walk(n, func(n Node) bool {
		f, ok := n.(*FieldNode)
		if found || !ok {
			return !found
		}
		if _, err := checkField(f, s); err != nil {
			c, found = Cause{At: f.At, Value: -1}, true
			if s.Catalogue.Lookup(s.Source, f.Name) == nil {
				c.Field = f.Name
			}
		}
		return !found
	})
	if found {
		return c, true
	}
	if _, isOperand := n.(*TransformNode); isOperand {
		if _, err := checkOperand(n, s); err != nil {
			return Cause{At: n.Pos(), Value: -1}, true
		}
	}
	return c, false
}

// constantCause looks for the value that cannot be compared with the left side.
func constantCause(n *Binary, s *Scope) (Cause, bool) {
	left, err := checkOperand(n.Left, s)
	if err != nil || checkOp(n.Op, n.Mod, left.typ, left.list) != "" {
		return Cause{}, false
	}
	values, which := []string(nil), -1
	switch r := n.Right.(type) {
	case *ValueNode:
		values = []string{r.Text}
	case *ListNode:
		values, which = r.Values, 0
	}
	for i, v := range values {
		if checkNUL(v, s.Falco) == nil && newRight(n, left, s.Falco).add(v) == nil {
			continue
		}
		c := Cause{At: n.Right.Pos(), Value: which}
		if which >= 0 {
			c.Value = i
		}
		if n.Op == "regex" {
			c.Detail, c.Hint = explainRegex(v)
		}
		return c, true
	}
	return Cause{}, false
}

// ValueOffset returns where a value of a list begins in the text of a condition, in which the
// list begins at list.
func ValueOffset(text string, list Pos, value int) int {
	p := newParser(text, MaxDepth, compat.V045) // reads all that 0.44 does
	p.pos = list
	if value < 0 || !p.str("(") {
		return list.Offset
	}
	for ; ; value-- {
		p.blank()
		at := p.pos.Offset
		if value == 0 {
			return at
		}
		if ok, err := p.parseConstant(); !ok || err != nil {
			return list.Offset
		}
		p.blank()
		if !p.str(",") {
			return list.Offset
		}
	}
}

// ExplainOperand says why no operand begins a text, which is what follows a % in an output.
func ExplainOperand(text string, s *Scope) Cause {
	c := Cause{Value: -1}
	p := newParser(text, MaxDepth, s.Falco)
	n, err := p.parseOperand(p.pos)
	var e *Error
	switch {
	case err != nil:
		if errors.As(err, &e) {
			c.At, c.Detail = e.Pos, e.Msg
		}
	case n != nil:
		if found, ok := operandCause(n, s); ok {
			c = found
		}
		if c.Field != "" {
			c.Detail = "unknown field " + c.Field
		} else if _, err := checkOperand(n, s); err != nil {
			c.Detail = err.Error()
		}
	default:
		c.Detail = explainName(text)
	}
	return c
}

// explainName says why a text does not begin with an operand.
func explainName(text string) string {
	name := text[:lenIdent(text)]
	switch {
	case name == "":
		return "no field follows the %"
	case strings.HasPrefix(text[len(name):], "("):
		return "unknown transformer " + name
	}
	return "unknown field " + name
}

// perlClasses are escapes that people write and what stands for them here.
var perlClasses = map[string]string{
	`\d`: "[0-9]", `\D`: "[^0-9]", `\w`: "[A-Za-z0-9_]", `\W`: "[^A-Za-z0-9_]", `\s`: "[[:space:]]", `\S`: "[^[:space:]]",
}

// explainRegex says what is wrong with a pattern.
func explainRegex(pattern string) (detail, hint string) {
	_, err := syntax.Parse(pattern, syntax.ClassNL)
	var e *syntax.Error
	if !errors.As(err, &e) {
		return "", ""
	}
	switch e.Code {
	case syntax.ErrInvalidCharRange:
		if e.Expr == "-" { // RE2 takes the end of the pattern for a broken character
			detail = "invalid regex pattern: missing ] behind " + pattern[strings.LastIndexByte(pattern, '['):]
		}
	case syntax.ErrInvalidEscape:
		if class := perlClasses[e.Expr]; class != "" {
			hint = "write " + class + " instead of " + e.Expr
		}
	case syntax.ErrMissingRepeatArgument:
		if strings.HasPrefix(pattern, "*") || strings.HasPrefix(pattern, "?") {
			hint = "if this is a pattern with wildcards, use the operator glob"
		} else if strings.HasPrefix(e.Expr, "(?") || strings.Contains(pattern, "(?") {
			hint = "there are no flags and no lookarounds: only POSIX syntax"
		}
	}
	return detail, hint
}

// CountValues returns how many values a text is that is written into a list of values; ok is
// false if it cannot be read as such.
func CountValues(text string, falco compat.Version) (n int, ok bool) {
	p := newParser(text, MaxDepth, falco)
	for {
		p.blank()
		if ok, err := p.parseConstant(); !ok || err != nil {
			return n, false
		}
		n++
		p.blank()
		if p.pos.Offset == len(text) {
			return n, true
		}
		if !p.str(",") {
			return n, false
		}
	}
}
