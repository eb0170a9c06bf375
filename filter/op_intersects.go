// SPDX-License-Identifier: Apache-2.0

package filter

// listIntersects is "intersects" on a list: some element is one of the constants.
type listIntersects struct {
	source
	e elem
}

func (t *listIntersects) eval(env *Env) bool {
	v := t.get(env)
	if v == nil {
		return false
	}
	for i := range v.List {
		if t.e.matchElem(&v.List[i]) {
			return true
		}
	}
	return false
}
