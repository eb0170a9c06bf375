// SPDX-License-Identifier: Apache-2.0

package fields

// Layout assigns a cell to each distinct field reference in the rules of one event source.
// It grows while rules are compiled and is read-only afterwards. The zero value is empty and
// ready to use.
type Layout struct {
	refs  []Ref
	cells map[Ref]int
}

// Cell returns the cell of r. A new reference gets the next cell.
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

// Refs returns the references by cell. The caller must not change the slice.
func (l *Layout) Refs() []Ref { return l.refs }

// Width returns the number of cells per row.
func (l *Layout) Width() int { return len(l.refs) }
