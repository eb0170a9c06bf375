// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/event"
)

// TestAgree compares compiled conditions with the naive evaluator on random pairs of a
// condition and an event, checks the witnesses of all their predicates on the way, and that
// each condition is what its text parses to.
func TestAgree(t *testing.T) {
	conds, perCond := 5200, 200
	if testing.Short() {
		conds = 250
	}
	g := newGenerator(1)
	cat := probeCatalogue(t)
	var events []probeEvent
	for i := range 2000 {
		events = append(events, newProbeEvent(i+1, g.event()))
	}
	pairs, trues, refused, sharp := 0, 0, 0, 0
	for range conds {
		node := g.cond(3)
		text := node.String()
		parsed, err := Parse(text, MaxDepth, compat.V045)
		if err != nil || !sameTree(parsed, node) {
			t.Fatalf("%s: parsed as %v, %v", text, parsed, err)
		}
		s := probeScope(t)
		s.Catalogue = cat
		cond, _, err := Compile(node, s)
		if err != nil {
			refused++
			continue
		}
		env := &Env{Arena: event.NewArena(nil, nil)}
		for range perCond {
			e := events[g.IntN(len(events))]
			env.Row = e.row(s.Layout)
			pairs++
			got, want := cond.Eval(env), naive{cat, e, s.Falco}.cond(node)
			if got != want {
				t.Fatalf("%s\non %q: got %v, want %v", text, e.line, got, want)
			}
			if got {
				trues++
			}
			sharp += checkWitnesses(t, cond, env, e)
			env.Arena.Reset()
		}
	}
	t.Logf("%d pairs, %d true, %d conditions refused, %d times a witness excluded a predicate", pairs, trues, refused, sharp)
	if refused > conds/20 || trues < pairs/10 || sharp < pairs/10 {
		t.Error("the generator does not test what it should")
	}
}

// checkWitnesses tests that every predicate that holds has its witness fulfilled, and every
// other one the witness against it. It counts those that the witness excludes.
func checkWitnesses(t *testing.T, c *Cond, env *Env, e probeEvent) (excluded int) {
	t.Helper()
	for _, k := range c.Kids {
		excluded += checkWitnesses(t, k, env, e)
	}
	if c.Kind != CondPred {
		return excluded
	}
	if w := c.Pred.Against(); w != nil && !c.Pred.Eval(env) && !fulfilled(w, &env.Row[w.Cell]) {
		t.Fatalf("%s does not hold on %q, nor does the witness against it %+v", c.Pred.Key, e.line, *w)
	}
	if c.Pred.Witness() == nil {
		return excluded
	}
	w := c.Pred.Witness()
	if slices.Contains(w.Strings, "") {
		t.Fatalf("%s: witness with an empty text", c.Pred.Key)
	}
	if !slices.Contains(c.Pred.Cells, w.Cell) {
		t.Fatalf("%s: witness on cell %d, reads %v", c.Pred.Key, w.Cell, c.Pred.Cells)
	}
	if fulfilled(w, &env.Row[w.Cell]) {
		return excluded
	}
	if c.Pred.Eval(env) {
		t.Fatalf("%s holds on %q, but not its witness %+v", c.Pred.Key, e.line, *w)
	}
	return excluded + 1
}

func fulfilled(w *Witness, v *event.Value) bool {
	if w.Kind == WitnessAbsent {
		return !v.Present
	}
	if !v.Present || w.Kind == WitnessExists {
		return v.Present
	}
	for i := range v.List {
		if fulfilled(w, &v.List[i]) {
			return true
		}
	}
	for _, s := range w.Strings {
		switch {
		case v.List != nil:
		case w.Kind == WitnessEqual && v.Str == s,
			w.Kind == WitnessPrefix && strings.HasPrefix(v.Str, s),
			w.Kind == WitnessSuffix && strings.HasSuffix(v.Str, s),
			w.Kind == WitnessContains && strings.Contains(v.Str, s),
			w.Kind == WitnessContainsFold && strings.Contains(asciiMap(v.Str, 'A', 'Z', 32), s):
			return true
		}
	}
	for _, r := range w.Ranges {
		if v.List == nil && v.Num >= r.Min && v.Num <= r.Max {
			return true
		}
	}
	for _, n := range w.Nets {
		if a, ok := netip.AddrFromSlice([]byte(v.Str)); ok && n.Contains(a) {
			return true
		}
	}
	return false
}

