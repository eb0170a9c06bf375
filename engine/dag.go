// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"encoding/binary"
	"slices"

	"github.com/gyr-dev/gyr/filter"
)

// dag holds the conditions of all rules as one graph. Equal parts share one node: predicates
// with equal keys, and and/or/not over the same nodes in any order.
type dag struct {
	nodes []node
	byKey map[string]int32
	key   []byte
}

type node struct {
	kind   filter.CondKind
	shared bool // used several times: its verdict is kept for the event
	early  bool // needs only cells of round one
	cost   int32
	kids   []int32
	pred   *filter.Pred
}

func (d *dag) init() { d.byKey = make(map[string]int32) }

// add returns the node of c. Equal conditions have the same node.
func (d *dag) add(c *filter.Cond) int32 {
	if c.Kind == filter.CondPred {
		return d.intern("p"+c.Pred.Key, node{kind: c.Kind, pred: c.Pred, cost: int32(c.Pred.Cost)})
	}
	kids := make([]int32, 0, len(c.Kids))
	for _, k := range c.Kids {
		kids = append(kids, d.add(k))
	}
	if c.Kind != filter.CondNot {
		// Conditions have no side effects and can be reordered: cheap ones first.
		slices.SortStableFunc(kids, func(a, b int32) int {
			if d.nodes[a].cost != d.nodes[b].cost {
				return int(d.nodes[a].cost - d.nodes[b].cost)
			}
			return int(a - b)
		})
		kids = slices.Compact(kids)
		if len(kids) == 1 {
			return kids[0]
		}
	}
	n := node{kind: c.Kind, kids: kids}
	d.key = append(d.key[:0], '0'+byte(c.Kind))
	for _, k := range kids {
		d.key = binary.LittleEndian.AppendUint32(d.key, uint32(k))
		n.cost += d.nodes[k].cost
	}
	return d.intern(string(d.key), n)
}

func (d *dag) intern(key string, n node) int32 {
	if id, ok := d.byKey[key]; ok {
		d.nodes[id].shared = true
		return id
	}
	id := int32(len(d.nodes))
	d.nodes = append(d.nodes, n)
	d.byKey[key] = id
	return id
}

// cells calls f for each cell that the condition at id reads, possibly more than once.
func (d *dag) cells(id int32, f func(cell int)) {
	n := &d.nodes[id]
	if n.pred != nil {
		for _, c := range n.pred.Cells {
			f(c)
		}
	}
	for _, k := range n.kids {
		d.cells(k, f)
	}
}

// markEarly sets early on the nodes that need only the given cells. Kids precede their
// parents.
func (d *dag) markEarly(cells []bool) {
	for i := range d.nodes {
		n := &d.nodes[i]
		n.early = true
		if n.pred != nil {
			for _, c := range n.pred.Cells {
				n.early = n.early && cells[c]
			}
		}
		for _, k := range n.kids {
			n.early = n.early && d.nodes[k].early
		}
	}
	d.byKey, d.key = nil, nil
}
