// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes random conditions and events about the fields of the conformance plugin,
// over few values, so that checks hold often.
type generator struct {
	*rand.Rand
	// strings are values of fields and of checks, consts arguments of transformers, the
	// others right sides of their operators.
	strings, consts, globs, regexes, paths []string
	nul                                    bool // put a NUL into some values of fields
}

func newGenerator(seed uint64) generator {
	return generator{rand.New(rand.NewPCG(seed, 7)), stringPool, stringPool, globPool, regexPool, pathPool, false}
}

func pick[T any](g generator, list ...T) T { return list[g.IntN(len(list))] }

var (
	stringPool = []string{"", "a", "A", "abc", "ABC", "aBc", "/etc/passwd", "/etc", "etc", "/usr//bin/ls", "passwd",
		"YWJj", "YQBi", "YQ==", "-a", "-bx", "--", "x", "10", "foo bar", "a*c", "é☃", "\xff", "a\tb", "probe.s", "true"}
	numPool   = []uint64{0, 1, 2, 3, 10, 255, 256, 1 << 32, ^uint64(0)}
	addrPool  = []string{"10.0.0.1", "10.0.1.1", "192.168.1.77", "0.0.0.0", "::1", "2001:db8::1", "fe80::1"}
	netPool   = []string{"10.0.0.0/8", "10.0.0.0/24", "0.0.0.0/0", "10.0.0.1/32", "2001:db8::/32", "::1/128", "fe80::/13"}
	globPool  = []string{"*", "a*", "*c", "*b*", "a?c", "[a-b]*", "[!a]*", `\a*`, "/e*/p*", "*tc*ss*", "abc", "", "?", "**"}
	regexPool = []string{"", "a.*", ".*c", "^a.c$", "[^a]+", "(a|b)c?", "a+b+c", ".*etc.*", "abc", "a{2,3}", "x*", "^a$|^b$", "/etc/(passwd|shadow)", "(abc)+"}
	pathPool  = []string{"/", "/etc", "etc", "/e*", "/etc/passwd", "/usr/bin", "/*/passwd", "/usr/b[hi]n", "/e*/x", "a"}
	optPool   = []string{"a:b", "ab:", ":a", "", "abx"}
)

// event returns a line as the conformance plugin reads it.
func (g generator) event() string {
	var pairs []string
	add := func(name string, value func() string) {
		if g.IntN(5) > 0 {
			pairs = append(pairs, name+"="+value())
		}
	}
	str := func() string {
		s := strings.ReplaceAll(pick(g, g.strings...), "\t", " ")
		if at := g.IntN(len(s) + 1); g.nul && g.IntN(8) == 0 {
			s = s[:at] + "\x00" + s[at:]
		}
		return s
	}
	num := func() string { return fmt.Sprint(pick(g, numPool...)) }
	addr := func() string { return pick(g, addrPool...) }
	list := func(f func() string) func() string {
		return func() string {
			var vals []string
			for range g.IntN(4) {
				vals = append(vals, f())
			}
			return strings.Join(vals, "|")
		}
	}
	add("s", str)
	add("t", str)
	add("n", num)
	add("m", num)
	add("b", func() string { return pick(g, "true", "false") })
	add("rel", num)
	add("abs", num)
	add("ip", addr)
	add("net", addr)
	add("ss", list(str))
	add("ns", list(num))
	add("ips", list(addr))
	add("key.user", str)
	add("opt.x", str)
	add("nkey.port", num)
	add("sskey.g", list(str))
	return strings.Join(pairs, "\t")
}

func (g generator) cond(depth int) Node {
	if depth > 0 && g.IntN(3) > 0 {
		switch g.IntN(3) {
		case 0:
			return &Not{Kid: g.cond(depth - 1)}
		case 1:
			return &And{Kids: []Node{g.cond(depth - 1), g.cond(depth - 1)}}
		default:
			return &Or{Kids: []Node{g.cond(depth - 1), g.cond(depth - 1), g.check()}}
		}
	}
	return g.check()
}

func fieldNode(text string) *FieldNode {
	name, arg, has := strings.Cut(text, "[")
	return &FieldNode{Name: name, Arg: strings.TrimSuffix(arg, "]"), HasArg: has}
}

// Fields and expressions by type.
func (g generator) str(depth int) Node {
	if depth > 0 && g.IntN(3) == 0 {
		switch g.IntN(4) {
		case 0:
			return transformNode("concat", g.str(depth-1), g.constant(), g.str(0))
		case 1:
			return transformNode("join", g.constant(), g.strList(depth-1))
		case 2:
			n := transformNode("getopt", g.strList(depth-1), &ValueNode{Text: pick(g, optPool...)})
			n.Arg, n.HasArg = pick(g, "a", "b"), true
			return n
		default:
			return transformNode(pick(g, "tolower", "toupper", "basename", "b64"), g.str(depth-1))
		}
	}
	return fieldNode(pick(g, "probe.s", "probe.t", "probe.key[user]", "probe.opt", "probe.opt[x]", "probe.idx[0]", "probe.idx[1]"))
}

func (g generator) constant() Node { return &ValueNode{Text: pick(g, g.consts...)} }

func (g generator) strList(depth int) Node {
	if depth > 0 && g.IntN(3) == 0 {
		switch g.IntN(3) {
		case 0:
			return transformNode(pick(g, "tolower", "toupper", "basename", "b64"), g.strList(depth-1))
		default:
			return &TransformListNode{Kids: []Node{g.str(0), g.constant(), fieldNode("probe.n")}}
		}
	}
	return fieldNode(pick(g, "probe.ss", "probe.sskey[g]"))
}

