// SPDX-License-Identifier: Apache-2.0

package engine

import "math/bits"

// ruleSet is a bit set of rule numbers. A second level of bits marks the non-zero words, so
// that iterating over a few of ten thousand rules, or clearing them, costs no more than those
// few.
type ruleSet struct {
	words  []uint64
	groups []uint64 // bit i: words[i] is not zero
}

func newRuleSet(rules int) ruleSet {
	words := (rules + 63) / 64
	return ruleSet{words: make([]uint64, words), groups: make([]uint64, (words+63)/64)}
}

func (s *ruleSet) add(r int32) {
	s.words[r>>6] |= 1 << (r & 63)
	s.groups[r>>12] |= 1 << (r >> 6 & 63)
}

// reset copies o to s, which must have the same size.
func (s *ruleSet) reset(o *ruleSet) {
	for g, group := range s.groups {
		for group |= o.groups[g]; group != 0; group &= group - 1 {
			w := g<<6 | bits.TrailingZeros64(group)
			s.words[w] = o.words[w]
		}
		s.groups[g] = o.groups[g]
	}
}

// all yields the members in ascending order.
func (s *ruleSet) all(yield func(rule int32) bool) {
	for g, group := range s.groups {
		for ; group != 0; group &= group - 1 {
			w := g<<6 | bits.TrailingZeros64(group)
			for set := s.words[w]; set != 0; set &= set - 1 {
				if !yield(int32(w<<6 | bits.TrailingZeros64(set))) {
					return
				}
			}
		}
	}
}

// size returns the number of members.
func (s *ruleSet) size() (n int) {
	for range s.all {
		n++
	}
	return n
}
