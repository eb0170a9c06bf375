// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestNet(t *testing.T) {
	f := testConds(t)
	f("probe.net = 10.0.0.0/8", "net=10.1.2.3", true)
	f("probe.net = 10.0.0.0/8", "net=11.1.2.3", false)
	f("probe.net != 10.0.0.0/8", "net=11.1.2.3", true)
	f("probe.net = 10.9.9.9/8", "net=10.1.2.3", true)
	f("probe.net = 0.0.0.0/0", "net=1.2.3.4", true)
	f("probe.net = 0.0.0.0/256", "net=1.2.3.4", true) // of the length 8 bits count
	f("probe.net = 10.0.0.128/25", "net=10.0.0.127", false)
	f("probe.net = 'fe80::/10'", "net=febf::1", true)
	f("probe.net = 'fe80::/10'", "net=fec0::1", false)
	f("probe.net = 'fe80::/10'", "net=10.0.0.1", false)
	f("probe.net != 'fe80::/10'", "net=10.0.0.1", true)
	f("probe.net in (10.0.0.0/8, 192.168.0.0/16)", "net=192.168.3.4", true)
	f("probe.net in ()", "net=192.168.3.4", false)
	f("probe.net = oneof (10.0.0.0/8, 10.0.0.0/16)", "net=10.1.0.0", true)
	f("probe.net = allof (10.0.0.0/8, 10.0.0.0/16)", "net=10.0.0.1", true)
	f("probe.net != anyof (10.0.0.0/8, 11.0.0.0/8)", "net=10.0.0.1", true)
	// Looked up in a set of networks, where an address never is.
	f("probe.net = anyof (10.0.0.0/8)", "net=10.0.0.1", false)
	f("probe.net != allof (10.0.0.0/8)", "net=10.0.0.1", true)
}
