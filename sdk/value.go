// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"net/netip"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// The functions in this file make field values. They never panic: a value that the type cannot
// express is absent. Lists and addresses are allocated from mem, or from the Go heap if mem is
// nil.

// String returns a string. The host reads it up to the first NUL.
func String(s string) event.Value { return event.StringValue(s) }

// SetString sets out, which must be absent, to a string. It has the same effect as
// *out = String(s), but avoids copying the value, which takes several times longer than the rest.
func SetString(out *event.Value, s string) { out.Str, out.Present = s, true }

// Bytes returns a string that is a view of b, which must not change until the event is released.
// Use it for parts of an event's payload and for memory from the arena.
func Bytes(b []byte) event.Value { return event.StringValue(event.String(b)) }

// Uint64 returns a number.
func Uint64(n uint64) event.Value { return event.NumValue(n) }

// Bool returns a boolean.
func Bool(b bool) event.Value { return event.BoolValue(b) }

// Time returns an absolute time in nanoseconds. It is absent for the zero time and for times
// before 1970 or after 2262.
func Time(t time.Time) event.Value {
	if t.IsZero() || t.Before(firstTime) || t.After(lastTime) {
		return event.Value{}
	}
	return event.NumValue(uint64(t.UnixNano()))
}

var (
	firstTime = time.Unix(0, 0)
	lastTime  = time.Unix(0, 1<<63-1)
)

// Duration returns a relative time in nanoseconds. It is absent if d is negative.
func Duration(d time.Duration) event.Value {
	if d < 0 {
		return event.Value{}
	}
	return event.NumValue(uint64(d))
}

// Addr returns an address of 4 or 16 bytes. It is absent if a is invalid. An IPv4-mapped IPv6
// address becomes an IPv4 address. The zone is dropped.
func Addr(mem *event.Arena, a netip.Addr) event.Value {
	a = a.Unmap()
	switch {
	case a.Is4():
		b := a.As4()
		return Bytes(copyBytes(mem, b[:]))
	case a.Is6():
		b := a.As16()
		return Bytes(copyBytes(mem, b[:]))
	}
	return event.Value{}
}

// AddrBytes returns an address from its 4 or 16 bytes in network order (a net.IP), like [Addr].
// It is absent for any other length.
func AddrBytes(mem *event.Arena, b []byte) event.Value {
	a, _ := netip.AddrFromSlice(b)
	return Addr(mem, a)
}

// List returns a list of values. It copies them without the absent ones, and is absent if none
// is left.
func List(mem *event.Arena, vals ...event.Value) event.Value {
	return MapList(mem, vals, func(v event.Value) event.Value { return v })
}

// Strings returns a list of strings.
func Strings(mem *event.Arena, vals []string) event.Value { return MapList(mem, vals, String) }

// Uint64s returns a list of numbers.
func Uint64s(mem *event.Arena, vals []uint64) event.Value { return MapList(mem, vals, Uint64) }

// Bools returns a list of booleans.
func Bools(mem *event.Arena, vals []bool) event.Value { return MapList(mem, vals, Bool) }

// Times returns a list of absolute times.
func Times(mem *event.Arena, vals []time.Time) event.Value { return MapList(mem, vals, Time) }

// Durations returns a list of relative times.
func Durations(mem *event.Arena, vals []time.Duration) event.Value {
	return MapList(mem, vals, Duration)
}

// Addrs returns a list of addresses.
func Addrs(mem *event.Arena, vals []netip.Addr) event.Value {
	return MapList(mem, vals, func(a netip.Addr) event.Value { return Addr(mem, a) })
}

// MapList applies f to vals and returns the list of results without absent values. It is absent
// if none is left.
func MapList[T any](mem *event.Arena, vals []T, f func(T) event.Value) event.Value {
	if len(vals) == 0 {
		return event.Value{}
	}
	var list []event.Value
	if mem != nil {
		list = mem.Values(len(vals))
	} else {
		list = make([]event.Value, len(vals))
	}
	n := 0
	for _, x := range vals {
		if v := f(x); v.Present {
			list[n] = v
			n++
		}
	}
	if n == 0 {
		return event.Value{}
	}
	return event.ListValue(list[:n:n])
}

func copyBytes(mem *event.Arena, b []byte) []byte {
	if mem != nil {
		return mem.Copy(b)
	}
	return append([]byte(nil), b...)
}
