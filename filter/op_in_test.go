// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestIn(t *testing.T) {
	f := testConds(t)
	f("probe.s in (alice, bob)", "s=bob", true)
	f("probe.s in ('a b', \"c\")", "s=a b", true)
	f("probe.s in ()", "s=", false)
	f("probe.s in (\"\")", "s=", true)
	f("probe.s in name", "s=name", true)
	f("probe.s inname", "s=name", true)
	f("probe.s in (a, b, c, d, e, f, g, h)", "s=h", true)
	f("probe.n in (1, -1)", "n=18446744073709551615", true)
	f("probe.b in (true)", "b=false", false)
	f("probe.ip in ('::1', 10.0.0.1)", "ip=10.0.0.1", true)
	f(`probe.s in ("\q")`, "s=q", false) // taken as an empty list
}

func TestInLists(t *testing.T) {
	f := testConds(t)
	f("probe.ss in (a, b, c)", "ss=a|b", true)
	f("probe.ss in (a, b)", "ss=a|c", false)
	f("probe.ss in ()", "ss=a", false)
	f("probe.ns in (1, 2)", "ns=2|1|2", true)
	f("probe.ips in ('::1')", "ips=::1", true)
	f("tolower(probe.ss) in (a)", "ss=A", false) // the NUL behind it counts
	f("getopt(probe.ss, 'a') in (x)", "ss=x", true)
	f("getopt(probe.ss, 'ab') in (a, b)", "ss=-ab", true)
}
