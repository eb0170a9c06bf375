// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// compiledRule is a rule that was checked.
type compiledRule struct {
	def      *ruleDef
	output   string // with what is appended
	extra    []AppendField
	lists    []*compiledList // that it names
	direct   []string        // macros that it names
	deps     []string        // all macros that it names
	warnings []Issue
	notes    []Issue
	skipped  bool // has an unknown field, and says that it may
	checked  bool // its condition makes sense

	// What the check compiled, with the scratch layout of the source, if the rule was one to
	// be evaluated.
	compiled *filter.Cond
	message  *template.Template
}

// checkRules checks the rules that changed, and reports of all.
func (c *compiler) checkRules() bool {
	for _, def := range c.defs.rules.all {
		if def.unknownSource {
			continue
		}
		r := def.result
		if def.stale {
			*r = compiledRule{def: def, deps: r.deps, lists: r.lists}
			if c.lenient {
				c.checkLenient(r)
			} else if p := c.check(r); p != nil {
				c.fail(p)
				return false
			} else {
				def.stale = false
			}
		}
		c.result.Warnings = append(c.result.Warnings, r.warnings...)
		c.result.Notes = append(c.result.Notes, r.notes...)
	}
	return true
}

// checkLenient reports all that is wrong with a rule.
func (c *compiler) checkLenient(r *compiledRule) {
	def := r.def
	var p *problem
	if def.cond != "" && def.output != "" && !def.broken() {
		if p = c.check(r); p == nil && (r.checked || r.skipped) {
			def.stale = false
			return
		}
	}
	def.stale = true
	if p != nil && p.msg == msgTooLarge { // to find that out once is enough
		c.fail(p)
		return
	}
	c.reportFaults(r)
}

func (r *compiledRule) warn(code Code, msg string, at *place) *Issue {
	r.warnings = append(r.warnings, newIssue(code, msg, at))
	return &r.warnings[len(r.warnings)-1]
}

// check compiles a rule to see whether that works. A nil problem with r.checked false means
// that there is an error elsewhere that concerns it.
func (c *compiler) check(r *compiledRule) *problem {
	def := r.def
	if _, p := withExceptions(def); p != nil {
		return p
	}
	c.complete(r)
	keep := c.wanted(def, &Skipped{}) && !c.CheckOnly
	scope := c.scope(def.source, keep)
	if c.compiles(def.source) {
		if p := c.checkOutput(r, scope); p != nil || r.skipped {
			return p
		}
	} else if p := r.skipOr(c.checkForeignOutput(r)); p != nil || r.skipped {
		return p
	}
	x, p := c.expandRule(r)
	if p != nil || !r.checked {
		return p
	}
	c.warnOfCondition(r, x)
	c.noteNearLists(&r.notes, x.parsed, func() traced { return c.ruleText(def) }, def.at)
	if !c.compiles(def.source) {
		if p := r.skipOr(c.checkForeignFields(r, x)); p != nil || r.skipped {
			return p
		}
		r.warnOfTypes(x.node, c.Falco)
		return nil
	}
	cond, warnings, err := c.compileCondition(x.node, scope)
	if keep {
		c.checks[def.source]++
		r.compiled = cond
	} else {
		r.message = nil
	}
	if err != nil {
		pos, msg := posOf(err)
		at := def.condAt.condition(x.text, pos)
		if def.skipUnknown && isUnknown(msg) {
			r.warn(WarnUnknownFilter, msg, at)
			r.skipped = true
			return nil
		}
		return newProblem(ErrCondition, msg, at)
	}
	for _, w := range warnings {
		r.warn(WarnCompileCond, w.Msg, def.condAt.condition(x.text, w.Pos)).mark = c.markOf(r, w.Check, c.ruleText(def), w.Pos, w.Value)
	}
	return nil
}

// scope returns a scope for checks. With keep what is compiled may be used for good.
func (c *compiler) scope(source string, keep bool) *filter.Scope {
	layouts := c.scratch
	if !keep {
		layouts = c.others
	}
	if layouts[source] == nil {
		layouts[source] = &fields.Layout{}
	}
	return c.newScope(source, layouts[source])
}

// newScope returns the scope of a layout, always the same, so that rules share operands.
func (l *loader) newScope(source string, layout *fields.Layout) *filter.Scope {
	if l.scopes[layout] == nil {
		if l.scopes == nil {
			l.scopes = make(map[*fields.Layout]*filter.Scope)
		}
		l.scopes[layout] = &filter.Scope{Catalogue: l.Catalogue, Source: source, Layout: layout, Falco: l.Falco}
	}
	return l.scopes[layout]
}

// isUnknown tells errors of which skip-if-unknown-filter makes warnings.
func isUnknown(msg string) bool {
	for _, s := range []string{"nonexistent field", "invalid formatting token", "unknown event type", "unknown filter:"} {
		if strings.Contains(msg, s) {
			return true
		}
	}
	return false
}

func (c *compiler) checkOutput(r *compiledRule, scope *filter.Scope) *problem {
	def := r.def
	var err error
	if r.message, err = template.Compile(r.output, scope); err != nil {
		if def.skipUnknown && isUnknown(err.Error()) {
			r.warn(WarnUnknownFilter, err.Error(), def.outputAt)
			r.skipped = true
			return nil
		}
		return newProblem(ErrOutput, err.Error(), def.outputAt)
	}
	r.warnOfOutput(r.output)
	if r.message.Glued() {
		c.noteGlued(r, scope)
	}
	for _, f := range r.extra {
		format := f.format()
		if _, err := template.Compile(format, scope); err != nil {
			return newProblem(ErrOutput, err.Error(), def.outputAt)
		}
		r.warnOfOutput(format)
	}
	return nil
}

// expanded is the condition of a rule with lists and macros put in.
type expanded struct {
	text   string      // with exceptions
	parsed filter.Node // with lists
	node   filter.Node // and with macros
	size   int
	subst  substitution
	x      *expander
}

// expandCondition puts exceptions, lists and macros into the condition of a rule. It changes
// nothing, so the tree, which is large, can be had again when it is needed.
func (c *compiler) expandCondition(def *ruleDef) (e expanded, p *problem) {
	e.x = c.expander(allVisible, allVisible)
	if e.text, p = withExceptions(def); p != nil {
		return e, p
	}
	var node filter.Node
	if e.subst, node, p = c.parse(traced{text: e.text}, def.condAt); p != nil {
		return e, p
	}
	t, f := e.x.expand(node)
	if f != nil {
		return e, f.problem(def.at, e.text)
	}
	e.parsed, e.node, e.size = node, t.node, t.size
	return e, nil
}

// expandRule does that for a check.
func (c *compiler) expandRule(r *compiledRule) (e expanded, p *problem) {
	e, p = c.expandCondition(r.def)
	c.work += e.subst.work
	r.lists, r.direct, r.deps = slices.Clip(e.subst.lists), slices.Clip(e.x.direct), e.x.names()
	if p != nil {
		return e, p
	}
	if e.x.broken {
		r.def.stale = true
		return e, nil
	}
	if c.nodes += e.size; c.nodes > maxTotalNodes {
		return e, newProblem(ErrCondition, msgTooLarge, r.def.condAt)
	}
	r.checked = true
	return e, nil
}
