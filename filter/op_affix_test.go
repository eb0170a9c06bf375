// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestAffix(t *testing.T) {
	f := testConds(t)
	f("probe.s startswith ab", "s=abc", true)
	f("probe.s startswith ''", "s=abc", true)
	f("probe.s startswith abcd", "s=abc", false)
	f("probe.s endswith bc", "s=abc", true)
	f("probe.s endswith ''", "s=", true)
	f("probe.s endswith ab", "s=abc", false)
	f("probe.s startswith anyof (x, a)", "s=abc", true)
	f("probe.s endswith allof (c, bc)", "s=abc", true)
}
