// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

// naive evaluates a syntax tree directly, slowly and without anything of the compiler: it
// is what Compile and Eval must agree with.
type naive struct {
	cat *fields.Catalogue
	e   probeEvent
	v   compat.Version
}

// nval is a value: its elements as text (numbers in decimal, addresses as their bytes).
type nval struct {
	typ   abi.FieldType
	list  bool
	elems []string
}

func (x naive) cond(n Node) bool {
	switch n := n.(type) {
	case *And:
		for _, k := range n.Kids {
			if !x.cond(k) {
				return false
			}
		}
		return true
	case *Or:
		for _, k := range n.Kids {
			if x.cond(k) {
				return true
			}
		}
		return false
	case *Not:
		return !x.cond(n.Kid)
	case *Unary:
		return x.value(n.Left) != nil
	case *Binary:
		return x.binary(n)
	}
	panic(fmt.Sprintf("naive: %T", n))
}

// value returns nil if the operand is absent.
func (x naive) value(n Node) *nval {
	switch n := n.(type) {
	case *FieldNode:
		text := n.Name
		if n.HasArg {
			text += "[" + n.Arg + "]"
		}
		ref, err := x.cat.Resolve(probeSource, text)
		if err != nil {
			panic(err)
		}
		return fromCell(ref.Field, x.e.value(ref))
	case *ValueNode:
		return &nval{typ: abi.String, elems: []string{n.Text}}
	case *TransformListNode:
		out := &nval{typ: abi.String, list: true}
		for _, k := range n.Kids {
			v := x.value(k)
			if v == nil {
				return nil
			}
			out.elems = append(out.elems, v.elems...)
		}
		return out
	case *TransformNode:
		var args []*nval
		for _, a := range n.Args {
			v := x.value(a)
			if v == nil {
				return nil
			}
			args = append(args, v)
		}
		return naiveTransform(n, args)
	}
	panic(fmt.Sprintf("naive: %T", n))
}

func fromCell(f *fields.Field, v event.Value) *nval {
	if !v.Present {
		return nil
	}
	out := &nval{typ: f.Type, list: f.List}
	list := v.List
	if !f.List {
		list = []event.Value{v}
	}
	for _, e := range list {
		switch f.Type {
		case abi.String, abi.IPAddr, abi.IPNet:
			out.elems = append(out.elems, e.Str)
		default:
			out.elems = append(out.elems, fmt.Sprint(e.Num))
		}
	}
	return out
}

// upTo cuts at the first NUL, as C strings do.
func upTo(s string) string { s, _, _ = strings.Cut(s, "\x00"); return s }

// ofGetopt reports whether an operand is getopt, maybe in transformers of one argument.
func ofGetopt(n Node) bool {
	t, ok := n.(*TransformNode)
	return ok && (t.Name == "getopt" || len(t.Args) == 1 && ofGetopt(t.Args[0]))
}

func naiveTransform(n *TransformNode, args []*nval) *nval {
	a := args[0]
	switch n.Name {
	case "val":
		return a
	case "len":
		if a.list && ofGetopt(n.Args[0]) {
			if len(a.elems) == 0 {
				return nil
			}
			return &nval{typ: abi.Uint64, elems: []string{fmt.Sprint(len(upTo(a.elems[0])))}}
		}
		if a.list {
			return &nval{typ: abi.Uint64, elems: []string{fmt.Sprint(len(a.elems))}}
		}
		return &nval{typ: abi.Uint64, elems: []string{fmt.Sprint(len(upTo(a.elems[0])))}}
	case "join":
		parts := []string{}
		for _, s := range args[1].elems {
			parts = append(parts, upTo(s))
		}
		return &nval{typ: abi.String, elems: []string{strings.Join(parts, a.elems[0])}}
	case "concat":
		s := ""
		for _, v := range args {
			s += upTo(v.elems[0])
		}
		return &nval{typ: abi.String, elems: []string{s}}
	case "getopt":
		return naiveGetopt(n, a.elems, args[1].elems[0])
	}
	out := &nval{typ: abi.String, list: a.list}
	for _, s := range a.elems {
		s = strings.TrimRight(s, "\x00")
		switch n.Name {
		case "tolower":
			s = asciiMap(s, 'A', 'Z', 32)
		case "toupper":
			s = asciiMap(s, 'a', 'z', -32)
		case "basename":
			s = s[strings.LastIndex(s, "/")+1:]
		case "b64":
			d := strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
			b, err := base64.RawStdEncoding.Strict().DecodeString(d)
			if err != nil || d == "" && s != "" || strings.ContainsAny(d, "\r\n") { // Go's passes over these
				return nil
			}
			s = string(b)
		}
		if !strings.HasSuffix(s, "\x00") {
			s += "\x00"
		}
		out.elems = append(out.elems, s)
	}
	return out
}

