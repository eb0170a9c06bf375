// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"cmp"
	"math"
	"slices"
)

// ranges finds which of many ranges a number is in. For single numbers and half-open ranges,
// which rules mostly use, the cost is proportional to the number of hits.
type ranges struct {
	points map[uint64]int32
	from   []numbered // no upper bound, ascending by lower bound
	upTo   []numbered // no lower bound, descending by upper bound
	others []numbered
}

func newRanges(atoms []numbered) *ranges {
	if len(atoms) == 0 {
		return nil
	}
	r := &ranges{points: make(map[uint64]int32)}
	for _, a := range atoms {
		switch {
		case a.rng.Min == a.rng.Max:
			r.points[a.rng.Min] = a.n
		case a.rng.Max == math.MaxUint64:
			r.from = append(r.from, a)
		case a.rng.Min == 0:
			r.upTo = append(r.upTo, a)
		default:
			r.others = append(r.others, a)
		}
	}
	slices.SortFunc(r.from, func(a, b numbered) int { return cmp.Compare(a.rng.Min, b.rng.Min) })
	slices.SortFunc(r.upTo, func(a, b numbered) int { return cmp.Compare(b.rng.Max, a.rng.Max) })
	return r
}

// find adds the atoms of all ranges that n is in.
func (r *ranges) find(n uint64, h *hits) {
	if a, ok := r.points[n]; ok {
		h.add(a)
	}
	for i := range r.from {
		if r.from[i].rng.Min > n {
			break
		}
		h.add(r.from[i].n)
	}
	for i := range r.upTo {
		if r.upTo[i].rng.Max < n {
			break
		}
		h.add(r.upTo[i].n)
	}
	for i := range r.others {
		if o := &r.others[i]; o.rng.Min <= n && n <= o.rng.Max {
			h.add(o.n)
		}
	}
}
