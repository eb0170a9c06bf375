// SPDX-License-Identifier: Apache-2.0

package host

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/sdk"
)

// Plan implements [fields.Extractor].
func (p *linkedPlugin) Plan(wants []fields.Want) (fields.Plan, error) {
	pl := &linkedPlan{p: p, infoCell: -1}
	pl.text.New = func() any { return new([]byte) }
	wants = slices.Clone(wants)
	slices.SortFunc(wants, func(a, b fields.Want) int { return cmp.Compare(a.Cell, b.Cell) })
	for _, w := range wants {
		if w.Ref.Field.ID == fields.InfoID {
			pl.infoCell = w.Cell
			continue
		}
		if err := pl.add(w); err != nil {
			return nil, err
		}
	}
	pl.inRow = sideBySide(pl.cells)
	if len(pl.reqs) == 0 {
		return pl, nil
	}
	pl.unchecked.Store(checkedBatches)
	err := guard(func() (err error) {
		pl.plan, err = sdk.PlanFor(p.impl, pl.reqs)
		return err
	})
	if err != nil {
		return nil, p.fail("plan", err)
	}
	return pl, nil
}

// linkedPlan is a [fields.Plan] that uses a plan of the SDK.
type linkedPlan struct {
	p     *linkedPlugin
	plan  sdk.Plan // nil without requests
	reqs  []sdk.Request
	cells []int // by request, ascending
	// inRow is true if the cells are adjacent; part of the row is then the output of plan.
	inRow bool
	// suspect lists the requests whose values may have a wrong form.
	suspect  []int
	infoCell int // the cell of evt.plugininfo, or -1
	text     sync.Pool
	// unchecked is the number of batches in which the types of all values are still checked:
	// a plugin that confuses types does so from the first events on.
	unchecked atomic.Int32
}

const checkedBatches = 8

// sideBySide reports whether the cells are consecutive.
func sideBySide(cells []int) bool {
	for i, c := range cells {
		if c != cells[0]+i {
			return false
		}
	}
	return true
}

func (pl *linkedPlan) add(w fields.Want) error {
	known, id := pl.p.module.info.Fields, w.Ref.Field.ID
	if uint64(id) >= uint64(len(known)) {
		return pl.p.fail("plan", fmt.Errorf("no field %s with ID %d", w.Ref.Field.Name, id))
	}
	f := &known[id]
	r := sdk.Request{Field: int(id), Info: f, HasArg: w.Ref.HasArg, ByIndex: w.Ref.ByIndex, Index: w.Ref.Index}
	if r.HasArg && !r.ByIndex {
		r.Key = w.Ref.Arg
	}
	if f.List || f.Type == abi.IPAddr || f.Type == abi.IPNet {
		pl.suspect = append(pl.suspect, len(pl.reqs))
	}
	pl.reqs = append(pl.reqs, r)
	pl.cells = append(pl.cells, w.Cell)
	return nil
}

// Extract implements [fields.Plan]. It never fails: fields that panic are absent.
func (pl *linkedPlan) Extract(b *event.Batch, rows []int32, t *fields.Table) error {
	if !pl.p.concurrent {
		pl.p.mu.Lock()
		defer pl.p.mu.Unlock()
	}
	var scratch []event.Value
	if !pl.inRow {
		scratch = b.Arena.Values(len(pl.reqs))
	}
	var text *[]byte
	if pl.infoCell >= 0 {
		text = pl.text.Get().(*[]byte)
		defer pl.text.Put(text)
	}
	for done := 0; done < len(rows); {
		done += pl.extractRows(b, rows[done:], t, scratch, text)
	}
	pl.checkFirst(rows, t)
	return nil
}

// extractRows fills rows until all are done or the plugin panics, which affects only the values
// of that row. It returns the number of filled rows.
func (pl *linkedPlan) extractRows(b *event.Batch, rows []int32, t *fields.Table, scratch []event.Value, text *[]byte) (done int) {
	defer func() {
		if r := recover(); r != nil {
			pl.p.stack(r)
			pl.extractSingly(b, rows[done], t, text, fmt.Sprintf("panic: %v", r))
			done++
		}
	}()
	for done = 0; done < len(rows); done++ {
		i := int(rows[done])
		e, row := &b.Events[i], t.Row(i)
		if pl.plan != nil {
			out := scratch
			if pl.inRow {
				out = row[pl.cells[0] : pl.cells[0]+len(pl.cells)]
			}
			clear(out)
			if pl.p.extracts.has(e.Type) {
				if err := pl.plan.Extract(e, out, b.Arena); err != nil {
					pl.failed(out, err) // values that are not set stay absent
				}
				pl.drop(out)
			}
			if !pl.inRow {
				for j, c := range pl.cells {
					row[c] = out[j]
				}
			}
		}
		if pl.infoCell >= 0 {
			row[pl.infoCell] = pl.info(e, b.Arena, text)
		}
	}
	return done
}

// extractSingly fills a row after a panic, field by field, so that only failing fields are
// absent. If none fails, the panic does not concern a field.
func (pl *linkedPlan) extractSingly(b *event.Batch, i int32, t *fields.Table, text *[]byte, panicked string) {
	e, row := &b.Events[i], t.Row(int(i))
	x, _ := pl.p.impl.(sdk.Extractor)
	failures, alone := pl.p.module.failures, false
	for j := range pl.reqs {
		var one [1]event.Value
		err := guard(func() error {
			var v event.Value
			err := x.Extract(e, &pl.reqs[j], &v, b.Arena)
			one[0] = v
			return err
		})
		if err != nil {
			one[0], alone = event.Value{}, true
			failures.Add(FailExtract, 1, err.Error(), pl.reqs[j].Info.Name)
		}
		if slices.Contains(pl.suspect, j) {
			one[0] = pl.proper(one[0], j)
		}
		row[pl.cells[j]] = one[0]
	}
	if pl.infoCell >= 0 {
		row[pl.infoCell] = event.Value{}
		if err := guard(func() error { row[pl.infoCell] = pl.info(e, b.Arena, text); return nil }); err != nil {
			failures.Add(FailText, 1, err.Error())
			alone = true
		}
	}
	if !alone {
		failures.Add(FailExtract, 1, panicked)
	}
}

// info returns the value of evt.plugininfo.
func (pl *linkedPlan) info(e *event.Event, mem *event.Arena, text *[]byte) event.Value {
	if e.Type != abi.PluginEvent {
		return event.Value{}
	}
	if s, ok := pl.p.impl.(sdk.Stringer); ok {
		b, err := s.AppendString((*text)[:0], e)
		if err != nil {
			pl.p.module.failures.Add(FailText, 1, err.Error())
		} else if len(b) > 0 {
			*text = b
			return event.StringValue(mem.CopyString(b))
		}
	}
	*text = AppendFallbackInfo((*text)[:0], e.Data)
	return event.StringValue(mem.CopyString(*text))
}
