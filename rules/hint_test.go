// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strings"
	"testing"
)

// TestHints marks the mistake with « in the condition.
func TestHints(t *testing.T) {
	head := "- list: bad_events\n  items: [StopLogging, DeleteTrail]\n- list: one_event\n  items: [\"10.0.0.1\"]\n- macro: known\n  condition: probe.n = 1\n"
	f := func(condition, want string) {
		t.Helper()
		files, place := atMistake(t, []string{head + "- rule: r\n  desc: d\n  condition: " + condition + "\n  output: o\n  priority: INFO\n  source: probe\n"})
		got, hint := firstShown(t, files...)
		if hint != want || got != place {
			t.Errorf("%s: got %q at %s, want %q at %s\n%s", condition, hint, got, want, place, said(t, files...))
		}
	}
	f("probe.s in «bad_events", "bad_events is a list: write FIELD in (bad_events)")
	f("probe.s = «bad_events and probe.n = 1", "bad_events is a list: write FIELD in (bad_events)")
	f("probe.s in «one_event", "one_event is a list: write FIELD in (one_event)")
	f("probe.s in a«, b", "put the values into parentheses: FIELD in (a, ...)")
	f("probe.s = a «&& probe.n = 1", "write and instead of &&")
	f("probe.s = a «|| probe.n = 1", "write or instead of ||")
	f("probe.s = a&&probe.n «= 1", "write and instead of &&")
	f("probe.n = 1 and «!known", "write not instead of !")
	f("probe.n = 1 «AND probe.m = 2", "write and in lower case")
	f("probe.n = 1 «Or probe.m = 2", "write or in lower case")
	f("NOT «probe.n = 1", "write not in lower case")
	f("known «AND probe.n = 1", "write and in lower case")
	f("probe.n = 1 and «NOT", "write not in lower case")
	f("probe.s = John «Smith and probe.n = 1", `put a value with blanks into quotes: "John Smith"`)
	f("probe.s contains rm «-rf", `put a value with blanks into quotes: "rm -rf"`)
	f("probe.s = a«=b", "put a value with signs such as = into quotes")
	f("probe.s = a«(b)", "put a value with signs such as ( into quotes")
	f("probe.s in (a «b)", "put a comma between the values, or quotes around a value with blanks or signs")
	f("probe.s in (a«=b)", "put a comma between the values, or quotes around a value with blanks or signs")
	f("probe.n = 1 «probe.m = 2", "put and or or between the checks")
	f("probe.n = 1 «known", "put and or or between the checks")
	f("probe.n = 1«)", "there is a ) without a (")
	f("probe.m = 2 and «(probe.n = 1 or (probe.s = \"(\" and probe.n = 2)", "this ( is not closed")
	f(">\n    probe.n = 1 «# comment\n    and probe.m = 2", "a # within a condition is no comment: take the comment out")
	f("|\n    «# comment\n    probe.n = 1", "a # within a condition is no comment: take the comment out")
	f(">\n    probe.s in (a, # «comment\n    b)", "a # within a condition is no comment: take the comment out")
	f(">\n    probe.s = # «comment\n    and probe.m = 2", "a # within a condition is no comment: take the comment out")
	f("probe.s «is root", "did you mean =?")
	f("probe.s «contain x", "did you mean contains?")
	f("probe.s «startwith x", "did you mean startswith?")
	f("probe.s «like \"a*\"", "did you mean glob?")
	f("probe.s «matches \"a.*\"", "did you mean regex?")
	f("probe.s «not in (a)", "write not in front of the field: not FIELD in (...)")
	f("probe.s «contains\"a\"", "a blank must follow contains")
	f("probe.n <«> 1", "write != instead of <>")
	f("probe.n =< «1", "write <= instead of =<")
	f("probe.s ==«= x", "write = instead of ===")
	f("probe.s =~ «x", "use the operator regex, with not in front of the field for the opposite")
	f("probe.s = «(a, b)", "use in for several values: FIELD in (...)")
	f("probe.n < «\"1\"", "<, <=, > and >= need a number without quotes")
	f("'probe.s = \"\\q\"«'", `a backslash in a quoted value is written \\`)
	f("'probe.s = «\"C:\\\"'", "the quoted value does not end; a quote behind a backslash never ends one")
	f("\"«%probe.s = a\"", "write a field without % in front of it")
	f("'«\"probe.s\" = a'", "write a field without quotes")
	f("'probe.n = 1 and «= 2'", "a field must stand in front of =")
	f("and «probe.n = 1", `a condition that begins with and can only be appended: add "override: {condition: append}"`)
	f("probe.n = 1 and and «probe.m = 2", "there is one and too many")
	f("«unknwon and probe.n = 1", "")
	f("«knwon and probe.n = 1", "did you mean the macro known?")
	f("«proc.name = cat", "proc.name is a field of system calls; a rule for probe cannot use it")
	f("«evt.type = open", "evt.type is a field of system calls; a rule for probe cannot use it")
	f("«zzz.name = cat", "no loaded plugin has fields that begin with zzz.")
	f(`'probe.s regex «"\\d+"'`, `write [0-9] instead of \d`)
}

func TestWordsOfRegex(t *testing.T) {
	got := said(t, rule("r", `'probe.s regex "[a-"'`))
	if !strings.Contains(got, "error: invalid regex pattern: missing ] behind [a- (rule 'r')") {
		t.Error(got)
	}
	if strings.Contains(got, "UTF-8") {
		t.Error(got)
	}
}

// TestSourceHints: rules without a source are for system calls, which people do not expect.
func TestSourceHints(t *testing.T) {
	content := strings.Replace(rule("r", "probe.n = 1 and proc.name = x"), "  source: probe\n", "", 1)
	got := said(t, content)
	want := `the rule has no source, so it is one for system calls; probe.n is a field of probe: add "source: probe"`
	if !strings.Contains(got, "a.yaml:3:14: error: filter_check called with nonexistent field probe.n") || !strings.Contains(got, want) {
		t.Error(got)
	}
	if !strings.Contains(got, "a.yaml:4:14: error: unknown field probe.s") || strings.Count(got, `add "source: probe"`) != 2 {
		t.Error(got)
	}
	if got := said(t, content+"  source: syscall\n"); !strings.Contains(got, "probe.n is a field of the source probe, but the rule is for syscall") {
		t.Error(got)
	}
	if got := said(t, content+"  source: prbe\n"); !strings.Contains(got, "did you mean probe?") {
		t.Error(got)
	}
}
