// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"sync/atomic"
	"time"
)

// counters are what a pipeline counts; sequencers write, anybody reads.
type counters struct {
	events   atomic.Uint64
	alerts   atomic.Uint64
	rules    []atomic.Uint64 // matches by rule ID
	start    atomic.Int64
	elapsed  atomic.Int64 // set at the end
	progress atomic.Pointer[Progress]
}

func (c *counters) add(j *job) {
	c.events.Add(uint64(len(j.batch.Events)))
	c.alerts.Add(uint64(len(j.found.alerts)))
	for _, r := range j.found.rules {
		c.rules[r.ID].Add(1)
	}
}

// Stats are the counts of a pipeline at a moment.
type Stats struct {
	// Events were evaluated, Alerts found.
	Events, Alerts uint64
	// Inputs are the events by input, in the order of [Config.Inputs].
	Inputs []uint64
	// Rules are the matches by rule ID.
	Rules []uint64
	// Elapsed is the time since Run was called, or that Run took.
	Elapsed time.Duration
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
	s := Stats{Events: c.events.Load(), Alerts: c.alerts.Load(), Elapsed: time.Duration(c.elapsed.Load())}
	if start := c.start.Load(); s.Elapsed == 0 && start != 0 {
		s.Elapsed = time.Since(time.Unix(0, start))
	}
	for _, l := range p.lanes {
		s.Inputs = append(s.Inputs, l.events.Load())
	}
	for i := range c.rules {
		s.Rules = append(s.Rules, c.rules[i].Load())
	}
	return s
}

// Progress returns how far the source is that reported last; nil if none can tell.
func (p *Pipeline) Progress() *Progress { return p.stats.progress.Load() }
