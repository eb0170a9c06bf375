// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/filter"
)

// rule returns a rule as it stands in a file.
func rule(name, condition string, more ...string) string {
	return "- rule: " + name + "\n  desc: d\n  condition: " + condition + "\n  output: o %probe.s\n  priority: INFO\n  source: probe\n" +
		strings.Join(slices.Collect(func(yield func(string) bool) {
			for _, m := range more {
				if !yield("  " + m + "\n") {
					return
				}
			}
		}), "")
}

func load(t *testing.T, o Options, contents ...string) (*Ruleset, *Report) {
	t.Helper()
	var files []File
	for i, c := range contents {
		files = append(files, File{string(rune('a'+i)) + ".yaml", []byte(c)})
	}
	return Load(files, o)
}

// names returns the names of the rules that are to be evaluated.
func (s *Ruleset) names() (list []string) {
	if s == nil {
		return nil
	}
	for _, src := range s.Sources {
		for _, r := range src.Rules {
			list = append(list, r.Name)
		}
	}
	return list
}

func TestAllErrorsAreCollected(t *testing.T) {
	_, report := load(t, probeOptions(t), rule("a", "probe.x = 1")+"- 1\n"+rule("b", "nomacro"), rule("c", "probe.n ="))
	got := []string{}
	for _, f := range report.Files {
		for _, e := range f.Errors {
			got = append(got, f.Name+" "+string(e.Code))
		}
	}
	want := []string{
		"a.yaml LOAD_ERR_YAML_VALIDATE", "a.yaml LOAD_ERR_COMPILE_CONDITION", "a.yaml LOAD_ERR_VALIDATE",
		"b.yaml LOAD_ERR_COMPILE_CONDITION", // again: everything is compiled with each file
		"b.yaml LOAD_ERR_COMPILE_CONDITION",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSelection(t *testing.T) {
	content := rule("one", "probe.n = 1", "tags: [x]") + rule("two", "probe.n = 2", "enabled: false") +
		strings.Replace(rule("three", "probe.n = 3"), "INFO", "DEBUG", 1)
	f := func(want []string, change func(*Options)) {
		t.Helper()
		o := probeOptions(t)
		change(&o)
		set, report := load(t, o, content)
		if !report.Ok() {
			t.Fatal(report.Files[0].Text())
		}
		if diff := cmp.Diff(want, set.names()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	f([]string{"one", "three"}, func(*Options) {})
	f([]string{"one"}, func(o *Options) { o.MinPriority = alert.Informational })
	f([]string{"two"}, func(o *Options) {
		o.Selection = []SelectRule{{Rule: "*"}, {Rule: "tw*", Enable: true}}
	})
	f([]string{"two", "three"}, func(o *Options) {
		o.Selection = []SelectRule{{Rule: "*", Enable: true}, {Tag: "x"}}
	})
	f([]string{"one", "two"}, func(o *Options) { // a rule below the priority stays out
		o.MinPriority = alert.Informational
		o.Selection = []SelectRule{{Rule: "*", Enable: true}}
	})
}

func TestWildcard(t *testing.T) {
	f := func(pattern, s string, want bool) {
		t.Helper()
		if got := matchWildcard(pattern, s); got != want {
			t.Errorf("matchWildcard(%q, %q) = %v, want %v", pattern, s, got, want)
		}
	}
	f("a", "a", true)
	f("a", "ab", false)
	f("*", "", true)
	f("a*", "abc", true)
	f("*c", "abc", true)
	f("*b", "abc", false)
	f("a*c", "abc", true)
	f("a**c", "abc", true)
	f("a*b*d", "abcd", true)
	f("a*x*", "abcd", false)
}

func TestSyscallRules(t *testing.T) {
	f := func(content, wantErr string) {
		t.Helper()
		set, report := load(t, probeOptions(t), content)
		got := ""
		if e := report.Files[0].Errors; len(e) > 0 {
			got = string(e[0].Code) + ": " + e[0].Message
		} else if set.Skipped.Syscall != 1 || set.Rules != 0 || report.HasWarnings() {
			t.Errorf("%+v, %d rules, %v", set.Skipped, set.Rules, report.Files[0].Warnings)
		}
		if got != wantErr {
			t.Errorf("got %q, want %q", got, wantErr)
		}
	}
	without := func(condition string) string {
		return strings.Replace(strings.Replace(rule("r", condition), "  source: probe\n", "", 1), "%probe.s", "%proc.name", 1)
	}
	f(without("evt.type = open and proc.name = cat and fd.num > 1"), "")
	f("- macro: m\n  condition: proc.name = x\n- list: l\n  items: [a]\n"+without("evt.type = open and m and user.name in (l)"), "")
	f(without("probe.s = x"), "LOAD_ERR_COMPILE_CONDITION: filter_check called with nonexistent field probe.s")
	f(without("proc.name = ("), "LOAD_ERR_COMPILE_CONDITION: expected a string value or a field with a valid transformer: 'val', 'tolower', 'toupper', 'b64', 'basename', 'len', 'join', 'concat', 'getopt'")
}

func TestAppendedOutputs(t *testing.T) {
	o := probeOptions(t)
	o.Append = []AppendOutput{
		{Format: "n=%probe.n"},
		{Tags: []string{"x"}, Format: "tagged", Fields: []AppendField{{Key: "probe.m"}, {Key: "both", Format: "%probe.n/%probe.m"}}},
		{Rule: "other", Format: "never"},
		{Source: "elsewhere", Format: "never"},
	}
	set, report := load(t, o, rule("r", "probe.n exists", "tags: [x, y]")+rule("s", "probe.n exists"))
	if !report.Ok() {
		t.Fatal(report.Files[0].Text())
	}
	for i, want := range []string{"o %probe.s n=%probe.n tagged", "o %probe.s n=%probe.n"} {
		if got := set.Sources["probe"].Rules[i].Message.String(); got != want {
			t.Errorf("output %q, want %q", got, want)
		}
	}
	o.Append = []AppendOutput{{Format: "%"}}
	if _, report = load(t, o, rule("r", "probe.n = 1")); report.Ok() || report.Files[0].Errors[0].Code != ErrOutput {
		t.Errorf("a bad format was appended: %v", report.Files[0].Errors)
	}
}

func TestLayoutHasOnlyWhatIsEvaluated(t *testing.T) {
	set, _ := load(t, probeOptions(t), rule("a", "probe.n = 1")+rule("b", "probe.m = 1", "enabled: false"), rule("a", "probe.t = 1"))
	got := []string{}
	for _, r := range set.Sources["probe"].Layout.Refs() {
		got = append(got, r.String())
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"evt.time.iso8601", "probe.s", "probe.t"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSchemaNotes(t *testing.T) {
	f := func(content string, want ...string) {
		t.Helper()
		_, report := load(t, probeOptions(t), content)
		if diff := cmp.Diff(want, report.Files[0].SchemaNotes); diff != "" {
			t.Errorf("%s: -want +got:\n%s", content, diff)
		}
	}
	if !json.Valid([]byte(Schema())) {
		t.Error("the schema is no JSON")
	}
	f("")
	f(rule("r", "probe.n = 1", "enabled: true", "capture_duration: 12", "tags: [1, true]"), "ok")
	f(rule("r", "probe.n = 1", "enabled: \"true\"", "capture_duration: \" -12\"", "tags: {}", "source:"), "ok")
	notTyped := func(key string) []string {
		return []string{"failed for <root>[0][" + key + "]: Value type not permitted by 'type' constraint.",
			"failed for <root>[0]: Failed to validate against schema associated with property name '" + key + "'.",
			"failed for <root>: Failed to validate item #0 in array."}
	}
	for _, key := range []string{"enabled", "capture", "warn_evttypes", "skip-if-unknown-filter"} { // as Falco reads them, but not as its schema does
		for _, v := range []string{"yes", "\"yes\"", "Yes", "no", "on", "off", "y", "n", "True", "TRUE", "False"} {
			f(rule("r", "probe.n = 1", key+": "+v), notTyped(key)...)
		}
	}
	for _, v := range []string{"0x10", `"12 "`} {
		f(rule("r", "probe.n = 1", "capture_duration: "+v), notTyped("capture_duration")...)
	}
	f("- list: l\n  items: [1, a]\n---\n- macro: m\n  condition: probe.n = 1\n", "ok", "ok")
	f("- list: l\n  items: a\n", "failed for <root>[0][items]: Value type not permitted by 'type' constraint.",
		"failed for <root>[0]: Failed to validate against schema associated with property name 'items'.",
		"failed for <root>: Failed to validate item #0 in array.")
	f("- bogus: 1\n", "failed for <root>[0]: Object contains a property that could not be validated using 'properties' or 'additionalProperties' constraints: 'bogus'.",
		"failed for <root>: Failed to validate item #0 in array.")
}

func TestDescribe(t *testing.T) {
	content := "- required_engine_version: 0.5.0\n- required_plugin_versions:\n  - name: probe\n    version: 1.0.0\n    alternatives: [{name: x, version: 2.0.0}]\n" +
		"- list: l\n  items: [alice]\n- macro: m\n  condition: probe.s in (l)\n" +
		rule("r", "m and probe.key[k] startswith anyof (a, b)", "exceptions: [{name: e, fields: probe.t, values: [x]}]")
	set, report := load(t, probeOptions(t), content)
	if !report.Ok() {
		t.Fatal(report.Files[0].Text())
	}
	all, err := set.Describe("")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Engine  string           `json:"required_engine_version"`
		Plugins []map[string]any `json:"required_plugin_versions"`
		Rules   []struct{ Info, Details map[string]any }
		Macros  []struct{ Info, Details map[string]any }
		Lists   []struct{ Info, Details map[string]any }
	}
	if err := json.Unmarshal(all, &got); err != nil {
		t.Fatal(err)
	}
	if got.Engine != "0.5.0" || len(got.Plugins) != 1 || len(got.Macros) != 1 || len(got.Lists) != 1 || got.Lists[0].Details["used"] != true {
		t.Errorf("got %s", all)
	}
	d := got.Rules[0].Details
	for key, want := range map[string][]any{
		"macros":              {"m"},
		"condition_fields":    {"probe.key[k]", "probe.s", "probe.t"},
		"condition_operators": {"in", "startswith anyof"},
		"exception_fields":    {"probe.t"},
		"exception_names":     {"e"},
		"output_fields":       {"probe.s"},
		"plugins":             {"probe"},
	} {
		if diff := cmp.Diff(want, d[key]); diff != "" {
			t.Errorf("%s: -want +got:\n%s", key, diff)
		}
	}
	if d["condition_compiled"] != `((probe.s in (alice) and probe.key[k] startswith anyof (a, b)) and not probe.t in (x))` {
		t.Errorf("condition_compiled: %s", d["condition_compiled"])
	}
	if got := got.Macros[0].Details["condition_compiled"]; got != "probe.s in (alice)" {
		t.Errorf("condition_compiled of a macro: %s", got)
	}
	if one, err := set.Describe("r"); err != nil || !bytes.Contains(one, []byte(`"name":"r"`)) || bytes.Contains(one, []byte(`"lists":[{`)) {
		t.Errorf("one rule: %v %s", err, one)
	}
	if _, err := set.Describe("nobody"); err == nil || err.Error() != `Rule "nobody" is not loaded` {
		t.Errorf("unknown rule: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	for _, s := range []string{
		"- macro: m\n  condition: probe.n = x\n- list: l\n  items: [q\"q, 'a b', 1]\n" + rule("r", "m and probe.s in (l) or nope", "exceptions: [{name: e, fields: [probe.s], values: [[a=b]]}]"),
		"", "- 1", "a: b", "---\n---\n", rule("r", "probe.n = 1"), "- macro: m\n  condition: not m\n",
		"- list: l\n  items: [l, a b, '']\n" + rule("r", "probe.s in (l,l)"),
		rule("r", "m", "exceptions: [{name: e, fields: [probe.s], comps: [in], values: [[[a, b]], [c]]}]"),
		"- rule: r\n  condition: and probe.n = 2\n  override: {condition: append}\n",
		aliasBomb(3), "- required_plugin_versions: [{name: probe, version: 9.0.0}]\n", "%YAML 1.2\n--- !!x\n- &a [*a]\n",
	} {
		f.Add(s, s)
	}
	catalogue := probeCatalogue(f)
	// Nothing panics; a ruleset comes if and only if there is no error; the report is valid
	// JSON, its places are in the files, and a second load says the same.
	f.Fuzz(func(t *testing.T, one, two string) {
		o := Options{Catalogue: catalogue, MinPriority: alert.Debug, SchemaCheck: true}
		files := []File{{"one", []byte(one)}, {"two", []byte(two)}}
		set, report := Load(files, o)
		if (set != nil) != report.Ok() {
			t.Fatalf("ruleset: %v, ok: %v", set != nil, report.Ok())
		}
		out := report.JSON()
		if !json.Valid(out) {
			t.Fatalf("not JSON: %s", out)
		}
		var b bytes.Buffer
		if err := report.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		if !report.Ok() && !strings.Contains(b.String(), "error: ") {
			t.Fatalf("no error is shown:\n%s", b.String())
		}
		if bytes.Contains(out, []byte(`"code":"GYR_`)) {
			t.Fatalf("a note among the load results: %s", out)
		}
		for _, r := range report.Files {
			_ = r.Text()
			for i := range r.Errors {
				if at := r.Errors[i].at; at.at().offset > len(at.src.content)+condLen(at) {
					t.Fatalf("offset %d", at.at().offset)
				}
			}
			for _, i := range slices.Concat(r.Errors, r.Warnings, r.Notes) {
				if p := i.shown(); p.at().offset > len(p.src.content) {
					t.Fatalf("%s: %s: shown at %d", i.Code, i.Message, p.at().offset)
				}
			}
		}
		if set != nil {
			if _, err := set.Describe(""); err != nil {
				t.Fatal(err)
			}
		}
		if _, again := Load(files, o); !bytes.Equal(again.JSON(), out) {
			t.Fatalf("first\n%s\nthen\n%s", out, again.JSON())
		}
	})
}

func condLen(p *place) int {
	if p.cond == nil {
		return 0
	}
	return len(p.cond.text)
}

// TestYAMLOddities checks what Falco's YAML library takes otherwise than others.
func TestYAMLOddities(t *testing.T) {
	f := func(content, want string) {
		t.Helper()
		_, report := load(t, probeOptions(t), content)
		got := "ok"
		if r := report.Files[0]; len(r.Errors) > 0 {
			locs := r.Errors[0].Locations()
			last := locs[len(locs)-1]
			got = fmt.Sprintf("%s %s %d:%d", r.Errors[0].Code, r.Errors[0].Message, last.Line, last.Column)
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", content, got, want)
		}
	}
	macro := func(text string) string { return "- macro: m\n  condition: " + text }
	// The end of the file ends a quoted text.
	f(macro("probe.n = 1\n  foo: 'x\n"), "ok")
	f(macro("probe.n = 1\n  foo: \"x\n"), "ok")
	f(macro("probe.n = 1\n  foo: \"x"), "LOAD_ERR_YAML_PARSE found unexpected end of stream 2:9")
	f(macro("'probe.n\n"), "LOAD_ERR_COMPILE_CONDITION expected a valid check operator: one of "+operators()+" 2:22")
	// A key without a colon goes on in the next line.
	f(macro("probe.n = 1\n  foo\n  append: x\n"), "LOAD_ERR_YAML_PARSE could not find expected ':' 3:8")
	f(macro("probe.n = 1\n  foo: \"\\q\"\n"), "LOAD_ERR_YAML_PARSE found unknown escape character 2:10")
	// Of several line breaks at the end of a folded text one is folded.
	f(macro(">+\n    probe.n =\n"), "LOAD_ERR_COMPILE_CONDITION "+noString+" 3:14")
	f(macro(">+\n    probe.n =\n\n"), "LOAD_ERR_COMPILE_CONDITION "+noString+" 3:14")
	f(macro(">+\n    probe.n =\n\n\n"), "LOAD_ERR_COMPILE_CONDITION "+noString+" 4:14")
	f(macro("|+\n    probe.n =\n\n"), "LOAD_ERR_COMPILE_CONDITION "+noString+" 4:14")
}

const noString = "expected a string value or a field with a valid transformer: 'val', 'tolower', 'toupper', 'b64', 'basename', 'len', 'join', 'concat', 'getopt'"

func operators() string { return "'" + strings.Join(filter.Operators(false), "', '") + "'" }
