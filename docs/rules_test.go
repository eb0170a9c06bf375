// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/rules"
)

// runRules loads the files of a block and compares. A line "# file: NAME" begins a further
// file; one named falco.yaml is the configuration. Lines that begin with "#>" say what to
// expect:
//
//	#> event => Rule: output    the first rule that matches, and its text
//	#> event => nothing
//	#> CODE                     an error or warning
//	#> CODE: message            the same with its text
//	#> error: message           a plugin requirement that is not met
//
// Errors and warnings must be exactly those that are expected.
func runRules(t *testing.T, b *block, shown *coverage) {
	files, expected := splitRules(b)
	cfg := readConfig(t, b, files)
	static := map[string]string{}
	for _, f := range cfg.StaticFields {
		static[f.Name] = f.Value
	}
	o := ruleOptions(t, cfg, static)
	var list []rules.File
	for _, f := range files {
		if f.Name != "falco.yaml" {
			list = append(list, f)
		}
	}
	set, report := rules.Load(list, o)
	issues := reported(report)
	for _, line := range expected {
		in, want, isEvent := cutWant(line)
		if isEvent {
			matchEvent(t, b, set, in, want, static)
			continue
		}
		code, _, _ := strings.Cut(line, ":")
		if i := slices.IndexFunc(issues, func(s string) bool { return s == line || strings.HasPrefix(s, line+": ") }); i >= 0 {
			issues = slices.Delete(issues, i, i+1)
			shown.codes[rules.Code(code)] = true
			continue
		}
		t.Errorf("%s: got none like %q among\n%s", b.at(0), line, strings.Join(issues, "\n"))
	}
	if len(issues) > 0 {
		t.Errorf("%s: not expected:\n%s", b.at(0), strings.Join(issues, "\n"))
	}
	if len(expected) == 0 && !strings.Contains(strings.Join(b.lines, "\n"), "#>") {
		t.Errorf("%s: the block expects nothing", b.at(0))
	}
}

func splitRules(b *block) (files []rules.File, expected []string) {
	files = []rules.File{{Name: "rules.yaml"}}
	for _, line := range b.lines {
		if name, ok := strings.CutPrefix(line, "# file: "); ok {
			files = append(files, rules.File{Name: name})
			continue
		}
		if want, ok := strings.CutPrefix(line, "#> "); ok {
			expected = append(expected, want)
		}
		f := &files[len(files)-1]
		f.Content = append(f.Content, line+"\n"...)
	}
	if strings.TrimSpace(string(files[0].Content)) == "" {
		files = files[1:]
	}
	return files, expected
}

func readConfig(t *testing.T, b *block, files []rules.File) *config.Config {
	t.Helper()
	for _, f := range files {
		if f.Name != "falco.yaml" {
			continue
		}
		cfg, err := config.Load(f.Name, config.Options{Read: func(string) ([]byte, error) { return f.Content, nil }})
		if err != nil {
			t.Fatalf("%s: %v", b.at(0), err)
		}
		for _, c := range cfg.Files {
			if c.Validation != config.ValidationOK {
				t.Errorf("%s: %s: %s", b.at(0), c.Path, c.Validation)
			}
		}
		return cfg
	}
	cfg, err := config.Load("", config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func ruleOptions(t *testing.T, cfg *config.Config, static map[string]string) rules.Options {
	o := rules.Options{
		Catalogue: demoCatalogue(t, static), Falco: cfg.Falco, MinPriority: alert.Priority(cfg.Priority),
		Plugins: []rules.PluginVersion{{Name: "demo", Version: "1.2.0", Source: demoSource}},
	}
	for _, c := range cfg.AppendOutput {
		to := rules.AppendOutput{Source: c.Source, Rule: c.Rule, Tags: c.Tags, Format: c.Output, Suggested: c.Suggested}
		for _, f := range c.Fields {
			to.Fields = append(to.Fields, rules.AppendField{Key: f.Key, Format: f.Format})
		}
		o.Append = append(o.Append, to)
	}
	for _, s := range cfg.RuleSelect {
		o.Selection = append(o.Selection, rules.SelectRule{Enable: s.Enable, Rule: s.Rule, Tag: s.Tag})
	}
	return o
}

// reported returns all errors and warnings as "CODE: message", each once: after every file
// all are reported again.
func reported(report *rules.Report) []string {
	var list []string
	if report.Err != nil {
		list = append(list, "error: "+report.Err.Error())
	}
	for i, f := range report.Files {
		for _, e := range f.Errors {
			list = append(list, string(e.Code)+": "+e.Message)
		}
		if i < len(report.Files)-1 && report.Ok() {
			continue
		}
		for _, w := range append(f.Notes, f.Warnings...) {
			list = append(list, string(w.Code)+": "+w.Message)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// matchEvent compares the first rule that matches an event.
func matchEvent(t *testing.T, b *block, set *rules.Ruleset, in, want string, static map[string]string) {
	t.Helper()
	if set == nil {
		t.Errorf("%s: the rules do not load", b.at(0))
		return
	}
	got := "nothing"
	withText := strings.Contains(want, ": ")
	if src := set.Sources[demoSource]; src != nil {
		env, err := newEnv(in, static, src.Layout)
		if err != nil {
			t.Errorf("%s: %s: %v", b.at(0), in, err)
			return
		}
		for _, r := range src.Rules {
			if !r.Cond.Eval(env) {
				continue
			}
			got = r.Name
			if withText {
				got += ": " + string(r.Message.AppendText(nil, env))
			}
			break
		}
	}
	if got != want {
		t.Errorf("%s: %s:\n got %s\nwant %s", b.at(0), in, got, want)
	}
}
