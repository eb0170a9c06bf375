// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"slices"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

// falcoTypes are the names of the types in Falco's messages about operands.
var falcoTypes = map[abi.FieldType]string{
	abi.Uint64: "UINT64", abi.String: "CHARBUF", abi.RelTime: "RELTIME", abi.AbsTime: "ABSTIME",
	abi.Bool: "BOOL", abi.IPAddr: "IPADDR", abi.IPNet: "IPNET",
}

func isNumber(t abi.FieldType) bool {
	return t == abi.Uint64 || t == abi.RelTime || t == abi.AbsTime
}

// checkOp says why an operator cannot be used on a type, or "".
func checkOp(op, mod string, t abi.FieldType, list bool) string {
	if op == "exists" {
		return ""
	}
	quoted := "'" + canonicalOp(op) + "'"
	set := op == "in" || op == "intersects"
	equal := set || op == "=" || op == "==" || op == "!="
	order := op == "<" || op == "<=" || op == ">" || op == ">="
	switch {
	case list && !set:
		return quoted + " operator not supported list filters"
	case list:
		return ""
	case t == abi.String:
		if op == "bcontains" || op == "bstartswith" {
			return quoted + " operator not supported for string filters"
		}
	case t == abi.IPAddr || t == abi.IPNet:
		if equal {
			return ""
		}
		if mod != "" {
			return quoted + " with modifier not supported for ip address and network filters"
		}
		return quoted + " operator not supported for ip address and network filters"
	case !equal && (t == abi.Bool || !order):
		return quoted + " operator not supported for numeric filters"
	}
	return ""
}

func canonicalOp(op string) string {
	if op == "==" {
		return "="
	}
	return op
}

// checkOperand finds the fields and transformers of an operand and its type. The fields
// are not numbered yet.
func checkOperand(n Node, s *Scope) (*Operand, error) {
	var o *Operand
	var msg string
	switch n := n.(type) {
	case *FieldNode:
		return checkField(n, s)
	case *ValueNode:
		o = &Operand{typ: abi.String, base: abi.String, name: "NA", eval: constEval(n.Text)}
	case *TransformListNode:
		args, err := checkOperands(n.Kids, s)
		if err != nil {
			return nil, err
		}
		o = newList(args)
	case *TransformNode:
		args, err := checkOperands(n.Args, s)
		if err != nil {
			return nil, err
		}
		o, msg = checkTransform(n, args)
	default:
		msg = "unexpected expression as operand"
	}
	if msg != "" {
		return nil, &Error{n.Pos(), msg}
	}
	o.text = n.String()
	return o, nil
}

func checkOperands(list []Node, s *Scope) ([]*Operand, error) {
	var out []*Operand
	for _, n := range list {
		o, err := checkOperand(n, s)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func checkField(n *FieldNode, s *Scope) (*Operand, error) {
	// Falco has name and argument parsed as one text again, unescaped and without quotes.
	text := n.Name
	if n.HasArg {
		text += "[" + n.Arg + "]"
	}
	ref, err := s.Catalogue.Resolve(s.Source, text)
	if err != nil {
		return nil, &Error{n.At, err.Error()}
	}
	f := ref.Field
	return &Operand{
		text: ref.String(), typ: f.Type, list: f.List, base: f.Type, baseList: f.List,
		name: f.Name, refs: []fields.Ref{ref}, eval: refEval{ref},
	}, nil
}

func checkTransform(n *TransformNode, args []*Operand) (*Operand, string) {
	if n.Name == "val" {
		if n.HasArg {
			return nil, "filter error: transformer 'val' does not support field arguments"
		}
		return args[0], ""
	}
	if len(args) == 1 {
		if n.HasArg {
			return nil, "filter error: transformer '" + n.Name + "' does not support field arguments"
		}
		return newSingle(n.Name, args[0])
	}
	switch n.Name {
	case "join":
		return newJoin(n, args)
	case "concat":
		return newConcat(n, args)
	case "getopt":
		return newGetopt(n, args)
	}
	return nil, "unknown multivalue transformer"
}

// newMulti returns the operand for a transformer with several arguments.
func newMulti(args []*Operand, list bool, e evaluator) *Operand {
	o := &Operand{typ: abi.String, list: list, base: abi.String, name: "NA", eval: e}
	if list {
		o.name = "INTERNAL"
	}
	for _, a := range args {
		o.refs = append(o.refs, a.refs...)
	}
	return o
}

// refEval stands for a field until the operand is bound to a layout.
type refEval struct{ ref fields.Ref }

func (e refEval) bind(l *fields.Layout) evaluator { return cellEval(l.Cell(e.ref)) }

func (refEval) eval(*Env, *event.Value) bool { return false }

// binder is an evaluator with parts that must be bound.
type binder interface {
	evaluator
	bind(l *fields.Layout) evaluator
}

func bindEval(e evaluator, l *fields.Layout) evaluator {
	if b, ok := e.(binder); ok {
		return b.bind(l)
	}
	return e
}

func bindArgs(args []argEval, l *fields.Layout) []argEval {
	args = slices.Clone(args)
	for i := range args {
		args[i].evaluator = bindEval(args[i].evaluator, l)
	}
	return args
}

// describe is a type in messages about two operands.
func (o *Operand) describe() string {
	if o.list {
		return falcoTypes[o.typ] + " (list)"
	}
	return falcoTypes[o.typ]
}
