// SPDX-License-Identifier: Apache-2.0

// Package nearest suggests the known name that is most similar to an unknown one.
package nearest

import (
	"iter"
	"strings"
)

// maxLength limits the work. Longer names get no suggestion.
const maxLength = 200

// Name returns the most similar of names, or "" if none is similar: at most a third of the
// letters may differ, but always one. It ignores case and counts a swap of two letters as one
// difference. Among equally similar names it prefers the longest common prefix, then the first.
func Name(name string, names iter.Seq[string]) string {
	if name == "" || len(name) > maxLength {
		return ""
	}
	low := strings.ToLower(name)
	best, least := "", max(len(name)/3, 1)+1
	same := 0 // length of the common prefix of best and name
	for n := range names {
		known := strings.ToLower(n)
		d, s := distance(low, known, least+1), prefix(low, known)
		if d < least || d == least && best != "" && s > same {
			best, least, same = n, d, s
		}
	}
	return best
}

// prefix returns the length of the common prefix of a and b.
func prefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// distance returns the number of insertions, deletions, replacements and swaps of adjacent
// letters between a and b, or limit if it is not smaller.
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
