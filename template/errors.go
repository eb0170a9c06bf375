// SPDX-License-Identifier: Apache-2.0

package template

import "errors"

var (
	errEmpty   = errors.New("empty formatting token")
	errPercent = errors.New("invalid formatting syntax: formatting cannot end with a %")
	errNumber  = errors.New("invalid formatting syntax: formatting cannot end with a number")
)

// unknownError says that no expression follows a %.
type unknownError struct{ err error }

func (e *unknownError) Error() string { return "unknown filter: " + e.err.Error() }
func (e *unknownError) Unwrap() error { return e.err }
