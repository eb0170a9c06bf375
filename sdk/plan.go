// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"errors"
	"fmt"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// PlanFor returns the plan with which p extracts reqs: its own if it is a [Planner],
// else one that calls Extract once per request and goes on after an error. It fails if p
// extracts no fields or a request does not fit them. reqs is not kept.
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

// check reports whether r fits the fields of its plugin.
func (r *Request) check(known []abi.FieldInfo) error {
	if r.Field < 0 || r.Field >= len(known) {
		return fmt.Errorf("there is no field with id %d", r.Field)
	}
	f := &known[r.Field]
	switch {
	case !r.HasArg && f.Arg.Required:
		return fmt.Errorf("%s requires an argument", f.Name)
	case !r.HasArg:
		return nil
	case !f.Arg.Allowed():
		return fmt.Errorf("%s takes no argument", f.Name)
	case r.ByIndex && !f.Arg.Index:
		return fmt.Errorf("%s takes no index as argument", f.Name)
	case !r.ByIndex && !f.Arg.Key:
		return fmt.Errorf("%s takes no key as argument", f.Name)
	}
	return nil
}

// singly is the plan of a plugin that extracts field by field.
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

// RequestErrors are the requests of a [Plan] that failed with an event, and why. A plan
// returns it to say which they are; with any other error all requests without a value count
// as failed.
type RequestErrors []RequestError

// RequestError is a request by its place in the plan, and why it failed.
type RequestError struct {
	Request int
	Err     error
}

// Error is the text of the first error.
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
