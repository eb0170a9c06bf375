// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"math"
	"net/netip"

	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

// atom is one alternative of a witness: a fact about one cell that the index can find.
// Atoms compare with ==.
type atom struct {
	cell int
	kind filter.WitnessKind
	text string
	rng  filter.Range
	net  netip.Prefix
}

// witnessInfo is what the index knows of a rule: the rule cannot match unless at least
// one of the atoms is true. Without atoms the rule is a candidate for every event.
type witnessInfo struct {
	atoms []atom
	share float64 // a guess at the share of events for which one is true
}

// common reports whether the rule is likely to be a candidate for many events. Its condition
// is then worth the fields of round one: a second round for every event costs more.
func (w *witnessInfo) common() bool { return len(w.atoms) == 0 || w.share >= commonShare }

const commonShare = 0.2

// absentShare is the guess for a field that is absent: better than nothing to look for, or
// than that a field is there, but any value that is looked for is expected to be rarer.
const absentShare = 0.9

// chooseWitnesses picks for each rule the set of atoms that is likely to hold least often.
func chooseWitnesses(list []*rules.Rule) []witnessInfo {
	c := chooser{uses: make(map[atom]int), cells: make(map[int]*cellUse)}
	for _, r := range list {
		c.count(r.Cond, true)
	}
	out := make([]witnessInfo, len(list))
	for i, r := range list {
		out[i].atoms = c.best(r.Cond, true)
		out[i].share = c.weight(out[i].atoms)
	}
	return out
}

// chooser guesses from the rules themselves how often an atom is true: of a field for
// which they know many values ("ct.name"), each value is rare; one that many rules have
// ("GetObject") is common; a field with one known value ("ct.eventtype") tells little.
type chooser struct {
	uses  map[atom]int
	cells map[int]*cellUse
}

// cellUse is how often rules have atoms about a cell.
type cellUse struct{ atoms, distinct int }

// count notes how often each atom occurs.
func (c *chooser) count(n *filter.Cond, positive bool) {
	if n.Kind == filter.CondNot {
		positive = !positive
	}
	for _, k := range n.Kids {
		c.count(k, positive)
	}
	if n.Kind == filter.CondPred && positive {
		for _, a := range atomsOf(n.Pred.Witness()) {
			u := c.cells[a.cell]
			if u == nil {
				u = &cellUse{}
				c.cells[a.cell] = u
			}
			if c.uses[a]++; c.uses[a] == 1 {
				u.distinct++
			}
			u.atoms++
		}
	}
}

// best returns the best set of atoms of which one must hold if the condition is true (if
// it is false, for positive = false), or nil if there is none. "not" swaps and with or.
func (c *chooser) best(n *filter.Cond, positive bool) []atom {
	switch n.Kind {
	case filter.CondPred:
		if !positive {
			return atomsOf(n.Pred.Against())
		}
		return atomsOf(n.Pred.Witness())
	case filter.CondNot:
		return c.best(n.Kids[0], !positive)
	}
	if (n.Kind == filter.CondAnd) == positive {
		return c.cheapest(n.Kids, positive)
	}
	return c.union(n.Kids, positive)
}

// cheapest picks among conditions that all hold.
func (c *chooser) cheapest(kids []*filter.Cond, positive bool) (best []atom) {
	for _, k := range kids {
		if a := c.best(k, positive); a != nil && (best == nil || c.weight(a) < c.weight(best)) {
			best = a
		}
	}
	return best
}

// union joins conditions of which one holds; all must have a witness.
func (c *chooser) union(kids []*filter.Cond, positive bool) (all []atom) {
	for _, k := range kids {
		a := c.best(k, positive)
		if a == nil {
			return nil
		}
		all = append(all, a...)
	}
	return all
}

// weight estimates the share of events for which one of the atoms is true. It may be
// above 1; only the order matters.
func (c *chooser) weight(atoms []atom) float64 {
	sum := 0.0
	for _, a := range atoms {
		sum += c.share(a)
	}
	return sum
}

func (c *chooser) share(a atom) float64 {
	if a.kind == filter.WitnessAbsent {
		return absentShare
	}
	u := c.cells[a.cell]
	share := max(1/float64(u.distinct+1), float64(c.uses[a])/float64(u.atoms+1))
	n := float64(len(a.text))
	switch a.kind {
	case filter.WitnessEqual:
		return share
	case filter.WitnessPrefix, filter.WitnessSuffix:
		return share * (1 + 2/n)
	case filter.WitnessContains, filter.WitnessContainsFold:
		return share * (1 + 4/n)
	case filter.WitnessNet:
		return share * (1 + float64(a.net.Addr().BitLen()-a.net.Bits())/8)
	case filter.WitnessRange:
		return rangeShare(a.rng, share)
	default:
		return 1
	}
}

// rangeShare guesses that most numbers are small: the further up a range begins, the fewer
// are in it.
func rangeShare(r filter.Range, share float64) float64 {
	switch {
	case r.Min == r.Max:
		return share
	case r.Min == 0:
		return 1
	}
	return math.Pow(2, -math.Log10(float64(r.Min))/2)
}

// atomsOf splits a witness into its alternatives; nil if there is no witness.
func atomsOf(w *filter.Witness) []atom {
	if w == nil {
		return nil
	}
	base := atom{cell: w.Cell, kind: w.Kind}
	var out []atom
	switch w.Kind {
	case filter.WitnessExists, filter.WitnessAbsent:
		out = append(out, base)
	case filter.WitnessRange:
		for _, r := range w.Ranges {
			base.rng = r
			out = append(out, base)
		}
	case filter.WitnessNet:
		for _, n := range w.Nets {
			base.net = n.Masked()
			out = append(out, base)
		}
	default:
		for _, s := range w.Strings {
			base.text = s
			out = append(out, base)
		}
	}
	return out
}
