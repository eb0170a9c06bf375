// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"errors"
	"fmt"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// PlanFor returns a plan to extract reqs with p: p's own plan if it is a [Planner], else one
// that calls Extract for each request and continues after an error. It fails if p extracts no
// fields or a request is invalid. It does not keep reqs.
func PlanFor(p Plugin, reqs []Request) (Plan, error) {
	x, ok := p.(Extractor)
	if !ok {
		return nil, errors.New("the plugin extracts no fields")
	}
	known := x.Fields()
	own := make([]Request, len(reqs))
	for i, r := range reqs {
		if err := r.check(known); err != nil {
			return nil, err
		}
		r.Info = &known[r.Field]
		own[i] = r
	}
	if pl, ok := p.(Planner); ok {
		return pl.Plan(own)
	}
	return &singly{x: x, reqs: own}, nil
}

// check validates r against the fields of the plugin.
func (r *Request) check(known []abi.FieldInfo) error {
	if r.Field < 0 || r.Field >= len(known) {
		return fmt.Errorf("no field with ID %d", r.Field)
	}
	f := &known[r.Field]
	switch {
	case !r.HasArg && f.Arg.Required:
		return fmt.Errorf("%s requires an argument", f.Name)
	case !r.HasArg:
		return nil
	case !f.Arg.Allowed():
		return fmt.Errorf("%s does not accept an argument", f.Name)
	case r.ByIndex && !f.Arg.Index:
		return fmt.Errorf("%s does not accept an index as argument", f.Name)
	case !r.ByIndex && !f.Arg.Key:
		return fmt.Errorf("%s does not accept a key as argument", f.Name)
	}
	return nil
}

// singly is the plan of a plugin that extracts one field per call.
type singly struct {
	x    Extractor
	reqs []Request
}

func (s *singly) Extract(e *event.Event, out []event.Value, mem *event.Arena) error {
	var failed RequestErrors
	for i := range s.reqs {
		if err := s.x.Extract(e, &s.reqs[i], &out[i], mem); err != nil {
			out[i] = event.Value{}
			failed = append(failed, RequestError{i, err})
		}
	}
	if failed == nil {
		return nil
	}
	return failed
}

// RequestErrors lists the failed requests of a [Plan] for an event, with their errors. A plan
// returns it to tell which requests failed. With any other error all requests without a value
// count as failed.
type RequestErrors []RequestError

// RequestError is the index of a failed request in the plan, and its error.
type RequestError struct {
	Request int
	Err     error
}

// Error returns the text of the first error.
func (e RequestErrors) Error() string {
	if len(e) == 0 {
		return "extraction failed"
	}
	return e[0].Err.Error()
}

// Unwrap returns the errors of the requests.
func (e RequestErrors) Unwrap() []error {
	list := make([]error, 0, len(e))
	for _, r := range e {
		list = append(list, r.Err)
	}
	return list
}
