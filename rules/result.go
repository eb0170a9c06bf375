// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"
)

// Report is what there is to say about rules files.
type Report struct {
	// Files are the results, in the order of the files.
	Files []*Result
	// Err is a plugin requirement that is not met, a [RequirementError]. It goes before the
	// errors of files.
	Err error

	// all is what a load found that went on after errors. It has no errors that only follow
	// from others. Nil if there are no errors.
	all *Report
}

// Ok reports whether there are no errors.
func (r *Report) Ok() bool {
	return r.Err == nil && !slices.ContainsFunc(r.Files, func(f *Result) bool { return len(f.Errors) > 0 })
}

// HasWarnings reports whether a file has warnings or notes.
func (r *Report) HasWarnings() bool {
	return slices.ContainsFunc(r.Files, (*Result).HasWarnings)
}

// addErrors adds the errors that a load found that did not stop at the first of each file.
func (r *Report) addErrors(all *Report) {
	r.all = all
	for i, f := range r.Files {
		more := slices.Clone(all.Files[i].Errors)
		slices.SortStableFunc(more, func(a, b Issue) int { return comparePlaces(&a, &b) })
		for _, e := range more {
			if !slices.ContainsFunc(f.Errors, e.same) && !r.reported(i, &e) {
				f.Errors = append(f.Errors, e)
			}
		}
	}
}

// reported says whether a file before the i-th has the error: after each file everything is
// compiled again.
func (r *Report) reported(i int, e *Issue) bool {
	for _, f := range r.Files[:i] {
		if e.at.src.name == f.Name && slices.ContainsFunc(f.Errors, e.same) {
			return true
		}
	}
	return false
}

// Result is what there is to say about one file: the file and, as later files change what
// earlier ones said, all files before it.
type Result struct {
	Name string
	// Errors are in the order of their places, but for the first, which is the one that
	// Falco reports.
	Errors, Warnings []Issue
	// Notes are warnings that Falco does not give. They are not among the load results.
	Notes []Issue
	// SchemaNotes has "ok" for each document that is as the JSON schema of rules files says,
	// and a text for each difference of the others.
	SchemaNotes []string
}

// Ok reports whether the file has no errors.
func (r *Result) Ok() bool { return len(r.Errors) == 0 }

// HasWarnings reports whether the file has warnings or notes.
func (r *Result) HasWarnings() bool { return len(r.Warnings)+len(r.Notes) > 0 }

// Schema says how the file compares with the JSON schema of rules files: "ok", or the first
// difference, or "none" for a file that has no documents or was not compared.
func (r *Result) Schema() string {
	if len(r.SchemaNotes) == 0 {
		return "none"
	}
	return r.SchemaNotes[0]
}

// Issue is an error or a warning.
type Issue struct {
	Code Code
	// Message is Falco's.
	Message string
	// Detail is the message for people where Falco's misleads or names nothing, or "".
	Detail string
	// Hint is a suggestion, or "".
	Hint string
	// Deprecated is the field that a warning is about, if it is about one.
	Deprecated string

	at   *place // as Falco sees it
	mark *place // where in a file the mistake was written, nil if that is where Falco sees it
}

// Location is a place in a rules file; its numbers are counted from 0.
type Location struct {
	ItemType, ItemName string
	// Name is that of the file, or the beginning of the condition that the place is in.
	Name                 string
	Line, Column, Offset int
}

func newIssue(code Code, msg string, at *place) Issue { return Issue{Code: code, Message: msg, at: at} }

// Locations tells where it is, from the outside inwards; the first is the file.
func (i *Issue) Locations() []Location { return i.at.locations() }

func (i *Issue) same(j Issue) bool {
	return i.Code == j.Code && i.Message == j.Message && i.at.src == j.at.src && i.at.at() == j.at.at()
}

func comparePlaces(a, b *Issue) int {
	if c := strings.Compare(a.at.src.name, b.at.src.name); c != 0 {
		return c
	}
	return a.at.at().offset - b.at.at().offset
}
