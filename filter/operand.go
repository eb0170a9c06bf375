// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

// Scope is what names mean in a condition: the fields of one event source. Compiling adds
// the fields that are used to Layout. It is used by one goroutine at a time.
type Scope struct {
	Catalogue *fields.Catalogue
	Source    string
	Layout    *fields.Layout
}

// Operand is a compiled field or transformer expression. It is immutable and can be
// evaluated by many goroutines at once, each with its own [Env].
type Operand struct {
	text string
	typ  abi.FieldType
	list bool
	refs []fields.Ref
	cell int // if it is a plain field, else -1
}

// Type is the type of the operand's value, or of the elements if List.
func (o *Operand) Type() abi.FieldType { return o.typ }

// List reports whether the operand is a list.
func (o *Operand) List() bool { return o.list }

// Refs returns the fields that the operand uses, in the order of their appearance.
func (o *Operand) Refs() []fields.Ref { return o.refs }

// String gives the expression as source text.
func (o *Operand) String() string { return o.text }

// Plain reports whether the operand is a field without a transformer.
func (o *Operand) Plain() bool { return o.cell >= 0 }

// Eval sets out to the operand's value; absent if a field that it needs is. The value is a
// view into the row or into env's arena.
func (o *Operand) Eval(env *Env, out *event.Value) { *out = event.Value{} }

// CompileOperand compiles text, which must be one field or transformer expression and
// nothing else. Errors are [*Error].
func CompileOperand(text string, s *Scope) (*Operand, error) {
	return nil, &Error{Msg: "not implemented"}
}

// CompileOperandPrefix compiles the longest prefix of text that is an operand and returns
// how many bytes that is. The error is that of the last, shortest attempt.
func CompileOperandPrefix(text string, s *Scope) (*Operand, int, error) {
	return nil, 0, &Error{Msg: "not implemented"}
}
