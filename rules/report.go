// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gyr-dev/gyr/alert"
)

// JSON returns {"falco_load_results":[...]}, with one result per file.
func (r *Report) JSON() []byte {
	return append(append([]byte(`{"falco_load_results":`), r.LoadResults()...), '}')
}

// LoadResults returns the JSON array of the files' results.
func (r *Report) LoadResults() []byte {
	dst := []byte{'['}
	for i, f := range r.Files {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = f.appendJSON(dst)
	}
	return append(dst, ']')
}

func (r *Result) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"errors":`...)
	dst = appendIssues(dst, r.Errors)
	dst = alert.AppendQuoted(append(dst, `,"name":`...), r.Name)
	if len(r.SchemaNotes) > 0 {
		valid := r.SchemaNotes[0] == schemaOK
		dst = strconv.AppendBool(append(dst, `,"schema_valid":`...), valid)
		dst = append(dst, `,"schema_warnings":[`...)
		for i, s := range r.SchemaNotes {
			if valid {
				break
			}
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = alert.AppendQuoted(dst, s)
		}
		dst = append(dst, ']')
	}
	dst = strconv.AppendBool(append(dst, `,"successful":`...), len(r.Errors) == 0)
	dst = append(dst, `,"warnings":`...)
	return append(appendIssues(dst, r.Warnings), '}')
}

func appendIssues(dst []byte, issues []Issue) []byte {
	dst = append(dst, '[')
	for i := range issues {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = issues[i].appendJSON(dst)
	}
	return append(dst, ']')
}

func (i *Issue) appendJSON(dst []byte) []byte {
	desc := i.Code.Text()
	if i.Deprecated != "" {
		desc += ": field '" + i.Deprecated + "'"
	}
	dst = alert.AppendQuoted(append(dst, `{"code":`...), string(i.Code))
	dst = alert.AppendQuoted(append(dst, `,"codedesc":`...), desc)
	dst = append(dst, `,"context":{"locations":[`...)
	for k, l := range i.Locations() {
		if k > 0 {
			dst = append(dst, ',')
		}
		dst = l.appendJSON(dst)
	}
	dst = alert.AppendQuoted(append(dst, `],"snippet":`...), i.Snippet())
	dst = append(dst, '}')
	if i.Deprecated != "" {
		dst = alert.AppendQuoted(append(dst, `,"deprecated_field":`...), i.Deprecated)
	}
	dst = alert.AppendQuoted(append(dst, `,"message":`...), i.Message)
	return append(dst, '}')
}

func (l *Location) appendJSON(dst []byte) []byte {
	dst = alert.AppendQuoted(append(dst, `{"item_name":`...), l.ItemName)
	dst = alert.AppendQuoted(append(dst, `,"item_type":`...), l.ItemType)
	dst = strconv.AppendInt(append(dst, `,"position":{"column":`...), int64(l.Column), 10)
	dst = strconv.AppendInt(append(dst, `,"line":`...), int64(l.Line), 10)
	dst = alert.AppendQuoted(append(dst, `,"name":`...), l.Name)
	dst = strconv.AppendInt(append(dst, `,"offset":`...), int64(l.Offset), 10)
	return append(dst, "}}"...)
}

// Summary is the headline of a file: "NAME: Ok", "NAME: Ok, with warnings", "NAME: Invalid".
func (r *Result) Summary() string {
	state := "Ok"
	switch {
	case len(r.Errors) > 0:
		state = "Invalid"
	case len(r.Warnings) > 0:
		state = "Ok, with warnings"
	}
	return r.Name + ": " + state
}

// Text gives all there is to say about a file, in Falco's form.
func (r *Result) Text() string {
	var b strings.Builder
	b.WriteString(r.Summary())
	if len(r.SchemaNotes) > 0 && r.SchemaNotes[0] != schemaOK {
		fmt.Fprintf(&b, "\n%d Schema warnings:\n", len(r.SchemaNotes))
		for _, s := range r.SchemaNotes {
			b.WriteString("------\n" + s + "\n")
		}
		b.WriteString("------\n")
	}
	verboseIssues(&b, "Errors", r.Errors)
	verboseIssues(&b, "Warnings", r.Warnings)
	return b.String()
}

func verboseIssues(b *strings.Builder, title string, issues []Issue) {
	if len(issues) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%d %s:\n", len(issues), title)
	for i := range issues {
		prefix := "In "
		for _, l := range issues[i].Locations() {
			name := ""
			if l.ItemName != "" {
				name = " '" + l.ItemName + "'"
			}
			fmt.Fprintf(b, "%s%s%s: (%s:%d:%d)\n", prefix, l.ItemType, name, l.Name, l.Line, l.Column)
			prefix = "    "
		}
		text := issues[i].Code.Text()
		if issues[i].Deprecated != "" {
			text += ": field '" + issues[i].Deprecated + "'"
		}
		fmt.Fprintf(b, "------\n%s------\n%s (%s): %s\n", issues[i].Snippet(), issues[i].Code, text, issues[i].Message)
	}
}
