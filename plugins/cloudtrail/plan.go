// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// plan extracts a set of fields: the values that they are made of are found in one scan.
type plan struct {
	reqs  []sdk.Request
	set   *jsonscan.Set
	texts []textOut // most fields are nothing but a text
	made  []madeOut // the others
}

// textOut is a field that is the text at a slot, and its position among the outputs.
type textOut struct{ slot, out int }

// madeOut is a field with a getter: one of them is set.
type madeOut struct {
	text textGetter
	num  numGetter
	list listGetter
	out  int
}

// A getter makes the value of a field of what the scan found. (It does not return an
// [event.Value], which is too large for that: a copy of it right after it was written has
// the processor wait.)
type (
	textGetter func(x *extraction) (text string, ok bool)
	numGetter  func(x *extraction) (n uint64, ok bool)
	listGetter func(x *extraction) []event.Value // empty if absent
)

// A recipe adds the paths that a field is made of and returns its getter.
type recipe interface {
	made(b *jsonscan.Builder, req *sdk.Request) madeOut
}

type (
	textRecipe func(b *jsonscan.Builder, req *sdk.Request) textGetter
	numRecipe  func(b *jsonscan.Builder, req *sdk.Request) numGetter
	listRecipe func(b *jsonscan.Builder, req *sdk.Request) listGetter
)

func (r textRecipe) made(b *jsonscan.Builder, req *sdk.Request) madeOut {
	return madeOut{text: r(b, req)}
}
func (r numRecipe) made(b *jsonscan.Builder, req *sdk.Request) madeOut {
	return madeOut{num: r(b, req)}
}
func (r listRecipe) made(b *jsonscan.Builder, req *sdk.Request) madeOut {
	return madeOut{list: r(b, req)}
}

// extraction is what a plan needs while it deals with one event.
type extraction struct {
	found *jsonscan.Result
	scans jsonscan.Result // is found, where the plan does its own scan
	part  jsonscan.Result // of values inside found ones
	mem   *event.Arena    // for values
	own   *event.Arena    // serves as mem where no values are asked for; nil until then
	buf   []byte          // for values that are put together
	line  []byte          // for those that are made of such values
}

var extractions = sync.Pool{New: func() any { return new(extraction) }}

func (x *extraction) done() {
	x.scans.Forget()
	x.part.Forget()
	x.found, x.mem = nil, nil
	extractions.Put(x)
}

// Plan compiles the requests.
func (*plugin) Plan(reqs []sdk.Request) (sdk.Plan, error) {
	for i := range reqs {
		if f := reqs[i].Field; f < 0 || f >= len(fields) {
			return nil, fmt.Errorf("there is no field with id %d", f)
		}
	}
	var b jsonscan.Builder
	p := newPlan(reqs, &b)
	p.set = b.Build()
	return p, nil
}

func newPlan(reqs []sdk.Request, b *jsonscan.Builder) *plan {
	p := &plan{reqs: reqs}
	for i := range reqs {
		if f := &fields[reqs[i].Field]; f.recipe == nil {
			p.texts = append(p.texts, textOut{slot: b.Add(f.path), out: i})
		} else {
			made := f.recipe.made(b, &reqs[i])
			made.out = i
			p.made = append(p.made, made)
		}
	}
	return p
}

// Join implements [sdk.Joiner].
func (p *plan) Join(other sdk.Plan) sdk.Plan { return jsonscan.Join(p, other) }

// Share implements [jsonscan.Part].
func (p *plan) Share(b *jsonscan.Builder) jsonscan.Shared { return newPlan(p.reqs, b) }

// Requests implements [jsonscan.Shared].
func (p *plan) Requests() int { return len(p.reqs) }

var (
	errNotPlugin = errors.New("not an event of a plugin")
	errNotRecord = errors.New("event is not a JSON object")
)

// Extract implements [sdk.Plan]. A record that the scan finds to be damaged has no fields:
// what is made of absent values would be wrong otherwise. (Records that the splitter
// found are in order as far as scans look.)
func (p *plan) Extract(e *event.Event, out []event.Value, mem *event.Arena) error {
	x := extractions.Get().(*extraction)
	x.mem = mem
	err := x.scan(p.set, e)
	if err == nil {
		p.get(x, out)
	}
	x.done()
	return err
}

// Take implements [jsonscan.Shared].
func (p *plan) Take(e *event.Event, r *jsonscan.Result, err error, out []event.Value, mem *event.Arena) error {
	if check := isRecord(e); check != nil || err != nil {
		return errors.Join(check, err)
	}
	x := extractions.Get().(*extraction)
	x.found, x.mem = r, mem
	p.get(x, out)
	x.done()
	return nil
}

// get sets out, all of which is absent, as most fields of most events are.
func (p *plan) get(x *extraction, out []event.Value) {
	found := x.found
	for _, t := range p.texts {
		if text, ok := found.Plain(t.slot); ok {
			v := &out[t.out]
			v.Str, v.Present = text, true
		} else if found.At(t.slot).Kind != jsonscan.Absent {
			v := &out[t.out]
			v.Str, v.Present = x.text(t.slot)
		}
	}
	for i := range p.made {
		m := &p.made[i]
		switch v := &out[m.out]; {
		case m.text != nil:
			v.Str, v.Present = m.text(x)
		case m.num != nil:
			v.Num, v.Present = m.num(x)
		default:
			v.List = m.list(x)
			v.Present = len(v.List) > 0
		}
	}
}

// isRecord refuses what cannot be a record.
func isRecord(e *event.Event) error {
	if e.Type != abi.PluginEvent {
		return errNotPlugin
	}
	if len(e.Data) == 0 || e.Data[0] != '{' {
		return errNotRecord
	}
	return nil
}

// scan looks for the set's paths in the event.
func (x *extraction) scan(set *jsonscan.Set, e *event.Event) error {
	if err := isRecord(e); err != nil {
		return err
	}
	x.found = &x.scans
	return set.Scan(e.Data, x.found)
}

// text returns the text of a value; null is absent. Other values than strings are JSON.
func (x *extraction) text(slot int) (text string, ok bool) {
	if text, ok := x.found.Plain(slot); ok {
		return text, true
	}
	if !x.present(slot) {
		return "", false
	}
	return x.found.Text(x.found.At(slot), x.mem), true
}

// json returns a value as JSON, null included.
func (x *extraction) json(slot int) (text string, ok bool) {
	s := x.found.At(slot)
	return x.found.JSON(s, x.mem), s.Kind != jsonscan.Absent
}

// present reports whether there is a value other than null.
func (x *extraction) present(slot int) bool {
	k := x.found.At(slot).Kind
	return k != jsonscan.Absent && k != jsonscan.Null
}

// simple reports whether there is a value that is neither null nor made of others.
func (x *extraction) simple(slot int) bool {
	switch x.found.At(slot).Kind {
	case jsonscan.String, jsonscan.Number, jsonscan.True, jsonscan.False:
		return true
	}
	return false
}

// is reports whether a value is the string want.
func (x *extraction) is(slot int, want string) bool {
	return x.found.Is(x.found.At(slot), want)
}

// flag returns "true" or "false" for true and false, as values and as texts in any case.
// Anything else but null is "false", but not said.
func (x *extraction) flag(slot int) (text string, said bool) {
	switch x.found.At(slot).Kind {
	case jsonscan.True:
		return "true", true
	case jsonscan.False:
		return "false", true
	case jsonscan.String:
		text, _ := x.text(slot)
		if strings.EqualFold(text, "true") {
			return "true", true
		}
		return "false", strings.EqualFold(text, "false")
	}
	return "false", false
}
