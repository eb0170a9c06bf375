// SPDX-License-Identifier: Apache-2.0

package filter

import "slices"

// Transformers returns the names of the transformers, without val, which is one on the right
// side of a check only.
func Transformers() []string { return slices.Clone(transformers) }

// Modifiers returns the words that may stand between an operator on strings and a list.
func Modifiers() []string { return slices.Clone(modifiers) }
