// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"

	"github.com/gyr-dev/gyr/filter"
)

// Limits on what macros may stand for, which can be far more than is written.
const (
	maxNodes     = 1 << 18 // of one condition
	maxNodeDepth = 5000
)

// compiledMacro is a macro as conditions see it.
type compiledMacro struct {
	def    *macroDef
	stale  bool            // its text changed, or that of a list in it
	lists  []*compiledList // that it names
	parsed filter.Node
	tree   tree // with other macros put in
	fault  *problem
	notes  []Issue
	direct []string // macros that it names and that exist
	deps   []string // all macros that it names
	done   bool     // tree is set
	used   bool
}

// tree is a condition without macros. Trees share parts; nobody changes them.
type tree struct {
	node        filter.Node
	size, depth int
}

// expander puts macros into one condition.
type expander struct {
	macros map[string]*compiledMacro
	// spoiled are names of macros that are not there because of an error.
	spoiled map[string]bool
	// visible bounds the index of the macros that the condition may use.
	visible int
	// before bounds the index of the macros whose trees are taken as they are; others are
	// read anew, with what is visible here.
	before int
	path   []string
	direct []string
	deps   map[string]bool
	// The first fault of each kind. A loop goes before an unknown name.
	loop, unknown, tooLarge *fault
	faults                  []*fault // all
	// broken says that the condition uses a macro that has a fault of its own.
	broken bool
}

// fault is something wrong within a condition.
type fault struct {
	msg  string
	code Code
	pos  filter.Pos
	node filter.Node // the use of a macro that it is about, if it is about one
}

const allVisible = int(^uint(0) >> 1)

// expand returns the condition with its macros put in.
func (x *expander) expand(n filter.Node) (tree, *fault) {
	t := x.node(n)
	switch {
	case x.loop != nil:
		return t, x.loop
	case x.unknown != nil:
		return t, x.unknown
	}
	return t, x.tooLarge
}

func (x *expander) node(n filter.Node) tree {
	switch n := n.(type) {
	case *filter.And:
		kids, t := x.nodes(n.Kids)
		t.node = &filter.And{At: n.At, Kids: kids}
		return x.grown(t, n.At)
	case *filter.Or:
		kids, t := x.nodes(n.Kids)
		t.node = &filter.Or{At: n.At, Kids: kids}
		return x.grown(t, n.At)
	case *filter.Not:
		t := x.node(n.Kid)
		return x.grown(tree{&filter.Not{At: n.At, Kid: t.node}, t.size + 1, t.depth + 1}, n.At)
	case *filter.Ident:
		return x.grown(x.macro(n), n.At)
	}
	return tree{n, 1, 1}
}

func (x *expander) nodes(list []filter.Node) ([]filter.Node, tree) {
	kids := make([]filter.Node, len(list))
	t := tree{size: 1}
	for i, k := range list {
		kt := x.node(k)
		kids[i] = kt.node
		t.size += kt.size
		t.depth = max(t.depth, kt.depth)
	}
	t.depth++
	return kids, t
}

// grown notes whether a tree became too large; it then counts as small, as it will not be used.
func (x *expander) grown(t tree, at filter.Pos) tree {
	if t.size > maxNodes || t.depth > maxNodeDepth {
		x.fail(&x.tooLarge, &fault{msg: msgTooLarge, code: ErrCondition, pos: at})
		t.size, t.depth = 1, 1
	}
	return t
}

// maxFaults bounds the faults of one condition that are noted.
const maxFaults = 100

func (x *expander) fail(first **fault, f *fault) {
	if *first == nil {
		*first = f
	}
	if len(x.faults) < maxFaults {
		x.faults = append(x.faults, f)
	}
}

func (x *expander) macro(n *filter.Ident) tree {
	if x.deps == nil {
		x.deps = map[string]bool{}
	}
	x.deps[n.Name] = true
	m := x.macros[n.Name]
	if m != nil && m.fault != nil || m == nil && x.spoiled[n.Name] {
		x.broken = true
		return tree{n, 1, 1}
	}
	if m == nil || m.def.index >= x.visible || m.parsed == nil {
		x.fail(&x.unknown, &fault{msgNoMacroNamed(n.Name), ErrValidate, n.At, n})
		return tree{n, 1, 1}
	}
	if slices.Contains(x.path, n.Name) {
		x.fail(&x.loop, &fault{msgMacroLoop(n.Name), ErrValidate, n.At, n})
		return tree{n, 1, 1}
	}
	x.direct = append(x.direct, n.Name)
	if m.done && m.def.index < x.before {
		return m.tree
	}
	if len(x.path) >= maxNodeDepth {
		return x.grown(tree{n, maxNodes + 1, 1}, n.At)
	}
	x.path = append(x.path, n.Name)
	t := x.node(m.parsed)
	x.path = x.path[:len(x.path)-1]
	return t
}
