// SPDX-License-Identifier: Apache-2.0

package filter

// existsTest is "exists". A list that a transformer makes exists without elements too.
type existsTest struct{ source }

func (t existsTest) eval(env *Env) bool { return t.get(env) != nil }
