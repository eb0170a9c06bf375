// SPDX-License-Identifier: Apache-2.0

package fields

// Layout numbers the field references that the rules of one event source use: the n-th
// distinct reference has cell n of every row. It grows while rules are compiled and is
// read-only afterwards. The zero value is empty and ready to use.
type Layout struct {
	refs  []Ref
	cells map[Ref]int
}

// Cell returns the cell of r, giving it the next one at its first use.
func (l *Layout) Cell(r Ref) int {
	if c, ok := l.cells[r]; ok {
		return c
	}
	if l.cells == nil {
		l.cells = make(map[Ref]int)
	}
	c := len(l.refs)
	l.refs = append(l.refs, r)
	l.cells[r] = c
	return c
}

// Refs returns the references by cell. The caller does not change the slice.
func (l *Layout) Refs() []Ref { return l.refs }

// Width is the number of cells of a row.
func (l *Layout) Width() int { return len(l.refs) }
