// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/rules"
)

// Of every sampleEvery batches, one is measured by stage and one by rule. The others run
// unmeasured, so that measuring does not distort the events per second.
const (
	sampleEvery  = 16
	sampleStages = 3
	sampleRules  = 11
)

// meter measures a pipeline.
type meter struct {
	clock   time.Time     // zero point of all times
	lap     time.Duration // cost of reading the clock once
	batches atomic.Uint64
	free    sync.Pool // of *probe
	read    atomic.Int64

	mu  sync.Mutex
	sum probe
	// costs holds the batches measured by stage; the report discards outliers, which other
	// work on the machine causes.
	costs []batchCost
}

// batchCost holds the time of each stage of a batch.
type batchCost struct {
	events uint64
	stages [engine.Stages]time.Duration
}

// maxCosts limits the number of batches kept in a long run. An evaluation of one rule that
// takes longer than disturbed was interrupted and is discarded.
const (
	maxCosts  = 20000
	disturbed = 500 * time.Microsecond
)

// probe implements [engine.Probe] for one batch, or holds sums over many.
type probe struct {
	m          *meter
	byRule     bool // measures rules instead of stages
	rules      int  // of the program
	last, mark time.Duration

	events, ruleEvents uint64 // measured by stage, measured by rule
	candidates         uint64
	shares             [1001]uint64 // number of events by share of candidate rules, in thousandths
	stages             [engine.Stages]time.Duration
	cost               []ruleCost // by rule ID
}

type ruleCost struct {
	time       time.Duration
	candidates uint64
}

func newMeter(ruleCount int) *meter {
	m := &meter{clock: time.Now()}
	m.sum.cost = make([]ruleCost, ruleCount)
	m.free.New = func() any { return &probe{m: m, cost: make([]ruleCost, ruleCount)} }
	m.lap = m.look()
	return m
}

// look returns the cost of reading the clock once: the minimum of several measurements.
func (m *meter) look() time.Duration {
	const looks = 1000
	best := time.Hour
	for range 20 {
		start := m.now()
		for range looks {
			m.now()
		}
		best = min(best, (m.now()-start)/looks)
	}
	return best
}

func (m *meter) now() time.Duration { return time.Since(m.clock) }

// evaluate implements [pipeline.Config.Evaluate].
func (m *meter) evaluate(w *engine.Worker, b *event.Batch, h engine.Handler) error {
	n := m.batches.Add(1) % sampleEvery
	if n != sampleStages && n != sampleRules {
		return w.Run(b, h)
	}
	p := m.free.Get().(*probe)
	p.byRule, p.rules = n == sampleRules, len(w.Program().Rules())
	err := w.RunMeasured(b, h, p)
	m.mu.Lock()
	m.sum.add(p)
	if !p.byRule && len(m.costs) < maxCosts {
		m.costs = append(m.costs, batchCost{p.events, p.stages})
	}
	m.mu.Unlock()
	p.reset()
	m.free.Put(p)
	return err
}

// Start implements [engine.Probe].
func (p *probe) Start() {
	p.last = p.m.now()
	p.mark = p.last
}

// Lap implements [engine.Probe].
func (p *probe) Lap(s engine.Stage) {
	now := p.m.now()
	if !p.byRule {
		p.stages[s] += max(now-p.last-p.m.lap, 0)
	}
	p.last, p.mark = now, now
}

// Candidates implements [engine.Probe].
func (p *probe) Candidates(n int) {
	if p.byRule {
		p.ruleEvents++
		return
	}
	p.events++
	p.candidates += uint64(n)
	p.shares[1000*n/p.rules]++
}

// Evaluated implements [engine.Probe].
func (p *probe) Evaluated(r *rules.Rule, round int) {
	if !p.byRule {
		return
	}
	now := p.m.now()
	c := &p.cost[r.ID]
	if d := now - p.mark - p.m.lap; d > 0 && d < disturbed {
		c.time += d
	}
	if round == 1 {
		c.candidates++
	}
	p.mark = now
}

func (p *probe) add(o *probe) {
	p.events += o.events
	p.ruleEvents += o.ruleEvents
	p.candidates += o.candidates
	for i, n := range o.shares {
		p.shares[i] += n
	}
	for i, c := range o.cost {
		p.cost[i].time += c.time
		p.cost[i].candidates += c.candidates
	}
}

func (p *probe) reset() {
	clear(p.cost)
	*p = probe{m: p.m, cost: p.cost}
}

// undisturbed returns the sum over all batches but the outliers, and the number of
// outliers: batches that took more than twice the first quartile of the time per event,
// because the processor did other work meanwhile.
func undisturbed(costs []batchCost) (sum batchCost, left int) {
	if len(costs) == 0 {
		return sum, 0
	}
	slices.SortFunc(costs, func(x, y batchCost) int { return cmp.Compare(x.perEvent(), y.perEvent()) })
	limit := 2 * costs[len(costs)/4].perEvent()
	for i, c := range costs {
		if c.perEvent() > limit {
			return sum, len(costs) - i
		}
		sum.events += c.events
		for s, d := range c.stages {
			sum.stages[s] += d
		}
	}
	return sum, 0
}

func (c batchCost) perEvent() float64 {
	total := 0.0
	for _, d := range c.stages {
		total += float64(d)
	}
	return per(total, c.events)
}

// watched wraps a source. It measures the time spent reading and can end the source after
// a number of events.
type watched struct {
	event.Source
	m        *meter
	limit, n uint64 // no limit if 0
}

// watchedAcker is a watched source that wants acknowledgements.
type watchedAcker struct {
	*watched
	event.Acker
}

// watch wraps a source.
func (m *meter) watch(s event.Source, limit uint64) event.Source {
	w := &watched{Source: s, m: m, limit: limit}
	if a, ok := s.(event.Acker); ok {
		return watchedAcker{w, a}
	}
	return w
}

// Next implements [event.Source].
func (w *watched) Next(ctx context.Context, b *event.Batch) error {
	start := w.m.now()
	err := w.Source.Next(ctx, b)
	w.m.read.Add(int64(w.m.now() - start))
	if w.limit > 0 && w.n+uint64(len(b.Events)) >= w.limit {
		b.Events = b.Events[:w.limit-w.n]
		err = io.EOF
	}
	w.n += uint64(len(b.Events))
	return err
}

// Progress implements [event.Progresser].
func (w *watched) Progress() (share float64, text string) {
	if p, ok := w.Source.(event.Progresser); ok {
		share, text = p.Progress()
	}
	if w.limit > 0 {
		share, text = max(share, float64(w.n)/float64(w.limit)), fmt.Sprintf("%d/%d events", w.n, w.limit)
	}
	return share, text
}
