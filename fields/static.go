// SPDX-License-Identifier: Apache-2.0

package fields

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// StaticClass is the class of the fields defined in the configuration (static_fields).
const StaticClass = "static"

// Static extracts fields with a fixed text: static.<name> for each name in static_fields. It
// is immutable.
type Static struct {
	names  []string
	values []string
}

// NewStatic returns an extractor of the given values, by name.
func NewStatic(values map[string]string) *Static {
	s := &Static{names: slices.Sorted(maps.Keys(values))}
	for _, n := range s.names {
		s.values = append(s.values, values[n])
	}
	return s
}

// Fields returns the descriptions of the fields, sorted by name. They are suggested for
// outputs.
func (s *Static) Fields() []abi.FieldInfo {
	infos := make([]abi.FieldInfo, len(s.names))
	for i, n := range s.names {
		infos[i] = abi.FieldInfo{Name: "static." + n, Type: abi.String, Display: n, Desc: "Value of static_fields in the configuration.", AddOutput: true}
	}
	return infos
}

// Plan implements [Extractor].
func (s *Static) Plan(wants []Want) (Plan, error) {
	for _, w := range wants {
		if w.Ref.Field.ID >= uint32(len(s.values)) {
			return nil, fmt.Errorf("field %s is not defined in static_fields", w.Ref.Field.Name)
		}
	}
	return &staticPlan{s, wants}, nil
}

type staticPlan struct {
	*Static
	wants []Want
}

// Extract implements [Plan]. It never fails.
func (p *staticPlan) Extract(_ *event.Batch, rows []int32, t *Table) error {
	for _, w := range p.wants {
		v := event.StringValue(p.values[w.Ref.Field.ID])
		for _, r := range rows {
			t.Row(int(r))[w.Cell] = v
		}
	}
	return nil
}
