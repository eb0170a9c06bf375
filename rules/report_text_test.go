// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said returns what people are shown of files.
func said(t *testing.T, contents ...string) string {
	t.Helper()
	_, report := load(t, probeOptions(t), contents...)
	var b bytes.Buffer
	if err := report.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wantText compares what people are shown of files.
func wantText(t *testing.T, want string, contents ...string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimLeft(want, "\n"), said(t, contents...)); diff != "" {
		t.Errorf("%s: -want +got:\n%s", contents, diff)
	}
}

func TestText(t *testing.T) {
	wantText(t, `
a.yaml:3:30: error: filter_check called with nonexistent field probe.nope (rule 'r') [LOAD_ERR_COMPILE_CONDITION]
      condition: probe.n = 1 and probe.nope = 2
                                 ^
    did you mean probe.opt?
a.yaml:9:14: error: Undefined macro 'administrator' used in filter. (rule 'q') [LOAD_ERR_VALIDATE]
      condition: administrator
                 ^
    did you mean the macro administrators?
`, rule("r", "probe.n = 1 and probe.nope = 2")+rule("q", "administrator")+"- macro: administrators\n  condition: probe.n = 1\n")
}

// TestAllErrorsOfARule has mistakes in every part of a rule.
func TestAllErrorsOfARule(t *testing.T) {
	wantText(t, `
a.yaml:3:14: error: filter_check called with nonexistent field probe.nope (rule 'r') [LOAD_ERR_COMPILE_CONDITION]
      condition: probe.nope = 1 and probe.n = x and not probe.wrong exists
                 ^
    did you mean probe.opt?
a.yaml:3:43: error: x is not a valid number (rule 'r') [LOAD_ERR_COMPILE_CONDITION]
      condition: probe.nope = 1 and probe.n = x and not probe.wrong exists
                                              ^
a.yaml:3:53: error: filter_check called with nonexistent field probe.wrong (rule 'r') [LOAD_ERR_COMPILE_CONDITION]
      condition: probe.nope = 1 and probe.n = x and not probe.wrong exists
                                                        ^
a.yaml:4:14: error: unknown field probe.wrong (rule 'r') [LOAD_ERR_COMPILE_OUTPUT]
      output: a %probe.wrong %probe.key %
                 ^
a.yaml:4:27: error: filter 'probe.key': probe.key requires an argument but none provided (rule 'r') [LOAD_ERR_COMPILE_OUTPUT]
      output: a %probe.wrong %probe.key %
                              ^
a.yaml:4:37: error: no field follows the % (rule 'r') [LOAD_ERR_COMPILE_OUTPUT]
      output: a %probe.wrong %probe.key %
                                        ^
    outputs cannot have a percent sign alone: write the word percent
a.yaml:5:13: error: invalid priority 'HIGH': one of emergency, alert, critical, error, warning, notice, informational, info, debug (rule 'r') [LOAD_ERR_YAML_VALIDATE]
      priority: HIGH
                ^
    did you mean critical?
a.yaml:7:12: error: Can't decode YAML scalar value (rule 'r') [LOAD_ERR_YAML_VALIDATE]
      enabled: maybe
               ^
a.yaml:8:9: error: Value is not a sequence (rule 'r') [LOAD_ERR_YAML_VALIDATE]
      tags: one
            ^
a.yaml:10:7: error: Fields and comps lists must have equal length (rule 'r') [LOAD_ERR_VALIDATE]
        - {name: a, fields: [probe.s, probe.t], comps: [in]}
          ^
a.yaml:11:26: error: 'probe.tt' is not a supported filter field (rule 'r') [LOAD_ERR_VALIDATE]
        - {name: b, fields: [probe.tt], values: [[x]]}
                             ^
    did you mean probe.t?
a.yaml:12:50: error: Fields and values lists must have equal length (rule 'r') [LOAD_ERR_VALIDATE]
        - {name: c, fields: [probe.s], values: [[x], [x, y]]}
                                                     ^
a.yaml:13:17: error: Item has no mapping for key 'fields' (rule 'r') [LOAD_ERR_YAML_VALIDATE]
        - {name: d, feilds: [probe.s]}
                    ^
    'feilds' is not a key: did you mean fields?
a.yaml:14:3: warning: Unknown key 'colour'. The key will be ignored. (rule 'r') [LOAD_UNKNOWN_KEY]
      colour: red
      ^
`, `- rule: r
  desc: d
  condition: probe.nope = 1 and probe.n = x and not probe.wrong exists
  output: a %probe.wrong %probe.key %
  priority: HIGH
  source: probe
  enabled: maybe
  tags: one
  exceptions:
    - {name: a, fields: [probe.s, probe.t], comps: [in]}
    - {name: b, fields: [probe.tt], values: [[x]]}
    - {name: c, fields: [probe.s], values: [[x], [x, y]]}
    - {name: d, feilds: [probe.s]}
  colour: red
`)
}

