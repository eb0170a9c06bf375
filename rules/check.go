// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// compiledRule is a rule that was checked.
type compiledRule struct {
	def       *ruleDef
	cond      string // with exceptions
	output    string // with what is appended
	extra     []AppendField
	subst     substitution
	condition filter.Node // with macros put in
	direct    []string    // macros that it names
	deps      []string    // all macros that it names
	warnings  []Issue
	skipped   bool // has an unknown field, and says that it may

	// What the check compiled, with the scratch layout of the source.
	compiled *filter.Cond
	message  *template.Template
}

// checkRules checks the rules that changed, and reports of all.
func (c *compiler) checkRules() bool {
	for _, def := range c.defs.rules.all {
		if def.unknownSource {
			continue
		}
		r := c.rules[def]
		if def.stale {
			*r = compiledRule{def: def, deps: r.deps, subst: r.subst}
			if p := c.check(r); p != nil {
				if !c.failed(p) {
					return false
				}
				continue
			}
			def.stale = false
		}
		c.result.Warnings = append(c.result.Warnings, r.warnings...)
	}
	return true
}

func (r *compiledRule) warn(code Code, msg string, at *place) {
	r.warnings = append(r.warnings, newIssue(code, msg, at))
}

// check compiles a rule to see whether that works. A nil problem with r.condition nil means
// that there is an error elsewhere that concerns it.
func (c *compiler) check(r *compiledRule) (p *problem) {
	def := r.def
	if r.cond, p = withExceptions(def); p != nil {
		return p
	}
	c.complete(r)
	scope := c.scope(def.source)
	if c.compiles(def.source) {
		if p = c.checkOutput(r, scope); p != nil || r.skipped {
			return p
		}
	} else if p = c.checkForeignOutput(r); p != nil {
		return p
	}
	if p = c.expandCondition(r); p != nil || r.condition == nil {
		return p
	}
	r.warnOfCondition(def.condAt.condition(r.cond, filter.Pos{}))
	if !c.compiles(def.source) {
		return c.checkForeignFields(r)
	}
	c.checks[def.source]++
	cond, warnings, err := filter.Compile(r.condition, scope)
	r.compiled = cond
	if err != nil {
		pos, msg := posOf(err)
		at := def.condAt.condition(r.cond, pos)
		if def.skipUnknown && isUnknown(msg) {
			r.warn(WarnUnknownFilter, msg, at)
			r.skipped = true
			return nil
		}
		return &problem{ErrCondition, msg, at}
	}
	for _, w := range warnings {
		r.warn(WarnCompileCond, w.Msg, def.condAt.condition(r.cond, w.Pos))
	}
	return nil
}

// scope returns a scope for checks.
func (c *compiler) scope(source string) *filter.Scope {
	if c.scratch[source] == nil {
		c.scratch[source] = &fields.Layout{}
	}
	return &filter.Scope{Catalogue: c.Catalogue, Source: source, Layout: c.scratch[source]}
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
		return &problem{ErrOutput, err.Error(), def.outputAt}
	}
	r.warnOfOutput(r.output)
	for _, f := range r.extra {
		format := f.format()
		if _, err := template.Compile(format, scope); err != nil {
			return &problem{ErrOutput, err.Error(), def.outputAt}
		}
		r.warnOfOutput(format)
	}
	return nil
}

// expandCondition parses the condition and puts lists and macros into it.
func (c *compiler) expandCondition(r *compiledRule) *problem {
	def := r.def
	subst, node, p := c.parse(r.cond, def.condAt)
	r.subst = subst
	if p != nil {
		return p
	}
	x := c.expander(allVisible, allVisible)
	t, f := x.expand(node)
	r.direct, r.deps = x.direct, x.names()
	if f != nil {
		return f.problem(def.at, def.condAt, r.cond)
	}
	if x.broken {
		def.stale = true
		return nil
	}
	if c.nodes += t.size; c.nodes > maxTotalNodes {
		return &problem{ErrCondition, msgTooLarge, def.condAt}
	}
	r.condition = t.node
	return nil
}

// syscallClasses are what the names of fields of the event source syscall begin with.
var syscallClasses = []string{
	"evt", "proc", "thread", "fd", "fdlist", "fs", "user", "group", "syslog", "util", "static",
	"container", "k8s",
}

// foreign reports whether a field surely does not exist for the source syscall, whose fields
// gyr does not know: a plugin has it for another source.
func (c *compiler) foreign(name string) bool {
	class, _, _ := strings.Cut(name, ".")
	if slices.Contains(syscallClasses, class) || c.Catalogue.Lookup(syscall, name) != nil {
		return false
	}
	return slices.ContainsFunc(c.Catalogue.Sources(), func(s string) bool { return c.Catalogue.Lookup(s, name) != nil })
}

func (c *compiler) checkForeignFields(r *compiledRule) (p *problem) {
	var check filter.Pos
	filter.Walk(r.condition, func(n filter.Node) bool {
		switch n := n.(type) {
		case *filter.Binary:
			check = n.At
		case *filter.Unary:
			check = n.At
		case *filter.FieldNode:
			if p == nil && c.foreign(n.Name) {
				msg := "filter_check called with nonexistent field " + n.String()
				p = &problem{ErrCondition, msg, r.def.condAt.condition(r.cond, check)}
			}
		}
		return p == nil
	})
	return p
}

var outputField = regexp.MustCompile(`%[0-9]*([a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+)`)

func (c *compiler) checkForeignOutput(r *compiledRule) *problem {
	for _, m := range outputField.FindAllStringSubmatch(r.output, -1) {
		if !c.foreign(m[1]) {
			continue
		}
		if _, err := template.Compile(r.output, c.scope(syscall)); err != nil {
			return &problem{ErrOutput, err.Error(), r.def.outputAt}
		}
	}
	return nil
}
