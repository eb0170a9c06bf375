// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"slices"
	"sort"

	"github.com/gyr-dev/gyr/event"
)

// source is the left side of a check: a cell, or an expression.
type source struct {
	cell int // -1: eval
	eval evaluator
}

func (o *Operand) source() source { return source{o.cell, o.eval} }

// get returns the value, or nil if it is absent.
func (s *source) get(env *Env) *event.Value {
	if s.cell >= 0 {
		if v := env.Cell(s.cell); v.Present {
			return v
		}
		return nil
	}
	v := scratch(env)
	if !s.eval.eval(env, v) {
		return nil
	}
	return v
}

// matcher compares a string with constants.
type matcher interface {
	match(s string) bool
}

// stringTest applies a matcher to a string. Falco compares either C strings, which end at
// the first NUL, or whole buffers without the NULs at their end. Only transformers make
// strings with a NUL.
type stringTest struct {
	source
	m     matcher
	whole bool
}

func (t *stringTest) eval(env *Env) bool {
	if t.cell >= 0 {
		v := env.Cell(t.cell)
		return v.Present && t.m.match(v.Str)
	}
	v := t.get(env)
	if v == nil {
		return false
	}
	if t.whole {
		return t.m.match(trimNUL(v.Str))
	}
	return t.m.match(cString(v.Str))
}

// numMatcher compares a number with constants.
type numMatcher interface {
	matchNum(n uint64) bool
}

type numTest struct {
	source
	m numMatcher
}

func (t *numTest) eval(env *Env) bool {
	v := t.get(env)
	return v != nil && t.m.matchNum(v.Num)
}

// never and always are matchers of every kind.
type never struct{}

func (never) match(string) bool    { return false }
func (never) matchNum(uint64) bool { return false }

type always struct{}

func (always) match(string) bool { return true }

// The modifiers: some, all or exactly one of the constants must match. With no constant
// none of them does.
type (
	anyOf []matcher
	allOf []matcher
	oneOf []matcher
)

func (list anyOf) match(s string) bool {
	for _, m := range list {
		if m.match(s) {
			return true
		}
	}
	return false
}

func (list allOf) match(s string) bool {
	for _, m := range list {
		if !m.match(s) {
			return false
		}
	}
	return len(list) > 0
}

func (list oneOf) match(s string) bool {
	n := 0
	for _, m := range list {
		if m.match(s) {
			if n++; n > 1 {
				return false
			}
		}
	}
	return n == 1
}

// modify combines matchers as a modifier says; without a modifier there is exactly one.
func modify(mod string, list []matcher) matcher {
	switch mod {
	case "anyof":
		return anyOf(list)
	case "allof":
		return allOf(list)
	case "oneof":
		return oneOf(list)
	}
	if len(list) == 0 {
		return never{}
	}
	return list[0]
}

// stringSet is a set of strings: a short list, or a map. It matches its members.
type stringSet struct {
	list []string
	m    map[string]struct{}
}

const smallSet = 6

func newStringSet(vals []string) *stringSet {
	s := &stringSet{}
	if len(vals) > smallSet {
		s.m = make(map[string]struct{}, len(vals))
		for _, v := range vals {
			s.m[v] = struct{}{}
		}
		return s
	}
	s.list = vals
	return s
}

func (s *stringSet) match(v string) bool {
	if s.m != nil {
		_, ok := s.m[v]
		return ok
	}
	for _, e := range s.list {
		if e == v {
			return true
		}
	}
	return false
}

// notSet matches what is not in the set.
type notSet struct{ *stringSet }

func (s notSet) match(v string) bool { return !s.stringSet.match(v) }

// numSet is a sorted set of numbers.
type numSet []uint64

func newNumSet(vals []uint64) numSet {
	s := slices.Clone(vals)
	slices.Sort(s)
	return slices.Compact(s)
}

func (s numSet) matchNum(n uint64) bool {
	if len(s) <= smallSet {
		return slices.Contains(s, n)
	}
	i := sort.Search(len(s), func(i int) bool { return s[i] >= n })
	return i < len(s) && s[i] == n
}
