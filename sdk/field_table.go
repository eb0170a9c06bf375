// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"fmt"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// GetFunc sets out for one request on one event, as [Extractor] does.
type GetFunc func(e *event.Event, req *Request, out *event.Value, mem *event.Arena) error

// Field is a field together with the function that extracts it: a row of a [FieldTable].
type Field struct {
	abi.FieldInfo
	Get GetFunc
}

// FieldTable is an [Extractor] made of a list of fields, so that a field's id, description
// and code stand in one place. A plugin embeds it, or returns it from methods of its own:
//
//	type plugin struct{ sdk.FieldTable }
//
//	func New() sdk.Plugin { return &plugin{table} }
//
//	var table = sdk.NewFieldTable(
//		sdk.Field{FieldInfo: abi.FieldInfo{Name: "tally.line", Type: abi.String, Desc: "The whole line."}, Get: line},
//	)
//
// A table does not change once it is made, so that any number of states and goroutines can
// use one. A plugin whose fields depend on its state makes the table in its factory, of
// method values.
type FieldTable struct {
	infos []abi.FieldInfo
	gets  []GetFunc
}

// NewFieldTable returns the table of the fields, in their order. A field without a
// function is absent in every event.
func NewFieldTable(fields ...Field) FieldTable {
	t := FieldTable{infos: make([]abi.FieldInfo, len(fields)), gets: make([]GetFunc, len(fields))}
	for i, f := range fields {
		t.infos[i], t.gets[i] = f.FieldInfo, f.Get
	}
	return t
}

// Fields implements [Extractor]. The list belongs to the table: nobody changes it.
func (t FieldTable) Fields() []abi.FieldInfo { return t.infos }

// Extract implements [Extractor].
func (t FieldTable) Extract(e *event.Event, req *Request, out *event.Value, mem *event.Arena) error {
	if req.Field < 0 || req.Field >= len(t.gets) {
		return fmt.Errorf("there is no field with id %d", req.Field)
	}
	if get := t.gets[req.Field]; get != nil {
		return get(e, req, out, mem)
	}
	return nil
}
