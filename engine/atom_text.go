// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/filter"
)

// String returns the atom written as a condition.
func (a Atom) String() string {
	name := a.Field.String()
	switch a.Kind {
	case filter.WitnessExists:
		return name + " exists"
	case filter.WitnessAbsent:
		return "not " + name + " exists"
	case filter.WitnessEqual:
		return name + " = " + a.text()
	case filter.WitnessPrefix:
		return name + " startswith " + a.text()
	case filter.WitnessSuffix:
		return name + " endswith " + a.text()
	case filter.WitnessContains:
		return name + " contains " + a.text()
	case filter.WitnessContainsFold:
		return name + " icontains " + a.text()
	case filter.WitnessRange:
		return name + " " + rangeText(a.Range)
	case filter.WitnessNet:
		return name + " in " + a.Net
	}
	return name
}

// text returns the quoted text. An address has bytes there, and is shown as one.
func (a Atom) text() string {
	if t := a.Field.Field.Type; t == abi.IPAddr || t == abi.IPNet {
		if addr, ok := netip.AddrFromSlice([]byte(a.Text)); ok {
			return addr.String()
		}
	}
	return strconv.Quote(a.Text)
}

// rangeText returns a range as the rest of a condition.
func rangeText(r filter.Range) string {
	switch {
	case r.Min == r.Max:
		return fmt.Sprintf("= %d", r.Min)
	case r.Max == math.MaxUint64:
		return fmt.Sprintf(">= %d", r.Min)
	case r.Min == 0:
		return fmt.Sprintf("<= %d", r.Max)
	}
	return fmt.Sprintf("from %d to %d", r.Min, r.Max)
}
