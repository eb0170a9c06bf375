// SPDX-License-Identifier: Apache-2.0

package fields

// Nearest returns the field of a source with the name most similar to name, or "" if none is
// similar: the edit distance must be at most a third of the length.
func (c *Catalogue) Nearest(source, name string) string {
	best, bestDist := "", len(name)/3+1
	for _, f := range c.Fields(source) {
		if d := distance(name, f.Name, bestDist); d < bestDist {
			best, bestDist = f.Name, d
		}
	}
	return best
}

// distance returns the edit distance of a and b (insertions, deletions and replacements), or
// limit if it is not smaller.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		least := row[0]
		for j := range len(b) {
			d := diag
			if a[i] != b[j] {
				d = min(diag, row[j], row[j+1]) + 1
			}
			diag, row[j+1] = row[j+1], d
			least = min(least, d)
		}
		if least >= limit {
			return limit
		}
	}
	return min(row[len(b)], limit)
}
