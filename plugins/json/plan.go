// SPDX-License-Identifier: Apache-2.0

package json

import (
	"encoding/json"
	"fmt"
	"strconv"
	"sync"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// plan extracts a set of fields: all pointers in one scan.
type plan struct {
	reqs    []sdk.Request
	set     *jsonscan.Set // nil if no field needs a scan
	values  []value
	obj     []int // positions of json.obj among the outputs
	rawtime []int
}

// value is a json.value: the slot of its pointer and its position among the outputs.
type value struct{ slot, out int }

// Plan compiles the pointers of all requests.
func (*plugin) Plan(reqs []sdk.Request) (sdk.Plan, error) {
	for _, r := range reqs {
		if r.Field < 0 || r.Field >= len(fields) {
			return nil, fmt.Errorf("there is no field with id %d", r.Field)
		}
	}
	var b jsonscan.Builder
	p := newPlan(reqs, &b)
	if p.values != nil {
		p.set = b.Build()
	}
	return p, nil
}

func newPlan(reqs []sdk.Request, b *jsonscan.Builder) *plan {
	p := &plan{reqs: reqs}
	for i, r := range reqs {
		switch r.Field % kinds {
		case fieldValue:
			p.values = append(p.values, value{slot: b.Add(jsonscan.Pointer(r.Key)), out: i})
		case fieldObj:
			p.obj = append(p.obj, i)
		case fieldRawtime:
			p.rawtime = append(p.rawtime, i)
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

// scratch is what an extraction needs for its duration.
type scratch struct {
	result jsonscan.Result
	text   []byte
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// Extract implements [sdk.Plan].
func (p *plan) Extract(e *event.Event, out []event.Value, mem *event.Arena) error {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	var err error
	if p.set != nil {
		err = p.set.Scan(e.Data, &s.result)
		defer s.result.Forget()
	}
	return p.Take(e, &s.result, err, out, mem)
}

// Take implements [jsonscan.Shared]. What was found before the text went wrong counts.
func (p *plan) Take(e *event.Event, r *jsonscan.Result, err error, out []event.Value, mem *event.Arena) error {
	if e.Type != abi.PluginEvent {
		return errNotPlugin
	}
	if len(e.Data) == 0 || e.Data[0] != '{' && e.Data[0] != '[' {
		return errNotJSON
	}
	for _, i := range p.rawtime {
		out[i] = event.StringValue(event.String(strconv.AppendUint(mem.Bytes(20)[:0], e.Time, 10)))
	}
	for _, v := range p.values {
		if s := r.At(v.slot); s.Kind != jsonscan.Absent {
			out[v.out] = event.StringValue(r.Text(s, mem))
		}
	}
	if p.obj != nil {
		err = p.extractObj(e, out, mem, err)
	}
	return err
}

// extractObj gives every json.obj the same text. It checks every byte of the event, as
// nobody else does.
func (p *plan) extractObj(e *event.Event, out []event.Value, mem *event.Arena, err error) error {
	if !json.Valid(e.Data) {
		return errNotJSON
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.text = jsonscan.AppendIndent(s.text[:0], e.Data)
	v := event.StringValue(mem.CopyString(s.text))
	for _, i := range p.obj {
		out[i] = v
	}
	return err
}
