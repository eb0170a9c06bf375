// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"net/netip"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/compat"
)

// right collects the constants of a check's right side and makes the check.
type right interface {
	// add checks a constant.
	add(v string) error
	// build returns the test, a witness better than "exists" or nil, and the cost.
	build() (test, *Witness, int)
}

// newRight returns the right side for a check that checkOp allows.
func newRight(n *Binary, left *Operand, v compat.Version) right {
	op := canonicalOp(n.Op)
	switch {
	case left.typ == abi.String && !left.list:
		return &stringRight{op: op, mod: n.Mod, left: left, strict: !v.RegexRepairs()}
	case left.typ == abi.String:
		return &listRight{op: op, left: left, parse: parseString}
	case left.typ == abi.IPNet:
		return &netRight{op: op, mod: n.Mod, left: left}
	case left.typ == abi.IPAddr:
		return &addrRight{op: op, mod: n.Mod, left: left}
	}
	return &numRight{op: op, mod: n.Mod, left: left}
}

// stringRight is for single strings.
type stringRight struct {
	op, mod string
	left    *Operand
	vals    []string
	ms      []matcher
	ws      []*Witness
	strict  bool   // of regexTest
	need    string // of the last constant of regex
}

func (r *stringRight) add(v string) error {
	v, err := parseString(v)
	if err != nil {
		return err
	}
	r.vals = append(r.vals, v)
	var m matcher
	var w *Witness
	switch r.op {
	case "=":
		m, w = equal(v), textWitness(WitnessEqual, v)
	case "!=":
		m = notEqual(v)
	case "<", "<=", ">", ">=":
		m = newOrder(r.op, v)
	case "contains":
		m, w = contains(v), textWitness(WitnessContains, v)
	case "icontains":
		m, w = newContainsFold(v), textWitness(WitnessContainsFold, lowerString(v))
	case "startswith":
		m, w = startsWith(v), textWitness(WitnessPrefix, v)
	case "endswith":
		m, w = endsWith(v), textWitness(WitnessSuffix, v)
	case "glob", "iglob":
		g := newGlob(v, r.op == "iglob")
		m, w = g, g.witness()
	case "regex":
		re, err := newRegex(v)
		if err != nil {
			return err
		}
		m, w, r.need = re, re.witness(), re.need
	default: // in, intersects, pmatch: the values are enough
		return nil
	}
	r.ms = append(r.ms, m)
	r.ws = append(r.ws, w)
	return nil
}

func (r *stringRight) build() (test, *Witness, int) {
	if r.op == "regex" {
		t := &regexTest{source: r.left.source(), m: modify(r.mod, r.ms), strict: r.strict}
		if r.mod == "" {
			t.need = r.need
		}
		return t, r.left.textWitness(modifyWitness(r.mod, r.ws)), stringCost[r.op] + 2*len(r.ms)
	}
	t := &stringTest{source: r.left.source()}
	var w *Witness
	weight := 2
	switch {
	case r.op == "in" || r.op == "intersects":
		t.m, t.whole, w, weight = newStringSet(r.vals), true, textWitness(WitnessEqual, r.vals...), 3
	case r.op == "pmatch":
		p := newPaths(r.vals)
		t.m, t.whole, w, weight = p, true, pathsWitness(r.vals), 30
	case r.op == "=" && r.mod == "anyof" && len(r.vals) > 0:
		t.m, t.whole, w = newStringSet(r.vals), true, textWitness(WitnessEqual, r.vals...)
	case r.op == "!=" && r.mod == "allof" && len(r.vals) > 0:
		t.m, t.whole = notSet{newStringSet(r.vals)}, true
	default:
		t.m, w = modify(r.mod, r.ms), modifyWitness(r.mod, r.ws)
		weight = stringCost[r.op] + 2*len(r.ms)
	}
	return t, r.left.textWitness(w), weight
}

