// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"math"
	"net/netip"

	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

// atom is one alternative of a witness: a condition on one cell that the index can look up.
// Atoms are comparable with ==.
type atom struct {
	cell int
	kind filter.WitnessKind
	text string
	rng  filter.Range
	net  netip.Prefix
}

// witnessInfo is the witness of a rule: the rule can match only if at least one atom holds.
// Without atoms the rule is a candidate for every event.
type witnessInfo struct {
	atoms []atom
	share float64 // estimated share of events for which an atom holds
}

// common reports whether the rule is likely to be a candidate for many events. Round one then
// extracts the fields of its condition, since a second round for every event costs more.
func (w *witnessInfo) common() bool { return len(w.atoms) == 0 || w.share >= commonShare }

const commonShare = 0.2

// absentShare is the estimate for an absent field: better than no witness or the presence of a
// field, but any other atom is expected to hold less often.
const absentShare = 0.9

// chooseWitnesses picks the set of atoms with the lowest estimated share for each rule.
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

// chooser estimates from the rules how often an atom holds. If the rules use many values of a
// field (ct.name), each value is rare; a value in many rules (GetObject) is common; a field
// with a single value (ct.eventtype) is little selective.
type chooser struct {
	uses  map[atom]int
	cells map[int]*cellUse
}

// cellUse counts the atoms on a cell.
type cellUse struct{ atoms, distinct int }

// count counts how often each atom occurs.
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

// best returns the best set of atoms of which one must hold if the condition is true (false
// if positive is false); nil if there is none. "not" swaps and with or.
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

// cheapest picks one of several conditions that must all hold.
func (c *chooser) cheapest(kids []*filter.Cond, positive bool) (best []atom) {
	for _, k := range kids {
		if a := c.best(k, positive); a != nil && (best == nil || c.weight(a) < c.weight(best)) {
			best = a
		}
	}
	return best
}

// union joins conditions of which one must hold. All of them must have a witness.
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

// weight estimates the share of events for which one of the atoms holds. It may exceed 1; only
// the order matters.
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

// rangeShare assumes that most numbers are small: the higher a range starts, the fewer numbers
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

// atomsOf splits a witness into its alternatives; nil without a witness.
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
