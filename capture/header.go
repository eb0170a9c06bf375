// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"net/netip"
)

// Header is the part of a capture before the events: facts about the machine that recorded
// it. They do not affect plugin events.
type Header struct {
	Machine    Machine
	Interfaces []Interface
	Users      []User
	Groups     []Group
}

// Machine describes the machine that recorded a capture.
type Machine struct {
	CPUs     uint32 `json:"cpus"`
	Memory   uint64 `json:"memory_bytes"`
	MaxPID   uint64 `json:"max_pid"`
	Hostname string `json:"hostname"` // up to 127 bytes
	// BootTime is in nanoseconds since the Unix epoch.
	BootTime uint64 `json:"boot_time_ns"`
}

// Interface is one address of a network interface.
type Interface struct {
	Name string
	// Addr includes the prefix length of the network, which determines the broadcast address.
	Addr netip.Prefix
	// Speed is the link speed in Mb/s, 0 if unknown.
	Speed uint64
}

// User is a user account. Texts are truncated to 255 bytes.
type User struct {
	UID, GID          uint32
	Name, Home, Shell string
}

// Group is a user group.
type Group struct {
	GID  uint32
	Name string
}

const (
	hostnameLen = 128
	maxUserText = 255

	interfaceV4 = 1
	interfaceV6 = 2
	entryUser   = 0
	entryGroup  = 1
)

// appendHeader appends the section header and the blocks of h, in Falco's order.
func appendHeader(dst []byte, h *Header) []byte {
	dst, start := appendFrame(dst, typeSection)
	dst = le.AppendUint32(dst, sectionMagic)
	dst = le.AppendUint16(dst, majorVersion)
	dst = le.AppendUint16(dst, minorVersion)
	dst = le.AppendUint64(dst, ^uint64(0))
	dst = closeFrame(dst, start)
	dst = appendMachine(dst, &h.Machine)
	dst = appendInterfaces(dst, h.Interfaces)
	return appendUsers(dst, h.Users, h.Groups)
}

func appendMachine(dst []byte, m *Machine) []byte {
	dst, start := appendFrame(dst, typeMachine)
	dst = le.AppendUint32(dst, m.CPUs)
	dst = le.AppendUint64(dst, m.Memory)
	dst = le.AppendUint64(dst, m.MaxPID)
	var name [hostnameLen]byte
	copy(name[:hostnameLen-1], m.Hostname)
	dst = append(dst, name[:]...)
	dst = le.AppendUint64(dst, m.BootTime)
	dst = append(dst, make([]byte, 3*8)...) // flags and two reserved numbers
	return closeFrame(dst, start)
}

func parseMachine(body []byte) Machine {
	name := body[20 : 20+hostnameLen]
	if i := bytes.IndexByte(name, 0); i >= 0 {
		name = name[:i]
	}
	return Machine{
		CPUs:     le.Uint32(body),
		Memory:   le.Uint64(body[4:]),
		MaxPID:   le.Uint64(body[12:]),
		Hostname: string(name),
		BootTime: le.Uint64(body[20+hostnameLen:]),
	}
}

// appendInterfaces appends all IPv4 addresses before the IPv6 addresses, as Falco does. The
// length of an entry does not include itself.
func appendInterfaces(dst []byte, list []Interface) []byte {
	dst, start := appendFrame(dst, typeInterfaces)
	for _, v6 := range [...]bool{false, true} {
		for i := range list {
			if p := list[i].Addr; p.IsValid() && p.Addr().Unmap().Is6() == v6 {
				dst = appendInterface(dst, &list[i])
			}
		}
	}
	return closeFrame(dst, start)
}

func appendInterface(dst []byte, it *Interface) []byte {
	addr := it.Addr.Addr().Unmap().AsSlice()
	kind := uint16(interfaceV4)
	if len(addr) == 16 {
		kind = interfaceV6
	}
	name := it.Name[:min(len(it.Name), maxUserText)]
	dst = le.AppendUint32(dst, uint32(2+2+3*len(addr)+8+len(name)))
	dst = le.AppendUint16(dst, kind)
	dst = le.AppendUint16(dst, uint16(len(name)))
	dst = append(dst, addr...)
	mask, last := make([]byte, len(addr)), make([]byte, len(addr))
	for i := range addr {
		mask[i] = ^byte(0xFF >> min(8, max(0, it.Addr.Bits()-8*i)))
		if kind == interfaceV4 {
			last[i] = addr[i] | ^mask[i]
		}
	}
	dst = append(append(dst, mask...), last...)
	dst = le.AppendUint64(dst, it.Speed)
	return append(dst, name...)
}

// appendUsers appends users, then groups. The length of an entry includes itself.
func appendUsers(dst []byte, users []User, groups []Group) []byte {
	dst, start := appendFrame(dst, typeUsers)
	for i := range users {
		u := &users[i]
		at := len(dst)
		dst = append(le.AppendUint32(dst, 0), entryUser)
		dst = le.AppendUint32(dst, u.UID)
		dst = le.AppendUint32(dst, u.GID)
		dst = appendText(dst, u.Name)
		dst = appendText(dst, u.Home)
		dst = appendText(dst, u.Shell)
		le.PutUint32(dst[at:], uint32(len(dst)-at))
	}
	for i := range groups {
		at := len(dst)
		dst = append(le.AppendUint32(dst, 0), entryGroup)
		dst = le.AppendUint32(dst, groups[i].GID)
		dst = appendText(dst, groups[i].Name)
		le.PutUint32(dst[at:], uint32(len(dst)-at))
	}
	return closeFrame(dst, start)
}

func appendText(dst []byte, s string) []byte {
	s = s[:min(len(s), maxUserText)]
	dst = le.AppendUint16(dst, uint16(len(s)))
	return append(dst, s...)
}
