// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"net/netip"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/filter"
)

// index finds the candidate rules of an event, using the cells of round one.
type index struct {
	always ruleSet // the rules without a witness
	cells  []cellIndex
	rules  [][]int32 // by atom: the rules that have it in their witness
}

// cellIndex holds the atoms on one cell, with one structure per kind of atom. Its numbers are
// atoms.
type cellIndex struct {
	column   int   // of the cell
	exists   int32 // -1 for none
	absent   int32 // -1 for none
	equal    *equals
	prefixes *affixes
	suffixes *affixes
	contains *grams
	short    *substrings // contains, for literals too short for grams
	folded   *substrings
	ranges   *ranges
	nets     *networks
	slow     bool // probing is expensive: it reads every byte of a value
}

// buildIndex builds the index. witnesses[i] is the witness of rule i, columns[i] the column of
// cell i.
func buildIndex(witnesses []witnessInfo, columns []int32) index {
	x := index{always: newRuleSet(len(witnesses))}
	numbers := make(map[atom]int32)
	byCell := make(map[int]*cellAtoms)
	var order []int
	for i, w := range witnesses {
		if len(w.atoms) == 0 {
			x.always.add(int32(i))
		}
		for _, a := range w.atoms {
			n, ok := numbers[a]
			if !ok {
				n = int32(len(x.rules))
				numbers[a] = n
				x.rules = append(x.rules, nil)
				if byCell[a.cell] == nil {
					byCell[a.cell] = &cellAtoms{}
					order = append(order, a.cell)
				}
				byCell[a.cell].add(a, n)
			}
			x.rules[n] = append(x.rules[n], int32(i))
		}
	}
	for _, c := range order {
		x.cells = append(x.cells, byCell[c].build(int(columns[c])))
	}
	return x
}

// cellAtoms collects the atoms on one cell by kind.
type cellAtoms struct {
	byKind [filter.WitnessAbsent + 1][]numbered
}

type numbered struct {
	atom
	n int32
}

func (c *cellAtoms) add(a atom, n int32) { c.byKind[a.kind] = append(c.byKind[a.kind], numbered{a, n}) }

func (c *cellAtoms) build(column int) cellIndex {
	x := cellIndex{column: column, exists: -1, absent: -1}
	for _, a := range c.byKind[filter.WitnessExists] {
		x.exists = a.n
	}
	for _, a := range c.byKind[filter.WitnessAbsent] {
		x.absent = a.n
	}
	x.equal = newEquals(c.byKind[filter.WitnessEqual])
	x.prefixes = newAffixes(c.byKind[filter.WitnessPrefix], false)
	x.suffixes = newAffixes(c.byKind[filter.WitnessSuffix], true)
	var long, short []numbered
	for _, a := range c.byKind[filter.WitnessContains] {
		if len(a.text) >= gramSize {
			long = append(long, a)
		} else {
			short = append(short, a)
		}
	}
	x.contains, x.short = newGrams(long), newSubstrings(short, false)
	x.folded = newSubstrings(c.byKind[filter.WitnessContainsFold], true)
	x.slow = x.short != nil || x.folded != nil || x.contains != nil && x.contains.tables == nil
	x.ranges = newRanges(c.byKind[filter.WitnessRange])
	x.nets = newNetworks(c.byKind[filter.WitnessNet])
	return x
}

// candidates adds the rules that can match the row to cand. caches has one entry per element
// of x.cells.
func (x *index) candidates(row []event.Value, cand *ruleSet, caches []hitCache) {
	cand.reset(&x.always)
	h := hits{cand: cand, rules: x.rules}
	for i := range x.cells {
		c := &x.cells[i]
		v := &row[c.column]
		if !v.Present {
			if c.absent >= 0 {
				h.add(c.absent)
			}
			continue
		}
		if c.exists >= 0 {
			h.add(c.exists)
		}
		if v.List == nil {
			c.probeCached(v, &h, &caches[i])
			continue
		}
		for j := range v.List {
			c.probeCached(&v.List[j], &h, &caches[i])
		}
	}
}

// probeCached is probe with a cache for slow cells, whose values may repeat.
func (c *cellIndex) probeCached(v *event.Value, h *hits, cache *hitCache) {
	if !c.slow {
		c.probe(v, h)
		return
	}
	e, found := cache.lookup(v.Str)
	switch {
	case found:
		for _, n := range e.atoms {
			h.add(n)
		}
	case e == nil:
		c.probe(v, h)
	default:
		h.note = e
		c.probe(v, h)
		h.note = nil
	}
}

func (c *cellIndex) probe(v *event.Value, h *hits) {
	if c.equal != nil {
		c.equal.find(v.Str, h)
	}
	if c.prefixes != nil {
		c.prefixes.find(v.Str, h)
	}
	if c.suffixes != nil {
		c.suffixes.find(v.Str, h)
	}
	if c.contains != nil {
		c.contains.find(v.Str, h)
	}
	if c.short != nil {
		c.short.find(v.Str, h)
	}
	if c.folded != nil {
		c.folded.find(v.Str, h)
	}
	if c.ranges != nil {
		c.ranges.find(v.Num, h)
	}
	if c.nets != nil {
		if addr, ok := netip.AddrFromSlice([]byte(v.Str)); ok {
			c.nets.find(addr, h)
		}
	}
}

// hits marks the rules of the atoms that hold.
type hits struct {
	cand  *ruleSet
	rules [][]int32
	note  *hitEntry // also stores the atoms, if not nil
}

func (h *hits) add(n int32) {
	if h.note != nil {
		h.note.atoms = append(h.note.atoms, n)
	}
	for _, r := range h.rules[n] {
		h.cand.add(r)
	}
}
