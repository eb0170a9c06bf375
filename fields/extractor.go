// SPDX-License-Identifier: Apache-2.0

package fields

import "github.com/gyr-dev/gyr/event"

// Extractor fills cells with the values of its fields.
type Extractor interface {
	// Plan prepares the extraction of the fields behind wants, all of which the
	// extractor owns. Plans are immutable; several goroutines may use one plan, each
	// with a batch and a table of its own. The plan keeps nothing of a batch.
	Plan(wants []Want) (Plan, error)
}

// Want is a field reference and the cell that its value goes to.
type Want struct {
	Ref  Ref
	Cell int
}

// Plan fills the wanted cells.
type Plan interface {
	// Extract sets every wanted cell of the rows with the given numbers (row i is for
	// b.Events[i]): present with a value, or absent. Values live in b's memory. A field
	// that cannot be extracted from an event is absent, which is not an error; an error
	// means that the extractor can no longer be used (all cells of its rows are absent
	// then).
	Extract(b *event.Batch, rows []int32, t *Table) error
}

// Table holds the values of a batch's events: Width cells per event, row by row. A cell
// has a meaning only after a plan has set it. It is used by one goroutine at a time.
type Table struct {
	Width int
	Cells []event.Value
}

// Resize makes room for n rows of width cells. Their content is undefined.
func (t *Table) Resize(n, width int) {
	t.Width = width
	if n*width > cap(t.Cells) {
		t.Cells = make([]event.Value, n*width)
	}
	t.Cells = t.Cells[:n*width]
}

// Row returns the cells of event i.
func (t *Table) Row(i int) []event.Value {
	return t.Cells[i*t.Width : (i+1)*t.Width : (i+1)*t.Width]
}

// Joiner is a Plan that can fill the cells of another extractor's plan in the same pass
// over the events.
type Joiner interface {
	// Join returns a plan that does the work of both, or nil if there is none.
	Join(other Plan) Plan
}
