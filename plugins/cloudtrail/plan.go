// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"errors"
	"fmt"
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

// madeOut is a field with a getter.
type madeOut struct {
	get getter
	out int
}

// getter makes the value of a field of what the scan found.
type getter func(x *extraction) event.Value

// recipe adds the paths that a field is made of and returns its getter.
type recipe func(b *jsonscan.Builder, req *sdk.Request) getter

// extraction is what a plan needs while it deals with one event.
type extraction struct {
	found *jsonscan.Result
	scans jsonscan.Result // is found, where the plan does its own scan
	part  jsonscan.Result // of values inside found ones
	mem   *event.Arena    // for values
	own   *event.Arena    // serves as mem where no values are asked for; nil until then
	text  []byte          // for values that are put together
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
			p.made = append(p.made, madeOut{get: f.recipe(b, &reqs[i]), out: i})
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
			out[t.out] = x.str(t.slot)
		}
	}
	for i := range p.made {
		if v := p.made[i].get(x); v.Present {
			out[p.made[i].out] = v
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

// str returns the text of a value; null is absent. Other values than strings are JSON.
func (x *extraction) str(slot int) event.Value {
	if text, ok := x.found.Plain(slot); ok {
		return event.StringValue(text)
	}
	s := x.found.At(slot)
	if s.Kind == jsonscan.Absent || s.Kind == jsonscan.Null {
		return event.Value{}
	}
	return event.StringValue(x.found.Text(s, x.mem))
}

// json returns a value as JSON, null included.
func (x *extraction) json(slot int) event.Value {
	s := x.found.At(slot)
	if s.Kind == jsonscan.Absent {
		return event.Value{}
	}
	return event.StringValue(x.found.JSON(s, x.mem))
}

// present reports whether there is a value other than null.
func (x *extraction) present(slot int) bool {
	k := x.found.At(slot).Kind
	return k != jsonscan.Absent && k != jsonscan.Null
}

// is reports whether a value is the string want.
func (x *extraction) is(slot int, want string) bool {
	return x.found.Is(x.found.At(slot), want)
}

// flag returns "true" for the value true, "false" for any other.
func (x *extraction) flag(slot int) event.Value {
	switch x.found.At(slot).Kind {
	case jsonscan.Absent, jsonscan.Null:
		return event.Value{}
	case jsonscan.True:
		return event.StringValue("true")
	default:
		return event.StringValue("false")
	}
}

// keep returns x.text as a value.
func (x *extraction) keep() event.Value { return event.StringValue(x.mem.CopyString(x.text)) }
