// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestEqual(t *testing.T) {
	f := testConds(t)
	f("probe.s = alice", "s=alice", true)
	f("probe.s == alice", "s=alice", true)
	f("probe.s = alice", "s=Alice", false)
	f("probe.s != alice", "s=bob", true)
	f("probe.s = ''", "s=", true)
	f("probe.n = 10", "n=10", true)
	f("probe.n = '10'", "n=10", true)
	f("probe.n = 010", "n=10", true)
	f("probe.n = -1", "n=18446744073709551615", true)
	f("probe.n != 10", "n=10", false)
	f("probe.b = true", "b=true", true)
	f("probe.b != true", "b=false", true)
	f("probe.ip = 10.0.0.1", "ip=10.0.0.1", true)
	f("probe.ip = ::1", "ip=10.0.0.1", false)
	f("probe.ip != ::1", "ip=10.0.0.1", true)
	f("probe.ip != ::1", "ip=nonsense", false)
}

func TestEqualModifiers(t *testing.T) {
	f := testConds(t)
	f("probe.s = anyof (a, b)", "s=b", true)
	f("probe.s = anyof ()", "s=b", false)
	f("probe.s = allof (b, b)", "s=b", true)
	f("probe.s = oneof (b, b)", "s=b", false)
	f("probe.s = oneof (a, b)", "s=b", true)
	f("probe.s != allof (a, b)", "s=c", true)
	f("probe.s != allof ()", "s=c", false)
	f("probe.s != anyof (a, b)", "s=a", true)
	f("probe.s != oneof (a, b)", "s=c", false)
	f("probe.s = anyof name", "s=name", true)
	f("probe.n = anyof (1, 10)", "n=10", true)
	f("probe.n != oneof (1, 10)", "n=10", true)
	f("probe.ip = oneof ('10.0.0.1', '10.0.0.1')", "ip=10.0.0.1", false)
	// A word is a modifier only before something like a list.
	f("probe.s = anyof", "s=anyof", true)
	f("probe.s = oneof and probe.n = 1", "s=oneof\tn=1", true)
}