// TestMissingKeys shows all keys that are missing, and which was meant.
func TestMissingKeys(t *testing.T) {
	wantText(t, `
a.yaml:1:3: error: Item has no mapping for key 'priority' (rule 'r') [LOAD_ERR_YAML_VALIDATE]
    - rule: r
      ^
a.yaml:2:3: error: Item has no mapping for key 'desc' (rule 'r') [LOAD_ERR_YAML_VALIDATE]
      description: d
      ^
    'description' is not a key: did you mean desc?
a.yaml:3:3: error: Item has no mapping for key 'condition' (rule 'r') [LOAD_ERR_YAML_VALIDATE]
      conditon: probe.n = 1
      ^
    'conditon' is not a key: did you mean condition?
a.yaml:6:3: error: Item has no mapping for key 'condition' (macro 'm') [LOAD_ERR_YAML_VALIDATE]
      Condition: probe.n = 1
      ^
    'Condition' is not a key: did you mean condition?
a.yaml:8:3: error: Item has no mapping for key 'items' (list 'l') [LOAD_ERR_YAML_VALIDATE]
      itmes: [a]
      ^
    'itmes' is not a key: did you mean items?
a.yaml:9:3: warning: Unknown top level item [LOAD_UNKNOWN_ITEM]
    - marco: m
      ^
    did you mean macro?
`, "- rule: r\n  description: d\n  conditon: probe.n = 1\n  output: o\n- macro: m\n  Condition: probe.n = 1\n- list: l\n  itmes: [a]\n- marco: m\n  condition: probe.n = 1\n"+
		// nothing of what follows is an error of its own
		rule("s", "m and probe.s in (l)")+"- rule: r\n  condition: and probe.n = 2\n  override: {condition: append}\n- macro: m\n  condition: or probe.n = 3\n  override: {condition: append}\n")
}

