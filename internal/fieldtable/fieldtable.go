// SPDX-License-Identifier: Apache-2.0

// Package fieldtable keeps generated tables in documents up to date, mainly the field tables
// in the READMEs of plugins; see [Section] for others. A README has the two lines
//
//	<!-- fields:begin -->
//	<!-- fields:end -->
//
// and between them the table generated from the plugin's list of fields. A test of the plugin
// checks the table, or updates it with a flag:
//
//	var update = flag.Bool("update", false, "write the files that tests check")
//
//	//go:generate go test -run TestReadme -update .
//
//	func TestReadme(t *testing.T) { fieldtable.Test(t, "README.md", Fields(), *update) }
package fieldtable

import (
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
)

// Table returns a Markdown table of all fields that are not hidden.
func Table(list []abi.FieldInfo) string {
	var b strings.Builder
	b.WriteString(Head("Name", "Type", "Argument", "Description"))
	for i := range list {
		f := &list[i]
		if f.Hidden() {
			continue
		}
		typ := f.Type.String()
		if f.List {
			typ += " list"
		}
		b.WriteString(Row("`"+f.Name+"`", typ, argument(f.Arg), f.Desc))
	}
	return b.String()
}

func argument(a abi.FieldArg) string {
	var parts []string
	if a.Index {
		parts = append(parts, "index")
	}
	if a.Key {
		parts = append(parts, "key")
	}
	if len(parts) == 0 {
		return "none"
	}
	text := strings.Join(parts, " or ")
	if a.Required {
		text += ", required"
	}
	return text
}

// Replace returns the README with the table of list between the two marker lines.
func Replace(readme string, list []abi.FieldInfo) (string, error) {
	return ReplaceSection(readme, Section{"fields", Table(list)})
}

// Test fails if the table in the file is out of date. With update it writes the file instead.
func Test(t testing.TB, path string, list []abi.FieldInfo, update bool) {
	t.Helper()
	TestSections(t, path, update, Section{"fields", Table(list)})
}
