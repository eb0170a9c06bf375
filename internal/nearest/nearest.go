// SPDX-License-Identifier: Apache-2.0

// Package nearest finds the known name that somebody who wrote an unknown one probably
// meant.
package nearest

import (
	"iter"
	"strings"
)

// maxLength bounds the work: a longer name is nobody's typing error.
const maxLength = 200

// Name returns the one of names that is most like name, or "" if none is like it: at most
// a third of the letters, and at least one, may differ. Case does not count, and two letters
// that changed places count as one difference. Of several the one counts that begins as name
// does, and then the first.
func Name(name string, names iter.Seq[string]) string {
	if name == "" || len(name) > maxLength {
		return ""
	}
	low := strings.ToLower(name)
	best, least := "", max(len(name)/3, 1)+1
	same := 0 // letters that best begins with as name does
	for n := range names {
		known := strings.ToLower(n)
		d, s := distance(low, known, least+1), prefix(low, known)
		if d < least || d == least && best != "" && s > same {
			best, least, same = n, d, s
		}
	}
	return best
}

// prefix is the length of what a and b both begin with.
func prefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that
// make a into b; it is limit if they are not fewer.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			if a[i] == b[j] {
				row[j+1] = last[j]
				continue
			}
			row[j+1] = min(last[j], last[j+1], row[j]) + 1
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
