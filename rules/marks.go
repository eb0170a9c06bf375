// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/gyr-dev/gyr/filter"

// The trees of macros are parts of those of rules. A check or the use of a macro is the same
// node in both, so what has it knows in which text its position is.

// markOf returns where in a file the part at a position of a check was written; value says
// which value of a list that begins there, -1 for none. The check is one of a rule or of a
// macro that the rule uses; own is the text of the rule.
func (c *compiler) markOf(r *compiledRule, check filter.Node, own traced, at filter.Pos, value int) *place {
	text := own
	if m := c.ownerOf(r, check); m != nil {
		text = c.macroText(m)
	}
	offset := at.Offset
	if value >= 0 && text.text != "" {
		offset = filter.ValueOffset(text.text, at, value)
	}
	return text.locate(offset)
}

// ownerOf returns the macro that a node was written in, nil for the rule.
func (c *compiler) ownerOf(r *compiledRule, n filter.Node) *compiledMacro {
	for _, name := range r.deps {
		if m := c.macros[name]; m != nil && contains(m.parsed, n) {
			return m
		}
	}
	return nil
}

// contains reports whether a node is one of the checks or uses of macros of a condition.
func contains(tree, n filter.Node) bool {
	switch t := tree.(type) {
	case *filter.And:
		for _, k := range t.Kids {
			if contains(k, n) {
				return true
			}
		}
	case *filter.Or:
		for _, k := range t.Kids {
			if contains(k, n) {
				return true
			}
		}
	case *filter.Not:
		return contains(t.Kid, n)
	case nil:
		return false
	}
	return tree == n
}

// ruleText returns the condition of a rule as it is parsed, traced.
func (c *compiler) ruleText(def *ruleDef) traced { return c.listed(traceExceptions(def)) }

// macroText returns the condition of a macro as it is parsed, traced.
func (c *compiler) macroText(m *compiledMacro) traced {
	t := tracer{on: true}
	t.scalars(m.def.cond, m.def.condAt)
	return c.listed(t.done())
}

// maxTraced bounds a text that is put together to show a place in it, and maxTracedWork all of
// them.
const (
	maxTraced     = 1 << 20
	maxTracedWork = 1 << 28
)

// listed puts lists into a traced condition. What is beyond the bounds is not traced, and what
// is wrong with it is shown at its beginning.
func (c *compiler) listed(t traced) traced {
	if c.traced > maxTracedWork || len(t.text) > maxTraced {
		return traced{}
	}
	s, ok := c.lists.substitute(c.defs, t, maxTraced, maxTracedWork)
	c.traced += s.work + len(s.text)
	if !ok {
		return traced{}
	}
	return s.traced
}

// parseLenient parses the condition of a macro, and reports what is wrong with it.
func (c *compiler) parseLenient(m *compiledMacro) {
	if m.def.cond == "" { // its item has an error
		m.fault = newProblem(ErrCondition, "", m.def.at)
		return
	}
	s, node, p := c.parse(traced{text: m.def.cond}, m.def.condAt)
	c.work += s.work
	m.parsed, m.lists, m.fault = node, s.lists, p
	if m.stale = p != nil; p == nil {
		return
	}
	if hasBroken(s.lists) {
		return
	}
	if _, ofLists := c.badValues(p, nil, s.lists); !ofLists {
		c.explainSyntaxAt(p, c.macroText(m))
		c.fail(p)
	}
}

// failMacro reports the faults of the macros that a macro uses.
func (c *compiler) failMacro(m *compiledMacro, x *expander) {
	text := c.macroText(m)
	for _, f := range x.faults {
		c.fail(c.macroProblem(f, m.def.at, m.def.cond, text, x))
	}
}

// macroProblem reports a fault of a condition in which macros were put.
func (c *compiler) macroProblem(f *fault, item *place, cond string, text traced, x *expander) *problem {
	p := f.problem(item, cond)
	if f.node == nil {
		p.mark = text.locate(f.pos.Offset)
		return p
	}
	for name := range x.deps {
		if m := c.macros[name]; m != nil && contains(m.parsed, f.node) {
			text = c.macroText(m)
			break
		}
	}
	p.mark = text.locate(f.pos.Offset)
	return p
}
