// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"regexp"
	"strings"
	"testing"
)

// firstShown returns the first place that people are shown, as file:line:column, and its hint.
func firstShown(t *testing.T, contents ...string) (place, hint string) {
	t.Helper()
	text := said(t, contents...)
	place, _, _ = strings.Cut(text, ": ")
	lines := strings.Split(text, "\n")
	if len(lines) > 3 && strings.HasPrefix(lines[3], "    ") {
		hint = strings.TrimSpace(lines[3])
	}
	return place, hint
}

// TestTextPlaces checks that a place within a condition is shown where it is in the file,
// whatever way the condition is written.
func TestTextPlaces(t *testing.T) {
	head := "- list: l\n  items: [x, y]\n- macro: m\n  condition: "
	f := func(want string, contents ...string) {
		t.Helper()
		contents[0] = head + contents[0] + "\n"
		if got, _ := firstShown(t, contents...); got != want {
			t.Errorf("%q: got %s, want %s", contents, got, want)
		}
	}
	f("a.yaml:4:30", "probe.n = 1 and nope")
	f("a.yaml:5:9", "probe.n = 1\n    and nope")
	f("a.yaml:4:40", `"probe.s = \"\x61\n\" and nope"`)
	f("a.yaml:6:9", "'probe.s = ''a''\n\n    and nope'")
	f("a.yaml:5:21", "|\n    probe.n = 1 and nope")
	f("a.yaml:7:7", ">-\n    probe.n = 1\n    and\n      nope")
	f("a.yaml:6:9", "> # a remark\n    probe.n = 1\n    and nope")
	f("a.yaml:4:39", "&a !!str probe.n = 1 and nope")
	f("a.yaml:4:33", "probe.s in (l) and nope")
	f("b.yaml:2:18", "probe.s in (l)", "- macro: m\n  condition: and nope\n  append: true\n")
	f("c.yaml:2:18", "probe.s in (l)", "- macro: m\n  condition: and probe.n = 1\n  append: true\n", "- macro: m\n  condition: and nope\n  append: true\n")
	f("a.yaml:4:23", "probe.n =\n")
	f("a.yaml:4:23", "probe.n =  # a remark\n")
}

// mistake is where a test has the mark of a mistake; it is taken out before the text is read.
var mistake = regexp.MustCompile("«")

// atMistake splits a text at its mistake and says where that is.
func atMistake(t *testing.T, contents []string) (files []string, place string) {
	t.Helper()
	for i, c := range contents {
		if at := mistake.FindStringIndex(c); at != nil {
			before := c[:at[0]]
			line := strings.Count(before, "\n")
			place = string(rune('a'+i)) + ".yaml:" + itoa(line+1) + ":" + itoa(len(before)-strings.LastIndexByte(before, '\n'))
			c = before + c[at[1]:]
		}
		files = append(files, c)
	}
	return files, place
}

