// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

// worker evaluates batches and renders alerts.
type worker struct {
	p       *Pipeline
	plugins *companions
	message []byte
	fields  []byte
	job     *job
	size    int // size of the alerts of an earlier batch, in bytes
}

func newWorker(p *Pipeline, c *companions) *worker {
	return &worker{p: p, plugins: c}
}

func (w *worker) run(work <-chan *job) {
	for j := range work {
		w.finish(j)
	}
}

// finish evaluates the job and passes it to the sequencer.
func (w *worker) finish(j *job) {
	w.evaluate(j)
	j.ready <- struct{}{}
}

func (w *worker) evaluate(j *job) {
	j.found.reset()
	j.err = nil
	w.job = j
	var e *engine.Worker
	if j.program != nil {
		e = j.gen.engine(w, j.program)
	}
	switch parsers := w.plugins.parsersOf(j.batch.Source); {
	case len(parsers) > 0:
		j.err = w.step(j.batch, parsers, e)
	case e != nil:
		j.err = w.p.cfg.Evaluate(e, j.batch, w)
	}
	if len(j.found.alerts) > 0 {
		w.size = max(w.size, len(j.found.bytes))
		j.found.finish()
	}
}

// Match implements [engine.Handler]. It renders the alert.
func (w *worker) Match(b *event.Batch, row int, r *rules.Rule, env *filter.Env) {
	f := &w.job.found
	if f.bytes == nil {
		f.bytes = w.p.bytes.get(min(max(w.size, 1024), maxSpareSize))
	}
	w.message = r.Message.AppendText(w.message[:0], env)
	w.fields = w.fields[:0]
	if r.Fields != nil {
		w.fields = r.Fields.AppendJSON(w.fields, env)
	}
	e := &b.Events[row]
	var id alert.ID
	if w.job.gen.Encoder.IDs {
		id = alert.NewID(e.PluginID, b.Source, e.Time, e.Data, r.Name)
	}
	s := span{start: len(f.bytes)}
	f.bytes = w.job.gen.Encoder.AppendWithID(f.bytes, r.Meta, e.Time, id, w.message, w.fields)
	s.end = len(f.bytes)
	f.spans = append(f.spans, s)
	f.rules = append(f.rules, r)
	f.alerts = append(f.alerts, alert.Alert{
		Num: e.Num, Time: e.Time, Rule: r.Name, Source: b.Source, Priority: r.Priority, Tags: r.Tags, ID: id,
	})
}

// found holds the alerts of a batch.
type found struct {
	alerts []alert.Alert
	rules  []*rules.Rule // rule of each alert
	spans  []span
	bytes  []byte // bytes of all alerts, until the sink is done with them
}

// span is the position of an alert's line in bytes.
type span struct{ start, end int }

func (f *found) reset() {
	clear(f.alerts)
	f.alerts, f.rules, f.spans, f.bytes = f.alerts[:0], f.rules[:0], f.spans[:0], nil
}

// finish sets the lines of the alerts, once bytes no longer grows.
func (f *found) finish() {
	for i, s := range f.spans {
		f.alerts[i].Line = f.bytes[s.start:s.end:s.end]
	}
}
