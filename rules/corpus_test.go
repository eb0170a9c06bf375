// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLoadingAsFalco compares the load results of files with those that Falco gave: of a
// refused file the first error, of others all warnings, with codes, messages, places.
func TestLoadingAsFalco(t *testing.T) {
	for v, recorded := range versions {
		var want map[string]struct{ Results []any }
		readGzip(t, filepath.Join(recorded, "loading/expected.json.gz"), &want)
		if len(want) < 80 {
			t.Fatalf("%d recorded cases", len(want))
		}
		for name, w := range want {
			t.Run(v.String()+" "+name, func(t *testing.T) {
				_, report := Load(caseFiles(t, filepath.Join("testdata/loading", name)), probeOptionsAs(t, v))
				var got []any
				if report.Err != nil {
					got = []any{"Error: " + report.Err.Error()}
				} else {
					got = loadResults(t, report)
				}
				if diff := cmp.Diff(w.Results, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		}
	}
}

func caseFiles(t *testing.T, dir string) (files []File) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		content, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{filepath.Base(n), content})
	}
	return files
}

// jsonIssue is an error or warning of a JSON report.
type jsonIssue struct {
	Code, Message string
	Context       struct {
		Locations []struct {
			ItemType string `json:"item_type"`
			ItemName string `json:"item_name"`
			Position struct{ Line, Column float64 }
		}
	}
}

// list gives the parts that are compared.
func (i *jsonIssue) list() any {
	places := []any{}
	for _, l := range i.Context.Locations {
		places = append(places, []any{l.ItemType, l.ItemName, l.Position.Line, l.Position.Column})
	}
	return []any{i.Code, i.Message, places}
}

// loadResults reads the JSON form of a report, and leaves of it what is compared.
func loadResults(t *testing.T, report *Report) []any {
	t.Helper()
	var doc struct {
		Results []struct {
			Name             string
			Successful       bool
			Errors, Warnings []jsonIssue
		} `json:"falco_load_results"`
	}
	dec := json.NewDecoder(bytes.NewReader(report.JSON()))
	if err := dec.Decode(&doc); err != nil {
		t.Fatalf("%v in %s", err, report.JSON())
	}
	var list []any
	for _, r := range doc.Results {
		errs, warnings := []any{}, []any{}
		for i := range r.Errors[:min(1, len(r.Errors))] {
			errs = append(errs, r.Errors[i].list())
		}
		if r.Successful {
			for i := range r.Warnings {
				warnings = append(warnings, r.Warnings[i].list())
			}
			slices.SortFunc(warnings, func(a, b any) int { return strings.Compare(text(a), text(b)) })
		}
		list = append(list, []any{r.Name, r.Successful, errs, warnings})
	}
	return list
}

func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// splitRules returns the rules of a file, each with its name.
func splitRules(t *testing.T, path string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]string{}
	for _, r := range strings.Split(string(content), "- rule:")[1:] {
		name, _, _ := strings.Cut(r, "\n")
		rules[strings.TrimSpace(name)] = "- rule:" + r
	}
	return rules
}

// TestVerdictsAsFalco checks that rules are refused, with the recorded message, or accepted,
// with the recorded warnings, as Falco does.
func TestVerdictsAsFalco(t *testing.T) {
	for v, recorded := range versions {
		for _, name := range []string{"generated", "edge-cases", "bytes"} {
			t.Run(v.String()+" "+name, func(t *testing.T) {
				dir := filepath.Join("testdata", name)
				if name == "bytes" {
					dir = filepath.Join(recorded, name) // what is accepted differs
				}
				checkVerdicts(t, dir, filepath.Join(recorded, name, "expected.json.gz"), probeOptionsAs(t, v))
			})
		}
	}
}

func checkVerdicts(t *testing.T, dir, expected string, o Options) {
	t.Helper()
	var want struct {
		Invalid  map[string]string
		Warnings map[string][]string
	}
	readGzip(t, expected, &want)
	for name, rule := range splitRules(t, filepath.Join(dir, "invalid.yaml")) {
		_, report := Load([]File{{"x.yaml", []byte(rule)}}, o)
		got := "accepted"
		if e := report.Files[0].Errors; len(e) > 0 {
			got = string(e[0].Code) + ": " + e[0].Message
		}
		if w := want.Invalid[name]; w != "" && got != w {
			t.Errorf("%s: got %s, want %s", name, got, w)
		}
	}
	content, err := os.ReadFile(filepath.Join(dir, "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	set, report := Load([]File{{"rules.yaml", content}}, o)
	for _, e := range report.Files[0].Errors {
		t.Errorf("refused: %s: %s", e.at.item(), e.Message)
	}
	got := map[string][]string{}
	for i := range report.Files[0].Warnings {
		w := &report.Files[0].Warnings[i]
		name := w.at.locations()[1].ItemName
		got[name] = append(got[name], string(w.Code))
	}
	if diff := cmp.Diff(want.Warnings, got); diff != "" {
		t.Errorf("warnings: -want +got:\n%s", diff)
	}
	if n := len(splitRules(t, filepath.Join(dir, "rules.yaml"))); set != nil && set.Rules != n {
		t.Errorf("got %d rules, want %d", set.Rules, n)
	}
}
