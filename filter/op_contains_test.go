// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestContains(t *testing.T) {
	f := testConds(t)
	f("probe.s contains b", "s=abc", true)
	f("probe.s contains ''", "s=", true)
	f("probe.s contains B", "s=abc", false)
	f("probe.s icontains B", "s=abc", true)
	f("probe.s icontains bC", "s=aBc", true)
	f("probe.s icontains ''", "s=", true)
	f("probe.s icontains abcd", "s=abc", false)
	f("probe.s icontains é", "s=É", false)
	f("probe.s contains allof (a, b)", "s=ba", true)
	f("probe.s contains oneof (a, b)", "s=ba", false)
}