// TestNoFollowingErrors: what only follows from an error elsewhere is no error of its own.
func TestNoFollowingErrors(t *testing.T) {
	f := func(want int, contents ...string) {
		t.Helper()
		if got := said(t, contents...); strings.Count(got, ": error: ") != want {
			t.Errorf("want %d errors:\n%s", want, got)
		}
	}
	more := "- rule: r\n  condition: and probe.n = 2\n  override: {condition: append}\n" +
		"- rule: r\n  output: x\n  override: {output: replace}\n- rule: r\n  enabled: false\n" +
		"- rule: r\n  exceptions: [{name: e, values: [x]}]\n  append: true\n"
	broken := strings.Replace(rule("r", "probe.n = 1", "exceptions: [{name: e, fields: probe.s}]"), "INFO", "BAD", 1)
	f(1, broken+more)
	f(1, broken, more) // in another file, where Falco has one of its own
	f(1, rule("r", "probe.n = 1", "exceptions: [{name: e, fields: probe.nope}]")+more)
	f(1, rule("r", "probe.n = 1", "exceptions: [{name: e}]")+more)
	f(1, "- rule: r\n  append: maybe\n  condition: probe.n = 1\n"+more)
	f(1, "- rule: r\n  desc: d\n  override: {priority: append}\n"+more)
	f(1, rule("r", "probe.n = 1 and", "exceptions: [{name: e, fields: probe.s}]")+more)
	f(1, "- macro: m\n  condition: probe.n =\n"+rule("r", "m")+rule("s", "not m or probe.n = 1")+"- macro: n\n  condition: m\n"+rule("t", "n"))
	f(1, "- macro: m\n  condition: [x]\n"+rule("r", "m")+"- macro: m\n  condition: or probe.n = 2\n  append: true\n")
	f(1, "- macro: m\n  condition: probe.n = 1\n  append: true\n"+rule("r", "m"))
	f(1, "- list: l\n  items: x\n"+rule("r", "probe.n in (l)")+"- list: l\n  items: [y]\n  append: true\n")
	f(1, "- macro: m\n  condition: nope\n"+rule("r", "m")+rule("s", "m"))
	f(2, "- macro: m\n  condition: nope\n"+rule("r", "m and probe.n = x"))
	f(1, rule("r", "probe.n = 1"), "- rule: r\n  condition: and probe.n = x\n  override: {condition: append}\n", rule("s", "probe.n = 2"))
	f(1, "- rule: r\n  desc: d\n  condition: probe.n = 1\n  output: o\n  priority: INFO\n  source: [probe]\n")
	// A macro that only broken rules use is not reported as unused.
	if got := said(t, "- macro: m\n  condition: probe.n = 1\n"+rule("r", "m and")); strings.Contains(got, "LOAD_UNUSED") {
		t.Error(got)
	}
}

// TestSharedMistakes: a mistake that many rules show is shown once.
func TestSharedMistakes(t *testing.T) {
	wantText(t, `
a.yaml:2:30: error: two is not a valid number (rule 'r' and 2 more, list 'numbers') [LOAD_ERR_COMPILE_CONDITION]
    - {list: numbers, items: [1, two, 3]}
                                 ^
a.yaml:4:14: error: filter_check called with nonexistent field probe.x (rule 'r', macro 'm') [LOAD_ERR_COMPILE_CONDITION]
      condition: probe.x = 1
                 ^
    did you mean probe.s?
`, strings.Replace("- {list: numbers, items: [1, two, 3]}\n", "", "\n", 1)+"- macro: m\n  condition: probe.x = 1\n"+
		rule("r", "probe.n in (numbers) or m")+rule("s", "probe.n in (numbers)")+rule("t", "not probe.m in (numbers)"))
}

// TestAllErrorsOfAnItem has several mistakes in an exception and in overrides, and names that
// are nearly right.
func TestAllErrorsOfAnItem(t *testing.T) {
	text := said(t, rule("the rule", "probe.n = 1", "exceptions:", "  - {name: e, fields: [probe.sx, probe.tx, probe.n], comps: [is, equals, =]}")+
		"- macro: known\n  condition: probe.n = 1\n- list: names\n  items: [a]\n"+
		"- rule: teh rule\n  priority: INFO\n  source: probe\n  override: {priority: append, source: replace}\n"+
		"- rule: teh rule\n  output: x\n  override: {output: append}\n"+
		"- macro: konwn\n  condition: or probe.n = 2\n  override: {condition: append}\n- list: nmaes\n  items: [b]\n  append: true\n")
	for _, want := range []string{
		"'is' is not a supported comparison operator", "'equals' is not a supported comparison operator",
		"'probe.sx' is not a supported filter field", "'probe.tx' is not a supported filter field",
		"Key 'priority' cannot be appended to", "Key 'source' cannot be replaced",
		"did you mean the macro 'known'?", "did you mean the list 'names'?",
	} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q is not there once:\n%s", want, text)
		}
	}
}
