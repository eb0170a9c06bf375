// SPDX-License-Identifier: Apache-2.0

package k8saudit

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
	reqs    []sdk.Request
	set     *jsonscan.Set
	auditID int // slot; without it an event is none of Kubernetes
	getters []getter
}

// getter sets the value of a field, which is absent before, from what the scan found.
type getter func(x *extraction, out *event.Value)

// recipe adds the paths that a field is made of and returns its getter.
type recipe func(b *jsonscan.Builder, req *sdk.Request) getter

// extraction is what a plan needs while it deals with one event.
type extraction struct {
	found *jsonscan.Result
	scans jsonscan.Result // is found, where the plan does its own scan
	part  jsonscan.Result // of values inside found ones
	mem   *event.Arena
	buf   []byte // for values that are put together
}

var extractions = sync.Pool{New: func() any { return new(extraction) }}

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
	p := &plan{reqs: reqs, auditID: b.Add(jsonscan.Keys("auditID"))}
	for i := range reqs {
		p.getters = append(p.getters, fields[reqs[i].Field].recipe(b, &reqs[i]))
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
	errNotJSON   = errors.New("event is not a JSON object")
)

func check(e *event.Event) error {
	switch {
	case e.Type != abi.PluginEvent:
		return errNotPlugin
	case len(e.Data) == 0 || e.Data[0] != '{':
		return errNotJSON
	}
	return nil
}

// Extract implements [sdk.Plan].
func (p *plan) Extract(e *event.Event, out []event.Value, mem *event.Arena) error {
	if err := check(e); err != nil {
		return err
	}
	x := extractions.Get().(*extraction)
	err := p.set.Scan(e.Data, &x.scans)
	if err == nil {
		p.get(x, &x.scans, out, mem)
	}
	x.scans.Forget()
	extractions.Put(x)
	return err
}

// Take implements [jsonscan.Shared].
func (p *plan) Take(e *event.Event, r *jsonscan.Result, err error, out []event.Value, mem *event.Arena) error {
	if bad := check(e); bad != nil || err != nil {
		return errors.Join(bad, err)
	}
	x := extractions.Get().(*extraction)
	p.get(x, r, out, mem)
	extractions.Put(x)
	return nil
}

// get sets out, all of which is absent.
func (p *plan) get(x *extraction, r *jsonscan.Result, out []event.Value, mem *event.Arena) {
	if r.At(p.auditID).Kind == jsonscan.Absent {
		return
	}
	x.found, x.mem = r, mem
	for i, get := range p.getters {
		get(x, &out[i])
	}
	x.part.Forget()
	x.found, x.mem = nil, nil
}
