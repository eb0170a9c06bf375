// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"encoding/binary"
	"strconv"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

// argEval is an argument of a transformer with several arguments.
type argEval struct {
	evaluator
	typ abi.FieldType
	// decimal shows a number as text.
	decimal bool
}

func newArgs(args []*Operand) []argEval {
	out := make([]argEval, len(args))
	for i, a := range args {
		out[i] = argEval{evaluator: a.eval, typ: a.typ}
	}
	return out
}

// raw returns the bytes that Falco has in memory for a value or element: a number of a
// type other than string is not converted to text.
func (a *argEval) raw(env *Env, v *event.Value) string {
	switch {
	case a.decimal:
		return event.String(strconv.AppendUint(env.Arena.Bytes(20)[:0], v.Num, 10))
	case isNumber(a.typ):
		b := env.Arena.Bytes(8)
		binary.LittleEndian.PutUint64(b, v.Num)
		return event.String(b)
	case a.typ == abi.Bool:
		b := env.Arena.Bytes(4)
		binary.LittleEndian.PutUint32(b, uint32(v.Num))
		return event.String(b)
	}
	return v.Str
}

// listEval is a list of operands in parentheses. Lists in it are flattened.
type listEval struct{ args []argEval }

func newList(args []*Operand) *Operand {
	list := newArgs(args)
	for i, a := range args {
		// Whether a number is shown as text depends on the type before transformers.
		list[i].decimal = a.base == abi.Uint64
	}
	o := newMulti(args, true, listEval{list})
	o.name, o.baseList = "NA", true
	return o
}

func (e listEval) bind(l *fields.Layout) evaluator { return listEval{bindArgs(e.args, l)} }

func (e listEval) eval(env *Env, out *event.Value) bool {
	list := newValues(env, len(e.args))
	v := scratch(env)
	for i := range e.args {
		a := &e.args[i]
		if !a.eval(env, v) {
			return false
		}
		if v.List == nil {
			list = appendValue(env, list, a.raw(env, v))
			continue
		}
		if a.decimal && len(v.List) > 1 {
			v.List = v.List[:1] // Falco shows only the first number of a list
		}
		for j := range v.List {
			list = appendValue(env, list, a.raw(env, &v.List[j]))
		}
	}
	*out = event.Value{List: list, Present: true}
	return true
}

// scratch returns a value to work with. One on the stack would end up on the heap.
func scratch(env *Env) *event.Value { return &env.Arena.Values(1)[0] }

// newValues returns an empty list in the arena with room for n elements. It is not nil:
// that is what tells an empty list from a single value.
func newValues(env *Env, n int) []event.Value { return env.Arena.Values(n + 1)[:0] }

// appendValue appends a string to a list in the arena.
func appendValue(env *Env, list []event.Value, s string) []event.Value {
	if len(list) == cap(list) {
		grown := env.Arena.Values(2*len(list) + 4)[:len(list)]
		copy(grown, list)
		list = grown
	}
	return append(list, event.StringValue(s))
}

// supportsNoArg is the complaint about brackets behind a transformer that takes none.
func supportsNoArg(n *TransformNode) string {
	if n.HasArg {
		return "transformer '" + n.Name + "' does not support field arguments"
	}
	return ""
}

// newJoin is join(separator, list).
func newJoin(n *TransformNode, args []*Operand) (*Operand, string) {
	switch {
	case len(args) != 2:
		return nil, "join() requires exactly 2 arguments: separator and list"
	case args[0].baseList:
		return nil, "join() first argument (separator) must be a single value, not a list"
	case !args[1].baseList:
		return nil, "join() second argument must be a list"
	}
	return newMulti(args, false, joinEval{newArgs(args)}), supportsNoArg(n)
}

type joinEval struct{ args []argEval }

func (e joinEval) bind(l *fields.Layout) evaluator { return joinEval{bindArgs(e.args, l)} }

func (e joinEval) eval(env *Env, out *event.Value) bool {
	sep, ok := e.args[0].first(env)
	if !ok {
		return false
	}
	list := &e.args[1]
	v := scratch(env)
	if !list.eval(env, v) {
		return false
	}
	if v.List == nil {
		*out = event.StringValue(cString(list.raw(env, v)))
		return true
	}
	size := 0
	for i := range v.List {
		v.List[i].Str = cString(list.raw(env, &v.List[i]))
		size += len(v.List[i].Str) + len(sep)
	}
	buf := env.Arena.Bytes(size)[:0]
	for i := range v.List {
		if i > 0 {
			buf = append(buf, sep...)
		}
		buf = append(buf, v.List[i].Str...)
	}
	*out = event.StringValue(event.String(buf))
	return true
}

// first returns the bytes of the argument or of its first element.
func (a *argEval) first(env *Env) (string, bool) {
	v := scratch(env)
	if !a.eval(env, v) {
		return "", false
	}
	if v.List == nil {
		return a.raw(env, v), true
	}
	if len(v.List) == 0 {
		return "", false
	}
	return a.raw(env, &v.List[0]), true
}

// newConcat is concat(s1, s2, ...).
func newConcat(n *TransformNode, args []*Operand) (*Operand, string) {
	for _, a := range args {
		if a.base != abi.String || a.baseList {
			return nil, "concat() arguments must be strings"
		}
	}
	return newMulti(args, false, concatEval{newArgs(args)}), supportsNoArg(n)
}

type concatEval struct{ args []argEval }

func (e concatEval) bind(l *fields.Layout) evaluator { return concatEval{bindArgs(e.args, l)} }

func (e concatEval) eval(env *Env, out *event.Value) bool {
	parts := env.Arena.Values(len(e.args))
	size := 0
	for i := range e.args {
		s, ok := e.args[i].first(env)
		if !ok {
			return false
		}
		parts[i].Str = cString(s)
		size += len(parts[i].Str)
	}
	buf := env.Arena.Bytes(size)[:0]
	for i := range parts {
		buf = append(buf, parts[i].Str...)
	}
	*out = event.StringValue(event.String(buf))
	return true
}
