// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"fmt"
	"slices"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

// Explanation is what a program knows of a rule before it sees an event.
type Explanation struct {
	Rule *rules.Rule
	// Atoms are the rule's witness: facts of which at least one is true of every event
	// that the rule matches. Without any, every event is a candidate.
	Atoms []Atom
	// Why says in words why there are no Atoms; "" if there are.
	Why string
	// Early and Late are the fields of the rule's condition that rounds one
	// and two extract, in the order of the layout.
	Early, Late []fields.Ref
}

// Atom is a fact about one field that the index looks for.
type Atom struct {
	Field fields.Ref
	Kind  filter.WitnessKind
	// Text is the value of the kinds about text. For an address it has 4 or 16 bytes.
	Text string
	// Range is that of [filter.WitnessRange].
	Range filter.Range
	// Net is that of [filter.WitnessNet], as text.
	Net string
}

// Explain returns what the program knows of its i-th rule. It is not made for speed.
func (p *Program) Explain(i int) Explanation {
	refs := p.source.Layout.Refs()
	r := p.rules[i].rule
	e := Explanation{Rule: r}
	for _, a := range p.witness[i].atoms {
		out := Atom{Field: refs[a.cell], Kind: a.kind, Text: a.text, Range: a.rng}
		if a.kind == filter.WitnessNet {
			out.Net = a.net.String()
		}
		e.Atoms = append(e.Atoms, out)
	}
	if len(e.Atoms) == 0 {
		e.Why = whyNone(r.Cond, true)
	}
	var cells []int
	p.dag.cells(p.rules[i].root, func(c int) { cells = append(cells, c) })
	slices.Sort(cells)
	early := p.earlyCells()
	for _, c := range slices.Compact(cells) {
		if early[c] {
			e.Early = append(e.Early, refs[c])
		} else {
			e.Late = append(e.Late, refs[c])
		}
	}
	return e
}

// Summary says how well the index can deal with a program's rules.
type Summary struct {
	// Rules is the number of rules, Witnessed of those that have a witness.
	Rules, Witnessed int
	// Predicates and Nodes are the numbers of different checks and of all nodes of the
	// conditions' graph.
	Predicates, Nodes int
	// Early and Late are the numbers of fields that rounds one and two extract.
	Early, Late int
}

// Summary counts.
func (p *Program) Summary() Summary {
	s := Summary{Rules: len(p.rules), Nodes: len(p.dag.nodes)}
	for _, w := range p.witness {
		if len(w.atoms) > 0 {
			s.Witnessed++
		}
	}
	for i := range p.dag.nodes {
		if p.dag.nodes[i].pred != nil {
			s.Predicates++
		}
	}
	for _, early := range p.earlyCells() {
		if early {
			s.Early++
		} else {
			s.Late++
		}
	}
	return s
}

// whyNone says why a condition has no witness for being true (positive) or false.
func whyNone(n *filter.Cond, positive bool) string {
	switch {
	case n.Kind == filter.CondNot:
		return whyNone(n.Kids[0], !positive)
	case n.Kind == filter.CondPred && positive:
		return fmt.Sprintf("%q names no field", n.Pred.Key)
	case n.Kind == filter.CondPred:
		return fmt.Sprintf("\"not %s\" asks for nothing that could be looked for", n.Pred.Key)
	}
	if (n.Kind == filter.CondAnd) == positive {
		return fmt.Sprintf("none of the %d parts that must hold has one; the first: %s", len(n.Kids), whyNone(n.Kids[0], positive))
	}
	for i, k := range n.Kids {
		if !hasWitness(k, positive) {
			return fmt.Sprintf("of %d alternatives, number %d has none: %s", len(n.Kids), i+1, whyNone(k, positive))
		}
	}
	return ""
}

// hasWitness reports whether a condition has a witness for being true (positive) or false.
func hasWitness(n *filter.Cond, positive bool) bool {
	c := chooser{uses: make(map[atom]int), cells: make(map[int]*cellUse)}
	c.count(n, positive)
	return c.best(n, positive) != nil
}
