// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"net/netip"

	"github.com/gyr-dev/gyr/event"
)

// elem compares an element of a list.
type elem interface {
	matchElem(v *event.Value) bool
}

// newListTest returns "in" or "intersects" on a list.
func newListTest(op string, s source, e elem) test {
	if op == "in" {
		return &listIn{s, e}
	}
	return &listIntersects{s, e}
}

// listIn is "in" on a list: every element is one of the constants. It is true of a list
// without elements, which only transformers make.
type listIn struct {
	source
	e elem
}

func (t *listIn) eval(env *Env) bool {
	v := t.get(env)
	if v == nil {
		return false
	}
	for i := range v.List {
		if !t.e.matchElem(&v.List[i]) {
			return false
		}
	}
	return true
}

// stringElem compares all bytes: a string that went through a transformer has a NUL at its
// end, as in Falco, and equals no constant.
type stringElem struct{ *stringSet }

func (e stringElem) matchElem(v *event.Value) bool { return e.match(v.Str) }

type numElem struct{ numSet }

func (e numElem) matchElem(v *event.Value) bool { return e.matchNum(v.Num) }

type netElem []network

func newNetElem(nets []netip.Prefix) netElem {
	e := make(netElem, len(nets))
	for i, n := range nets {
		e[i] = newNet(n, false)
	}
	return e
}

func (e netElem) matchElem(v *event.Value) bool {
	if !isAddr(v) {
		return false
	}
	for _, n := range e {
		if n.contains(v.Str) {
			return true
		}
	}
	return false
}
