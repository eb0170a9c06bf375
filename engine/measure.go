// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/rules"
)

// Stage is a stage of the evaluation of a batch.
type Stage uint8

// The stages, in the order in which they start.
const (
	StageRoundOne   Stage = iota // extraction for the index
	StageIndex                   // index look-up
	StageEvaluation              // evaluation of candidates
	StageRoundTwo                // extraction of the other fields
	StageRendering               // calls of [Handler.Match]
	Stages                       // the number of stages
)

// Probe measures and records for [Worker.RunMeasured], since this package has no clock. All
// calls come from the goroutine of RunMeasured.
type Probe interface {
	// Start is called at the start of a batch.
	Start()
	// Lap is called at the end of a stage: the time since the last call of Start or Lap was
	// spent in it.
	Lap(s Stage)
	// Candidates is called for each event with the number of its candidate rules.
	Candidates(n int)
	// Evaluated is called after each evaluation of a candidate, partially with the fields of
	// round one (round 1) or completely (round 2). A Lap of StageEvaluation follows after the
	// last candidate of an event.
	Evaluated(r *rules.Rule, round int)
}

// RunMeasured is [Worker.Run] with calls to a probe. It is slower by three clock reads per
// event.
func (w *Worker) RunMeasured(b *event.Batch, h Handler, probe Probe) error {
	if len(b.Events) == 0 || len(w.p.rules) == 0 {
		return nil
	}
	probe.Start()
	w.begin(b)
	if err := w.extract(0, b); err != nil {
		return err
	}
	probe.Lap(StageRoundOne)
	w.preselectMeasured(probe)
	if len(w.pairs) == 0 {
		return nil
	}
	if err := w.extract(1, b); err != nil {
		return err
	}
	probe.Lap(StageRoundTwo)
	w.finishMeasured(b, h, probe)
	return nil
}

// begin makes all events of the batch the current rows.
func (w *Worker) begin(b *event.Batch) {
	w.env.Arena = b.Arena
	w.table.Resize(len(b.Events), w.p.source.Layout.Width())
	w.rows = w.rows[:0]
	for i := range b.Events {
		w.rows = append(w.rows, int32(i))
	}
}

// preselectMeasured is preselect with a probe.
func (w *Worker) preselectMeasured(probe Probe) {
	n := len(w.rows)
	w.rows, w.pairs = w.rows[:0], w.pairs[:0]
	for row := range int32(n) {
		w.env.Row = w.table.Row(int(row))
		w.p.index.candidates(w.env.Row, &w.cand, w.caches)
		probe.Lap(StageIndex)
		probe.Candidates(w.cand.size())
		w.nextEpoch()
		before := len(w.pairs)
		w.candidatesMeasured(row, probe)
		probe.Lap(StageEvaluation)
		if len(w.pairs) > before {
			w.rows = append(w.rows, row)
		}
	}
}

// candidatesMeasured is candidates with a probe.
func (w *Worker) candidatesMeasured(row int32, probe Probe) {
	for rule := range w.cand.all {
		r := &w.p.rules[rule]
		verdict := w.partial(r.root)
		probe.Evaluated(r.rule, 1)
		if verdict == isFalse {
			continue
		}
		w.pairs = append(w.pairs, pair{row: row, rule: rule, sure: verdict == isTrue})
		if verdict == isTrue && !w.p.all {
			return
		}
	}
}

// finishMeasured is finish with a probe.
func (w *Worker) finishMeasured(b *event.Batch, h Handler, probe Probe) {
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
		hit := p.sure || w.eval(r.root)
		probe.Evaluated(r.rule, 2)
		if hit {
			matched = true
			probe.Lap(StageEvaluation)
			h.Match(b, int(row), r.rule, &w.env)
			probe.Lap(StageRendering)
		}
	}
	probe.Lap(StageEvaluation)
}
