// SPDX-License-Identifier: Apache-2.0

// Package fields is the catalogue of the fields that rules can use: their names, event
// sources, types, arguments and extractors.
//
// It also defines how values get from an extractor to the engine. The engine numbers all
// field references in the rules of a source ([Layout]). Each reference has one cell per row
// of a [Table], which has one row per event of a batch. The engine requests a [Plan] for
// these cells from each [Extractor] once, and then runs the plans on every batch.
package fields

import (
	"strconv"

	"github.com/gyr-dev/gyr/abi"
)

// Field is a field of the catalogue.
type Field struct {
	abi.FieldInfo
	// ID identifies the field within its owner.
	ID uint32
	// Owner extracts the field.
	Owner Extractor
	// Class is the title of its group in field lists ("evt", "json (plugin)").
	Class string
	// TimeText marks a string field that holds a time: its values have the text in Str and
	// the nanoseconds since the epoch in Num. JSON output uses the number.
	TimeText bool
	// Padded marks a number that text output shows with at least nine digits.
	Padded bool
	// Printable marks a text of which outputs compatible with Falco 0.44 show only the
	// printable characters.
	Printable bool
}

// InfoID is the ID of evt.plugininfo: the plugin's text for an event. A plan extracts it
// after all other fields of an event.
const InfoID = ^uint32(0)

// Ref is a reference to a field, with its argument if any. Refs are comparable with ==.
type Ref struct {
	Field *Field
	// Arg is the text in brackets, Index its value if it is an index.
	Arg    string
	HasArg bool
	// ByIndex is true if the argument is an index, false if it is a key.
	ByIndex bool
	Index   uint64
}

// String returns the reference as written in rules: name or name[argument].
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
