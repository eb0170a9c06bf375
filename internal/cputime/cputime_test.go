// SPDX-License-Identifier: Apache-2.0

package cputime

import "testing"

// Work costs about as many units as it has.
func TestCost(t *testing.T) {
	for _, units := range []int{4, 20} {
		got := Cost(func() {
			for range units {
				unit()
			}
		})
		if got < float64(units)/3 || got > float64(units)*3 {
			t.Errorf("%d units of work cost %.1f", units, got)
		}
	}
}
