// SPDX-License-Identifier: Apache-2.0

package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/rulegen"
	"github.com/gyr-dev/gyr/internal/trailgen"
	"github.com/gyr-dev/gyr/plugins/cloudtrail"
	"github.com/gyr-dev/gyr/rules"
)

// trailID is the id of the cloudtrail plugin.
const trailID = 2

// compile makes rules of a rules file, for the linked-in cloudtrail plugin.
func compile(tb testing.TB, text []byte) *rules.SourceRules {
	tb.Helper()
	m, err := host.Linked(cloudtrail.New)
	if err != nil {
		tb.Fatal(err)
	}
	p, err := m.New("")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = p.Close() })
	catalogue := fields.NewCatalogue()
	if err := catalogue.Add(rulegen.Source, "cloudtrail", p, m.Info().Fields); err != nil {
		tb.Fatal(err)
	}
	set, report := rules.Load([]rules.File{{Name: "rules.yaml", Content: text}}, rules.Options{Catalogue: catalogue, MinPriority: alert.Debug})
	if !report.Ok() {
		var said strings.Builder
		if err := report.WriteText(&said); err != nil {
			tb.Fatal(err)
		}
		tb.Fatal(said.String())
	}
	return set.Sources[rulegen.Source]
}

// prepare makes a program of a rules file.
func prepare(tb testing.TB, text []byte) *engine.Program {
	tb.Helper()
	p, err := engine.New(compile(tb, text), engine.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// trail returns n or a few more CloudTrail records of ordinary traffic and an intrusion.
func trail(tb testing.TB, seed uint64, n int) [][]byte {
	tb.Helper()
	files, err := trailgen.Files(trailgen.Config{Seed: seed, Records: n})
	if err != nil {
		tb.Fatal(err)
	}
	var all [][]byte
	for _, f := range files {
		var doc struct{ Records []json.RawMessage }
		if err := json.Unmarshal(f.Content, &doc); err != nil {
			tb.Fatal(err)
		}
		for _, r := range doc.Records {
			all = append(all, r)
		}
	}
	return all
}

// record returns a CloudTrail record of about size bytes. Its user agent is "hit/1" if it
// is to match the rule of hitRule.
func record(i, size int, hit bool) []byte {
	agent := "aws-cli/2"
	if hit {
		agent = "hit/1"
	}
	r := fmt.Appendf(nil, `{"eventTime":"2026-03-10T00:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1","userAgent":"%s","eventID":"%08d"`, agent, i)
	for n := 0; len(r) < size-80; n++ {
		r = fmt.Appendf(r, `,"part%d":{"name":"item-%d","values":["%032d",%d,true]}`, n, i+n, i*7+n, n)
	}
	return append(r, '}')
}

// hitRule matches the records that are to match.
const hitRule = `
- rule: hit
  desc: Matches what the benchmark wants to match.
  condition: ct.useragent = hit/1
  output: hit %ct.id of %ct.user by %ct.name
  priority: NOTICE
  source: aws_cloudtrail
`

// batches packs records into batches as a pipeline would.
func batches(records [][]byte) []*event.Batch {
	var list []*event.Batch
	var b *event.Batch
	for i, r := range records {
		if b == nil || b.Full() {
			b = event.NewBatch(256, event.NewArena(nil, nil))
			b.Source = rulegen.Source
			list = append(list, b)
		}
		b.AddView(trailID, uint64(i), r)
		b.Events[len(b.Events)-1].Num = uint64(i + 1)
	}
	return list
}

func countEvents(list []*event.Batch) (n int) {
	for _, b := range list {
		n += len(b.Events)
	}
	return n
}

// render counts matches and renders them as a pipeline would.
type render struct {
	n   int
	buf []byte
}

func (h *render) Match(b *event.Batch, row int, r *rules.Rule, env *filter.Env) {
	h.n++
	h.buf = r.Message.AppendText(h.buf[:0], env)
}

// run evaluates all batches once. The events stay as they are; the memory of what was
// extracted is taken back.
func run(tb testing.TB, w *engine.Worker, list []*event.Batch, h engine.Handler) {
	for _, b := range list {
		if err := w.Run(b, h); err != nil {
			tb.Fatal(err)
		}
		b.Arena.Reset()
	}
}

// probe adds up the time of each stage and counts candidates.
type probe struct {
	last       time.Time
	stages     [engine.Stages]time.Duration
	candidates []int // by event
}

func (p *probe) Start()                     { p.last = time.Now() }
func (p *probe) Candidates(n int)           { p.candidates = append(p.candidates, n) }
func (p *probe) Evaluated(*rules.Rule, int) {}

func (p *probe) Lap(s engine.Stage) {
	now := time.Now()
	p.stages[s] += now.Sub(p.last)
	p.last = now
}

// p95 is the share of rules, in percent, that 95 of 100 events have no more candidates than.
func (p *probe) p95(ruleCount int) float64 {
	slices.Sort(p.candidates)
	return 100 * float64(p.candidates[len(p.candidates)*95/100]) / float64(ruleCount)
}

// reportIndex adds to the figures of a benchmark what the index leaves to do and where
// the time goes, in the fastest of several passes.
func reportIndex(b *testing.B, p *engine.Program, list []*event.Batch) {
	b.Helper()
	s, best := p.Summary(), measureStages(b, p, list)
	b.ReportMetric(100*float64(s.Witnessed)/float64(s.Rules), "%witness")
	b.ReportMetric(best.p95(s.Rules), "%candidates-p95")
	for stage, name := range []string{"round1", "index", "eval", "round2"} {
		b.ReportMetric(float64(best.stages[stage].Nanoseconds())/float64(len(best.candidates)), "ns-"+name)
	}
}

// measureStages returns the fastest of several measured passes.
func measureStages(b *testing.B, p *engine.Program, list []*event.Batch) *probe {
	b.Helper()
	var best *probe
	w := p.NewWorker()
	for range 5 {
		pr := &probe{}
		for _, at := range list {
			if err := w.RunMeasured(at, &render{}, pr); err != nil {
				b.Fatal(err)
			}
			at.Arena.Reset()
		}
		if best == nil || pr.total() < best.total() {
			best = pr
		}
	}
	return best
}

func (p *probe) total() (sum time.Duration) {
	for _, d := range p.stages {
		sum += d
	}
	return sum
}
