// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestIntersects(t *testing.T) {
	f := testConds(t)
	f("probe.ss intersects (a, b)", "ss=x|b", true)
	f("probe.ss intersects (a, b)", "ss=x", false)
	f("probe.ss intersects ()", "ss=x", false)
	f("probe.ns intersects (7)", "ns=1|7", true)
	f("probe.ips intersects ('::1')", "ips=10.0.0.1|::1", true)
	f("toupper(probe.ss) intersects (A)", "ss=a", false)
	f("probe.s intersects (a, b)", "s=b", true)
	f("probe.n intersects (1, 2)", "n=2", true)
}
