// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"net/netip"

	"github.com/gyr-dev/gyr/event"
)

// Cond is a compiled condition: a tree of and, or and not over predicates. It is
// immutable and can be evaluated by many goroutines at once, each with its own [Env].
type Cond struct {
	Kind CondKind
	// Kids are the operands: two or more of And and Or, one of Not, none of Pred.
	Kids []*Cond
	// Pred is set if Kind is CondPred.
	Pred *Pred
}

// CondKind says what a node of a condition is.
type CondKind uint8

// The kinds of nodes.
const (
	CondPred CondKind = iota
	CondAnd
	CondOr
	CondNot
)

// Env is what a condition is evaluated on: the cells of one event, and memory for the
// results of transformers, which live as long as the event's batch.
type Env struct {
	Row   []event.Value
	Arena *event.Arena
	// Columns has, by cell, the place of its value in Row. Nil means that values lie in
	// the order of the cells.
	Columns []int32
}

// Cell returns the value of a cell, a view into the row.
func (e *Env) Cell(cell int) *event.Value {
	if e.Columns != nil {
		cell = int(e.Columns[cell])
	}
	return &e.Row[cell]
}

// Eval evaluates the condition from left to right and stops as soon as the result is known.
func (c *Cond) Eval(env *Env) bool {
	switch c.Kind {
	case CondAnd:
		for _, k := range c.Kids {
			if !k.Eval(env) {
				return false
			}
		}
		return true
	case CondOr:
		for _, k := range c.Kids {
			if k.Eval(env) {
				return true
			}
		}
		return false
	case CondNot:
		return !c.Kids[0].Eval(env)
	default:
		return c.Pred.Eval(env)
	}
}

// Pred is one check: an operand, an operator and what it is compared with. It is false
// whenever its left side is absent.
type Pred struct {
	// Key identifies the check: two predicates with equal keys over the same layout
	// have the same verdict on every event.
	Key string
	// Cells are the cells that the check reads, each once.
	Cells []int
	// Cost orders checks by how long they take: 1 for a comparison of numbers, about
	// 100 for a regular expression.
	Cost int

	test    test
	witness *Witness
	against *Witness
}

// test is what an operator compiles to; one implementation per operator (op_*.go).
type test interface {
	eval(env *Env) bool
}

// Eval reports whether the check holds.
func (p *Pred) Eval(env *Env) bool { return p.test.eval(env) }

// Witness returns what must be true of one cell whenever the predicate holds, or nil if
// nothing can be said that an index could use.
func (p *Pred) Witness() *Witness { return p.witness }

// Against is the other way round: it returns what must be true of one cell whenever the
// predicate does not hold, or nil. Only "exists" of a field has such a witness.
func (p *Pred) Against() *Witness { return p.against }

// Witness is a necessary condition on one cell: the predicate that has it is false on
// every event whose cell is absent or fulfils none of the alternatives (for WitnessAbsent:
// is present). It may be fulfilled although the predicate is false. For a list cell it is
// enough that one element fulfils it.
type Witness struct {
	Cell int
	Kind WitnessKind
	// Strings are the alternatives of the kinds about text. None is empty.
	Strings []string
	// Ranges are the alternatives of WitnessRange.
	Ranges []Range
	// Nets are the alternatives of WitnessNet.
	Nets []netip.Prefix
}

// Range is an inclusive range of numbers.
type Range struct{ Min, Max uint64 }

// WitnessKind says how a witness compares.
type WitnessKind uint8

// The kinds of witnesses.
const (
	// WitnessExists: the cell is present.
	WitnessExists WitnessKind = iota
	// WitnessEqual: the text is one of Strings.
	WitnessEqual
	// WitnessPrefix: the text begins with one of Strings.
	WitnessPrefix
	// WitnessSuffix: the text ends with one of Strings.
	WitnessSuffix
	// WitnessContains: the text contains one of Strings.
	WitnessContains
	// WitnessContainsFold: the same with ASCII letters folded; Strings are lower case.
	WitnessContainsFold
	// WitnessRange: the number is in one of Ranges.
	WitnessRange
	// WitnessNet: the address is in one of Nets (an address of 4 bytes never is in a
	// network of 16 bytes).
	WitnessNet
	// WitnessAbsent: the cell is absent.
	WitnessAbsent
)
