// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"errors"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

type plain struct{}

func (plain) Info() Info { return Info{} }

type single struct{ plain }

func (single) Fields() []abi.FieldInfo {
	return []abi.FieldInfo{
		{Name: "s.none", Type: abi.String},
		{Name: "s.index", Type: abi.String, Arg: abi.FieldArg{Index: true, Required: true}},
		{Name: "s.key", Type: abi.String, Arg: abi.FieldArg{Key: true}},
	}
}

func (single) Extract(_ *event.Event, req *Request, out *event.Value, _ *event.Arena) error {
	*out = String(req.Info.Name + req.Key)
	if req.Key == "bad" {
		return errors.New("bad key")
	}
	return nil
}

type planning struct{ single }

func (planning) Plan(reqs []Request) (Plan, error) {
	if reqs[0].Info == nil {
		return nil, errors.New("a request without its field")
	}
	return planned{}, nil
}

type planned struct{}

func (planned) Extract(_ *event.Event, out []event.Value, _ *event.Arena) error {
	out[0] = String("planned")
	return nil
}

func TestPlanFor(t *testing.T) {
	pl, err := PlanFor(single{}, []Request{{Field: 2}, {Field: 2, HasArg: true, Key: "bad"}, {Field: 2, HasArg: true, Key: "k"}})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]event.Value, 3)
	err = pl.Extract(&event.Event{}, out, nil)
	if err == nil || err.Error() != "bad key" {
		t.Errorf("got error %v, want that of the second field", err)
	}
	if out[0].Str != "s.key" || out[1].Present || out[2].Str != "s.keyk" {
		t.Errorf("got %+v, want all but the second", out)
	}

	pl, err = PlanFor(planning{}, []Request{{Field: 0}})
	if err != nil {
		t.Fatal(err)
	}
	if _ = pl.Extract(&event.Event{}, out, nil); out[0].Str != "planned" {
		t.Errorf("got %q, want that of the planner", out[0].Str)
	}
}

func TestPlanForRefuses(t *testing.T) {
	f := func(p Plugin, r Request, want string) {
		t.Helper()
		if _, err := PlanFor(p, []Request{r}); err == nil || err.Error() != want {
			t.Errorf("%+v: got %v, want %q", r, err, want)
		}
	}
	f(plain{}, Request{}, "the plugin extracts no fields")
	f(single{}, Request{Field: 3}, "no field with ID 3")
	f(single{}, Request{Field: -1}, "no field with ID -1")
	f(single{}, Request{Field: 0, HasArg: true, ByIndex: true}, "s.none does not accept an argument")
	f(single{}, Request{Field: 1}, "s.index requires an argument")
	f(single{}, Request{Field: 1, HasArg: true, Key: "x"}, "s.index does not accept a key as argument")
	f(single{}, Request{Field: 2, HasArg: true, ByIndex: true}, "s.key does not accept an index as argument")
}
