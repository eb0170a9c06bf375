// SPDX-License-Identifier: Apache-2.0

package nearest

import (
	"slices"
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	known := []string{"json_output", "rules_files", "rules", "log_level", "stdout_output", "o"}
	f := func(name, want string) {
		t.Helper()
		if got := Name(name, slices.Values(known)); got != want {
			t.Errorf("Name(%q) = %q, want %q", name, got, want)
		}
	}
	f("json_ouput", "json_output")
	f("josn_output", "json_output") // neighbours that changed places
	f("JSON-output", "json_output")
	f("jsonOutput", "json_output")
	f("rules_file", "rules_files")
	f("rulez", "rules")
	f("loglevel", "log_level")
	f("std_output", "stdout_output")
	f("webserver", "")
	f("x", "o") // one letter may differ even in short names
	f("xy", "")
	f("", "")
	f(strings.Repeat("x", 300), "")
}

func TestDistance(t *testing.T) {
	f := func(a, b string, want int) {
		t.Helper()
		if got := distance(a, b, 100); got != want {
			t.Errorf("distance(%q, %q) = %d, want %d", a, b, got, want)
		}
	}
	f("", "", 0)
	f("", "abc", 3)
	f("abc", "", 3)
	f("abc", "abc", 0)
	f("abc", "acb", 1)
	f("abcd", "badc", 2)
	f("kitten", "sitting", 3)
	if got := distance("abc", "xyz", 2); got != 2 {
		t.Errorf("distance beyond the limit = %d, want 2", got)
	}
}
