// SPDX-License-Identifier: Apache-2.0

package engine

import "math/bits"

// hit marks a transition to a state where literals end.
const hit = -1 << 31

// substrings finds which of many literals a text contains. It is an Aho-Corasick automaton,
// stored as a table over byte classes. It can fold ASCII letters; literals are then lower case.
type substrings struct {
	class   [256]uint8
	classes int
	// next[state<<shift + class] is the next state, also shifted. It is negative (has hit
	// set) if literals end there.
	next  []int32
	shift int
	out   [][]int32 // by state: the atoms of the literals that end there
}

func newSubstrings(atoms []numbered, fold bool) *substrings {
	if len(atoms) == 0 {
		return nil
	}
	s := &substrings{}
	s.classify(atoms, fold)
	s.trie(atoms)
	s.close()
	return s
}

// classify assigns a class to each byte that occurs in a literal, and class 0 to all others.
func (s *substrings) classify(atoms []numbered, fold bool) {
	s.classes = 1
	for _, a := range atoms {
		for i := range len(a.text) {
			if c := a.text[i]; s.class[c] == 0 && s.classes < 256 {
				s.class[c] = uint8(s.classes)
				s.classes++
			}
		}
	}
	if fold {
		for c := 'a'; c <= 'z'; c++ {
			s.class[c-'a'+'A'] = s.class[c]
		}
	}
}

// trie inserts the literals. A missing transition is 0, the root.
func (s *substrings) trie(atoms []numbered) {
	s.shift = bits.Len(uint(s.classes - 1))
	s.addState()
	for _, a := range atoms {
		at := int32(0)
		for i := range len(a.text) {
			t := at<<s.shift + int32(s.class[a.text[i]])
			if s.next[t] == 0 {
				s.next[t] = s.addState()
			}
			at = s.next[t]
		}
		s.out[at] = append(s.out[at], a.n)
	}
}

func (s *substrings) addState() int32 {
	s.next = append(s.next, make([]int32, 1<<s.shift)...)
	s.out = append(s.out, nil)
	return int32(len(s.out) - 1)
}

// close fills in the missing transitions, breadth first, from the longest proper suffix of
// the state's text that is also a state.
func (s *substrings) close() {
	k := int32(1) << s.shift
	fail := make([]int32, len(s.out))
	var queue []int32
	for c := range k {
		if t := s.next[c]; t != 0 {
			queue = append(queue, t)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		s.out[at] = append(s.out[at], s.out[fail[at]]...)
		for c := range k {
			t := s.next[at*k+c]
			if t == 0 {
				s.next[at*k+c] = s.next[fail[at]*k+c]
				continue
			}
			fail[t] = s.next[fail[at]*k+c]
			queue = append(queue, t)
		}
	}
	for i, t := range s.next {
		s.next[i] = t << s.shift
		if len(s.out[t]) > 0 {
			s.next[i] |= hit
		}
	}
}

// find adds the atoms of all literals that occur in text.
func (s *substrings) find(text string, h *hits) {
	at := int32(0)
	for i := range len(text) {
		at = s.next[at+int32(s.class[text[i]])]
		if at < 0 {
			at &^= hit
			for _, n := range s.out[at>>s.shift] {
				h.add(n)
			}
		}
	}
}
