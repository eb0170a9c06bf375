// SPDX-License-Identifier: Apache-2.0

// Package rules_test runs the rules of this folder, with the real plugins and the real
// engine, on events that they report and on near misses.
package rules_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/host"
	jsonplugin "github.com/gyr-dev/gyr/plugins/json"
	"github.com/gyr-dev/gyr/plugins/k8saudit"
	"github.com/gyr-dev/gyr/rules"
	"github.com/gyr-dev/gyr/sdk"
)

const (
	rulesFile = "k8s_audit_rules.yaml"
	source    = "k8s_audit"
	pluginID  = 1
)

type object = map[string]any

// cases is the content of testdata/cases.yaml.
type cases struct {
	Base  object
	Cases []struct {
		Rule        string
		Match, Miss []object
	}
}

func readCases(t *testing.T) *cases {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "cases.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var c cases
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatalf("cases.yaml: %v", err)
	}
	return &c
}

// overlay returns base with what patch says laid over it: objects are merged, null takes
// a member away, everything else replaces.
func overlay(base, patch object) object {
	merged := maps.Clone(base)
	if merged == nil {
		merged = object{}
	}
	for k, v := range patch {
		switch v := v.(type) {
		case nil:
			delete(merged, k)
		case object:
			below, _ := merged[k].(object)
			merged[k] = overlay(below, v)
		default:
			merged[k] = v
		}
	}
	return merged
}

// record returns the JSON text of base with patch laid over it.
func (c *cases) record(t *testing.T, patch object) []byte {
	t.Helper()
	r := overlay(c.Base, patch)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// load compiles the rules for the linked-in plugins.
func load(t *testing.T) *rules.Ruleset {
	t.Helper()
	text, err := os.ReadFile(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	catalogue := fields.NewCatalogue()
	catalogue.AddSource(source)
	var plugins []rules.PluginVersion
	for _, factory := range []sdk.Factory{k8saudit.New, jsonplugin.New} {
		p := newPlugin(t, factory)
		info := p.Module().Info()
		if err := catalogue.Add(source, info.Name, p, info.Fields); err != nil {
			t.Fatal(err)
		}
		plugins = append(plugins, rules.PluginVersion{Name: info.Name, Version: info.Version})
	}
	set, report := rules.Load([]rules.File{{Name: rulesFile, Content: text}}, rules.Options{
		Catalogue: catalogue, Plugins: plugins, EngineVersion: "0.62.0", MinPriority: alert.Debug,
	})
	var said strings.Builder
	if err := report.WriteText(&said); err != nil {
		t.Fatal(err)
	}
	if !report.Ok() {
		t.Fatalf("%s is refused:\n%s", rulesFile, &said)
	}
	if strings.Contains(said.String(), "LOAD_") {
		t.Errorf("%s has warnings:\n%s", rulesFile, &said)
	}
	return set
}

func newPlugin(t *testing.T, factory sdk.Factory) host.Plugin {
	t.Helper()
	module, err := host.Linked(factory)
	if err != nil {
		t.Fatal(err)
	}
	p, err := module.New("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// matcher collects the names of the rules that match.
type matcher struct {
	worker *engine.Worker
	batch  *event.Batch
	names  []string
}

// Match implements [engine.Handler].
func (m *matcher) Match(_ *event.Batch, _ int, r *rules.Rule, _ *filter.Env) {
	m.names = append(m.names, r.Name)
}

func newMatcher(t *testing.T, set *rules.Ruleset, all bool) *matcher {
	t.Helper()
	if set.Sources[source] == nil {
		t.Fatalf("no rules for source %s", source)
	}
	program, err := engine.New(set.Sources[source], engine.Options{MatchAll: all})
	if err != nil {
		t.Fatal(err)
	}
	return &matcher{worker: program.NewWorker(), batch: event.NewBatch(1, event.NewArena(nil, nil))}
}

// match returns the names of the rules that match the record.
func (m *matcher) match(t *testing.T, record []byte) []string {
	t.Helper()
	m.names = nil
	m.batch.Add(pluginID, 1, record)
	defer m.batch.Release()
	if err := m.worker.Run(m.batch, m); err != nil {
		t.Fatal(err)
	}
	return m.names
}

func TestEveryRuleHasCases(t *testing.T) {
	c, set := readCases(t), load(t)
	have := make(map[string]bool)
	for _, x := range c.Cases {
		if have[x.Rule] || len(x.Match) == 0 || len(x.Miss) == 0 {
			t.Errorf("rule %q: want one entry with match and miss", x.Rule)
		}
		have[x.Rule] = true
	}
	for _, r := range set.Sources[source].Rules {
		if !have[r.Name] {
			t.Errorf("rule %q has no cases", r.Name)
		}
		delete(have, r.Name)
	}
	for name := range have {
		t.Errorf("cases of %q, which is no rule", name)
	}
}

// A rule reports its records, and is the first to do so, because by default only the
// first rule that matches is reported.
func TestRules(t *testing.T) {
	c, set := readCases(t), load(t)
	all, first := newMatcher(t, set, true), newMatcher(t, set, false)
	for _, x := range c.Cases {
		for _, patch := range x.Match {
			record := c.record(t, patch)
			if got := first.match(t, record); !slices.Equal(got, []string{x.Rule}) {
				t.Errorf("rule %q: reported by %q instead:\n%s", x.Rule, got, record)
			}
		}
		for _, patch := range x.Miss {
			record := c.record(t, patch)
			if got := all.match(t, record); slices.Contains(got, x.Rule) {
				t.Errorf("rule %q: reports what it should not:\n%s", x.Rule, record)
			}
		}
	}
}
