// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
)

// compiledCond is the condition of a macro, compiled for a layout. All rules share it.
type compiledCond struct {
	cond     *filter.Cond
	warnings []filter.Warning
}

// compileCondition is filter.Compile, but compiles a macro once for all that use it.
func (c *compiler) compileCondition(n filter.Node, scope *filter.Scope) (*filter.Cond, []filter.Warning, error) {
	if !c.roots[n] {
		return c.compileNode(n, scope)
	}
	known := c.condsOf(scope.Layout)
	if k := known[n]; k != nil {
		return k.cond, k.warnings, nil
	}
	cond, warnings, err := c.compileNode(n, scope)
	if err == nil {
		known[n] = &compiledCond{cond, warnings}
	}
	return cond, warnings, err
}

func (c *compiler) condsOf(layout *fields.Layout) map[filter.Node]*compiledCond {
	if c.conds[layout] == nil {
		c.conds[layout] = map[filter.Node]*compiledCond{}
	}
	return c.conds[layout]
}

func (c *compiler) compileNode(n filter.Node, scope *filter.Scope) (*filter.Cond, []filter.Warning, error) {
	switch n := n.(type) {
	case *filter.And:
		return c.compileKids(filter.CondAnd, n.Kids, scope)
	case *filter.Or:
		return c.compileKids(filter.CondOr, n.Kids, scope)
	case *filter.Not:
		return c.compileKids(filter.CondNot, []filter.Node{n.Kid}, scope)
	}
	return filter.Compile(n, scope)
}

func (c *compiler) compileKids(kind filter.CondKind, list []filter.Node, scope *filter.Scope) (*filter.Cond, []filter.Warning, error) {
	cond := &filter.Cond{Kind: kind, Kids: make([]*filter.Cond, len(list))}
	var all []filter.Warning
	for i, n := range list {
		kid, warnings, err := c.compileCondition(n, scope)
		if err != nil {
			return nil, nil, err
		}
		cond.Kids[i] = kid
		all = append(all, warnings...)
	}
	return cond, all, nil
}
