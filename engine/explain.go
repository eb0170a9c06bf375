// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"fmt"
	"slices"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

// Explanation describes how a program evaluates a rule.
type Explanation struct {
	Rule *rules.Rule
	// Atoms is the rule's witness: at least one of the atoms holds for every event that the
	// rule matches. Without atoms the rule is evaluated on every event.
	Atoms []Atom
	// Why is the reason if there are no Atoms; "" otherwise.
	Why string
	// Early and Late are the fields of the rule's condition that rounds one and two
	// extract, in the order of the layout.
	Early, Late []fields.Ref
}

// Atom is a condition on one field that the index looks up.
type Atom struct {
	Field fields.Ref
	Kind  filter.WitnessKind
	// Text is the value of text kinds. An address has 4 or 16 bytes.
	Text string
	// Range is the range of [filter.WitnessRange].
	Range filter.Range
	// Net is the network of [filter.WitnessNet], as text.
	Net string
}

// Explain describes rule i of the program. It is not optimized for speed.
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

// Summary describes how well the index covers a program's rules.
type Summary struct {
	// Rules is the number of rules, Witnessed the number of rules with a witness.
	Rules, Witnessed int
	// Predicates is the number of distinct predicates, Nodes the number of nodes in the
	// graph of conditions.
	Predicates, Nodes int
	// Early and Late are the numbers of fields that rounds one and two extract.
	Early, Late int
}

// Summary returns the counts of the program.
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

// whyNone returns the reason why a condition has no witness for being true (positive) or
// false.
func whyNone(n *filter.Cond, positive bool) string {
	switch {
	case n.Kind == filter.CondNot:
		return whyNone(n.Kids[0], !positive)
	case n.Kind == filter.CondPred && positive:
		return fmt.Sprintf("%q uses no field", n.Pred.Key)
	case n.Kind == filter.CondPred:
		return fmt.Sprintf("\"not %s\" cannot be indexed", n.Pred.Key)
	}
	if (n.Kind == filter.CondAnd) == positive {
		return fmt.Sprintf("none of the %d required conditions has an index key; the first: %s", len(n.Kids), whyNone(n.Kids[0], positive))
	}
	for i, k := range n.Kids {
		if !hasWitness(k, positive) {
			return fmt.Sprintf("alternative %d of %d has no index key: %s", i+1, len(n.Kids), whyNone(k, positive))
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
