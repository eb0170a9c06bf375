// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
	"github.com/gyr-dev/gyr/template"
)

const language = "LANGUAGE.md"

// TestExamples runs the blocks of LANGUAGE.md:
//
//	gyr-condition  a condition per line, below it "event => true" or "event => false",
//	               "error: message" or "warning: message"
//	gyr-output     a template per line, below it "event => text" or "error: message"
//	gyr-fields     a template per line, below it "event => JSON object"
//	gyr-line       an output per line, below it "event => line of an alert"
//	gyr-rules      rules files, see runRules
//
// A line that begins with a version, "0.44: ", is about that version; all others are about
// both. Text that is expected may stand in quotes, with Go's escapes.
func TestExamples(t *testing.T) {
	shown := &coverage{verdicts: map[string]map[bool]bool{}, codes: map[rules.Code]bool{}}
	for _, b := range blocks(t, language) {
		switch b.kind {
		case "gyr-condition", "gyr-output", "gyr-fields", "gyr-line":
			for _, e := range b.examples() {
				for _, v := range versions {
					runExample(t, &b, e.as(v), v, shown)
				}
			}
		case "gyr-rules":
			runRules(t, &b, shown)
		default:
			t.Errorf("%s: unknown kind of block %s", b.at(-1), b.kind)
		}
	}
	shown.check(t)
}

func newScope(t testing.TB) *filter.Scope {
	return &filter.Scope{Catalogue: demoCatalogue(t, nil), Source: demoSource, Layout: &fields.Layout{}}
}

var versions = []compat.Version{compat.V045, compat.V044}

// as returns the example with what is expected as a version.
func (e example) as(v compat.Version) example {
	want := e.want
	e.want = nil
	for _, line := range want {
		version, rest, found := strings.Cut(line, ": ")
		if of, err := compat.Parse(version); !found || err != nil {
			e.want = append(e.want, line)
		} else if of == v {
			e.want = append(e.want, rest)
		}
	}
	return e
}

func runExample(t *testing.T, b *block, e example, v compat.Version, shown *coverage) {
	s := newScope(t)
	s.Falco = v
	if b.kind == "gyr-condition" {
		runCondition(t, b, e, s, shown)
	} else {
		runTemplate(t, b, e, s)
	}
}

func runCondition(t *testing.T, b *block, e example, s *filter.Scope, shown *coverage) {
	if len(e.want) == 0 {
		t.Errorf("%s: nothing is expected of the condition in %s", b.at(e.line), s.Falco)
	}
	node, err := filter.Parse(e.text, filter.MaxDepth, s.Falco)
	var cond *filter.Cond
	var warnings []filter.Warning
	if err == nil {
		cond, warnings, err = filter.Compile(node, s)
	}
	warned := 0
	for _, line := range e.want {
		if want, ok := strings.CutPrefix(line, "error: "); ok {
			if err == nil || err.Error() != want {
				t.Errorf("%s: %s:\n got error %v\nwant error %s", b.at(e.line), e.text, err, want)
			}
			return
		}
		if err != nil {
			t.Errorf("%s: %s: %v", b.at(e.line), e.text, err)
			return
		}
		if want, ok := strings.CutPrefix(line, "warning: "); ok {
			warned++
			if !slices.ContainsFunc(warnings, func(w filter.Warning) bool { return w.Msg == want }) {
				t.Errorf("%s: %s: got warnings %v, want %s", b.at(e.line), e.text, warnings, want)
			}
			continue
		}
		runEvent(t, b, e, line, cond, node, s, shown)
	}
	if warned != len(warnings) {
		t.Errorf("%s: %s: got %d warnings %v, want %d", b.at(e.line), e.text, len(warnings), warnings, warned)
	}
}

func runEvent(t *testing.T, b *block, e example, line string, cond *filter.Cond, node filter.Node, s *filter.Scope, shown *coverage) {
	in, want, ok := cutWant(line)
	if !ok || want != "true" && want != "false" {
		t.Errorf("%s: %s: %q is not event => true or false", b.at(e.line), e.text, line)
		return
	}
	env, err := newEnv(in, nil, s.Layout)
	if err != nil {
		t.Errorf("%s: %s: %s: %v", b.at(e.line), e.text, line, err)
		return
	}
	got := cond.Eval(env)
	if got != (want == "true") {
		t.Errorf("%s: %s: %s: got %v", b.at(e.line), e.text, line, got)
	}
	shown.add(node, got)
}