func itoa(n int) string {
	if n >= 10 {
		return itoa(n/10) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

// TestOrigins has mistakes in all that a condition is put together of.
func TestOrigins(t *testing.T) {
	f := func(contents ...string) {
		t.Helper()
		files, want := atMistake(t, contents)
		if got, _ := firstShown(t, files...); got != want {
			t.Errorf("%q: got %s, want %s\n%s", contents, got, want, said(t, files...))
		}
	}
	// Macros, in macros, of rules of other files, and used twice.
	f("- macro: m\n  condition: probe.s = x and «probe.nope = 1\n" + rule("r", "probe.n = 1 and m"))
	f("- macro: m\n  condition: probe.s = x and tolower(«probe.nope) = a\n- macro: n\n  condition: probe.s = x or m\n"+rule("r", "n"), rule("s", "m or n"))
	f("- macro: m\n  condition: >\n    probe.s = x\n    and probe.n = «one\n" + rule("r", "m or m"))
	f("- macro: a\n  condition: probe.n = 1\n- macro: b\n  condition: a or «c\n" + rule("r", "b"))
	f("- macro: a\n  condition: probe.n = 1\n- macro: b\n  condition: a\n- macro: a\n  condition: probe.n = 2 or «b\n" + rule("r", "a"))
	// Lists: their items, those of lists in them, those of other files, and what is beside them.
	f("- list: l\n  items: [1, 2,\n    «three]\n" + rule("r", "probe.n in (0, l, 4)"))
	f("- list: a\n  items: [1, '«x']\n- list: b\n  items: [7, a]\n" + rule("r", "probe.n in (b)"))
	f("- list: a\n  items: [1]\n", "- list: a\n  items: [2, 3, «x]\n  override: {items: append}\n"+rule("r", "probe.n in (a)"))
	f("- list: a\n  items: [1]\n" + rule("r", "probe.n in (a, «x, a)"))
	f("- list: a\n  items: []\n" + rule("r", "probe.n in (a, 1, a,«x)"))
	f("- list: a\n  items: [b]\n- list: b\n  items: [«x]\n" + rule("r", "probe.n in (a)"))
	f("- list: n\n  items: [1]\n" + rule("r", "probe.n in (n) and probe.m in (n) and «probe.nope in (n)"))
	f("- list: q\n  items: [ok, «q\"q]\n" + rule("r", "probe.s in (q) and probe.t = x"))
	f("- list: q\n  items: [ok, «it's]\n- macro: m\n  condition: probe.s in (q)\n" + rule("r", "m"))
	// Exceptions: values, fields, values of other files.
	f(rule("r", "probe.n = 1", "exceptions:", "  - {name: e, fields: [probe.s, probe.n], values: [[a, 1], [b, «x]]}"))
	f(rule("r", "probe.n = 1", "exceptions:", "  - {name: e, fields: probe.n, values: [1, «x]}"))
	f(rule("r", "probe.n = 1", "exceptions:", "  - {name: e, fields: [probe.n], comps: [in], values: [[[1, «x]]]}"))
	f(rule("r", "probe.n = 1", "exceptions:", "  - {name: e, fields: [probe.n], comps: [in], values: [[\"1, 2, «x\"]]}"))
	f(rule("r", "probe.n = 1", "exceptions:", "  - {name: e, fields: [probe.n], values: [[1]]}"), "- rule: r\n  exceptions:\n    - {name: e, values: [[2], [«x]]}\n  override: {exceptions: append}\n")
	f(rule("r", "probe.n = 1", "exceptions:", "  - {name: e, fields: [«tolower(probe.n)], values: [[1]]}"))
	f(rule("r", "«(probe.n = 1", "exceptions: [{name: e, fields: probe.s, values: [x]}]"))
	f(rule("r", "probe.n = 1 and probe.m = «x", "exceptions: [{name: e, fields: probe.s, values: [x]}]"))
	f(rule("r", "probe.s = a «b", "exceptions: [{name: e, fields: probe.s, values: [x]}]"))
	f(rule("r", "probe.n = 1", "exceptions: [{name: e, fields: probe.s, values: [x, «a=b]}]"))
	f(rule("r", "probe.n = 1 and«", "exceptions: [{name: e, fields: probe.s, values: [x, a=b]}]"))
	f(rule("r", "probe.n = 1«)", "exceptions: [{name: e, fields: probe.s, values: [x]}]"))
	// Appended and replaced conditions and outputs.
	f(rule("r", "probe.n = 1 and«") + "- rule: r\n  condition: and probe.m = 2\n  override: {condition: append}\n")
	f(rule("r", "probe.n = 1"), "- rule: r\n  condition: and probe.m = «x\n  override: {condition: append}\n")
	f(rule("r", "probe.n = 1"), "- rule: r\n  condition: and probe.m = 2\n  override: {condition: append}\n", "- rule: r\n  condition: and «nope\n  override: {condition: append}\n")
	f(rule("r", "probe.n = 1"), "- rule: r\n  condition: probe.m = «x\n  override: {condition: replace}\n")
	f(rule("r", "probe.n = 1"), "- rule: r\n  condition: probe.m = 1\n  override: {condition: replace}\n", "- rule: r\n  condition: or probe.n = «x\n  override: {condition: append}\n")
	f(rule("r", "probe.n = 1"), "- rule: r\n  output: and %«probe.nope\n  override: {output: append}\n")
	f(rule("r", "probe.n = 1"), "- rule: r\n  output: \"only \\\"%«probe.nope\"\n  override: {output: replace}\n")
	f("- rule: r\n  desc: d\n  condition: probe.n = 1\n  output: >\n    one %probe.s\n    two %«probe.nope\n  priority: INFO\n  source: probe\n")
	f("- rule: r\n  desc: d\n  condition: &c probe.n = «x\n  output: o\n  priority: INFO\n  source: probe\n- rule: s\n  desc: d\n  condition: *c\n  output: o\n  priority: INFO\n  source: probe\n")
	// Warnings.
	f("- macro: m\n  condition: probe.s = «probe.t\n" + rule("r", "probe.n = 1 and m"))
	f("- list: l\n  items: [a, «probe.t]\n" + rule("r", "probe.n = 1 and probe.s in (l)"))
	f(rule("r", "probe.n = 1", "exceptions: [{name: e, fields: probe.s, values: [«probe.t]}]"))
	f(rule("r", "probe.n = 1", "«severity: x"))
}

// TestBigTexts: what is beyond the bounds is shown at its beginning.
func TestBigTexts(t *testing.T) {
	long := strings.Repeat("item, ", maxTraced/6)
	got, _ := firstShown(t, "- list: l\n  items: ["+long+"x]\n"+rule("r", "probe.n in (l)"))
	if got != "a.yaml:5:14" {
		t.Errorf("got %s", got)
	}
}

func TestTracer(t *testing.T) {
	a, b := &place{name: "a"}, &place{name: "b"}
	x := tracer{on: true}
	x.scalar("one", a)
	x.own("  ", b)
	x.trim()
	if string(x.text) != "one" || len(x.parts) != 1 {
		t.Errorf("%q, %d parts", x.text, len(x.parts))
	}
	x.own(",", b)
	y := tracer{on: true}
	y.copy(x.done(), 1, 4)
	if got := y.done(); got.text != "ne," || len(got.parts) != 2 || got.parts[0].skip != 1 || got.parts[1].from != 2 {
		t.Errorf("%+v", got)
	}
}
