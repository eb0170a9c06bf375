// SPDX-License-Identifier: Apache-2.0

// Package fields is the catalogue of the fields that rules can use: which names exist
// for which event source, of which type, with which argument, and who extracts them.
//
// It also has the way values get from an extractor to the engine. The engine numbers
// all field references of a source's rules ([Layout]); each gets one cell in every row
// of a [Table], one row per event of a batch. It asks each [Extractor] once for a
// [Plan] over the cells that it owns, and then, batch by batch, has the plan fill them.
package fields

import (
	"strconv"

	"github.com/gyr-dev/gyr/abi"
)

// Field is a field of the catalogue.
type Field struct {
	abi.FieldInfo
	// ID is the number by which the owner knows the field.
	ID uint32
	// Owner extracts the field.
	Owner Extractor
	// Class is the title under which field lists show it ("evt", "json (plugin)").
	Class string
	// TimeText marks a string field that shows a time: its values have the text in
	// Str and the nanoseconds since the epoch in Num, which is what JSON shows.
	TimeText bool
	// Padded marks a number that text shows with at least nine digits.
	Padded bool
	// Printable marks a text of which outputs as in Falco 0.44 show only printable characters.
	Printable bool
}

// InfoID is the ID of evt.plugininfo: the text that the plugin of the event source gives
// for an event. A plan fetches it after all other fields of an event.
const InfoID = ^uint32(0)

// Ref is a use of a field, with its argument if it has one. Refs compare with ==.
type Ref struct {
	Field *Field
	// Arg is the text between the brackets, Index its value if it is used as an index.
	Arg    string
	HasArg bool
	// ByIndex says that the argument is an index, else it is a key.
	ByIndex bool
	Index   uint64
}

// String gives the reference as it is written in rules: name or name[argument].
func (r Ref) String() string {
	if !r.HasArg {
		return r.Field.Name
	}
	return r.Field.Name + "[" + r.Arg + "]"
}

// IndexRef returns a reference to field[i].
func IndexRef(f *Field, i uint64) Ref {
	return Ref{Field: f, Arg: strconv.FormatUint(i, 10), HasArg: true, ByIndex: true, Index: i}
}
