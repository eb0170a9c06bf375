// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"fmt"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

// Worker runs a program. It holds the buffers for one batch and is not safe for concurrent use.
type Worker struct {
	p     *Program
	table fields.Table
	env   filter.Env
	cand  ruleSet
	// caches holds the caches of the index, by cell.
	caches []hitCache
	memo   []uint32 // by node: epoch and verdict
	epoch  uint32
	rows   []int32
	pairs  []pair
}

// pair is a rule that may match an event.
type pair struct {
	row  int32
	rule int32
	sure bool // the condition is known to be true
}

// NewWorker returns a worker for the program.
func (p *Program) NewWorker() *Worker {
	return &Worker{
		p: p, env: filter.Env{Columns: p.columns}, cand: newRuleSet(len(p.rules)),
		caches: make([]hitCache, len(p.index.cells)), memo: make([]uint32, len(p.dag.nodes)),
	}
}

// Program returns the program that the worker runs.
func (w *Worker) Program() *Program { return w.p }

// Handler receives matches: rule r matches b.Events[row]. env holds all fields of the event
// that the rule's templates need. It is valid during the call.
type Handler interface {
	Match(b *event.Batch, row int, r *rules.Rule, env *filter.Env)
}

// Run evaluates all events of the batch, which must be from the program's source. It calls h
// for each match, in the order of events, then of rules. An error means that an extractor has
// failed for good; no match is reported then.
func (w *Worker) Run(b *event.Batch, h Handler) error {
	if len(b.Events) == 0 || len(w.p.rules) == 0 {
		return nil
	}
	w.env.Arena = b.Arena
	w.table.Resize(len(b.Events), w.p.source.Layout.Width())
	w.rows = w.rows[:0]
	for i := range b.Events {
		w.rows = append(w.rows, int32(i))
	}
	if err := w.extract(0, b); err != nil {
		return err
	}
	w.preselect()
	if len(w.pairs) == 0 {
		return nil
	}
	if err := w.extract(1, b); err != nil {
		return err
	}
	w.finish(b, h)
	return nil
}

// extract runs the plans of a round, which fill the cells of w.rows.
func (w *Worker) extract(round int, b *event.Batch) error {
	for _, plan := range w.p.rounds[round] {
		if err := plan.Extract(b, w.rows, &w.table); err != nil {
			return fmt.Errorf("source %s: extraction: %w", b.Source, err)
		}
	}
	return nil
}

// preselect sets w.pairs to the rules that can still match after round one, and w.rows to the
// events that have such rules.
func (w *Worker) preselect() {
	n := len(w.rows)
	w.rows, w.pairs = w.rows[:0], w.pairs[:0]
	for row := range int32(n) {
		w.env.Row = w.table.Row(int(row))
		w.p.index.candidates(w.env.Row, &w.cand, w.caches)
		w.nextEpoch()
		before := len(w.pairs)
		w.candidates(row)
		if len(w.pairs) > before {
			w.rows = append(w.rows, row)
		}
	}
}

// candidates adds the pairs of one event, in the order of the rules.
func (w *Worker) candidates(row int32) {
	for rule := range w.cand.all {
		r := &w.p.rules[rule]
		verdict := w.partial(r.root)
		if verdict == isFalse {
			continue
		}
		w.pairs = append(w.pairs, pair{row: row, rule: rule, sure: verdict == isTrue})
		if verdict == isTrue && !w.p.all {
			return
		}
	}
}

// finish evaluates the remaining pairs after round two and reports the matches.
func (w *Worker) finish(b *event.Batch, h Handler) {
	row, matched := int32(-1), false
	for _, p := range w.pairs {
		if p.row != row {
			row, matched = p.row, false
			w.env.Row = w.table.Row(int(row))
			w.nextEpoch()
		}
		if matched && !w.p.all {
			continue
		}
		r := &w.p.rules[p.rule]
		if p.sure || w.eval(r.root) {
			matched = true
			h.Match(b, int(row), r.rule, &w.env)
		}
	}
}

// nextEpoch forgets all verdicts.
func (w *Worker) nextEpoch() {
	w.epoch++
	if w.epoch == 1<<31 {
		clear(w.memo)
		w.epoch = 1
	}
}
