// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestPmatch(t *testing.T) {
	f := testConds(t)
	f("probe.s pmatch (/etc)", "s=/etc/passwd", true)
	f("probe.s pmatch (/etc)", "s=/etc", true)
	f("probe.s pmatch (/etc)", "s=/etcetera", false)
	f("probe.s pmatch (/etc/passwd)", "s=/etc", false)
	f("probe.s pmatch (etc)", "s=//etc//x", true)
	f("probe.s pmatch (/)", "s=", true)
	f("probe.s pmatch ('')", "s=x", true)
	f("probe.s pmatch ()", "s=x", false)
	f("probe.s pmatch (/etc/*)", "s=/etc", false)
	f("probe.s pmatch (/e*/[a-p]*)", "s=/etc/passwd/x", true)
	f("probe.s pmatch (/usr/lib, /usr)", "s=/usr/bin", true)
	f("probe.s pmatch (/usr, /usr/lib)", "s=/usr/bin", true)
	f("probe.s pmatch (/e*/x, /*/passwd)", "s=/etc/passwd", true)
	f("probe.s pmatch (/etc/x, /*/passwd)", "s=/etc/passwd", true)
	f("probe.s pmatch etc", "s=/etc/passwd", true) // a list of one
}
