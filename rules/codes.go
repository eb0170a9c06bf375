// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"maps"
	"slices"
	"strings"
)

// IsError reports whether the code is one of an error, else it is one of a warning.
func (c Code) IsError() bool { return strings.HasPrefix(string(c), "LOAD_ERR_") }

// Codes returns all codes, sorted: those of errors, then those of warnings.
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