// newEnv returns an environment for an event as it is written.
func newEnv(text string, static map[string]string, l *fields.Layout) (*filter.Env, error) {
	ev, err := parseEvent(text)
	if err != nil {
		return nil, err
	}
	ev.static = static
	row, err := ev.row(l)
	return &filter.Env{Row: row, Arena: event.NewArena(nil, nil)}, err
}

func runTemplate(t *testing.T, b *block, e example, s *filter.Scope) {
	if len(e.want) == 0 {
		t.Errorf("%s: nothing is expected of the output in %s", b.at(e.line), s.Falco)
	}
	tmpl, err := template.Compile(e.text, s)
	for _, line := range e.want {
		if want, ok := strings.CutPrefix(line, "error: "); ok {
			if err == nil || err.Error() != want {
				t.Errorf("%s: %s:\n got error %v\nwant error %s", b.at(e.line), e.text, err, want)
			}
			return
		}
		in, want, _ := cutWant(line)
		if err != nil {
			t.Errorf("%s: %s: %v", b.at(e.line), e.text, err)
			return
		}
		list := template.Builder{Falco: s.Falco}
		list.AddTemplate(tmpl, s.Layout)
		env, err := newEnv(in, nil, s.Layout)
		if err != nil {
			t.Errorf("%s: %s: %v", b.at(e.line), line, err)
			return
		}
		got := string(tmpl.AppendText(nil, env))
		switch b.kind {
		case "gyr-fields":
			got = string(list.Build().AppendJSON(nil, env))
		case "gyr-line":
			enc := alert.Encoder{Falco: s.Falco}
			got = string(enc.Append(nil, alert.NewMeta("r", demoSource, alert.Warning, nil), eventTime, []byte(got), nil))
		}
		if w, err := strconv.Unquote(want); err == nil && want[0] == '"' {
			want = w
		}
		if got != want {
			t.Errorf("%s: %s: %s: %s:\n got %s\nwant %s", b.at(e.line), s.Falco, e.text, in, got, want)
		}
	}
}

// coverage notes what the examples show.
type coverage struct {
	verdicts map[string]map[bool]bool // of what is in the condition
	codes    map[rules.Code]bool
}

// add notes a verdict for all operators, modifiers and transformers of a condition.
func (c *coverage) add(n filter.Node, verdict bool) {
	note := func(name string) {
		if c.verdicts[name] == nil {
			c.verdicts[name] = map[bool]bool{}
		}
		c.verdicts[name][verdict] = true
	}
	filter.Walk(n, func(n filter.Node) bool {
		switch n := n.(type) {
		case *filter.Unary:
			note(n.Op)
		case *filter.Binary:
			note(n.Op)
			note(n.Mod)
		case *filter.TransformNode:
			note(n.Name)
		}
		return true
	})
}

// unusable are operators that exist in the grammar only: gyr has no type that they are for.
var unusable = []string{"bcontains", "bstartswith"}

// unreachable are codes of Falco that nothing in gyr has.
var unreachable = []rules.Code{
	rules.ErrFileRead, rules.ErrExtension, rules.WarnExtension,
}

// check fails if the document lacks something.
func (c *coverage) check(t *testing.T) {
	t.Helper()
	names := slices.Concat(filter.Operators(false), filter.Modifiers(), filter.Transformers(), []string{"val"})
	for _, name := range names {
		if v := c.verdicts[name]; (!v[true] || !v[false]) && !slices.Contains(unusable, name) {
			t.Errorf("%s: no example has %s with both verdicts", language, name)
		}
	}
	text, err := os.ReadFile(language)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range rules.Codes() {
		if !strings.Contains(string(text), "\n#### "+string(code)+"\n") {
			t.Errorf("%s: no heading for %s", language, code)
		}
		if never := slices.Contains(unreachable, code); c.codes[code] == never {
			t.Errorf("%s: has an example for %s: %v, want %v", language, code, !never, never)
		}
	}
}