var stringCost = map[string]int{
	"contains": 8, "icontains": 25, "glob": 20, "iglob": 25, "regex": 100,
}

// numRight is for numbers and booleans, single ones and lists.
type numRight struct {
	op, mod string
	left    *Operand
	vals    []uint64
}

func (r *numRight) add(v string) error {
	parse := scanUint
	if r.left.typ == abi.Bool {
		parse = parseBool
	}
	n, err := parse(v)
	r.vals = append(r.vals, n)
	return err
}

func (r *numRight) build() (test, *Witness, int) {
	set := newNumSet(r.vals)
	if r.left.list {
		return newListTest(r.op, r.left.source(), numElem{set}), r.left.rangeWitness(setRanges(set)), 5
	}
	t := &numTest{source: r.left.source()}
	if r.op == "in" || r.op == "intersects" {
		t.m = set
		return t, r.left.rangeWitness(setRanges(set)), 2
	}
	ranges := make([]numRange, len(r.vals))
	for i, n := range r.vals {
		ranges[i] = newRange(r.op, n)
	}
	m := modifyNum(r.mod, ranges)
	t.m = m
	return t, r.left.rangeWitness(numWitness(m)), 1
}

// addrRight is for addresses, single ones and lists.
type addrRight struct {
	op, mod string
	left    *Operand
	vals    []string
	nets    []netip.Prefix
}

func (r *addrRight) add(v string) error {
	a, err := parseAddr(v)
	if err != nil {
		return err
	}
	r.vals = append(r.vals, string(a.AsSlice()))
	r.nets = append(r.nets, netip.PrefixFrom(a, a.BitLen()))
	return nil
}

func (r *addrRight) build() (test, *Witness, int) {
	w := r.left.netWitness(r.op, r.mod, r.nets)
	if r.left.list {
		return newListTest(r.op, r.left.source(), stringElem{newStringSet(r.vals)}), w, 5
	}
	var m matcher = newStringSet(r.vals)
	if r.op == "=" || r.op == "!=" {
		ms := make([]matcher, len(r.vals))
		for i, v := range r.vals {
			ms[i] = equalOrNot(r.op, v)
		}
		m = modify(r.mod, ms)
	}
	return &addrTest{r.left.source(), m}, w, 2
}

// netRight is for fields that are compared with networks, single ones and lists.
type netRight struct {
	op, mod string
	left    *Operand
	nets    []netip.Prefix
}

func (r *netRight) add(v string) error {
	n, err := parseNet(v)
	r.nets = append(r.nets, n)
	return err
}

func (r *netRight) build() (test, *Witness, int) {
	w := r.left.netWitness(r.op, r.mod, r.nets)
	if r.left.list {
		return newListTest(r.op, r.left.source(), newNetElem(r.nets)), w, 8
	}
	ms := make([]matcher, len(r.nets))
	for i, n := range r.nets {
		ms[i] = newNet(n, r.op == "!=")
	}
	m := modify(r.mod, ms)
	switch {
	case r.op == "in" || r.op == "intersects":
		m = anyOf(ms)
	// Falco looks the address up in a set of networks, where it never is.
	case r.op == "=" && r.mod == "anyof":
		m = never{}
	case r.op == "!=" && r.mod == "allof" && len(ms) > 0:
		m = always{}
	}
	return &addrTest{r.left.source(), m}, w, 3 + len(ms)
}

// listRight is for lists of strings.
type listRight struct {
	op    string
	left  *Operand
	parse func(string) (string, error)
	vals  []string
}

func (r *listRight) add(v string) error {
	v, err := r.parse(v)
	r.vals = append(r.vals, v)
	return err
}

func (r *listRight) build() (test, *Witness, int) {
	w := textWitness(WitnessEqual, r.vals...)
	if r.left.cell < 0 {
		w = nil
	}
	return newListTest(r.op, r.left.source(), stringElem{newStringSet(r.vals)}), w.at(r.left), 6
}
