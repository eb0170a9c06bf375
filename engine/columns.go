// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"cmp"
	"slices"

	"github.com/gyr-dev/gyr/fields"
)

// columnsOf returns the column of each cell. The cells of round one come first, and within a
// round the cells of one extractor are adjacent. A plan can then write its values in place,
// and the cells that the index reads are close together.
func columnsOf(refs []fields.Ref, early []bool) []int32 {
	cells := make([]int, len(refs))
	rank := make(map[fields.Extractor]int)
	for cell, ref := range refs {
		cells[cell] = cell
		if _, ok := rank[ref.Field.Owner]; !ok {
			rank[ref.Field.Owner] = len(rank)
		}
	}
	round := func(cell int) int {
		if early[cell] {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(cells, func(a, b int) int {
		return cmp.Or(cmp.Compare(round(a), round(b)), cmp.Compare(rank[refs[a].Field.Owner], rank[refs[b].Field.Owner]))
	})
	columns := make([]int32, len(refs))
	for column, cell := range cells {
		columns[cell] = int32(column)
	}
	return columns
}
