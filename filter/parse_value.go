// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

// maxValue is how long a constant string may be, with the NUL that Falco puts behind it.
const maxValue = 256

// parseString checks the length of a constant string.
func parseString(s string) (string, error) {
	if len(s)+1 > maxValue {
		return "", errors.New("filter parameter too long (used=" + strconv.Itoa(len(s)+1) +
			", available=" + strconv.Itoa(maxValue) + "):" + s)
	}
	return s, nil
}

// scanUint reads a number as C's %u does: blanks before it, a sign, digits, and nothing
// behind them. Numbers that are too large become the largest; a minus sign negates.
func scanUint(s string) (uint64, error) {
	digits := strings.TrimLeft(s, " \t\n\v\f\r")
	negative := false
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		negative = digits[0] == '-'
		digits = digits[1:]
	}
	if digits == "" {
		return 0, errNumber(s)
	}
	var n uint64
	overflow := false
	for _, d := range []byte(digits) {
		if !isDigit(d) {
			return 0, errNumber(s)
		}
		v := uint64(d - '0')
		overflow = overflow || n > (^uint64(0)-v)/10
		n = n*10 + v
	}
	switch {
	case overflow:
		return ^uint64(0), nil
	case negative:
		return -n, nil
	}
	return n, nil
}

func errNumber(s string) error { return errors.New(s + " is not a valid number") }

func parseBool(s string) (uint64, error) {
	switch s {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	}
	return 0, errors.New("filter error: unrecognized boolean value " + s)
}

// parseAddr reads an address: of IPv4 if there is a dot in it.
func parseAddr(s string) (netip.Addr, error) {
	if strings.Contains(s, ".") {
		if a, ok := parseIPv4(s); ok {
			return a, nil
		}
		return netip.Addr{}, errors.New("unrecognized IPv4 address " + s)
	}
	if a, ok := parseIPv6(s); ok {
		return a, nil
	}
	return netip.Addr{}, errors.New("unrecognized IPv6 address " + s)
}

func parseIPv4(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a, err == nil && a.Is4()
}

func parseIPv6(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a, err == nil && a.Is6() && a.Zone() == ""
}

// parseNet reads a network, which must have a mask length.
func parseNet(s string) (netip.Prefix, error) {
	ip, mask, slash := strings.Cut(s, "/")
	mask, _, _ = strings.Cut(mask, "\n")
	if strings.Contains(s, ".") {
		if !slash {
			return netip.Prefix{}, errors.New("unrecognized IP network " + s)
		}
		a, ok := parseIPv4(ip)
		if !ok {
			return netip.Prefix{}, errors.New("unrecognized IP address " + s)
		}
		return prefix(a, mask, 0, 32, "invalid netmask ")
	}
	if !slash {
		return netip.Prefix{}, errors.New("invalid v6 netmask: " + s)
	}
	a, ok := parseIPv6(ip)
	if !ok {
		return netip.Prefix{}, errors.New("unrecognized IPv6 address " + s)
	}
	return prefix(a, mask, 1, 128, "invalid v6 netmask ")
}

// prefix reads the mask length, of which only the low 8 bits count.
func prefix(a netip.Addr, mask string, least, most uint8, complaint string) (netip.Prefix, error) {
	n, err := scanUint(mask)
	if err != nil {
		return netip.Prefix{}, err
	}
	bits := uint8(n)
	if bits < least || bits > most {
		return netip.Prefix{}, errors.New(complaint + mask)
	}
	return netip.PrefixFrom(a, int(bits)).Masked(), nil
}
