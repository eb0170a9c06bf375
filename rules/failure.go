// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"errors"
	"strings"
)

// Failure returns the error that says everything that is wrong with the rules files, as text
// of several lines; nil if nothing is.
func (r *Report) Failure() error {
	if r.Err != nil {
		return r.Err
	}
	if r.Ok() {
		return nil
	}
	var b strings.Builder
	for _, f := range r.Files {
		if !f.Ok() {
			b.WriteString(f.Summary() + "\n")
		}
	}
	if err := r.WriteText(&b); err != nil {
		return err
	}
	return errors.New(strings.TrimSuffix(b.String(), "\n"))
}
