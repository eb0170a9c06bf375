// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"net/netip"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// The functions of this file make field values. None of them panics, whatever it is
// given: what the field's type cannot express is absent. Lists and addresses need memory,
// which they take from mem; with a nil mem it comes from the Go heap.

// String returns a text. The host reads it up to the first NUL.
func String(s string) event.Value { return event.StringValue(s) }

// SetString makes out, which is absent, a text: what *out = String(s) does, but without a
// copy of the value on its way, which takes several times longer than the rest.
func SetString(out *event.Value, s string) { out.Str, out.Present = s, true }

// Bytes returns a text that is a view of b, which must not change while the event lives:
// use it for parts of an event's payload and for memory from the arena.
func Bytes(b []byte) event.Value { return event.StringValue(event.String(b)) }

// Uint64 returns a number.
func Uint64(n uint64) event.Value { return event.NumValue(n) }

// Bool returns a boolean.
func Bool(b bool) event.Value { return event.BoolValue(b) }

// Time returns an absolute time in nanoseconds; it is absent for the zero time and for
// times before 1970 or after 2262.
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

// Duration returns a relative time in nanoseconds; it is absent if d is negative.
func Duration(d time.Duration) event.Value {
	if d < 0 {
		return event.Value{}
	}
	return event.NumValue(uint64(d))
}

// Addr returns an address of 4 or 16 bytes; it is absent if a is not valid. An IPv4
// address in IPv6 form is given as IPv4. The zone is lost.
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

// AddrBytes returns an address from its 4 or 16 bytes in network order (a net.IP), with
// the rules of [Addr]. Any other length is absent.
func AddrBytes(mem *event.Arena, b []byte) event.Value {
	a, _ := netip.AddrFromSlice(b)
	return Addr(mem, a)
}

// List returns a list of values, which are copied without those that are absent. It is
// absent if nothing is left.
func List(mem *event.Arena, vals ...event.Value) event.Value {
	return MapList(mem, vals, func(v event.Value) event.Value { return v })
}

// Strings returns a list of texts.
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

// MapList returns the list of what f makes of vals, without absent values; it is absent
// if nothing is left.
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
