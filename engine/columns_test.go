// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"slices"
	"testing"

	"github.com/gyr-dev/gyr/fields"
)

// owner is an extractor of nothing.
type owner struct {
	fields.Extractor
	name string
}

func TestColumnsOf(t *testing.T) {
	a, b := &owner{name: "a"}, &owner{name: "b"}
	f := func(owners []*owner, early []bool, want ...int32) {
		t.Helper()
		var refs []fields.Ref
		for _, o := range owners {
			refs = append(refs, fields.Ref{Field: &fields.Field{Owner: o}})
		}
		if got := columnsOf(refs, early); !slices.Equal(got, want) {
			t.Errorf("columns %v, want %v", got, want)
		}
	}
	f(nil, nil)
	f([]*owner{a, a, a}, []bool{true, true, true}, 0, 1, 2)
	f([]*owner{a, a, a}, []bool{false, true, true}, 2, 0, 1)
	f([]*owner{b, a, b, a}, []bool{true, true, true, true}, 0, 2, 1, 3)
	f([]*owner{a, b, a, b, a}, []bool{false, true, true, false, true}, 3, 2, 0, 4, 1)
}
