// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFalcoSnippet(t *testing.T) {
	f := func(text string, pos int, want string) {
		t.Helper()
		if got := falcoSnippet(text, pos); got != want {
			t.Errorf("%.40q at %d:\n got %q\nwant %q", text, pos, got, want)
		}
	}
	f("", 0, "<No context available>\n")
	f("\n\n", 1, "<No context available>\n")
	f("abc", 1, "abc\n ^\n")
	f("abc", 9, "abc\n  ^\n")
	f("x\nabc\ny", 2, "abc\n^\n")
	f("x\nabc\ny", 5, "abc\n  ^\n") // the line end counts to the line
	long := strings.Repeat("0123456789", 30)
	f(long, 0, long[:78]+"...\n^\n")
	f(long, 79, long[:157]+"...\n"+strings.Repeat(" ", 79)+"^\n")
	f(long, 80, "..."+long[3:158]+"...\n"+strings.Repeat(" ", 80)+"^\n")
	f(long, 299, "..."+long[222:]+"\n"+strings.Repeat(" ", 80)+"^\n")
	accents := strings.Repeat("é", 100)
	f(accents, 1, accents[:79]+"...\n ^\n") // within a character
}

// TestJSONReplacesBrokenText: a character that a snippet cuts, and bytes that are no text, are
// U+FFFD in load results and descriptions.
func TestJSONReplacesBrokenText(t *testing.T) {
	rule := func(condition string) []File {
		return []File{{"r.yaml", []byte("- {rule: r, desc: d, source: probe, output: o, priority: INFO, condition: '" + condition + "'}\n")}}
	}
	_, report := Load(rule("probe.s = x x"+strings.Repeat("\u20ac", 60)), probeOptions(t))
	got := report.JSON()
	if !utf8.Valid(got) || !bytes.Contains(got, []byte("\u20ac\uFFFD...\\n")) {
		t.Errorf("got %s", got)
	}
	set, report := Load(rule(`probe.s = "a\xe2\x82b\x01\xff"`), probeOptions(t))
	if !report.Ok() {
		t.Fatal(report.Files[0].Text())
	}
	all, err := set.Describe("")
	if want := `"condition_compiled":"probe.s = a` + "\uFFFDb\\u0001\uFFFD\""; err != nil || !utf8.Valid(all) || !bytes.Contains(all, []byte(want)) {
		t.Errorf("got %s, %v, want %s", all, err, want)
	}
}
