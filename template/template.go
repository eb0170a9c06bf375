// SPDX-License-Identifier: Apache-2.0

// Package template is the language of rule outputs.
//
// A template is text in which %field, %field[argument] or %transformer(...) stands for a
// value of the event. The longest part behind the % that is a valid expression is taken;
// what follows is text, so it may stand right behind a field. A number between the %
// and the field (%10field) makes the value exactly that many bytes wide: it is cut, or
// filled up with blanks on the right. There is no way to write a % that is not followed by
// a field. A * at the beginning of a template is ignored.
//
// A [Template] renders text. [Fields] renders the same fields as a JSON object, with their
// types and their names as keys.
//
// Both keep nothing of the event; what they append are copies.
package template

import (
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/filter"
)

// MaxWidth is the largest width of a value; larger ones are taken as this.
const MaxWidth = 1 << 16

// Template is a compiled output. It is immutable and may be used by many goroutines, each
// with its own [filter.Env].
type Template struct {
	text  string
	parts []part
}

// part is a piece of text, or a value.
type part struct {
	literal string
	op      *filter.Operand // nil for text
	cell    int             // of a plain field, else -1
	padded  bool
	print   bool // show only what is printable
	width   int  // 0: as wide as it is
}

// Compile reads a template and adds the fields that it uses to the scope's layout. The
// texts of errors are Falco's.
func Compile(text string, s *filter.Scope) (*Template, error) {
	if text == "" {
		return nil, errEmpty
	}
	t := &Template{text: text, parts: make([]part, 0, 2*strings.Count(text, "%")+1)}
	rest := strings.TrimPrefix(text, "*")
	for rest != "" {
		lit, _, found := strings.Cut(rest, "%")
		t.addLiteral(lit)
		if !found {
			break
		}
		p, n, err := compileValue(rest[len(lit)+1:], s)
		if err != nil {
			return nil, err
		}
		t.parts = append(t.parts, p)
		rest = rest[len(lit)+1+n:]
	}
	t.parts = slices.Clip(t.parts)
	return t, nil
}

// addLiteral adds text up to the first NUL, where a C string ends.
func (t *Template) addLiteral(s string) {
	s, _, _ = strings.Cut(s, "\x00")
	if s != "" {
		t.parts = append(t.parts, part{literal: s})
	}
}

// compileValue reads what follows a % and returns how long that is.
func compileValue(s string, scope *filter.Scope) (p part, n int, err error) {
	if s == "" {
		return p, 0, errPercent
	}
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		p.width = min(p.width*10+int(s[n]-'0'), MaxWidth)
		n++
	}
	if n == len(s) {
		return p, 0, errNumber
	}
	op, size, err := filter.CompileOperandPrefix(s[n:], scope)
	if err != nil {
		return p, 0, &unknownError{err}
	}
	p.op, p.cell = op, -1
	if op.Plain() {
		p.cell = scope.Layout.Cell(op.Refs()[0])
		p.padded = op.Refs()[0].Field.Padded
		p.print = op.Refs()[0].Field.Printable && scope.Falco.HidesControls()
	}
	return p, n + size, nil
}

// String gives the source text.
func (t *Template) String() string { return t.text }

// Operands returns the values that the template shows, in their order.
func (t *Template) Operands() []*filter.Operand {
	var list []*filter.Operand
	for i := range t.parts {
		if t.parts[i].op != nil {
			list = append(list, t.parts[i].op)
		}
	}
	return list
}

// AppendText appends the text of the template for an event; absent values show as <NA>.
// It allocates nothing but room in dst.
func (t *Template) AppendText(dst []byte, env *filter.Env) []byte {
	for i := range t.parts {
		p := &t.parts[i]
		if p.op == nil {
			dst = append(dst, p.literal...)
			continue
		}
		start := len(dst)
		dst = appendText(dst, p.value(env), p.op.Type(), p.op.List(), p.padded)
		if p.width > 0 {
			dst = fit(dst, start+p.width)
		}
	}
	return dst
}

// value returns the value of a part. The result of a transformer lives in the arena, like
// what it is made of.
func (p *part) value(env *filter.Env) *event.Value {
	if p.cell >= 0 && !p.print {
		return env.Cell(p.cell)
	}
	v := &env.Arena.Values(1)[0]
	if p.print {
		*v = printable(*env.Cell(p.cell), env)
	} else {
		p.op.Eval(env, v)
	}
	return v
}

// fit cuts dst, or fills it up with blanks, so that it has n bytes.
func fit(dst []byte, n int) []byte {
	for len(dst) < n {
		dst = append(dst, ' ')
	}
	return dst[:n]
}
