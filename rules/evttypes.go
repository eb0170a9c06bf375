// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strconv"

	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/filter"
)

// eventTypes are names of evt.type, or all but these.
type eventTypes struct {
	not   bool
	names []string // sorted
}

var allTypes, noTypes = eventTypes{not: true}, eventTypes{}

func typesNamed(names ...string) eventTypes {
	list := slices.Clone(names)
	for i, n := range list {
		if eventCodes()[n] == 0 {
			list[i] = "syscall"
		}
	}
	slices.Sort(list)
	return eventTypes{names: slices.Compact(list)}
}

func (t eventTypes) inverted() eventTypes { return eventTypes{!t.not, t.names} }

// and returns the types that are in both.
func (t eventTypes) and(u eventTypes) eventTypes {
	switch {
	case t.not && u.not:
		return typesNamed(append(slices.Clone(t.names), u.names...)...).inverted()
	case t.not:
		t, u = u, t
	}
	return eventTypes{names: slices.DeleteFunc(slices.Clone(t.names), func(n string) bool {
		_, found := slices.BinarySearch(u.names, n)
		return found == u.not
	})}
}

// size is the number of kinds of events.
func (t eventTypes) size() int {
	n := 0
	for _, name := range t.names {
		n += eventCodes()[name]
	}
	if t.not {
		return allEventCodes - n
	}
	return n
}

// or returns the types that are in one of them.
func (t eventTypes) or(u eventTypes) eventTypes { return t.inverted().and(u.inverted()).inverted() }

// typesOf returns the types of events that a condition, or if negated its opposite, can be true
// of. Only checks of evt.type restrict it, and as in Falco 0.45 those of evt.num that are always
// true or never, as events are counted from 1.
func typesOf(n filter.Node, negated bool, v compat.Version) eventTypes {
	switch n := n.(type) {
	case *filter.And:
		return typesOfAll(n.Kids, negated, negated, v)
	case *filter.Or:
		return typesOfAll(n.Kids, negated, !negated, v)
	case *filter.Not:
		return typesOf(n.Kid, !negated, v)
	case *filter.Unary:
		if isEventType(n.Left) && negated {
			return noTypes
		}
	case *filter.Binary:
		if t, known := typesOfCheck(n, v); known && negated {
			return t.inverted()
		} else if known {
			return t
		}
	}
	return allTypes
}

// typesOfAll returns the types of all operands, or with union of any of them.
func typesOfAll(kids []filter.Node, negated, union bool, v compat.Version) eventTypes {
	t := allTypes
	if union {
		t = noTypes
	}
	for _, k := range kids {
		if u := typesOf(k, negated, v); union {
			t = t.or(u)
		} else {
			t = t.and(u)
		}
	}
	return t
}

func isEventType(n filter.Node) bool {
	f, ok := n.(*filter.FieldNode)
	return ok && (f.Name == "evt.type" || f.Name == "syscall.type") && !f.HasArg
}

// typesOfCheck returns the types that a check can be true of; known is false if it says nothing
// of them.
func typesOfCheck(n *filter.Binary, v compat.Version) (t eventTypes, known bool) {
	if n.Mod != "" {
		return allTypes, false
	}
	if f, ok := n.Left.(*filter.FieldNode); ok && f.Name == "evt.num" && !f.HasArg && v.DecidesNumbers() {
		return typesOfNumber(n)
	}
	if !isEventType(n.Left) || !slices.Contains([]string{"=", "==", "!=", "in"}, n.Op) {
		return allTypes, false
	}
	switch right := n.Right.(type) {
	case *filter.ValueNode:
		t = typesNamed(right.Text)
	case *filter.ListNode:
		t = typesNamed(right.Values...)
	default:
		return allTypes, false
	}
	if n.Op == "!=" {
		t = t.inverted()
	}
	return t, true
}

// typesOfNumber decides a check of evt.num, which is at least 1.
func typesOfNumber(n *filter.Binary) (t eventTypes, known bool) {
	if list, ok := n.Right.(*filter.ListNode); ok && n.Op == "in" {
		for _, v := range list.Values {
			if number, err := strconv.ParseUint(v, 10, 64); err != nil || number != 0 {
				return allTypes, false
			}
		}
		return noTypes, true
	}
	value, ok := n.Right.(*filter.ValueNode)
	if !ok {
		return allTypes, false
	}
	number, err := strconv.ParseUint(value.Text, 10, 64)
	switch {
	case err != nil:
	case number == 0 && slices.Contains([]string{"=", "==", "<="}, n.Op), number <= 1 && n.Op == "<":
		return noTypes, true
	case number == 0 && (n.Op == "!=" || n.Op == ">"), number <= 1 && n.Op == ">=":
		return allTypes, true
	}
	return allTypes, false
}

// tooManyTypes is more types of events than a rule of system calls should be evaluated for.
const tooManyTypes = 100

// warnOfTypes warns of a rule for system calls that many types of events can match; in Falco
// 0.44 also of one that none can match.
func (r *compiledRule) warnOfTypes(condition filter.Node, v compat.Version) {
	if !r.def.warnEvttypes || r.def.source != syscall {
		return
	}
	n := typesOf(condition, false, v).size()
	if n > tooManyTypes || n == 0 && !v.DecidesNumbers() {
		r.warn(WarnNoEvttype, msgTooManyTypes, r.def.at)
	}
}
