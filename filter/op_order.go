// SPDX-License-Identifier: Apache-2.0

package filter

// order is one of < <= > >= on strings, byte by byte.
type order struct {
	than string
	// less and equal say whether a smaller and an equal string match, greater the rest.
	less, equal, greater bool
}

func newOrder(op, than string) order {
	return order{than, op[0] == '<', len(op) == 2, op[0] == '>'}
}

func (o order) match(s string) bool {
	switch {
	case s < o.than:
		return o.less
	case s == o.than:
		return o.equal
	}
	return o.greater
}

// numRange is = != < <= > >= on numbers: the number is within the range, or, if not, is
// outside of it.
type numRange struct {
	min, max uint64
	not      bool
}

func newRange(op string, n uint64) numRange {
	switch op {
	case "!=":
		return numRange{n, n, true}
	case "<":
		return numRange{n, ^uint64(0), true}
	case "<=":
		return numRange{0, n, false}
	case ">":
		return numRange{0, n, true}
	case ">=":
		return numRange{n, ^uint64(0), false}
	}
	return numRange{n, n, false}
}

func (r numRange) matchNum(n uint64) bool { return (n >= r.min && n <= r.max) != r.not }

// numMod is a modifier on numbers: some, all or exactly one of the ranges match.
type numMod struct {
	mod    string
	ranges []numRange
}

func modifyNum(mod string, ranges []numRange) numMatcher {
	if mod == "" && len(ranges) == 1 {
		return ranges[0]
	}
	return numMod{mod, ranges}
}

func (m numMod) matchNum(n uint64) bool {
	hits := 0
	for _, r := range m.ranges {
		if r.matchNum(n) {
			hits++
		}
	}
	switch m.mod {
	case "allof":
		return hits > 0 && hits == len(m.ranges)
	case "oneof":
		return hits == 1
	}
	return hits > 0
}
