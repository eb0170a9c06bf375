// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

// bytesFunc appends the transformed form of s to dst, which has room for len(s) bytes; no
// transformer makes a string longer. false makes the operand absent.
type bytesFunc func(dst []byte, s string) ([]byte, bool)

var bytesFuncs = map[string]bytesFunc{
	"tolower": appendLower, "toupper": appendUpper, "basename": appendBase, "b64": appendBase64,
}

// newSingle applies a transformer with one argument.
func newSingle(name string, arg *Operand) (*Operand, string) {
	f := bytesFuncs[name]
	if f == nil && name != "len" {
		return nil, "unknown field transfomer '" + name + "'"
	}
	o := *arg
	switch {
	case name == "len" && (arg.list || arg.typ == abi.String):
		o.eval = lenEval{arg.eval, arg.list, arg.list && !arg.baseList}
		o.typ, o.list = abi.Uint64, false
	case f != nil && arg.typ == abi.String:
		o.eval = bytesEval{arg.eval, f}
	default:
		kind := ""
		if arg.list {
			kind = "list "
		}
		return nil, "can't add field transformer: type '" + falcoTypes[arg.typ] + "' is not supported by '" +
			name + "' transformer applied on " + kind + "field '" + arg.name + "'"
	}
	return &o, ""
}

// bytesEval transforms a string or every string of a list.
type bytesEval struct {
	arg evaluator
	f   bytesFunc
}

func (e bytesEval) bind(l *fields.Layout) evaluator { e.arg = bindEval(e.arg, l); return e }

func (e bytesEval) eval(env *Env, out *event.Value) bool {
	if !e.arg.eval(env, out) {
		return false
	}
	for i := range out.List {
		if !e.apply(env, &out.List[i]) {
			return false
		}
	}
	return out.List != nil || e.apply(env, out)
}

// apply transforms one string and puts a NUL behind it, unless it ends with one.
func (e bytesEval) apply(env *Env, v *event.Value) bool {
	in := trimNUL(v.Str)
	buf := env.Arena.Bytes(len(in) + 1)
	b, ok := e.f(buf[:0], in)
	if !ok {
		return false
	}
	if len(b) == 0 || b[len(b)-1] != 0 {
		b = append(b, 0)
	}
	v.Str = event.String(b)
	return true
}

func appendLower(dst []byte, s string) ([]byte, bool) {
	for i := 0; i < len(s); i++ {
		dst = append(dst, lower(s[i]))
	}
	return dst, true
}

func appendUpper(dst []byte, s string) ([]byte, bool) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst, true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func appendBase(dst []byte, s string) ([]byte, bool) {
	return append(dst, s[strings.LastIndexByte(s, '/')+1:]...), true
}

// appendBase64 decodes base64. The padding may be missing, but up to two '=' at the end
// are taken for one. Bits that are left over must be 0.
func appendBase64(dst []byte, s string) ([]byte, bool) {
	if s == "" {
		return dst, true
	}
	if s = strings.TrimSuffix(s, "="); s != "" {
		s = strings.TrimSuffix(s, "=")
	}
	if s == "" || len(s)%4 == 1 {
		return dst, false
	}
	var bits uint32
	n := 0
	for i := 0; i < len(s); i++ {
		v := base64Value(s[i])
		if v > 63 {
			return dst, false
		}
		bits = bits<<6 | uint32(v)
		if n += 6; n >= 8 {
			n -= 8
			dst = append(dst, byte(bits>>n))
		}
	}
	return dst, bits&(1<<n-1) == 0
}

func base64Value(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return c - 'A'
	case c >= 'a' && c <= 'z':
		return c - 'a' + 26
	case c >= '0' && c <= '9':
		return c - '0' + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return 64
}

// lenEval is the number of bytes of a string or of elements of a list.
type lenEval struct {
	arg  evaluator
	list bool
	// options says that the list is one of getopt. For Falco it is none when it comes to its
	// values: the length is that of the first, which must be there.
	options bool
}

func (e lenEval) bind(l *fields.Layout) evaluator { e.arg = bindEval(e.arg, l); return e }

func (e lenEval) eval(env *Env, out *event.Value) bool {
	if c, ok := e.arg.(cellEval); ok && e.list {
		v := env.Cell(int(c))
		*out = event.NumValue(uint64(len(v.List)))
		return v.Present
	}
	if !e.arg.eval(env, out) {
		return false
	}
	n := len(cString(out.Str))
	switch {
	case e.options && len(out.List) == 0:
		return false
	case e.options:
		n = len(cString(out.List[0].Str))
	case e.list:
		n = len(out.List)
	}
	*out = event.NumValue(uint64(n))
	return true
}
