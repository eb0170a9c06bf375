// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"errors"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

var letters = NewFieldTable(
	Field{abi.FieldInfo{Name: "letters.first", Type: abi.String}, func(e *event.Event, _ *Request, out *event.Value, _ *event.Arena) error {
		SetString(out, event.String(e.Data[:1]))
		return nil
	}},
	Field{abi.FieldInfo{Name: "letters.at", Type: abi.String, Arg: abi.FieldArg{Required: true, Index: true}}, letterAt},
	Field{FieldInfo: abi.FieldInfo{Name: "letters.none", Type: abi.String}},
)

func letterAt(e *event.Event, req *Request, out *event.Value, _ *event.Arena) error {
	if req.Index >= uint64(len(e.Data)) {
		return errors.New("too far")
	}
	SetString(out, event.String(e.Data[req.Index:][:1]))
	return nil
}

type lettered struct{ FieldTable }

func (lettered) Info() Info { return Info{Name: "letters"} }

func TestFieldTable(t *testing.T) {
	p := lettered{letters}
	e := &event.Event{Data: []byte("abc")}
	f := func(req Request, want, wantErr string) {
		t.Helper()
		var out event.Value
		got := ""
		if err := p.Extract(e, &req, &out, nil); err != nil {
			got = err.Error()
		}
		if out.Str != want || out.Present != (want != "") || got != wantErr {
			t.Errorf("%+v: got %+v, %q; want %q, %q", req, out, got, want, wantErr)
		}
	}
	f(Request{Field: 0}, "a", "")
	f(Request{Field: 1, HasArg: true, ByIndex: true, Index: 2}, "c", "")
	f(Request{Field: 1, HasArg: true, ByIndex: true, Index: 3}, "", "too far")
	f(Request{Field: 2}, "", "")
	f(Request{Field: 3}, "", "no field with ID 3")
	f(Request{Field: -1}, "", "no field with ID -1")

	if names := p.Fields(); len(names) != 3 || names[1].Name != "letters.at" {
		t.Errorf("got fields %+v", names)
	}
	plan, err := PlanFor(p, []Request{{Field: 0}, {Field: 1, HasArg: true, ByIndex: true, Index: 1}})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]event.Value, 2)
	n := testing.AllocsPerRun(100, func() {
		clear(out)
		if err := plan.Extract(e, out, nil); err != nil || out[0].Str != "a" || out[1].Str != "b" {
			t.Errorf("got %v, %v", out, err)
		}
	})
	if n != 0 {
		t.Errorf("got %v allocations per event, want 0", n)
	}
}
