// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestExists(t *testing.T) {
	f := testConds(t)
	f("probe.s exists", "s=", true)
	f("probe.s exists", "t=", false)
	f("probe.ss exists", "ss=", false)
	f("probe.ss exists", "ss=a", true)
	f("b64(probe.s) exists", "s=YWJj", true)
	f("b64(probe.s) exists", "s=!", false)
	f("probe.key[user] exists", "key.user=!fail", false)
	f("getopt(probe.ss, 'a') exists", "ss=x", true) // a list without elements
	f("getopt(probe.ss, 'a')[a] exists", "ss=x", false)
}
