// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"net/netip"
	"slices"
)

// networks finds which of many networks an address is in, with one look-up per prefix length
// in use. An IPv4 address is never in an IPv6 network.
type networks struct {
	lens [2][]int // by family, the prefix lengths in use
	nets map[netip.Prefix]int32
}

func newNetworks(atoms []numbered) *networks {
	if len(atoms) == 0 {
		return nil
	}
	x := &networks{nets: make(map[netip.Prefix]int32, len(atoms))}
	for _, a := range atoms {
		x.nets[a.net] = a.n
		lens := &x.lens[family(a.net.Addr())]
		if !slices.Contains(*lens, a.net.Bits()) {
			*lens = append(*lens, a.net.Bits())
		}
	}
	return x
}

func family(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}

// find adds the atoms of all networks that addr is in.
func (x *networks) find(addr netip.Addr, h *hits) {
	for _, bits := range x.lens[family(addr)] {
		p, err := addr.Prefix(bits)
		if err != nil {
			continue
		}
		if n, ok := x.nets[p]; ok {
			h.add(n)
		}
	}
}
