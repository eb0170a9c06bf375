// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"math"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
)

func TestValues(t *testing.T) {
	str, num, absent := event.StringValue, event.NumValue, event.Value{}
	list := func(v ...event.Value) event.Value { return event.Value{List: v, Present: true} }
	for _, mem := range []*event.Arena{nil, event.NewArena(nil, nil)} {
		f := func(got, want event.Value) {
			t.Helper()
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		}
		f(String(""), str(""))
		f(Bytes(nil), str(""))
		f(Bytes([]byte("ab")), str("ab"))
		f(Uint64(math.MaxUint64), num(math.MaxUint64))
		f(Bool(true), num(1))
		f(Bool(false), num(0))

		f(Time(time.Time{}), absent)
		f(Time(time.Unix(0, 0)), num(0))
		f(Time(time.Unix(0, -1)), absent)
		f(Time(time.Unix(3, 5)), num(3e9+5))
		f(Time(time.Unix(0, math.MaxInt64)), num(math.MaxInt64))
		f(Time(time.Unix(1<<40, 0)), absent)
		f(Duration(-1), absent)
		f(Duration(0), num(0))
		f(Duration(math.MaxInt64), num(math.MaxInt64))

		f(Addr(mem, netip.Addr{}), absent)
		f(Addr(mem, netip.MustParseAddr("1.2.3.4")), str("\x01\x02\x03\x04"))
		f(Addr(mem, netip.MustParseAddr("::ffff:1.2.3.4")), str("\x01\x02\x03\x04"))
		f(Addr(mem, netip.MustParseAddr("fe80::1%eth0")), str("\xfe\x80"+string(make([]byte, 13))+"\x01"))
		f(AddrBytes(mem, net.IPv4(1, 2, 3, 4)), str("\x01\x02\x03\x04"))
		f(AddrBytes(mem, []byte{1, 2, 3, 4}), str("\x01\x02\x03\x04"))
		f(AddrBytes(mem, []byte{1, 2, 3}), absent)
		f(AddrBytes(mem, nil), absent)

		f(Strings(mem, nil), absent)
		f(Strings(mem, []string{"", "b"}), list(str(""), str("b")))
		f(Uint64s(mem, []uint64{1, 0}), list(num(1), num(0)))
		f(Bools(mem, []bool{true, false}), list(num(1), num(0)))
		f(Times(mem, []time.Time{{}, time.Unix(0, 7)}), list(num(7)))
		f(Durations(mem, []time.Duration{-1, -2}), absent)
		f(Addrs(mem, []netip.Addr{{}, netip.MustParseAddr("1.2.3.4")}), list(str("\x01\x02\x03\x04")))
		f(List(mem), absent)
		f(List(mem, String("a"), event.Value{}, String("c")), list(str("a"), str("c")))
	}
}

// What was made of memory that is used again must not change.
func TestAddrIsACopy(t *testing.T) {
	mem := event.NewArena(nil, nil)
	ip := []byte{1, 2, 3, 4}
	v := AddrBytes(mem, ip)
	ip[0] = 9
	if v.Str != "\x01\x02\x03\x04" {
		t.Errorf("got %q", v.Str)
	}
}

func TestValuesAllocateNothing(t *testing.T) {
	mem := event.NewArena(nil, nil)
	ips := []netip.Addr{netip.MustParseAddr("1.2.3.4"), netip.MustParseAddr("::1")}
	texts := []string{"a", "b"}
	n := testing.AllocsPerRun(100, func() {
		mem.Reset()
		Addrs(mem, ips)
		Strings(mem, texts)
		AddrBytes(mem, texts4)
	})
	if n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

var texts4 = []byte{1, 2, 3, 4}

func TestSetString(t *testing.T) {
	var v event.Value
	SetString(&v, "a text")
	if d := cmp.Diff(String("a text"), v); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
