// SPDX-License-Identifier: Apache-2.0

package host

import (
	"slices"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/sdk"
)

// Join implements [fields.Joiner]: two linked-in plugins that parse the same format scan an event
// once. Only plugins that extract concurrently are joined, since others wait for each other, and
// only if they accept the same event types.
func (pl *linkedPlan) Join(other fields.Plan) fields.Plan {
	o, ok := other.(*linkedPlan)
	if !ok || pl.plan == nil || o.plan == nil || !pl.p.concurrent || !o.p.concurrent || pl.p.extracts != o.p.extracts {
		return nil
	}
	j, ok := pl.plan.(sdk.Joiner)
	if !ok {
		return nil
	}
	var plan sdk.Plan
	if err := guard(func() error { plan = j.Join(o.plan); return nil }); err != nil || plan == nil {
		return nil
	}
	cells := slices.Concat(pl.cells, o.cells)
	return &joinedPlan{plan: plan, parts: [2]*linkedPlan{pl, o}, cells: cells, inRow: sideBySide(cells)}
}

// joinedPlan is a [fields.Plan] for the fields of two plugins.
type joinedPlan struct {
	plan  sdk.Plan // for the requests of both parts
	parts [2]*linkedPlan
	cells []int // cells of both, in the order of the plan's values
	inRow bool  // the cells are adjacent; part of the row is the plan's output
}

// Extract implements [fields.Plan].
func (j *joinedPlan) Extract(b *event.Batch, rows []int32, t *fields.Table) error {
	var scratch []event.Value
	if !j.inRow {
		scratch = b.Arena.Values(len(j.cells))
	}
	var texts [2]*[]byte
	for i, p := range j.parts {
		if p.infoCell >= 0 {
			texts[i] = p.text.Get().(*[]byte)
			defer p.text.Put(texts[i])
		}
	}
	for done := 0; done < len(rows); {
		done += j.extractRows(b, rows[done:], t, scratch, texts)
	}
	for _, p := range j.parts {
		p.checkFirst(rows, t)
	}
	return nil
}

// extractRows fills rows until all are done or a plugin panics. After a panic each plugin fills
// the row separately. It returns the number of filled rows.
func (j *joinedPlan) extractRows(b *event.Batch, rows []int32, t *fields.Table, scratch []event.Value, texts [2]*[]byte) (done int) {
	defer func() {
		if recover() != nil {
			for _, p := range j.parts {
				_ = p.Extract(b, rows[done:done+1], t) // never fails
			}
			done++
		}
	}()
	for done = 0; done < len(rows); done++ {
		e, row := &b.Events[rows[done]], t.Row(int(rows[done]))
		out := scratch
		if j.inRow {
			out = row[j.cells[0] : j.cells[0]+len(j.cells)]
		}
		clear(out)
		if j.parts[0].p.extracts.has(e.Type) {
			if err := j.plan.Extract(e, out, b.Arena); err != nil {
				// Each plugin extracts separately, to attribute the failure.
				for _, p := range j.parts {
					_ = p.Extract(b, rows[done:done+1], t) // never fails
				}
				continue
			}
			n := len(j.parts[0].cells)
			j.parts[0].drop(out[:n])
			j.parts[1].drop(out[n:])
		}
		if !j.inRow {
			for i, c := range j.cells {
				row[c] = out[i]
			}
		}
		for i, p := range j.parts {
			if p.infoCell >= 0 {
				row[p.infoCell] = p.info(e, b.Arena, texts[i])
			}
		}
	}
	return done
}
