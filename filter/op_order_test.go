// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestOrder(t *testing.T) {
	f := testConds(t)
	f("probe.n < 10", "n=9", true)
	f("probe.n < 10", "n=10", false)
	f("probe.n <= 10", "n=10", true)
	f("probe.n > 10", "n=11", true)
	f("probe.n >= 10", "n=9", false)
	f("probe.n < 0", "n=0", false)
	f("probe.n > 18446744073709551615", "n=18446744073709551615", false)
	f("probe.n > -2", "n=18446744073709551615", true)
	f("probe.rel <= 5", "rel=5", true)
	f("probe.s < 10", "s=1", true)
	f("probe.s < 10", "s=2", false) // text, not numbers
	f("probe.s <= 0x1f", "s=0x1f", true)
	f("probe.s > 10", "s=\xff", true)
	f("probe.s >= tolower(probe.t)", "s=b\tt=B", true)
}
