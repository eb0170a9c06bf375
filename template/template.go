// SPDX-License-Identifier: Apache-2.0

// Package template is the language of rule outputs: text with %field in it.
package template

import (
	"github.com/gyr-dev/gyr/filter"
)

// Template is a compiled output. It is immutable and may be used by many goroutines.
type Template struct{}

// AppendText appends the text of the template for an event; absent values show as <NA>.
func (t *Template) AppendText(dst []byte, env *filter.Env) []byte { return dst }

// Fields are the output fields of a rule. It is immutable and may be used by many
// goroutines.
type Fields struct{}

// AppendJSON appends the JSON object of the fields for an event: values have their
// types, absent ones are null, names are sorted.
func (f *Fields) AppendJSON(dst []byte, env *filter.Env) []byte { return dst }
