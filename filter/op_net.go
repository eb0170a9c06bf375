// SPDX-License-Identifier: Apache-2.0

package filter

import "net/netip"

// network matches addresses in it, or, if not, those outside of it. An address of the
// other family is outside.
type network struct {
	prefix string // the bytes of the network's address
	bits   int
	not    bool
}

func newNet(p netip.Prefix, not bool) network {
	return network{string(p.Addr().AsSlice()), p.Bits(), not}
}

func (n network) match(s string) bool { return n.contains(s) != n.not }

func (n network) contains(s string) bool {
	if len(s) != len(n.prefix) {
		return false
	}
	whole := n.bits / 8
	if s[:whole] != n.prefix[:whole] {
		return false
	}
	rest := n.bits % 8
	return rest == 0 || (s[whole]^n.prefix[whole])>>(8-rest) == 0
}
