// SPDX-License-Identifier: Apache-2.0

// Package engine finds the rules that match the events of a batch.
//
// A [Program] is the rules of one event source, prepared once: all conditions become one
// graph of distinct predicates, and an index over the rules says which of them can match
// an event at all. A [Worker] runs a program on batches, one after the other.
//
// # How a batch is evaluated
//
//  1. Round one extracts, for all events, the fields that the index looks at and those of rules
//     that are likely to be candidates often.
//  2. The index gives the candidate rules of each event: those whose witness (see
//     [filter.Witness]) is fulfilled, and those that have none. Each candidate is evaluated
//     as far as the fields of round one allow; what is false by then is out.
//  3. Round two extracts all other fields, for the events that still have candidates.
//  4. The candidates left are evaluated in the order in which the rules are defined. A
//     predicate or a macro that several rules use is evaluated once per event.
//
// The values of an event lie in a row, those of round one first and those of one extractor
// side by side, so that linked-in plugins write them where they stay.
//
// The outcome is always that of evaluating every rule on every event in order; a test
// compares it with exactly that.
//
// The package does no I/O, starts no goroutine, has no clock, and allocates nothing per
// event once its buffers have grown to the size of the batches.
package engine

import (
	"fmt"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/rules"
)

// Program is the rules of one event source, ready to run. It is immutable; any number
// of workers can share it.
type Program struct {
	source  *rules.SourceRules
	all     bool // report every match, not only the first of an event
	dag     dag
	rules   []program
	index   index
	rounds  [2][]fields.Plan
	witness []witnessInfo
	columns []int32 // by cell: its place in a row
}

// program is one rule of a Program.
type program struct {
	rule  *rules.Rule
	root  int32 // node of its condition
	early bool  // the condition needs no field of round two
}

// Options configure a Program.
type Options struct {
	// MatchAll reports all rules that match an event (rule_matching: all), not only the
	// first in the order of definition.
	MatchAll bool
}

// New prepares the rules of a source. It asks the extractors of all fields in use for
// their plans; an error is one of theirs.
func New(source *rules.SourceRules, o Options) (*Program, error) {
	p := &Program{source: source, all: o.MatchAll}
	p.dag.init()
	for _, r := range source.Rules {
		p.rules = append(p.rules, program{rule: r, root: p.dag.add(r.Cond)})
	}
	p.witness = chooseWitnesses(source.Rules)
	early := p.earlyCells()
	p.columns = columnsOf(source.Layout.Refs(), early)
	p.index = buildIndex(p.witness, p.columns)
	p.dag.markEarly(early)
	for i := range p.rules {
		p.rules[i].early = p.dag.nodes[p.rules[i].root].early
	}
	if err := p.plan(early); err != nil {
		return nil, fmt.Errorf("rules of source %s: %w", source.Source, err)
	}
	return p, nil
}

// Rules returns the rules of the program in their order.
func (p *Program) Rules() []*rules.Rule { return p.source.Rules }

// earlyCells says which cells round one extracts: those that the index looks at, and those
// that the conditions of rules need which are evaluated on every event, or on many.
func (p *Program) earlyCells() []bool {
	early := make([]bool, p.source.Layout.Width())
	for i, w := range p.witness {
		for _, a := range w.atoms {
			early[a.cell] = true
		}
		if w.common() {
			p.dag.cells(p.rules[i].root, func(c int) { early[c] = true })
		}
	}
	return early
}

// plan asks every extractor for its part of both rounds. The plan of an extractor that
// renders evt.plugininfo comes last in its round by its own doing (see [fields.InfoID]).
func (p *Program) plan(early []bool) error {
	type part struct {
		owner fields.Extractor
		wants [2][]fields.Want
	}
	var parts []*part
	byOwner := make(map[fields.Extractor]*part)
	for cell, ref := range p.source.Layout.Refs() {
		owner := ref.Field.Owner
		if owner == nil {
			return fmt.Errorf("field %s has no extractor", ref.Field.Name)
		}
		if byOwner[owner] == nil {
			byOwner[owner] = &part{owner: owner}
			parts = append(parts, byOwner[owner])
		}
		round := 1
		if early[cell] {
			round = 0
		}
		w := &byOwner[owner].wants[round]
		*w = append(*w, fields.Want{Ref: ref, Cell: int(p.columns[cell])})
	}
	for _, pt := range parts {
		for round, wants := range pt.wants {
			if len(wants) == 0 {
				continue
			}
			plan, err := pt.owner.Plan(wants)
			if err != nil {
				return err
			}
			p.rounds[round] = join(p.rounds[round], plan)
		}
	}
	return nil
}

// join adds a plan to those of a round, joined with one of them if both can share a pass.
func join(plans []fields.Plan, plan fields.Plan) []fields.Plan {
	for i, p := range plans {
		j, ok := p.(fields.Joiner)
		if !ok {
			continue
		}
		if both := j.Join(plan); both != nil {
			plans[i] = both
			return plans
		}
	}
	return append(plans, plan)
}
