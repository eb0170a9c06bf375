// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"fmt"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// GetFunc sets out to the value of one request for one event, like [Extractor].
type GetFunc func(e *event.Event, req *Request, out *event.Value, mem *event.Arena) error

// Field is a field with the function that extracts it: a row of a [FieldTable].
type Field struct {
	abi.FieldInfo
	Get GetFunc
}

// FieldTable is an [Extractor] made from a list of fields, so that the ID, description and code
// of a field are in one place. A plugin embeds it, or calls it from its own methods:
//
//	type plugin struct{ sdk.FieldTable }
//
//	func New() sdk.Plugin { return &plugin{table} }
//
//	var table = sdk.NewFieldTable(
//		sdk.Field{FieldInfo: abi.FieldInfo{Name: "tally.line", Type: abi.String, Desc: "The line."}, Get: line},
//	)
//
// A table is immutable and can be shared by any number of states and goroutines. If the fields
// depend on the plugin's state, make the table in the factory, from method values.
type FieldTable struct {
	infos []abi.FieldInfo
	gets  []GetFunc
}

// NewFieldTable returns a table of the fields, in this order. A field without a function is
// always absent.
func NewFieldTable(fields ...Field) FieldTable {
	t := FieldTable{infos: make([]abi.FieldInfo, len(fields)), gets: make([]GetFunc, len(fields))}
	for i, f := range fields {
		t.infos[i], t.gets[i] = f.FieldInfo, f.Get
	}
	return t
}

// Fields implements [Extractor]. The caller must not change the list.
func (t FieldTable) Fields() []abi.FieldInfo { return t.infos }

// Extract implements [Extractor].
func (t FieldTable) Extract(e *event.Event, req *Request, out *event.Value, mem *event.Arena) error {
	if req.Field < 0 || req.Field >= len(t.gets) {
		return fmt.Errorf("no field with ID %d", req.Field)
	}
	if get := t.gets[req.Field]; get != nil {
		return get(e, req, out, mem)
	}
	return nil
}
