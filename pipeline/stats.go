// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/rules"
)

// counters are what a pipeline counts; sequencers write, anybody reads.
type counters struct {
	events   atomic.Uint64
	alerts   atomic.Uint64
	progress atomic.Pointer[Progress]

	// The counts of rules belong to their names, not to a generation: a rule that is in
	// the next one too goes on counting, and batches that still have the last one count
	// into the same place. What a name once was is kept until the end.
	mu    sync.Mutex
	rules []*ruleCount
	names map[string]*ruleCount

	inputs  []*inputCount // in the order in which their names came up
	running int
	began   time.Time     // when the first of the running inputs began
	elapsed time.Duration // while inputs ran, up to when the last one ended
}

// inputCount is what inputs of one name count, one after the other.
type inputCount struct {
	name   string
	events atomic.Uint64
	num    atomic.Uint64 // of the last event of those that have ended
}

// input returns the count of a name.
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

// begin and end note the time during which inputs run.
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

// ruleCount is how often a rule matched.
type ruleCount struct {
	name     string
	priority alert.Priority // under the lock of counters
	matches  atomic.Uint64
}

// countersOf returns the counts of a generation's rules, by ID.
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

// Stats are the counts of a pipeline at a moment.
type Stats struct {
	// Events were evaluated, Alerts found.
	Events, Alerts uint64
	// Inputs are the events by name of an input.
	Inputs map[string]uint64
	// Rules are the matches by rule, of all generations up to now: those of the first in
	// the order of their IDs, then those that later ones brought.
	Rules []RuleStats
	// Elapsed is the time during which any input was read.
	Elapsed time.Duration
}

// RuleStats are the counts of the rules of one name.
type RuleStats struct {
	Name     string
	Priority alert.Priority // in the last generation that has the rule
	Matches  uint64
}

// Progress is how far an input is.
type Progress struct {
	Source string
	Share  float64 // 0 to 1
	Text   string
}

// Stats returns the counts up to now. It can be called at any time.
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

// Progress returns how far the source is that reported last; nil if none can tell.
func (p *Pipeline) Progress() *Progress { return p.stats.progress.Load() }
