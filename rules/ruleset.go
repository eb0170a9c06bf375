// SPDX-License-Identifier: Apache-2.0

// Package rules turns rules files into a [Ruleset].
package rules

import (
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// Ruleset is what the rules files say, compiled. It is immutable and may be used by many
// goroutines.
type Ruleset struct {
	// Sources are the event sources that have rules to be evaluated, by name.
	Sources map[string]*SourceRules
	// Rules counts the rules in Sources. Their IDs are 0 to Rules-1.
	Rules int
	// Skipped counts the rules that are not evaluated, by reason.
	Skipped Skipped

	compiler *compiler
}

// Skipped counts rules that were read but are not evaluated.
type Skipped struct {
	Disabled      int // enabled: false, or not selected
	Priority      int // less severe than the minimum
	UnknownSource int // of an event source that no plugin provides
	Syscall       int // of the event source syscall
	UnknownField  int // skip-if-unknown-filter
}

// SourceRules are the rules of one event source.
type SourceRules struct {
	Source string
	// Layout numbers the fields that conditions and outputs use.
	Layout *fields.Layout
	// Rules are in the order of definition. All of them are to be evaluated.
	Rules []*Rule
}

// Rule is a compiled rule.
type Rule struct {
	// ID is unique in the Ruleset.
	ID         int
	Name, Desc string
	Source     string
	Priority   alert.Priority
	Tags       []string // sorted
	Cond       *filter.Cond
	Message    *template.Template // the output, with what is appended to it
	Fields     *template.Fields   // the output_fields of the alert
	Meta       *alert.Meta        // for the encoder
	Capture    bool
	CaptureFor time.Duration // 0: the default
}
