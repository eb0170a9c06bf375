// SPDX-License-Identifier: Apache-2.0

package fields

import "github.com/gyr-dev/gyr/event"

// Extractor fills cells with the values of its fields.
type Extractor interface {
	// Plan prepares the extraction of the wanted fields, all of which the extractor must
	// own. Plans are immutable. Several goroutines may use one plan, each with its own batch
	// and table. A plan keeps no references to a batch.
	Plan(wants []Want) (Plan, error)
}

// Want is a field reference and the cell for its value.
type Want struct {
	Ref  Ref
	Cell int
}

// Plan fills the wanted cells.
type Plan interface {
	// Extract sets every wanted cell of the given rows (row i belongs to b.Events[i]) to a
	// value or to absent. Values are in b's memory. A field that cannot be extracted from
	// an event is absent; this is not an error. An error means that the extractor has failed
	// for good; all wanted cells are then absent.
	Extract(b *event.Batch, rows []int32, t *Table) error
}

// Table holds the values of a batch's events: one row of cells per event. A cell is undefined
// until a plan has set it. A Table is not safe for concurrent use.
type Table struct {
	Width int
	Cells []event.Value
}

// Resize sets the size to n rows of width cells. Their content is undefined.
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

// Joiner is a Plan that can also fill the cells of another extractor's plan, in the same
// pass over the events.
type Joiner interface {
	// Join returns a plan that fills the cells of both, or nil if that is not possible.
	Join(other Plan) Plan
}
