// SPDX-License-Identifier: Apache-2.0

// Package fieldtable keeps the field tables in the READMEs of plugins current. A README
// has the two lines
//
//	<!-- fields:begin -->
//	<!-- fields:end -->
//
// and between them the table that this package makes from the plugin's list of fields. A
// plugin's test checks it, and writes it anew if asked:
//
//	var update = flag.Bool("update", false, "write the files that tests check")
//
//	//go:generate go test -run TestReadme -update .
//
//	func TestReadme(t *testing.T) { fieldtable.Test(t, "README.md", Fields(), *update) }
package fieldtable

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
)

const (
	begin = "<!-- fields:begin -->\n"
	end   = "<!-- fields:end -->\n"
)

// Table returns the Markdown table of the fields that are not hidden.
func Table(list []abi.FieldInfo) string {
	var b strings.Builder
	b.WriteString("| Name | Type | Argument | Description |\n| --- | --- | --- | --- |\n")
	for i := range list {
		f := &list[i]
		if f.Hidden() {
			continue
		}
		typ := f.Type.String()
		if f.List {
			typ += " list"
		}
		desc := strings.NewReplacer("|", `\|`, "\n", " ").Replace(f.Desc)
		b.WriteString("| `" + f.Name + "` | " + typ + " | " + argument(f.Arg) + " | " + desc + " |\n")
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

// Replace returns the README with the table of list between the two marks.
func Replace(readme string, list []abi.FieldInfo) (string, error) {
	head, rest, ok := strings.Cut(readme, begin)
	if !ok {
		return "", errors.New("there is no line " + strings.TrimSpace(begin))
	}
	_, tail, ok := strings.Cut(rest, end)
	if !ok {
		return "", errors.New("there is no line " + strings.TrimSpace(end))
	}
	return head + begin + Table(list) + end + tail, nil
}

// Test fails if the file's table is not that of list; with update it writes the file.
func Test(t testing.TB, path string, list []abi.FieldInfo, update bool) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Replace(string(old), list)
	switch {
	case err != nil:
		t.Fatalf("%s: %v", path, err)
	case string(old) == want:
	case !update:
		t.Errorf("%s: the table of fields is out of date; go generate makes it new", path)
	default:
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
