// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"sync"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// faults collects all that is wrong with one rule, for people; Falco stops at the first error.
type faults struct {
	*compiler
	r     *compiledRule
	scope *filter.Scope
	found bool
}

// reportFaults reports all errors of a rule that has some, and says whether there are any. It
// reports nothing that only follows from an error elsewhere.
func (c *compiler) reportFaults(r *compiledRule) bool {
	def := r.def
	*r = compiledRule{def: def, deps: r.deps, lists: r.lists}
	c.complete(r)
	f := &faults{compiler: c, r: r, scope: c.newScope(def.source, &fields.Layout{})}
	f.exceptions()
	if def.output != "" {
		f.output()
	}
	if def.cond != "" && !r.skipped {
		f.condition()
	}
	return f.found
}

func (f *faults) report(p *problem) {
	f.found = true
	f.fail(p)
}

// exceptions reports exceptions whose values do not go with their fields.
func (f *faults) exceptions() {
	for i := range f.r.def.exceptions {
		ex := &f.r.def.exceptions[i]
		var t tracer
		if ex.broken {
			continue
		}
		if msg := ex.write(&t); msg != "" {
			p := newProblem(ErrValidate, msg, ex.at)
			p.mark = ex.badValue()
			f.report(p)
		}
	}
}

// output reports every % of the output that no field follows.
func (f *faults) output() {
	def := f.r.def
	if !f.compiles(def.source) {
		f.foreignOutput()
		return
	}
	_, err := template.Compile(f.r.output, f.scope)
	if err != nil && def.skipUnknown && isUnknown(err.Error()) {
		f.r.warn(WarnUnknownFilter, err.Error(), def.outputAt)
		f.r.skipped = true
		return
	}
	if err != nil {
		found, _ := template.Inspect(f.r.output, f.scope)
		for _, x := range found[:min(len(found), maxFaults)] {
			f.report(f.outputProblem(err.Error(), x))
		}
	}
	for _, extra := range f.r.extra {
		format := extra.format()
		if _, err := template.Compile(format, f.scope); err != nil {
			p := newProblem(ErrOutput, err.Error(), def.outputAt)
			p.detail = "append_output: " + extra.Key + ": " + explainOutput(format, err, f.scope)
			f.report(p)
		}
	}
}

func explainOutput(format string, err error, s *filter.Scope) string {
	if found, _ := template.Inspect(format, s); len(found) > 0 {
		return found[0].Message
	}
	return err.Error()
}

// outputProblem reports one mistake of the output.
func (f *faults) outputProblem(msg string, x template.Finding) *problem {
	def := f.r.def
	p := newProblem(ErrOutput, msg, def.outputAt)
	p.detail, p.hint = x.Message, x.Hint
	t := tracer{on: true}
	t.scalars(def.output, def.outputAt)
	if x.Offset < len(def.output) && len(f.r.output) >= len(def.output) && f.r.output[:len(def.output)] == def.output {
		p.mark = t.done().locate(x.Offset)
	} else {
		p.detail = "append_output: " + p.detail
	}
	if x.Field != "" {
		p.hint = f.fieldHint(def.source, def.sourceAt != nil, x.Field)
	}
	return p
}

// condition reports the mistakes of the condition: those of syntax, or else all macros that do
// not exist and all checks that do not compile.
func (f *faults) condition() {
	def := f.r.def
	text, _ := withExceptions(def)
	s, node, p := f.parse(traced{text: text}, def.condAt)
	f.work += s.work
	f.r.lists = s.lists
	if hasBroken(s.lists) {
		return
	}
	own := sync.OnceValue(func() traced { return f.ruleText(def) })
	if p != nil {
		f.found = true
		ofExceptions, ofLists := f.badValues(p, def.exceptions, s.lists)
		if ofExceptions && !ofLists {
			t := tracer{on: true} // the condition itself
			t.scalars(def.cond, def.condAt)
			if alone := newProblem(p.code, p.msg, p.at); f.explainAlone(alone, t.done(), def.condAt) {
				f.report(alone)
			}
		} else if !ofLists {
			f.explainSyntax(p, def, own())
			f.report(p)
		}
		return
	}
	x := f.expander(allVisible, allVisible)
	t, _ := x.expand(node)
	f.r.direct, f.r.deps = x.direct, x.names()
	for _, fault := range x.faults {
		f.report(f.macroProblem(fault, def.at, text, own(), x))
	}
	if f.nodes += t.size; f.nodes > maxTotalNodes {
		f.report(newProblem(ErrCondition, msgTooLarge, def.condAt))
		return
	}
	c := checks{faults: f, text: text, own: own, seen: map[filter.Node]bool{}}
	c.walk(t.node)
}

func hasBroken(list []*compiledList) bool {
	for _, l := range list {
		if l.def.broken {
			return true
		}
	}
	return false
}

// checks looks for checks that do not compile. A macro that is used twice is looked at once.
type checks struct {
	*faults
	text string        // of the rule's condition
	own  func() traced // the same with lists
	seen map[filter.Node]bool
}

func (c *checks) walk(n filter.Node) {
	if c.seen[n] || n == nil {
		return
	}
	c.seen[n] = true
	switch n := n.(type) {
	case *filter.And:
		for _, k := range n.Kids {
			c.walk(k)
		}
	case *filter.Or:
		for _, k := range n.Kids {
			c.walk(k)
		}
	case *filter.Not:
		c.walk(n.Kid)
	case *filter.Unary, *filter.Binary:
		c.check(n)
	}
}

func (c *checks) check(n filter.Node) {
	def := c.r.def
	if !c.compiles(def.source) {
		if name := c.foreignField(n); name != "" {
			p := newProblem(ErrCondition, msgNoField(name), def.condAt.condition(c.text, n.Pos()))
			c.explainField(p, n, filter.Cause{At: fieldPos(n, name), Field: name, Value: -1})
			c.report(p)
		}
		return
	}
	_, _, err := filter.Compile(n, c.scope)
	if err == nil {
		return
	}
	pos, msg := posOf(err)
	at := def.condAt.condition(c.text, pos)
	if def.skipUnknown && isUnknown(msg) {
		c.r.warn(WarnUnknownFilter, msg, at)
		c.r.skipped = true
		return
	}
	p := newProblem(ErrCondition, msg, at)
	c.explainField(p, n, filter.FindCause(n, c.scope))
	c.report(p)
}

// explainField adds what people are shown of a check that does not compile.
func (c *checks) explainField(p *problem, n filter.Node, cause filter.Cause) {
	p.mark = c.markOf(c.r, n, c.own(), cause.At, cause.Value)
	p.detail, p.hint = cause.Detail, cause.Hint
	if cause.Field != "" {
		p.hint = c.fieldHint(c.r.def.source, c.r.def.sourceAt != nil, cause.Field)
	}
}