func asciiMap(s string, from, to byte, by int) string {
	b := []byte(s)
	for i, c := range b {
		if c >= from && c <= to {
			b[i] = byte(int(c) + by)
		}
	}
	return string(b)
}

func naiveGetopt(n *TransformNode, argv []string, opts string) *nval {
	type pair struct{ opt, val string }
	var got []pair
	one := func(c byte) string { return string([]byte{c}) }
	takes := func(c byte) bool { return strings.Contains(opts, one(c)+":") }
	opts = strings.TrimPrefix(opts, ":")
loop:
	for i := 0; i < len(argv); i++ {
		arg := argv[i]
		switch {
		case arg == "--" || arg == "-" || !strings.HasPrefix(arg, "-"):
			break loop
		case strings.HasPrefix(arg, "--"):
			continue
		}
		for j := 1; j < len(arg); j++ {
			c := arg[j]
			if c == ':' || !strings.Contains(opts, one(c)) {
				got = append(got, pair{"?", "?"})
				continue
			}
			if !takes(c) {
				got = append(got, pair{one(c), ""})
				continue
			}
			switch {
			case j+1 < len(arg):
				got = append(got, pair{one(c), arg[j+1:]})
			case i+1 < len(argv):
				i++
				got = append(got, pair{one(c), argv[i]})
			default:
				got = append(got, pair{one(c), ""})
			}
			break
		}
	}
	out := &nval{typ: abi.String}
	for _, p := range got {
		if p.opt != n.Arg {
			continue
		}
		out.elems = []string{p.val}
		if !takes(p.opt[0]) {
			out.elems = []string{p.opt}
		}
	}
	if out.elems == nil {
		return nil
	}
	return out
}

func (x naive) binary(n *Binary) bool {
	l := x.value(n.Left)
	if l == nil {
		return false
	}
	var consts []string
	switch r := n.Right.(type) {
	case *ValueNode:
		consts = []string{r.Text}
	case *ListNode:
		consts = r.Values
	default:
		v := x.value(r)
		return v != nil && x.pair(n.Op, l, v)
	}
	switch {
	case l.list:
		return x.list(n.Op, l, consts)
	case n.Op == "in" || n.Op == "intersects":
		return x.hits(l, "=", consts, true) > 0
	case n.Op == "pmatch":
		return naivePaths(strings.TrimRight(l.elems[0], "\x00"), consts)
	}
	// Two of the combinations are looked up in a set by Falco.
	if n.Op == "!=" && n.Mod == "allof" && len(consts) > 0 {
		return l.typ == abi.IPNet || x.hits(l, "=", consts, true) == 0
	}
	if (n.Op == "=" || n.Op == "==") && n.Mod == "anyof" {
		return l.typ != abi.IPNet && x.hits(l, "=", consts, true) > 0
	}
	k := x.hits(l, n.Op, consts, false)
	switch n.Mod {
	case "allof":
		return k > 0 && k == len(consts)
	case "oneof":
		return k == 1
	}
	return k > 0
}

// hits counts the constants that the value matches; whole compares buffers instead of C
// strings.
func (x naive) hits(l *nval, op string, consts []string, whole bool) int {
	s := l.elems[0]
	if l.typ == abi.String {
		if s = strings.TrimRight(s, "\x00"); !whole && op != "regex" {
			s = upTo(s)
		}
	}
	k := 0
	for _, c := range consts {
		if x.one(l.typ, op, s, c) {
			k++
		}
	}
	return k
}

func (x naive) one(t abi.FieldType, op, s, c string) bool {
	switch t {
	case abi.String:
		return x.string(op, s, c)
	case abi.Bool:
		return (s == map[string]string{"true": "1", "false": "0"}[c]) != (op == "!=")
	case abi.IPAddr:
		return (s == string(netip.MustParseAddr(c).AsSlice())) != (op == "!=")
	case abi.IPNet:
		a, _ := netip.AddrFromSlice([]byte(s))
		return netip.MustParsePrefix(c).Masked().Contains(a) != (op == "!=")
	}
	var a, b uint64
	fmt.Sscan(s, &a)
	fmt.Sscan(c, &b)
	return naiveOrder(op, a, b)
}

