// SPDX-License-Identifier: Apache-2.0

package engine

import (
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
type witnessInfo struct{ atoms []atom }

// chooseWitnesses picks for each rule the set of atoms that is likely to hold least often.
func chooseWitnesses(list []*rules.Rule) []witnessInfo {
	c := chooser{uses: make(map[atom]int)}
	for _, r := range list {
		c.count(r.Cond, true)
	}
	out := make([]witnessInfo, len(list))
	for i, r := range list {
		out[i].atoms = c.best(r.Cond, true)
	}
	return out
}

type chooser struct{ uses map[atom]int }

// count notes how often each atom occurs. An atom that many rules have is likely to be
// a common value ("GetObject"), one that only one has a rare one.
func (c *chooser) count(n *filter.Cond, positive bool) {
	if n.Kind == filter.CondNot {
		positive = !positive
	}
	for _, k := range n.Kids {
		c.count(k, positive)
	}
	if n.Kind == filter.CondPred && positive {
		for _, a := range atomsOf(n.Pred.Witness()) {
			c.uses[a]++
		}
	}
}

// best returns the best set of atoms of which one must hold if the condition is true (if
// it is false, for positive = false), or nil if there is none. "not" swaps and with or.
func (c *chooser) best(n *filter.Cond, positive bool) []atom {
	switch n.Kind {
	case filter.CondPred:
		if !positive {
			return nil
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

// weight estimates how often one of the atoms holds; only the order matters.
func (c *chooser) weight(atoms []atom) float64 {
	sum := 0.0
	for _, a := range atoms {
		sum += kindWeight(a) * float64(c.uses[a])
	}
	return sum
}

func kindWeight(a atom) float64 {
	n := float64(len(a.text))
	switch a.kind {
	case filter.WitnessEqual:
		return 1
	case filter.WitnessPrefix, filter.WitnessSuffix:
		return 1 + 8/n
	case filter.WitnessContains, filter.WitnessContainsFold:
		return 1 + 16/n
	case filter.WitnessNet:
		return 1 + float64(a.net.Addr().BitLen()-a.net.Bits())/4
	case filter.WitnessRange:
		if a.rng.Min == a.rng.Max {
			return 2
		}
		return 20
	default:
		return 1000
	}
}

// atomsOf splits a witness into its alternatives; nil if there is no witness.
func atomsOf(w *filter.Witness) []atom {
	if w == nil {
		return nil
	}
	base := atom{cell: w.Cell, kind: w.Kind}
	var out []atom
	switch w.Kind {
	case filter.WitnessExists:
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
