// SPDX-License-Identifier: Apache-2.0

package rules

import "errors"

// Describe returns what is known of the rule of that name, or with "" of all rules, macros
// and lists, as a JSON object.
func (s *Ruleset) Describe(name string) ([]byte, error) { return nil, errors.New("not yet") }