func naiveOrder[T uint64 | string](op string, a, b T) bool {
	switch op {
	case "=", "==":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

func (x naive) string(op, s, c string) bool {
	switch op {
	case "contains":
		return strings.Contains(s, c)
	case "icontains":
		return strings.Contains(asciiMap(s, 'A', 'Z', 32), asciiMap(c, 'A', 'Z', 32))
	case "startswith":
		return strings.HasPrefix(s, c)
	case "endswith":
		return strings.HasSuffix(s, c)
	case "glob":
		return naiveGlob(c, s)
	case "iglob":
		return naiveGlob(asciiMap(c, 'A', 'Z', 32), asciiMap(s, 'A', 'Z', 32))
	case "regex":
		if !utf8.ValidString(s) && x.v == compat.V044 {
			return false
		}
		return naiveRegex(c).MatchString(naiveRepair(s))
	}
	return naiveOrder(op, s, c)
}

// naiveRepair puts U+FFFD in the place of the longest beginnings of characters that do not go
// on, and of bytes that begin none.
func naiveRepair(s string) string {
	out := ""
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			for n < len(s) && !utf8.FullRuneInString(s[:n+1]) {
				n++
			}
		}
		out += string(r)
		s = s[n:]
	}
	return out
}

var naiveRegexes = map[string]*regexp.Regexp{}

func naiveRegex(p string) *regexp.Regexp {
	if naiveRegexes[p] == nil {
		naiveRegexes[p] = regexp.MustCompile(`(?m)\A(?:` + p + `)\z`)
	}
	return naiveRegexes[p]
}

// naiveGlob knows the brackets of the generator's patterns only.
func naiveGlob(p, s string) bool {
	if p == "" {
		return s == ""
	}
	if p[0] == '*' {
		return naiveGlob(p[1:], s) || s != "" && naiveGlob(p, s[1:])
	}
	if s == "" {
		return false
	}
	switch p[0] {
	case '?':
		return naiveGlob(p[1:], s[1:])
	case '[':
		set, rest, closed := strings.Cut(p[1:], "]")
		if closed {
			in := map[string]bool{"a-b": s[0] == 'a' || s[0] == 'b', "!a": s[0] != 'a', "hi": s[0] == 'h' || s[0] == 'i'}[set]
			return in && naiveGlob(rest, s[1:])
		}
	case '\\':
		if len(p) == 1 {
			return false
		}
		p = p[1:]
	}
	return p[0] == s[0] && naiveGlob(p[1:], s[1:])
}

// components are the parts of a path that are not empty.
func components(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '/' })
}

func naivePaths(s string, paths []string) bool {
next:
	for _, p := range paths {
		have, want := components(s), components(p)
		if len(have) < len(want) {
			continue
		}
		for i, w := range want {
			if strings.ContainsAny(w, "?*[") && !naiveGlob(w, have[i]) || !strings.ContainsAny(w, "?*[") && w != have[i] {
				continue next
			}
		}
		return true
	}
	return false
}

func (x naive) list(op string, l *nval, consts []string) bool {
	k := 0
	for _, s := range l.elems {
		for _, c := range consts {
			if l.typ == abi.String && s == c || l.typ != abi.String && x.one(l.typ, "=", s, c) {
				k++
				break
			}
		}
	}
	return k > 0 && op == "intersects" || k == len(l.elems) && op == "in"
}

func (x naive) pair(op string, l, r *nval) bool {
	if l.list {
		return x.list(op, &nval{typ: abi.String, elems: l.elems}, r.elems)
	}
	a, b := l.elems[0], r.elems[0]
	switch {
	case (op == "in" || op == "intersects") && l.typ == abi.String:
		return strings.TrimRight(a, "\x00") == b
	case op == "in" || op == "intersects":
		return a == b
	case l.typ == abi.String:
		return x.string(op, upTo(a), upTo(b))
	}
	var m, n uint64
	fmt.Sscan(a, &m)
	fmt.Sscan(b, &n)
	return naiveOrder(op, m, n)
}
