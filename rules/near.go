// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"iter"
	"strings"
)

// didYouMean suggests a name, if there is one.
func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return "did you mean " + name + "?"
}

// nearest returns the name that is most like name, or "" if none is: at most a third of the
// letters may differ.
func nearest(name string, names iter.Seq[string]) string {
	return nearestWithin(name, len(name)/3, names)
}

// nearestWithin returns the name that is most like name, or "" if none differs in at most so
// many letters. Upper and lower case are the same.
func nearestWithin(name string, limit int, names iter.Seq[string]) string {
	best, dist := "", limit+1
	name = strings.ToLower(name)
	for n := range names {
		if d := distance(name, strings.ToLower(n), dist); d < dist {
			best, dist = n, d
		}
	}
	return best
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that make a
// into b; it is limit if they are not fewer.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 200 {
		return limit
	}
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			d := min(row[j], next[j], row[j+1]) + 1
			if a[i] == b[j] {
				d = row[j]
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, before[j-1]+1)
			}
			next[j+1] = d
		}
		before, row = row, next
	}
	return min(row[len(b)], limit)
}

// macroNames and listNames yield what is defined so far.
func (d *definitions) macroNames(yield func(string) bool) {
	for _, m := range d.macros.all {
		if !yield(m.name) {
			return
		}
	}
}

func (d *definitions) listNames(yield func(string) bool) {
	for _, l := range d.lists.all {
		if !yield(l.name) {
			return
		}
	}
}

func (d *definitions) ruleNames(yield func(string) bool) {
	for _, r := range d.rules.all {
		if !yield(r.name) {
			return
		}
	}
}
