// SPDX-License-Identifier: Apache-2.0

package timetext

import (
	"testing"
	"time"
)

func TestAgainstPackageTime(t *testing.T) {
	for _, ns := range []uint64{0, 1, 999_999_999, 1_700_000_000_001_000_000, 951_782_400_000_000_000, 4_102_444_799_123_456_789} {
		for _, off := range []int64{0, 3600, -5 * 3600, 5*3600 + 1800, 14 * 3600, -12 * 3600} {
			at := time.Unix(int64(ns/1e9), int64(ns%1e9)).In(time.FixedZone("", int(off)))
			if off < 0 && ns < 86400e9 {
				continue // before the epoch: the clock wraps, the date is 1969
			}
			f := func(layout string, got []byte) {
				t.Helper()
				if want := at.Format(layout); string(got) != want {
					t.Errorf("%d at offset %d: got %s, want %s", ns, off, got, want)
				}
			}
			f("15:04:05.000000000", AppendClock(nil, ns, off, true))
			f("15:04:05", AppendClock(nil, ns, off, false))
			f("2006-01-02", AppendDate(nil, ns, off))
			if off == 0 {
				f("2006-01-02T15:04:05.000000000", AppendISO(nil, ns))
			}
		}
	}
}

func TestAppendPadded(t *testing.T) {
	for n, want := range map[uint64]string{0: "000000000", 7: "000000007", 1e9: "1000000000", 18446744073709551615: "18446744073709551615"} {
		if got := string(AppendPadded(nil, n)); got != want {
			t.Errorf("AppendPadded(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	buf := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { _ = AppendISO(buf, 1_700_000_000_001_000_000) }); n != 0 {
		t.Errorf("AppendISO allocates %v times", n)
	}
}
