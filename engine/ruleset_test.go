// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRuleSet(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, n := range []int{1, 63, 64, 65, 4096, 4097, 10_000} {
		always, cand := newRuleSet(n), newRuleSet(n)
		base := map[int32]bool{}
		for range n / 100 {
			i := r.Int32N(int32(n))
			always.add(i)
			base[i] = true
		}
		for range 20 {
			cand.reset(&always)
			want := map[int32]bool{}
			for k := range base {
				want[k] = true
			}
			for range r.IntN(30) {
				i := r.Int32N(int32(n))
				cand.add(i)
				want[i] = true
			}
			var got []int32
			for i := range cand.all {
				got = append(got, i)
			}
			if !slices.IsSorted(got) || len(got) != len(want) || cand.size() != len(want) {
				t.Fatalf("%d rules: %d members, want %d in order: %v", n, len(got), len(want), got)
			}
			for _, i := range got {
				if !want[i] {
					t.Fatalf("%d rules: unexpected member %d", n, i)
				}
			}
		}
	}
}
