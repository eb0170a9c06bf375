// SPDX-License-Identifier: Apache-2.0

// Package rulestest tests the rules that come with a plugin: with the real plugins and the
// real engine, on records that they report and on near misses.
package rulestest

import (
	"encoding/json"
	"maps"
	"os"
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
	"github.com/gyr-dev/gyr/rules"
	"github.com/gyr-dev/gyr/sdk"
)

// Suite is a rules file with the plugins that its rules need, and its cases.
type Suite struct {
	File     string // of the rules
	Cases    string // file with, for each rule, records that it reports and near misses
	Source   string
	PluginID uint32
	Plugins  []sdk.Factory
	Null     []string // members that records have as null unless they say otherwise
}

type object = map[string]any

// cases is the content of testdata/cases.yaml.
type cases struct {
	Base  object
	Cases []struct {
		Rule        string
		Match, Miss []object
	}
}

func (s *Suite) readCases(t *testing.T) *cases {
	t.Helper()
	text, err := os.ReadFile(s.Cases)
	if err != nil {
		t.Fatal(err)
	}
	var c cases
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatalf("%s: %v", s.Cases, err)
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
func (s *Suite) record(t *testing.T, c *cases, patch object) []byte {
	t.Helper()
	r := overlay(c.Base, patch)
	for _, member := range s.Null {
		if _, ok := r[member]; !ok {
			r[member] = nil
		}
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Load compiles the rules for the plugins, as linked in. Errors and warnings fail the test.
func (s *Suite) Load(t *testing.T) *rules.Ruleset {
	t.Helper()
	text, err := os.ReadFile(s.File)
	if err != nil {
		t.Fatal(err)
	}
	catalogue := fields.NewCatalogue()
	catalogue.AddSource(s.Source)
	var plugins []rules.PluginVersion
	for _, factory := range s.Plugins {
		p := newPlugin(t, factory)
		info := p.Module().Info()
		if err := catalogue.Add(s.Source, info.Name, p, info.Fields); err != nil {
			t.Fatal(err)
		}
		plugins = append(plugins, rules.PluginVersion{Name: info.Name, Version: info.Version})
	}
	set, report := rules.Load([]rules.File{{Name: s.File, Content: text}}, rules.Options{
		Catalogue: catalogue, Plugins: plugins, EngineVersion: "0.62.0", MinPriority: alert.Debug,
	})
	var said strings.Builder
	if err := report.WriteText(&said); err != nil {
		t.Fatal(err)
	}
	if !report.Ok() {
		t.Fatalf("%s is refused:\n%s", s.File, &said)
	}
	if strings.Contains(said.String(), "LOAD_") {
		t.Errorf("%s has warnings:\n%s", s.File, &said)
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

// Matcher runs the rules on single records. It is for one goroutine.
type Matcher struct {
	plugin uint32
	worker *engine.Worker
	batch  *event.Batch
	handler
}

// handler collects the names of the rules that match.
type handler struct{ names []string }

// Match implements [engine.Handler].
func (m *handler) Match(_ *event.Batch, _ int, r *rules.Rule, _ *filter.Env) {
	m.names = append(m.names, r.Name)
}

// Matcher returns what runs the rules of set. With all it reports all rules that match a
// record, otherwise the first, as gyr does by default.
func (s *Suite) Matcher(t *testing.T, set *rules.Ruleset, all bool) *Matcher {
	t.Helper()
	if set.Sources[s.Source] == nil {
		t.Fatalf("no rules for source %s", s.Source)
	}
	program, err := engine.New(set.Sources[s.Source], engine.Options{MatchAll: all})
	if err != nil {
		t.Fatal(err)
	}
	return &Matcher{plugin: s.PluginID, worker: program.NewWorker(), batch: event.NewBatch(1, event.NewArena(nil, nil))}
}

// Names returns the names of the rules that match the record.
func (m *Matcher) Names(t *testing.T, record []byte) []string {
	t.Helper()
	m.names = nil
	m.batch.Add(m.plugin, 1, record)
	defer m.batch.Release()
	if err := m.worker.Run(m.batch, &m.handler); err != nil {
		t.Fatal(err)
	}
	return m.names
}

// Run tests every rule: each has cases and does with them what they say. A rule has to be
// the first that reports its records, because by default only the first is reported.
func (s *Suite) Run(t *testing.T) {
	c, set := s.readCases(t), s.Load(t)
	t.Run("cases", func(t *testing.T) { s.everyRuleHasCases(t, c, set) })
	t.Run("rules", func(t *testing.T) { s.rulesReport(t, c, set) })
}

func (s *Suite) everyRuleHasCases(t *testing.T, c *cases, set *rules.Ruleset) {
	t.Helper()
	have := make(map[string]bool)
	for _, x := range c.Cases {
		if have[x.Rule] || len(x.Match) == 0 || len(x.Miss) == 0 {
			t.Errorf("rule %q: want one entry with match and miss", x.Rule)
		}
		have[x.Rule] = true
	}
	for _, r := range set.Sources[s.Source].Rules {
		if !have[r.Name] {
			t.Errorf("rule %q has no cases", r.Name)
		}
		delete(have, r.Name)
	}
	for name := range have {
		t.Errorf("cases of %q, which is no rule", name)
	}
}

func (s *Suite) rulesReport(t *testing.T, c *cases, set *rules.Ruleset) {
	t.Helper()
	all, first := s.Matcher(t, set, true), s.Matcher(t, set, false)
	for _, x := range c.Cases {
		for _, patch := range x.Match {
			record := s.record(t, c, patch)
			if got := first.Names(t, record); !slices.Equal(got, []string{x.Rule}) {
				t.Errorf("rule %q: reported by %q instead:\n%s", x.Rule, got, record)
			}
		}
		for _, patch := range x.Miss {
			record := s.record(t, c, patch)
			if got := all.Names(t, record); slices.Contains(got, x.Rule) {
				t.Errorf("rule %q: reports what it should not:\n%s", x.Rule, record)
			}
		}
	}
}
