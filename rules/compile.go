// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"errors"
	"slices"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// compiler checks the definitions after each file. What did not change since the file
// before, nor anything that it uses, keeps its result.
type compiler struct {
	*loader
	lists  lists
	near   nearNames
	macros map[string]*compiledMacro
	users  map[string][]string // names of macros that use, or once used, a macro
	// roots are the conditions of macros, as they stand in those of rules.
	roots map[filter.Node]bool
	// conds are the macros that were compiled, by layout.
	conds map[*fields.Layout]map[filter.Node]*compiledCond
	// scratch are the layouts that checks use, by source. One is used for good if nothing but
	// rules that are to be evaluated was compiled with it.
	scratch map[string]*fields.Layout
	checks  map[string]int            // rules that were compiled with them
	others  map[string]*fields.Layout // for rules that are not to be evaluated
	fields  map[*fields.Layout]map[string]*template.Fields
	nodes   int // of all conditions that were expanded
	work    int // of putting lists into conditions
	traced  int // of doing that once more, to show places
}

const (
	maxText       = 1 << 25 // of one condition with its lists
	maxWork       = 1 << 28 // of putting lists into all conditions, in bytes
	maxTotalNodes = 1 << 24
)

func newCompiler(l *loader) *compiler {
	return &compiler{
		loader:  l,
		lists:   lists{byName: map[string]*compiledList{}, users: map[string][]string{}},
		macros:  map[string]*compiledMacro{},
		users:   map[string][]string{},
		roots:   map[filter.Node]bool{},
		conds:   map[*fields.Layout]map[filter.Node]*compiledCond{},
		scratch: map[string]*fields.Layout{},
		fields:  map[*fields.Layout]map[string]*template.Fields{},
		checks:  map[string]int{},
		others:  map[string]*fields.Layout{},
	}
}

// compile checks all that was defined so far and adds errors and warnings to the result of
// the file. Falco stops at the first error; this goes on if the loader is lenient.
func (c *compiler) compile() {
	c.markStale()
	c.noteLists()
	ok := c.parseMacros() && c.expandMacros() && c.checkRules()
	if ok && !(c.lenient && c.anyErrors()) {
		c.warnUnused() // else what is not used may only be so because of an error
	}
}

// anyErrors reports whether an error was found in any file so far.
func (l *loader) anyErrors() bool {
	return slices.ContainsFunc(l.results, func(r *Result) bool { return len(r.Errors) > 0 })
}

// markStale marks what has to be compiled again, and forgets what changed.
func (c *compiler) markStale() {
	d := c.defs
	c.lists.update(d, d.changedLists)
	c.near.add(c.lists.order)
	for _, def := range d.macros.all {
		m := c.macros[def.name]
		if m == nil {
			m = &compiledMacro{def: def}
			c.macros[def.name] = m
			m.stale = true
		}
		m.stale = m.stale || d.changedMacros[def.name] || c.lists.touches(d.changedLists, def.cond, m.lists)
		if m.stale {
			d.changedMacros[def.name] = true
		}
	}
	c.spread(d.changedMacros)
	for name := range d.changedMacros {
		c.macros[name].done = false
	}
	for _, def := range d.rules.all {
		if def.result == nil {
			def.result = &compiledRule{def: def}
			def.stale = true
		}
		def.stale = def.stale || anyOf(def.result.deps, d.changedMacros)
		if !def.stale && len(d.changedLists) > 0 {
			cond, _ := withExceptions(def)
			def.stale = c.lists.touches(d.changedLists, cond, def.result.lists)
		}
	}
	clear(d.changedLists)
	clear(d.changedMacros)
}

// spread adds the macros that use changed ones, and those that use them.
func (c *compiler) spread(changed map[string]bool) {
	due := make([]string, 0, len(changed))
	for name := range changed {
		due = append(due, name)
	}
	for len(due) > 0 {
		name := due[len(due)-1]
		due = due[:len(due)-1]
		for _, user := range c.users[name] {
			if !changed[user] {
				changed[user] = true
				due = append(due, user)
			}
		}
	}
}

func anyOf(names []string, in map[string]bool) bool {
	if len(in) == 0 {
		return false
	}
	for _, n := range names {
		if in[n] {
			return true
		}
	}
	return false
}

