// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"cmp"
	"slices"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/pipeline"
	"github.com/gyr-dev/gyr/rules"
)

// mostExpensive is the number of rules in a report.
const mostExpensive = 10

// Report is the result of a measurement. The tags are the keys of `gyr bench --json`.
type Report struct {
	Events        uint64         `json:"events"`
	Alerts        uint64         `json:"alerts"`
	Seconds       float64        `json:"seconds"`
	Rate          float64        `json:"events_per_second"`
	Workers       map[string]int `json:"workers"`
	Rules         int            `json:"rules"`
	WithWitness   int            `json:"rules_with_witness"`
	Sampled       uint64         `json:"sampled_events"`
	LeftOut       float64        `json:"disturbed_share"` // share of sampled batches discarded as outliers
	Stages        []StageCost    `json:"stages"`
	Candidates    float64        `json:"candidates_per_event"`
	CandidatesP95 float64        `json:"candidates_p95_share"` // as a share of all rules
	Expensive     []RulePrice    `json:"most_expensive_rules"`
}

// StageCost is the cost of one stage.
type StageCost struct {
	Stage string  `json:"stage"`
	Nanos float64 `json:"ns_per_event"`
}

// RulePrice is the cost of one rule.
type RulePrice struct {
	Rule  string  `json:"rule"`
	Nanos float64 `json:"ns_per_event"` // mean over all events, whether the rule was a candidate or not
	Share float64 `json:"share_of_evaluation"`
	// Candidate is the share of events that the rule was evaluated on.
	Candidate float64 `json:"candidate_share"`
	Matches   uint64  `json:"matches"`
}

// stageNames holds the names of the engine's stages.
var stageNames = [engine.Stages]string{
	engine.StageRoundOne: "extraction for the index", engine.StageIndex: "index", engine.StageEvaluation: "evaluation",
	engine.StageRoundTwo: "extraction after the index", engine.StageRendering: "rendering",
}

// report returns the result, once the pipeline has ended.
func (m *meter) report(a *assembly.Assembly, inputs []pipeline.Input, stats pipeline.Stats) *Report {
	r := &Report{
		Events: stats.Events, Alerts: stats.Alerts, Seconds: stats.Elapsed.Seconds(),
		Workers: map[string]int{}, Rules: a.Rules.Rules, Sampled: m.sum.events,
	}
	if r.Seconds > 0 {
		r.Rate = float64(r.Events) / r.Seconds
	}
	for _, in := range inputs {
		name := in.Name
		if name == "" {
			name = "replay"
		}
		r.Workers[name] = max(in.Workers, 1)
	}
	for _, p := range a.Programs {
		r.WithWitness += p.Summary().Witnessed
	}
	r.Stages = append(r.Stages, StageCost{"read", per(float64(m.read.Load()), r.Events)})
	sum, left := undisturbed(m.costs)
	for i, d := range sum.stages {
		r.Stages = append(r.Stages, StageCost{stageNames[i], per(float64(d), sum.events)})
	}
	r.LeftOut = per(float64(left), uint64(len(m.costs)))
	r.Candidates = per(float64(m.sum.candidates), m.sum.events)
	r.CandidatesP95 = m.sum.p95()
	r.Expensive = m.sum.expensive(a.Rules, stats.Rules)
	return r
}

func per(sum float64, n uint64) float64 {
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// p95 is the 95th percentile of the share of candidate rules per event.
func (p *probe) p95() float64 {
	var seen uint64
	for i, n := range p.shares {
		if seen += n; seen*100 >= p.events*95 {
			return float64(i) / 1000
		}
	}
	return 1
}

// expensive returns the rules with the highest evaluation time.
func (p *probe) expensive(set *rules.Ruleset, counts []pipeline.RuleStats) []RulePrice {
	total := 0.0
	for _, c := range p.cost {
		total += float64(c.time)
	}
	matches := map[string]uint64{}
	for _, c := range counts {
		matches[c.Name] = c.Matches
	}
	list := []RulePrice{}
	for _, s := range set.Sources {
		for _, r := range s.Rules {
			c := p.cost[r.ID]
			if c.candidates == 0 {
				continue
			}
			price := RulePrice{
				Rule: r.Name, Nanos: per(float64(c.time), p.ruleEvents), Candidate: per(float64(c.candidates), p.ruleEvents), Matches: matches[r.Name],
			}
			if total > 0 {
				price.Share = float64(c.time) / total
			}
			list = append(list, price)
		}
	}
	slices.SortFunc(list, func(x, y RulePrice) int {
		return cmp.Or(cmp.Compare(y.Nanos, x.Nanos), cmp.Compare(x.Rule, y.Rule))
	})
	return list[:min(len(list), mostExpensive)]
}
