// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"maps"
	"slices"
	"strings"
)

// IsError reports whether the code is one of an error, else it is one of a warning or note.
func (c Code) IsError() bool { return strings.HasPrefix(string(c), "LOAD_ERR_") }

// IsNote reports whether the code is one of a warning that Falco does not give.
func (c Code) IsNote() bool { return strings.HasPrefix(string(c), "GYR_") }

// Codes returns all codes, sorted: those of errors, then those of notes and warnings.
func Codes() []Code {
	list := slices.Sorted(maps.Keys(codeTexts))
	slices.SortStableFunc(list, func(a, b Code) int {
		switch {
		case a.IsError() == b.IsError():
			return 0
		case a.IsError():
			return -1
		}
		return 1
	})
	return list
}
