// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestVal(t *testing.T) {
	f := testConds(t)
	f("probe.s = val(probe.t)", "s=a\tt=a", true)
	f("probe.s != val(probe.t)", "s=a\tt=b", true)
	f("probe.s != val(probe.t)", "s=a", false)
	f("probe.s contains val(probe.t)", "s=abc\tt=b", true)
	f("probe.s icontains val(probe.t)", "s=abc\tt=B", true)
	f("probe.s startswith val(probe.t)", "s=abc\tt=ab", true)
	f("probe.s endswith val(probe.t)", "s=abc\tt=bc", true)
	f("probe.s glob val(probe.t)", "s=abc\tt=a*", true)
	f("probe.s iglob val(probe.t)", "s=abc\tt=A*", true)
	f("probe.s in val(probe.t)", "s=a\tt=a", true)
	f("probe.s in tolower(probe.t)", "s=a\tt=A", false) // the NUL behind it counts
	f("probe.s = tolower(probe.t)", "s=a\tt=A", true)
	f("probe.n < val(probe.m)", "n=1\tm=2", true)
	f("probe.n = len(probe.s)", "n=3\ts=abc", true)
	f("probe.b = val(probe.b)", "b=true", true)
	f("probe.ip = val(probe.ip)", "ip=::1", true)
	f("probe.ip != val(probe.ip)", "ip=::1", false)
	f("probe.ss in val(probe.sskey[g])", "ss=a|b\tsskey.g=b|a|c", true)
	f("probe.ss intersects val(probe.sskey[g])", "ss=a|b\tsskey.g=c", false)
	f("tolower(probe.ss) in toupper(probe.ss)", "ss=1|2", true)
}

func TestValErrors(t *testing.T) {
	f := testErrors(t)
	f("probe.s pmatch val(probe.t)", "operator 'PMATCH' doesn't support right-hand side fields")
	f("probe.s regex tolower(probe.t)", "operator 'REGEX' doesn't support right-hand side fields")
	f("probe.net = val(probe.net)", "field type 'IPNET' doesn't support right-hand side fields")
	f("probe.key[a] = val(probe.n)", "field 'probe.key' has type 'CHARBUF' while the right-hand side field 'probe.n' has incompatible type 'UINT64'")
	f("probe.n = val(probe.rel)", "field 'probe.n' has type 'UINT64' while the right-hand side field 'probe.rel' has incompatible type 'RELTIME'")
	f("probe.ss in concat('a', 'b')", "field 'probe.ss' has type 'CHARBUF (list)' while the right-hand side field 'NA' has incompatible type 'CHARBUF'")
	f("probe.s in getopt(probe.ss, 'a')", "field 'probe.s' has type 'CHARBUF' while the right-hand side field 'INTERNAL' has incompatible type 'CHARBUF (list)'")
	f("probe.s = val(probe.t)[a]", "filter error: transformer 'val' does not support field arguments")
	f("probe.s = val(x)", "expected a field within 'val' transformer")
	f("probe.s = val(probe.t", "expected a ')' token closing the transformer")
}
