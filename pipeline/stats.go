// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/rules"
)

// counters holds the counts of a pipeline. Sequencers write them; any goroutine may read them.
type counters struct {
	events   atomic.Uint64
	alerts   atomic.Uint64
	progress atomic.Pointer[Progress]

	// Rule counts belong to rule names, not to a generation: a rule that also exists in the
	// next generation continues its count, and batches with the previous generation use the
	// same counter. Names are kept until the end.
	mu    sync.Mutex
	rules []*ruleCount
	names map[string]*ruleCount

	inputs  []*inputCount // in the order of the first use of their names
	running int
	began   time.Time     // start of the first running input
	elapsed time.Duration // time with running inputs, up to the end of the last one
}

// inputCount holds the counts of consecutive inputs with one name.
type inputCount struct {
	name   string
	events atomic.Uint64
	num    atomic.Uint64 // last event number of ended inputs
}

// input returns the counts for a name.
func (c *counters) input(name string) *inputCount {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, i := range c.inputs {
		if i.name == name {
			return i
		}
	}
	i := &inputCount{name: name}
	c.inputs = append(c.inputs, i)
	return i
}

// begin and end record the time during which inputs run.
func (c *counters) begin(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running++; c.running == 1 {
		c.began = now
	}
}

func (c *counters) end(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running--; c.running == 0 {
		c.elapsed += now.Sub(c.began)
	}
}

// ruleCount is the number of matches of a rule.
type ruleCount struct {
	name     string
	priority alert.Priority // protected by counters.mu
	matches  atomic.Uint64
}

// countersOf returns the counters of a generation's rules, by ID.
func (c *counters) countersOf(g *Generation) []*ruleCount {
	var byID []*rules.Rule
	for _, p := range g.Programs {
		for _, r := range p.Rules() {
			for len(byID) <= r.ID {
				byID = append(byID, nil)
			}
			byID[r.ID] = r
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = map[string]*ruleCount{}
	}
	counts := make([]*ruleCount, len(byID))
	for id, r := range byID {
		if r == nil {
			continue
		}
		n := c.names[r.Name]
		if n == nil {
			n = &ruleCount{name: r.Name}
			c.names[r.Name] = n
			c.rules = append(c.rules, n)
		}
		n.priority = r.Priority
		counts[id] = n
	}
	return counts
}

func (c *counters) add(j *job) {
	c.events.Add(uint64(len(j.batch.Events)))
	c.alerts.Add(uint64(len(j.found.alerts)))
	for _, r := range j.found.rules {
		j.gen.counts[r.ID].matches.Add(1)
	}
}

// Stats is a snapshot of a pipeline's counts.
type Stats struct {
	// Events is the number of evaluated events, Alerts the number of alerts.
	Events, Alerts uint64
	// Inputs holds the number of events by input name.
	Inputs map[string]uint64
	// Rules holds the matches by rule, for all generations so far: the rules of the first
	// generation in the order of their IDs, then rules added by later ones.
	Rules []RuleStats
	// Elapsed is the time during which at least one input was read.
	Elapsed time.Duration
}

// RuleStats holds the counts of the rules with one name.
type RuleStats struct {
	Name     string
	Priority alert.Priority // in the latest generation with the rule
	Matches  uint64
}

// Progress is the progress of an input.
type Progress struct {
	Source string
	Share  float64 // 0 to 1
	Text   string
}

// Stats returns the current counts. It can be called at any time.
func (p *Pipeline) Stats() Stats {
	c := &p.stats
	s := Stats{Events: c.events.Load(), Alerts: c.alerts.Load(), Inputs: map[string]uint64{}}
	c.mu.Lock()
	defer c.mu.Unlock()
	s.Elapsed = c.elapsed
	if c.running > 0 {
		s.Elapsed += time.Since(c.began)
	}
	for _, i := range c.inputs {
		s.Inputs[i.name] = i.events.Load()
	}
	s.Rules = make([]RuleStats, 0, len(c.rules))
	for _, r := range c.rules {
		s.Rules = append(s.Rules, RuleStats{Name: r.name, Priority: r.priority, Matches: r.matches.Load()})
	}
	return s
}

// Progress returns the last reported progress of a source; nil if none reports it.
func (p *Pipeline) Progress() *Progress { return p.stats.progress.Load() }
