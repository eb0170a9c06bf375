// SPDX-License-Identifier: Apache-2.0

package engine

import "github.com/gyr-dev/gyr/filter"

// verdict is the result of evaluating a condition when some fields are unknown.
type verdict uint8

const (
	isFalse verdict = iota
	isTrue
	isOpen
)

// eval evaluates the condition at id on the current row, all of whose cells are known.
// Verdicts of shared nodes are kept until the next epoch.
func (w *Worker) eval(id int32) bool {
	n := &w.p.dag.nodes[id]
	if n.shared {
		if m := w.memo[id]; m>>1 == w.epoch {
			return m&1 == 1
		}
	}
	v := w.evalNode(n)
	if n.shared {
		w.memo[id] = w.epoch << 1
		if v {
			w.memo[id] |= 1
		}
	}
	return v
}

func (w *Worker) evalNode(n *node) bool {
	switch n.kind {
	case filter.CondAnd:
		for _, k := range n.kids {
			if !w.eval(k) {
				return false
			}
		}
		return true
	case filter.CondOr:
		for _, k := range n.kids {
			if w.eval(k) {
				return true
			}
		}
		return false
	case filter.CondNot:
		return !w.eval(n.kids[0])
	default:
		return n.pred.Eval(&w.env)
	}
}

// partial evaluates the condition at id using only the cells of round one.
func (w *Worker) partial(id int32) verdict {
	n := &w.p.dag.nodes[id]
	if n.early {
		if w.eval(id) {
			return isTrue
		}
		return isFalse
	}
	switch n.kind {
	case filter.CondAnd:
		return w.partialAll(n.kids, isFalse, isTrue)
	case filter.CondOr:
		return w.partialAll(n.kids, isTrue, isFalse)
	case filter.CondNot:
		switch w.partial(n.kids[0]) {
		case isFalse:
			return isTrue
		case isTrue:
			return isFalse
		}
	}
	return isOpen
}

// partialAll returns stop as soon as one kid is stop, open if one is open, else end.
func (w *Worker) partialAll(kids []int32, stop, end verdict) verdict {
	out := end
	for _, k := range kids {
		switch v := w.partial(k); v {
		case stop:
			return stop
		case isOpen:
			out = isOpen
		}
	}
	return out
}
