// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/filter"
)

// found runs one of the index structures and returns the numbers that it hits.
func found(n int, find func(h *hits)) []int32 {
	cand := newRuleSet(n)
	h := hits{cand: &cand}
	for i := range int32(n) {
		h.rules = append(h.rules, []int32{i})
	}
	find(&h)
	var out []int32
	for r := range cand.all {
		out = append(out, r)
	}
	return out
}

// words are texts over few letters, so that they overlap much.
func words(r *rand.Rand, n, maxLen int) []string {
	seen := map[string]bool{}
	for len(seen) < n {
		b := make([]byte, 1+r.IntN(maxLen))
		for i := range b {
			b[i] = "abA"[r.IntN(3)]
		}
		seen[string(b)] = true
	}
	var out []string
	for w := range seen {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

func atomsFor(texts []string) []numbered {
	var out []numbered
	for i, s := range texts {
		out = append(out, numbered{atom{text: s}, int32(i)})
	}
	return out
}

// TestTextIndexes compares the structures with the plain functions they stand for.
func TestTextIndexes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round, n := range []int{1, 2, 5, 40, 100, 1, 2, 5, 40, 100} {
		set := words(r, n, 8)
		if round >= 5 {
			set = words(r, n, 30) // rarely shorter than what the first looks take in
		}
		lower := slices.Compact(slices.Sorted(func(yield func(string) bool) {
			for _, s := range set {
				if !yield(strings.ToLower(s)) {
					return
				}
			}
		}))
		equals := newEquals(atomsFor(set))
		prefixes, suffixes := newAffixes(atomsFor(set), false), newAffixes(atomsFor(set), true)
		contains, folded := newSubstrings(atomsFor(set), false), newSubstrings(atomsFor(lower), true)
		for _, s := range append(words(r, 200, 12), "", "x", "xabx\x00\xff") {
			f := func(name string, list []string, got []int32, is func(s, w string) bool) {
				t.Helper()
				var want []int32
				for i, w := range list {
					if is(s, w) {
						want = append(want, int32(i))
					}
				}
				if !slices.Equal(got, want) {
					t.Fatalf("%s of %q among %q: got %v, want %v", name, s, list, got, want)
				}
			}
			f("equals", set, found(n, func(h *hits) { equals.find(s, h) }), func(s, w string) bool { return s == w })
			f("prefixes", set, found(n, func(h *hits) { prefixes.find(s, h) }), strings.HasPrefix)
			f("suffixes", set, found(n, func(h *hits) { suffixes.find(s, h) }), strings.HasSuffix)
			f("substrings", set, found(n, func(h *hits) { contains.find(s, h) }), strings.Contains)
			if long := slices.DeleteFunc(atomsFor(set), func(a numbered) bool { return len(a.text) < gramSize }); len(long) > 0 {
				grams := newGrams(long)
				is := func(s, w string) bool { return len(w) >= gramSize && strings.Contains(s, w) }
				f("grams", set, found(n, func(h *hits) { grams.find(s, h) }), is)
				f("hashed grams", set, found(n, func(h *hits) { grams.findHashed(s, h) }), is)
			}
			f("folded", lower, found(n, func(h *hits) { folded.find(s, h) }), func(s, w string) bool {
				return strings.Contains(strings.ToLower(s), w)
			})
		}
	}
}

func TestSubstringsWithAllBytes(t *testing.T) {
	var list []string
	for c := range 256 {
		list = append(list, string([]byte{byte(c), 'q'}))
	}
	s := newSubstrings(atomsFor(list), false)
	for c := range 256 {
		got := found(256, func(h *hits) { s.find("__"+list[c], h) })
		if !slices.Contains(got, int32(c)) {
			t.Errorf("literal %q is not found", list[c])
		}
	}
}

func TestRanges(t *testing.T) {
	var atoms []numbered
	var list []filter.Range
	for i, r := range []filter.Range{{Min: 5, Max: 5}, {Min: 0, Max: 10}, {Min: 7, Max: 1<<64 - 1}, {Min: 3, Max: 8}, {Min: 0, Max: 1<<64 - 1}, {Min: 0, Max: 4}, {Min: 100, Max: 1<<64 - 1}} {
		atoms = append(atoms, numbered{atom{rng: r}, int32(i)})
		list = append(list, r)
	}
	x := newRanges(atoms)
	for _, n := range []uint64{0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99, 100, 1<<64 - 1} {
		var want []int32
		for i, r := range list {
			if r.Min <= n && n <= r.Max {
				want = append(want, int32(i))
			}
		}
		if got := found(len(list), func(h *hits) { x.find(n, h) }); !slices.Equal(got, want) {
			t.Errorf("%d: got %v, want %v", n, got, want)
		}
	}
}

func TestNetworks(t *testing.T) {
	var list []netip.Prefix
	var atoms []numbered
	for i, s := range []string{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "0.0.0.0/0", "2001:db8::/32", "::/0"} {
		p := netip.MustParsePrefix(s)
		list = append(list, p)
		atoms = append(atoms, numbered{atom{net: p}, int32(i)})
	}
	x := newNetworks(atoms)
	for _, s := range []string{"10.1.2.3", "10.1.2.4", "10.2.0.1", "11.0.0.1", "2001:db8::1", "fe80::1", "::ffff:10.1.2.3"} {
		a := netip.MustParseAddr(s)
		var want []int32
		for i, p := range list {
			if p.Contains(a) && p.Addr().Is4() == a.Is4() {
				want = append(want, int32(i))
			}
		}
		got := found(len(list), func(h *hits) { x.find(a, h) })
		if a.Is4In6() { // netip never says that a prefix contains a mapped address
			want = []int32{5}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", s, got, want)
		}
	}
}

func BenchmarkSubstrings(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	text := strings.Repeat(`{"bucketName":"logs-bucket","key":"path/4f/part-00001.parquet"}`, 4)
	for _, n := range []int{1, 10, 1000} {
		var list []string
		for range n {
			list = append(list, fmt.Sprintf("key-%05x", r.IntN(1<<20)))
		}
		s := newGrams(atomsFor(list))
		a := newSubstrings(atomsFor(list), false)
		cand := newRuleSet(n)
		h := hits{cand: &cand, rules: make([][]int32, n)}
		b.Run(fmt.Sprintf("literals=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s.find(text, &h)
			}
		})
		b.Run(fmt.Sprintf("automaton/literals=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				a.find(text, &h)
			}
		})
	}
}
