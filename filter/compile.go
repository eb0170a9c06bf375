// SPDX-License-Identifier: Apache-2.0

package filter

// Compile checks a condition and makes it ready for evaluation. Macros must have been
// replaced. Errors are [*Error] with the place where the offending check begins.
func Compile(n Node, s *Scope) (*Cond, []Warning, error) {
	return nil, nil, &Error{Msg: "not implemented"}
}
