// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

// Scope is what names mean in a condition: the fields of one event source. Compiling adds
// the fields that are used to Layout. It is used by one goroutine at a time.
type Scope struct {
	Catalogue *fields.Catalogue
	Source    string
	Layout    *fields.Layout
	// Falco is the version whose language is spoken.
	Falco compat.Version

	// plain are the operands for fields without a transformer, which rules share.
	plain map[fieldUse]*Operand
}

// fieldUse is how a condition or an output writes a field.
type fieldUse struct {
	name, arg string
	hasArg    bool
}

// Operand is a compiled field or transformer expression. It is immutable and can be
// evaluated by many goroutines at once, each with its own [Env].
type Operand struct {
	text string
	typ  abi.FieldType
	list bool
	refs []fields.Ref
	// cells are the cells of refs, each once.
	cells []int
	cell  int // of a plain field, else -1
	eval  evaluator

	// name is what error messages call the operand: a field's name without its argument,
	// or Falco's name for something that is no field.
	name string
	// base and baseList are the type before single-argument transformers. Falco checks
	// the arguments of join, concat and getopt against it.
	base     abi.FieldType
	baseList bool
}

// Type is the type of the operand's value, or of the elements if List.
func (o *Operand) Type() abi.FieldType { return o.typ }

// List reports whether the operand is a list.
func (o *Operand) List() bool { return o.list }

// Refs returns the fields that the operand uses, in the order of their appearance, each as
// often as it appears. The caller does not change the slice.
func (o *Operand) Refs() []fields.Ref { return o.refs }

// Cells returns the cells that the operand reads, each once.
func (o *Operand) Cells() []int { return o.cells }

// String gives the expression as source text.
func (o *Operand) String() string { return o.text }

// Plain reports whether the operand is a field without a transformer.
func (o *Operand) Plain() bool { return o.cell >= 0 }

// Eval sets out to the operand's value; absent if a field that it needs is. The value is a
// view into the row or into env's arena. Unlike a field, a transformer can give a list that
// is present without elements.
func (o *Operand) Eval(env *Env, out *event.Value) {
	if o.cell >= 0 {
		*out = *env.Cell(o.cell)
		return
	}
	if !o.eval.eval(env, out) {
		*out = event.Value{}
		return
	}
	if o.typ != abi.String {
		return
	}
	out.Str = cString(out.Str)
	for i := range out.List {
		out.List[i].Str = cString(out.List[i].Str)
	}
}

// An evaluator computes a value. The string of a value, or of an element, is all bytes that
// Falco would have, the terminating NUL included where Falco counts it: behind strings that
// went through a transformer with one argument. Falco drops that NUL from scalars again, but
// not from the elements of lists. out.List is memory that may be changed.
type evaluator interface {
	// eval returns false if the value is absent; then out means nothing.
	eval(env *Env, out *event.Value) bool
}

// cString is s up to its first NUL.
func cString(s string) string {
	if i := strings.IndexByte(s, 0); i >= 0 {
		return s[:i]
	}
	return s
}

// trimNUL is s without the NULs at its end.
func trimNUL(s string) string {
	for len(s) > 0 && s[len(s)-1] == 0 {
		s = s[:len(s)-1]
	}
	return s
}

// cellEval is a field.
type cellEval int

func (c cellEval) eval(env *Env, out *event.Value) bool {
	v := env.Cell(int(c))
	if v.List == nil {
		*out = *v
		return v.Present
	}
	list := env.Arena.Values(len(v.List))
	copy(list, v.List)
	*out = event.Value{List: list, Present: v.Present}
	return v.Present
}

// constEval is a constant string.
type constEval string

func (c constEval) eval(_ *Env, out *event.Value) bool {
	*out = event.StringValue(string(c))
	return true
}

// CompileOperand compiles text, which must be one field or transformer expression and
// nothing else. Errors are [*Error].
func CompileOperand(text string, s *Scope) (*Operand, error) {
	p := newParser(text, MaxDepth, s.Falco)
	n, err := p.parseOutput()
	if err != nil {
		return nil, err
	}
	if p.pos.Offset != len(text) {
		return nil, p.fail("unexpected token after '" + p.last + "'")
	}
	return compileOperand(n, s)
}

// CompileOperandPrefix compiles the longest prefix of text that is an operand and returns
// how many bytes that is. If there is none, the error is Falco's, whatever is wrong: it
// tries shorter and shorter prefixes and reports on the last, one byte.
func CompileOperandPrefix(text string, s *Scope) (*Operand, int, error) {
	p := newParser(text, MaxDepth, s.Falco)
	if n, err := p.parseOutput(); err == nil {
		if o, err := compileOperand(n, s); err == nil {
			return o, p.pos.Offset, nil
		}
	}
	if o, size := compilePrefix(text, s); o != nil {
		return o, size, nil
	}
	return nil, 0, &Error{Pos{0, 1, 1}, "unexpected token after '"}
}

// compilePrefix compiles an operand without its argument in brackets, or a field whose name
// is cut short. Every other prefix of an operand lacks a bracket or parenthesis.
func compilePrefix(text string, s *Scope) (*Operand, int) {
	p := newParser(text, MaxDepth, s.Falco)
	if name := p.transformer(); name != "" {
		p.blank()
		if t, err := p.parseTransformArgs(name, Pos{0, 1, 1}); err == nil {
			if o, err := compileOperand(t, s); err == nil {
				return o, p.pos.Offset
			}
		}
		return nil, 0
	}
	size := lenField(text)
	longest := 0
	for _, f := range s.Catalogue.Fields(s.Source) {
		longest = max(longest, len(f.Name))
	}
	for size = min(size, longest); size > 0; size-- {
		if lenField(text[:size]) != size {
			continue
		}
		if o, err := compileOperand(&FieldNode{Name: text[:size], At: Pos{0, 1, 1}}, s); err == nil {
			return o, size
		}
	}
	return nil, 0
}

// parseOutput reads an operand as output templates have it.
func (p *parser) parseOutput() (Node, error) {
	n, err := p.parseOperand(p.pos)
	if n == nil && err == nil {
		err = p.fail("unexpected token after '" + p.last)
	}
	return n, err
}

// compileOperand compiles an operand. Layout grows only if it succeeds.
func compileOperand(n Node, s *Scope) (*Operand, error) {
	f, plain := n.(*FieldNode)
	if plain {
		if o := s.plain[fieldUse{f.Name, f.Arg, f.HasArg}]; o != nil {
			return o, nil
		}
	}
	o, err := checkOperand(n, s)
	if err != nil {
		return nil, err
	}
	o.bind(s.Layout)
	if plain {
		if s.plain == nil {
			s.plain = make(map[fieldUse]*Operand)
		}
		s.plain[fieldUse{strings.Clone(f.Name), strings.Clone(f.Arg), f.HasArg}] = o
	}
	return o, nil
}

// bind numbers the fields of the operand.
func (o *Operand) bind(l *fields.Layout) {
	o.cell = -1
	for _, r := range o.refs {
		if c := l.Cell(r); !slices.Contains(o.cells, c) {
			o.cells = append(o.cells, c)
		}
	}
	o.eval = bindEval(o.eval, l)
	if c, ok := o.eval.(cellEval); ok {
		o.cell = int(c)
	}
}
