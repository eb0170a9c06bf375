// SPDX-License-Identifier: Apache-2.0

package host

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

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
	err := guard(func() (err error) {
		pl.plan, err = sdk.PlanFor(p.impl, pl.reqs)
		return err
	})
	if err != nil {
		return nil, p.fail("plan", err)
	}
	return pl, nil
}

// linkedPlan is a [fields.Plan] over a plan of the SDK.
type linkedPlan struct {
	p     *linkedPlugin
	plan  sdk.Plan // nil without requests
	reqs  []sdk.Request
	cells []int // by request, ascending
	// inRow says that the cells lie side by side, so that a part of the row serves as
	// the output of plan.
	inRow bool
	// suspect are the requests whose values have a form that a plugin can get wrong.
	suspect  []int
	infoCell int // the cell of evt.plugininfo, or -1
	text     sync.Pool
}

// sideBySide reports whether each cell follows the one before.
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
		return pl.p.fail("plan", fmt.Errorf("there is no field %s with id %d", w.Ref.Field.Name, id))
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

// Extract implements [fields.Plan]. It never fails: what panics is absent.
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
	return nil
}

// extractRows fills rows until all are done or the plugin panics, which costs the row its
// values at most, and returns how many it did.
func (pl *linkedPlan) extractRows(b *event.Batch, rows []int32, t *fields.Table, scratch []event.Value, text *[]byte) (done int) {
	defer func() {
		if r := recover(); r != nil {
			pl.p.fault(r)
			pl.extractSingly(b, rows[done], t, text)
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
				_ = pl.plan.Extract(e, out, b.Arena) // what is not set stays absent
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

// extractSingly fills a row whose extraction has panicked, field by field, so that only
// what fails alone is absent.
func (pl *linkedPlan) extractSingly(b *event.Batch, i int32, t *fields.Table, text *[]byte) {
	e, row := &b.Events[i], t.Row(int(i))
	x, _ := pl.p.impl.(sdk.Extractor)
	for j := range pl.reqs {
		var one [1]event.Value
		err := guard(func() error {
			var v event.Value
			err := x.Extract(e, &pl.reqs[j], &v, b.Arena)
			one[0] = v
			return err
		})
		if err != nil {
			one[0] = event.Value{}
		}
		if slices.Contains(pl.suspect, j) {
			one[0] = proper(one[0], pl.reqs[j].Info)
		}
		row[pl.cells[j]] = one[0]
	}
	if pl.infoCell >= 0 {
		row[pl.infoCell] = event.Value{}
		_ = guard(func() error { row[pl.infoCell] = pl.info(e, b.Arena, text); return nil })
	}
}

// drop makes values absent that have not the form of their type.
func (pl *linkedPlan) drop(out []event.Value) {
	for _, j := range pl.suspect {
		out[j] = proper(out[j], pl.reqs[j].Info)
	}
}

// proper returns v, or an absent value if v is not a list as the field demands or has an
// address of a wrong length.
func proper(v event.Value, f *abi.FieldInfo) event.Value {
	if !v.Present || f.List && len(v.List) == 0 {
		return event.Value{}
	}
	if f.Type != abi.IPAddr && f.Type != abi.IPNet {
		return v
	}
	ok := f.List || isAddr(v.Str)
	for i := range v.List {
		ok = ok && (!f.List || isAddr(v.List[i].Str))
	}
	if !ok {
		return event.Value{}
	}
	return v
}

func isAddr(s string) bool { return len(s) == 4 || len(s) == 16 }

// info returns the value of evt.plugininfo.
func (pl *linkedPlan) info(e *event.Event, mem *event.Arena, text *[]byte) event.Value {
	if e.Type != abi.PluginEvent {
		return event.Value{}
	}
	if s, ok := pl.p.impl.(sdk.Stringer); ok {
		b, err := s.AppendString((*text)[:0], e)
		if err == nil && len(b) > 0 {
			*text = b
			return event.StringValue(mem.CopyString(b))
		}
	}
	*text = AppendFallbackInfo((*text)[:0], e.Data)
	return event.StringValue(mem.CopyString(*text))
}
