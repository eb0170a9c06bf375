// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"slices"
	"strings"
)

// affixes finds all prefixes (or suffixes) of a text in a sorted set with one binary search.
// Every element that is a prefix of s is also a prefix of the greatest element <= s, so all
// of them form one chain that starts there.
type affixes struct {
	suffix bool
	common string   // prefix (suffix) common to all affixes
	gate   gate     // by the first (last) bytes of the rest
	texts  []string // the rest of each, sorted by compare
	n      []int32
	parent []int32 // the longest other element that is a prefix of this one, or -1
}

func newAffixes(atoms []numbered, suffix bool) *affixes {
	if len(atoms) == 0 {
		return nil
	}
	a := &affixes{suffix: suffix}
	slices.SortFunc(atoms, func(x, y numbered) int { return a.compare(x.text, y.text) })
	a.common = a.shared(atoms[0].text, atoms[len(atoms)-1].text) // first and last of the sorted set
	for i, at := range atoms {
		text, parent := a.rest(at.text), int32(i)-1
		for parent >= 0 && !a.has(text, a.texts[parent]) {
			parent = a.parent[parent]
		}
		a.texts, a.n, a.parent = append(a.texts, text), append(a.n, at.n), append(a.parent, parent)
	}
	a.gate = newGate(a.texts, suffix)
	return a
}

// shared returns the longest common prefix (suffix) of x and y.
func (a *affixes) shared(x, y string) string {
	n := 0
	for n < min(len(x), len(y)) {
		if !a.has(y, a.cut(x, n+1)) {
			break
		}
		n++
	}
	return a.cut(x, n)
}

// cut returns the first (last) n bytes of s.
func (a *affixes) cut(s string, n int) string {
	if a.suffix {
		return s[len(s)-n:]
	}
	return s[:n]
}

// rest returns s without the common affix, which it must have.
func (a *affixes) rest(s string) string {
	if a.suffix {
		return s[:len(s)-len(a.common)]
	}
	return s[len(a.common):]
}

// find adds the atoms of all affixes that s has.
func (a *affixes) find(s string, h *hits) {
	if !a.has(s, a.common) {
		return
	}
	if s = a.rest(s); !a.gate.open(s) {
		return
	}
	lo, hi := 0, len(a.texts) // texts[lo-1] <= s < texts[hi]
	for lo < hi {
		mid := (lo + hi) / 2
		if a.compare(a.texts[mid], s) <= 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for i := int32(lo) - 1; i >= 0; i = a.parent[i] {
		if a.has(s, a.texts[i]) {
			h.add(a.n[i])
		}
	}
}

func (a *affixes) has(s, affix string) bool {
	if a.suffix {
		return strings.HasSuffix(s, affix)
	}
	return strings.HasPrefix(s, affix)
}

// compare orders texts from the start or, for suffixes, from the end.
func (a *affixes) compare(x, y string) int {
	if !a.suffix {
		return strings.Compare(x, y)
	}
	i, j := len(x), len(y)
	for i > 0 && j > 0 {
		i, j = i-1, j-1
		if x[i] != y[j] {
			return int(x[i]) - int(y[j])
		}
	}
	return i - j
}
