// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// pairTest compares two operands of one type, as val(field) and transformers on the right
// side ask for. It is false if one of them is absent.
type pairTest struct {
	left, right source
	compare     func(l, r *event.Value) bool
}

func (t *pairTest) eval(env *Env) bool {
	l := t.left.get(env)
	if l == nil {
		return false
	}
	r := t.right.get(env)
	return r != nil && t.compare(l, r)
}

func newPair(op string, left, right *Operand) test {
	t := &pairTest{left: left.source(), right: right.source()}
	equal := equalValue(left.typ)
	switch {
	case left.list && op == "in":
		t.compare = func(l, r *event.Value) bool { return countIn(l.List, r.List, equal) == len(l.List) }
	case left.list:
		t.compare = func(l, r *event.Value) bool { return countIn(l.List, r.List, equal) > 0 }
	case op == "in" || op == "intersects":
		// The left string loses the NULs at its end, the right one does not: what a
		// transformer made is equal to nothing.
		t.compare = equal
		if left.typ == abi.String {
			t.compare = func(l, r *event.Value) bool { return trimNUL(l.Str) == r.Str }
		}
	case left.typ == abi.String:
		f := stringPairs[op]
		t.compare = func(l, r *event.Value) bool { return f(cString(l.Str), cString(r.Str)) }
	case left.typ == abi.IPAddr:
		not := op == "!="
		t.compare = func(l, r *event.Value) bool { return isAddr(l) && (l.Str == r.Str) != not }
	default:
		t.compare = func(l, r *event.Value) bool { return newRange(op, r.Num).matchNum(l.Num) }
	}
	return t
}

// stringPairs are the operators on two strings.
var stringPairs = map[string]func(l, r string) bool{
	"=":          func(l, r string) bool { return l == r },
	"!=":         func(l, r string) bool { return l != r },
	"<":          func(l, r string) bool { return l < r },
	"<=":         func(l, r string) bool { return l <= r },
	">":          func(l, r string) bool { return l > r },
	">=":         func(l, r string) bool { return l >= r },
	"contains":   strings.Contains,
	"icontains":  func(l, r string) bool { return containsFoldPair(l, r) },
	"startswith": strings.HasPrefix,
	"endswith":   strings.HasSuffix,
	"glob":       func(l, r string) bool { return globPair(r, l, false) },
	"iglob":      func(l, r string) bool { return globPair(r, l, true) },
}

// containsFoldPair is "icontains" with a right side that is not known before.
func containsFoldPair(s, sub string) bool {
	for i := 0; i+len(sub) <= len(s); i++ {
		j := 0
		for j < len(sub) && lower(s[i+j]) == lower(sub[j]) {
			j++
		}
		if j == len(sub) {
			return true
		}
	}
	return false
}

// equalValue compares values of one type byte by byte.
func equalValue(t abi.FieldType) func(l, r *event.Value) bool {
	if t == abi.Bool || isNumber(t) {
		return func(l, r *event.Value) bool { return l.Num == r.Num }
	}
	return func(l, r *event.Value) bool { return l.Str == r.Str }
}

// countIn counts the elements of l that are in r.
func countIn(l, r []event.Value, equal func(l, r *event.Value) bool) int {
	n := 0
	for i := range l {
		for j := range r {
			if equal(&l[i], &r[j]) {
				n++
				break
			}
		}
	}
	return n
}
