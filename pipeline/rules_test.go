// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/rules"
)

// payload extracts t.data, the payload of an event.
type payload struct{}

func (x payload) Plan(wants []fields.Want) (fields.Plan, error) { return payloadPlan{wants}, nil }

type payloadPlan struct{ wants []fields.Want }

func (p payloadPlan) Extract(b *event.Batch, rows []int32, t *fields.Table) error {
	for _, row := range rows {
		for _, w := range p.wants {
			t.Row(int(row))[w.Cell] = event.StringValue(event.String(b.Events[row].Data))
		}
	}
	return nil
}

// generationOf returns a generation with one rule for the source dummy, which matches
// every event whose payload contains the text.
func generationOf(t testing.TB, rule, contains string, e alert.Encoder) *Generation {
	t.Helper()
	g := rulesOf(t, "- rule: "+rule+"\n  desc: d\n  condition: t.data contains "+contains+"\n  output: o %t.data\n  priority: INFO\n  source: dummy\n")
	g.Encoder = e
	return g
}

func rulesOf(t testing.TB, text string) *Generation {
	t.Helper()
	catalogue := fields.NewCatalogue()
	if err := catalogue.Add("dummy", "t", payload{}, []abi.FieldInfo{{Name: "t.data", Type: abi.String}}); err != nil {
		t.Fatal(err)
	}
	set, report := rules.Load([]rules.File{{Name: "test.yaml", Content: []byte(text)}}, rules.Options{
		Catalogue: catalogue, NoFields: true, MinPriority: alert.Debug,
	})
	if !report.Ok() {
		t.Fatalf("%s: %s", text, report.JSON())
	}
	g := &Generation{Programs: map[string]*engine.Program{}}
	for name, s := range set.Sources {
		p, err := engine.New(s, engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		g.Programs[name] = p
	}
	return g
}

// keeper is a sink that keeps what it gets.
type keeper struct {
	mu     sync.Mutex
	alerts []alert.Alert
}

func (k *keeper) Write(alerts []alert.Alert, done func(error)) {
	k.mu.Lock()
	for _, a := range alerts {
		k.alerts = append(k.alerts, a.Clone())
	}
	k.mu.Unlock()
	done(nil)
}

func (k *keeper) Close() error { return nil }

func (k *keeper) lines() string {
	var lines []string
	for _, a := range k.alerts {
		lines = append(lines, string(a.Line))
	}
	return strings.Join(lines, "\n")
}

func (k *keeper) nums() (list []uint64) {
	for _, a := range k.alerts {
		list = append(list, a.Num)
	}
	return list
}

// stateOnly is a stream whose first batch is the initial state of a capture.
type stateOnly struct{ stream }

func (s *stateOnly) Next(ctx context.Context, b *event.Batch) error {
	b.StateOnly = s.at == 0
	return s.stream.Next(ctx, b)
}

// Events that only change the state of plugins are numbered and counted, and no rule sees
// them.
func TestNoRuleSeesTheState(t *testing.T) {
	src := &stateOnly{stream{steps: []step{{times: []uint64{0, 0}}, {times: []uint64{0}}}}}
	k := &keeper{}
	p := newTest(t, src, nil, func(s *setup) { s.Sink, s.Generation = k, generationOf(t, "r", "x", alert.Encoder{}) })
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if nums := k.nums(); !slices.Equal(nums, []uint64{3}) || p.Stats().Events != 3 {
		t.Errorf("alerts about the events %v of %d, want the third only", nums, p.Stats().Events)
	}
}

func TestAlertsOfAStream(t *testing.T) {
	src := &stream{steps: []step{{times: []uint64{0, 1e9}}, {times: []uint64{2e9}}}}
	k := &keeper{}
	p := newTest(t, src, nil, func(s *setup) {
		s.Sink, s.Generation = k, generationOf(t, "r", "x", alert.Encoder{ISO8601: true})
	})
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := "1970-01-01T00:00:00.000000000+0000: Informational o x\n" +
		"1970-01-01T00:00:01.000000000+0000: Informational o x\n" +
		"1970-01-01T00:00:02.000000000+0000: Informational o x"
	if got := k.lines(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	a := k.alerts[1]
	if a.Num != 2 || a.Time != 1e9 || a.Rule != "r" || a.Source != "dummy" || a.Priority != alert.Informational {
		t.Errorf("alert %+v", a)
	}
	if s := p.Stats(); s.Alerts != 3 || !slices.Equal(s.Rules, []RuleStats{{"r", alert.Informational, 3}}) {
		t.Errorf("stats %+v", s)
	}
}