// parse puts lists into a condition and parses it. The caller counts the work.
func (c *compiler) parse(cond traced, at *place) (substitution, filter.Node, *problem) {
	s, ok := c.lists.substitute(c.defs, cond, maxText, maxWork-c.work)
	if !ok {
		return s, nil, newProblem(ErrCondition, msgTooLarge, at)
	}
	node, err := filter.Parse(s.text, filter.MaxDepth, c.Falco)
	if err != nil {
		pos, msg := posOf(err)
		return s, nil, newProblem(ErrCondition, msg, at.condition(s.text, pos))
	}
	return s, node, nil
}

// posOf takes an error of package filter apart.
func posOf(err error) (filter.Pos, string) {
	var e *filter.Error
	if errors.As(err, &e) {
		return e.Pos, e.Msg
	}
	return filter.Pos{}, err.Error()
}

// condition returns the place of a position within a condition, as Falco sees it.
func (p *place) condition(text string, pos filter.Pos) *place {
	at := p.at()
	at = position{at.offset + pos.Offset, at.line + pos.Line, at.column + pos.Column}
	return &place{parent: p, kind: kindCondition, src: p.src, cond: &condPlace{at: at, text: text, offset: pos.Offset}}
}

// problem reports a fault of a condition. Falco counts from the rule or macro.
func (f *fault) problem(item *place, text string) *problem {
	return newProblem(f.code, f.msg, item.condition(text, f.pos))
}

func (c *compiler) parseMacros() bool {
	for _, def := range c.defs.macros.all {
		m := c.macros[def.name]
		if c.lenient {
			if m.stale || m.parsed == nil {
				c.parseLenient(m)
			}
			continue
		}
		if m.stale || m.parsed == nil {
			var s substitution
			s, m.parsed, m.fault = c.parse(traced{text: def.cond}, def.condAt)
			c.work += s.work
			m.lists = s.lists
			m.stale = m.fault != nil
			m.notes = nil
			c.noteNearLists(&m.notes, m.parsed, func() traced { return c.macroText(m) }, def.at)
		}
		c.result.Notes = append(c.result.Notes, m.notes...)
		if m.fault != nil {
			c.fail(m.fault)
			return false
		}
	}
	return true
}

func (c *compiler) expandMacros() bool {
	for _, def := range c.defs.macros.all {
		m := c.macros[def.name]
		if m.done || m.parsed == nil {
			continue
		}
		x := c.expander(def.visibility, def.index)
		t, f := x.expand(m.parsed)
		delete(c.roots, m.tree.node)
		c.roots[t.node] = true
		m.tree, m.direct, m.deps = t, x.direct, x.names()
		for _, d := range m.deps {
			if u := c.users[d]; len(u) == 0 || u[len(u)-1] != def.name {
				c.users[d] = append(u, def.name)
			}
		}
		m.fault = nil
		if f == nil {
			m.done = true
			continue
		}
		m.fault = f.problem(def.at, def.cond)
		if !c.lenient {
			c.fail(m.fault)
			return false
		}
		c.failMacro(m, x)
	}
	return true
}

func (c *compiler) expander(visible, before int) *expander {
	x := &expander{macros: c.macros, visible: visible, before: before}
	if c.lenient {
		x.spoiled = c.defs.spoiled.macros
	}
	return x
}

// names returns the macros that were met, and those within them.
func (x *expander) names() []string {
	if len(x.deps) == len(x.direct) {
		return x.direct
	}
	list := make([]string, 0, len(x.deps))
	for n := range x.deps {
		list = append(list, n)
	}
	return list
}

// warnUnused warns of macros and lists that nothing refers to.
func (c *compiler) warnUnused() {
	usedMacros, usedLists := map[string]bool{}, map[*compiledList]bool{}
	use := func(macros []string, lists []*compiledList) {
		for _, n := range macros {
			usedMacros[n] = true
		}
		for _, l := range lists {
			usedLists[l] = true
		}
	}
	for _, m := range c.macros {
		use(m.direct, m.lists)
	}
	for _, def := range c.defs.rules.all {
		if r := def.result; !def.unknownSource {
			use(r.direct, r.lists)
		}
	}
	for _, l := range c.lists.order {
		for _, ref := range l.refs {
			usedLists[c.lists.byName[ref]] = true
		}
	}
	for _, def := range c.defs.macros.all {
		m := c.macros[def.name]
		if m.used = usedMacros[def.name]; !m.used {
			c.warn(WarnUnusedMacro, msgUnusedMacro, def.at)
		}
	}
	for _, l := range c.lists.order {
		if l.used = usedLists[l]; !l.used {
			c.warn(WarnUnusedList, msgUnusedList, l.def.at)
		}
	}
}