// listOperand is a field or transformer that is a list: what may be an operand by itself.
func (g generator) listOperand(depth int) Node {
	n := g.strList(depth)
	for {
		if _, bare := n.(*TransformListNode); !bare {
			return n
		}
		n = g.strList(depth)
	}
}

func (g generator) num(depth int) Node {
	if depth > 0 && g.IntN(3) == 0 {
		return transformNode("len", pick(g, g.str(depth-1), g.strList(depth-1), Node(fieldNode("probe.ns"))))
	}
	return fieldNode(pick(g, "probe.n", "probe.m", "probe.nkey[port]"))
}

func transformNode(name string, args ...Node) *TransformNode {
	return &TransformNode{Name: name, Args: args}
}

func val(n Node) Node {
	if t, ok := n.(*TransformNode); ok {
		return t
	}
	return transformNode("val", n)
}

// some returns up to three values of a pool.
func some[T any](g generator, pool []T) []string {
	vals := []string{}
	for range g.IntN(4) {
		vals = append(vals, fmt.Sprint(pick(g, pool...)))
	}
	return vals
}

func (g generator) check() Node {
	if g.IntN(10) == 0 {
		return &Unary{Left: pick(g, g.str(2), Node(fieldNode("probe.ns")), Node(fieldNode("probe.ip")), g.num(2)), Op: "exists"}
	}
	switch g.IntN(8) {
	case 0, 1, 2:
		return g.stringCheck()
	case 3:
		return g.numCheck()
	case 4:
		return g.equalCheck(fieldNode("probe.b"), []string{"true", "false"})
	case 5:
		return g.equalCheck(fieldNode(pick(g, "probe.ip")), addrPool)
	case 6:
		return g.equalCheck(fieldNode("probe.net"), netPool)
	}
	return g.listCheck()
}

func (g generator) stringCheck() Node {
	left := g.str(2)
	op := pick(g, "=", "==", "!=", "<", ">=", "contains", "icontains", "startswith", "endswith", "glob", "iglob", "regex", "pmatch", "in", "intersects")
	pool := g.strings
	switch op {
	case "<", ">=":
		if g.IntN(2) == 0 {
			return &Binary{Left: left, Op: op, Right: transformNode("tolower", g.str(1))}
		}
		return &Binary{Left: left, Op: op, Right: &ValueNode{Text: pick(g, "1", "10", "0x1f"), Form: ValueNumber}}
	case "glob", "iglob":
		pool = g.globs
	case "regex":
		pool = g.regexes
	case "pmatch":
		pool = g.paths
	}
	if op == "in" || op == "intersects" || op == "pmatch" {
		if op != "pmatch" && g.IntN(4) == 0 {
			return &Binary{Left: left, Op: op, Right: val(g.str(1))}
		}
		return &Binary{Left: left, Op: op, Right: &ListNode{Values: some(g, pool)}}
	}
	switch g.IntN(4) {
	case 0:
		return &Binary{Left: left, Op: op, Mod: pick(g, "anyof", "allof", "oneof"), Right: &ListNode{Values: some(g, pool)}}
	case 1:
		if op != "regex" {
			return &Binary{Left: left, Op: op, Right: val(g.str(1))}
		}
	}
	return &Binary{Left: left, Op: op, Right: &ValueNode{Text: pick(g, pool...)}}
}

func (g generator) numCheck() Node {
	left := g.num(2)
	if g.IntN(3) == 0 {
		left = fieldNode(pick(g, "probe.rel", "probe.abs"))
	}
	if g.IntN(2) == 0 {
		right := Node(&ValueNode{Text: fmt.Sprint(pick(g, numPool...)), Form: ValueNumber})
		if f, ok := left.(*FieldNode); g.IntN(3) == 0 && (!ok || f.Name != "probe.rel" && f.Name != "probe.abs") {
			right = val(g.num(1))
		}
		return &Binary{Left: left, Op: pick(g, "<", "<=", ">", ">="), Right: right}
	}
	return g.equalCheck(left, some(g, append(numPool, numPool...)))
}

// equalCheck compares with = or != and modifiers, or with in and intersects.
func (g generator) equalCheck(left Node, pool []string) Node {
	list := &ListNode{Values: []string{}}
	if len(pool) > 0 {
		list.Values = some(g, pool)
	}
	switch {
	case g.IntN(3) == 0:
		return &Binary{Left: left, Op: pick(g, "in", "intersects"), Right: list}
	case g.IntN(2) == 0 || len(pool) == 0:
		return &Binary{Left: left, Op: pick(g, "=", "!="), Mod: pick(g, "anyof", "allof", "oneof"), Right: list}
	}
	return &Binary{Left: left, Op: pick(g, "=", "!="), Right: &ValueNode{Text: pick(g, pool...)}}
}

func (g generator) listCheck() Node {
	op := pick(g, "in", "intersects")
	switch g.IntN(4) {
	case 0:
		return &Binary{Left: fieldNode("probe.ns"), Op: op, Right: &ListNode{Values: some(g, numPool)}}
	case 1:
		return &Binary{Left: fieldNode("probe.ips"), Op: op, Right: &ListNode{Values: some(g, addrPool)}}
	case 2:
		return &Binary{Left: g.listOperand(2), Op: op, Right: val(fieldNode("probe.sskey[g]"))}
	}
	return &Binary{Left: g.listOperand(2), Op: op, Right: &ListNode{Values: some(g, g.strings)}}
}
