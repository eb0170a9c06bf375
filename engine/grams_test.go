// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// FuzzGrams compares both ways to look for grams with strings.Contains. The literals are the
// words of the first text; those too short for grams are made longer.
func FuzzGrams(f *testing.F) {
	if !hasGramScan {
		f.Log("this processor has no scan for grams: it is not tested here")
	}
	f.Add("abcd bcda \x80\x81abc", "xabcda\x00\x01abc\x80\x81abc")
	f.Add("part- .parquet key-00001 ssss", strings.Repeat("path/4f/part-00001.parquet", 5))
	f.Fuzz(func(t *testing.T, words, text string) {
		var literals []string
		for _, w := range strings.Fields(words) {
			if len(w) < gramSize {
				w = strings.Repeat(w, gramSize)
			}
			literals = append(literals, w)
		}
		if len(literals) == 0 {
			return
		}
		g := newGrams(atomsFor(literals))
		var want []int32
		for i, l := range literals {
			if strings.Contains(text, l) {
				want = append(want, int32(i))
			}
		}
		for name, find := range map[string]func(string, *hits){"find": g.find, "findHashed": g.findHashed} {
			if got := found(len(literals), func(h *hits) { find(text, h) }); !slices.Equal(got, want) {
				t.Errorf("%s of %q in %q: got %v, want %v", name, literals, text, got, want)
			}
		}
	})
}

// Above maxScanned literals there are no tables, at it there are; nothing is missed either way.
func TestGramsAtTheLimit(t *testing.T) {
	var literals []string
	for i := range maxScanned + 1 {
		literals = append(literals, fmt.Sprintf("key-%05d", 37*i))
	}
	text := "<" + strings.Join(literals, "><") + ">"
	for _, n := range []int{maxScanned, maxScanned + 1} {
		g := newGrams(atomsFor(literals[:n]))
		if has, want := g.tables != nil, hasGramScan && n <= maxScanned; has != want {
			t.Errorf("%d literals: tables %v, want %v", n, has, want)
		}
		if got := found(n, func(h *hits) { g.find(text, h) }); len(got) != n {
			t.Errorf("%d literals: found %d", n, len(got))
		}
	}
}
