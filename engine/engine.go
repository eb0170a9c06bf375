// SPDX-License-Identifier: Apache-2.0

// Package engine finds the rules that match the events of a batch.
//
// A [Program] holds the compiled rules of one event source: one graph of all distinct
// predicates, and an index that finds the rules that can match an event. A [Worker] runs a
// program on batches, one at a time.
//
// # How a batch is evaluated
//
//  1. Round one extracts the fields that the index needs, and the fields of rules that are
//     likely to be candidates often, for all events.
//  2. The index returns the candidate rules of each event: the rules whose witness (see
//     [filter.Witness]; messages call it index key) holds, and the rules without one. Each
//     candidate is evaluated as far as the fields of round one allow, and dropped if false.
//  3. Round two extracts all other fields, for the events that still have candidates.
//  4. The remaining candidates are evaluated in the order in which the rules are defined. A
//     predicate or macro that several rules use is evaluated once per event.
//
// The values of an event form a row. Cells of round one come first, and cells of one extractor
// are adjacent, so that linked-in plugins write values in place.
//
// The result is always the same as evaluating every rule on every event in order; a test
// compares the two.
//
// The package does no I/O, starts no goroutines and reads no clock. It does not allocate per
// event once its buffers have grown to the size of the batches.
package engine

import (
	"fmt"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/rules"
)

// Program holds the compiled rules of one event source. It is immutable and can be shared by
// any number of workers.
type Program struct {
	source  *rules.SourceRules
	all     bool // report all matches of an event, not only the first
	dag     dag
	rules   []program
	index   index
	rounds  [2][]fields.Plan
	witness []witnessInfo
	columns []int32 // by cell: its index in a row
}

// program is one rule of a Program.
type program struct {
	rule  *rules.Rule
	root  int32 // node of the condition
	early bool  // the condition needs no field of round two
}

// Options configures a Program.
type Options struct {
	// MatchAll reports all rules that match an event (rule_matching: all) instead of only
	// the first one defined.
	MatchAll bool
}

// New compiles the rules of a source. It requests plans from the extractors of all fields in
// use, and returns their errors.
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

// Rules returns the rules of the program, in the order of their definition.
func (p *Program) Rules() []*rules.Rule { return p.source.Rules }

// earlyCells returns which cells round one extracts: those that the index needs, and those in
// the conditions of rules that are evaluated on every event, or on many.
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

// plan requests the plans of both rounds from every extractor. A plan that renders
// evt.plugininfo sorts itself last in its round (see [fields.InfoID]).
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

// join adds a plan to those of a round. It merges the plan with another one if both can share
// a pass.
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
