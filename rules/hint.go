// SPDX-License-Identifier: Apache-2.0

package rules

import "strings"

// hint suggests a name for one that does not exist.
func (l *loader) hint(p *problem) string {
	suggest := func(kind, name string) string {
		if name == "" {
			return ""
		}
		return "did you mean " + kind + name + "?"
	}
	if name, ok := between(p.msg, "Undefined macro '", "'"); ok {
		return suggest("the macro ", nearest(name, func(yield func(string) bool) {
			for _, m := range l.defs.macros.all {
				if !yield(m.name) {
					return
				}
			}
		}))
	}
	if name, ok := between(p.msg, "nonexistent field ", ""); ok {
		return suggest("", l.nearestField(p.at, name))
	}
	if name, ok := between(p.msg, "'", "' is not a supported filter field"); ok {
		return suggest("", l.nearestField(p.at, name))
	}
	if name, ok := between(p.msg, "Unknown source ", ","); ok {
		return suggest("", nearest(name, func(yield func(string) bool) {
			for _, s := range l.Catalogue.Sources() {
				if !yield(s) {
					return
				}
			}
		}))
	}
	return ""
}

// between returns the text between two others; with an empty end, all up to a blank.
func between(s, begin, end string) (string, bool) {
	_, rest, ok := strings.Cut(s, begin)
	if !ok {
		return "", false
	}
	if end == "" {
		rest, _, _ = strings.Cut(rest, " ")
		return rest, true
	}
	rest, _, ok = strings.Cut(rest, end)
	return rest, ok
}

func (l *loader) nearestField(at *place, name string) string {
	name, _, _ = strings.Cut(name, "[")
	for ; at != nil; at = at.parent {
		if at.kind == kindRule {
			if r := l.defs.rules.get(at.name); r != nil {
				return l.Catalogue.Nearest(r.source, name)
			}
		}
	}
	return ""
}

// nearest returns the name that is most like name, or "" if none is: at most a third of the
// letters may differ.
func nearest(name string, names func(func(string) bool)) string {
	best, dist := "", len(name)/3+1
	for n := range names {
		if d := distance(name, n, dist); d < dist {
			best, dist = n, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements that make a into b; it is limit
// if they are not fewer.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 200 {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := min(diag, row[j], row[j+1]) + 1
			if a[i] == b[j] {
				d = diag
			}
			diag, row[j+1] = row[j+1], d
		}
	}
	return min(row[len(b)], limit)
}