// sameTree compares trees but for their positions.
func sameTree(a, b Node) bool {
	a, b = clone(a), clone(b)
	for _, n := range []Node{a, b} {
		Walk(n, func(n Node) bool {
			reflect.ValueOf(n).Elem().FieldByName("At").SetZero()
			if l, ok := n.(*ListNode); ok && len(l.Values) == 0 {
				l.Values = nil
			}
			if l, ok := n.(*TransformListNode); ok && len(l.Kids) == 0 {
				l.Kids = nil
			}
			return true
		})
	}
	return reflect.DeepEqual(a, b)
}

// TestAgreeOnValues: operands have the values that the naive evaluator sees.
func TestAgreeOnValues(t *testing.T) {
	g := newGenerator(2)
	cat := probeCatalogue(t)
	env := &Env{Arena: event.NewArena(nil, nil)}
	for range 20000 {
		node := pick(g, g.str, g.listOperand, g.num)(3)
		s := probeScope(t)
		s.Catalogue = cat
		o, err := CompileOperand(node.String(), s)
		if err != nil {
			t.Fatalf("%s: %v", node, err)
		}
		e := newProbeEvent(1, g.event())
		env.Row = e.row(s.Layout)
		var out event.Value
		o.Eval(env, &out)
		want := naive{cat, e, s.Falco}.value(node)
		if got := show(o, out); got != showNaive(want) {
			t.Fatalf("%s on %q: got %s, want %s", node, e.line, got, showNaive(want))
		}
		env.Arena.Reset()
	}
}

func show(o *Operand, v event.Value) string {
	if !v.Present {
		return "absent"
	}
	list := []event.Value{v}
	if o.List() {
		list = v.List
	}
	out := []string{}
	for _, e := range list {
		if o.Type() == abi.Uint64 {
			out = append(out, fmt.Sprint(e.Num))
		} else {
			out = append(out, e.Str)
		}
	}
	return fmt.Sprintf("%q", out)
}

func showNaive(v *nval) string {
	if v == nil {
		return "absent"
	}
	out := []string{}
	for _, s := range v.elems {
		if v.typ == abi.String {
			s = upTo(s)
		}
		out = append(out, s)
	}
	return fmt.Sprintf("%q", out)
}

// clone returns a deep copy of the tree.
func clone(n Node) Node {
	switch n := n.(type) {
	case nil:
		return nil
	case *And:
		return &And{n.At, cloneAll(n.Kids)}
	case *Or:
		return &Or{n.At, cloneAll(n.Kids)}
	case *Not:
		return &Not{n.At, clone(n.Kid)}
	case *Unary:
		c := *n
		c.Left = clone(n.Left)
		return &c
	case *Binary:
		c := *n
		c.Left, c.Right = clone(n.Left), clone(n.Right)
		return &c
	case *TransformNode:
		c := *n
		c.Args = cloneAll(n.Args)
		return &c
	case *TransformListNode:
		return &TransformListNode{n.At, cloneAll(n.Kids)}
	case *Ident:
		c := *n
		return &c
	case *FieldNode:
		c := *n
		return &c
	case *ValueNode:
		c := *n
		return &c
	case *ListNode:
		return &ListNode{n.At, append([]string(nil), n.Values...)}
	}
	return n
}

func cloneAll(list []Node) []Node {
	c := make([]Node, len(list))
	for i, n := range list {
		c[i] = clone(n)
	}
	return c
}
