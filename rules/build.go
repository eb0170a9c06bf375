// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// build compiles the rules that are to be evaluated. The definitions have been checked.
func (l *loader) build() *Ruleset {
	set := &Ruleset{Sources: map[string]*SourceRules{}, compiler: l.compiler}
	var wanted []*ruleDef
	perSource := map[string]int{}
	for _, def := range l.defs.rules.all {
		if l.wanted(def, &set.Skipped) && !l.CheckOnly {
			wanted = append(wanted, def)
			if def.result.compiled != nil {
				perSource[def.source]++
			}
		}
	}
	for _, def := range wanted {
		reuse := l.compiler.checks[def.source] == perSource[def.source]
		src := set.Sources[def.source]
		if src == nil {
			src = &SourceRules{Source: def.source, Layout: &fields.Layout{}}
			if reuse {
				src.Layout = l.compiler.scratch[def.source]
			}
			set.Sources[def.source] = src
		}
		rule := l.buildRule(def.result, src.Layout, reuse)
		if rule == nil {
			continue
		}
		rule.ID = set.Rules
		set.Rules++
		src.Rules = append(src.Rules, rule)
	}
	return set
}

// wanted reports whether a rule is to be evaluated, and counts it if not.
func (l *loader) wanted(def *ruleDef, n *Skipped) bool {
	switch {
	case def.unknownSource:
		n.UnknownSource++
	case def.source == syscall:
		n.Syscall++
	case def.result != nil && def.result.skipped:
		n.UnknownField++
	case def.priority > l.MinPriority:
		n.Priority++
	case !l.enabled(def):
		n.Disabled++
	default:
		return true
	}
	return false
}

// enabled applies the selection of rules.
func (l *loader) enabled(def *ruleDef) bool {
	enabled := def.enabled
	for _, s := range l.Selection {
		if s.Rule != "" && matchWildcard(s.Rule, def.name) || s.Tag != "" && slices.Contains(def.tags, s.Tag) {
			enabled = s.Enable
		}
	}
	return enabled
}

// matchWildcard reports whether s is as the pattern, in which * stands for any text. As in
// Falco each part is looked for where it comes first, so "*a" needs not more than an a
// somewhere, with nothing behind it being compared.
func matchWildcard(pattern, s string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	if !strings.HasPrefix(s, first) {
		return false
	}
	s = s[len(first):]
	for {
		rest = strings.TrimLeft(rest, "*")
		if rest == "" {
			return true
		}
		var part string
		part, rest, star = strings.Cut(rest, "*")
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
		if !star {
			return s == ""
		}
	}
}

// buildRule makes a rule with a layout that only rules have that are evaluated; with reuse
// that is the layout of the check, whose results are taken.
func (l *loader) buildRule(r *compiledRule, layout *fields.Layout, reuse bool) *Rule {
	def := r.def
	scope := l.newScope(def.source, layout)
	cond, message := r.compiled, r.message
	r.compiled, r.message = nil, nil
	if !reuse || cond == nil {
		condition, p := l.compiler.expandCondition(def)
		if p != nil {
			return nil // it was checked
		}
		var err error
		if cond, _, err = l.compiler.compileCondition(condition.node, scope); err != nil {
			return nil
		}
		if message, err = template.Compile(r.output, scope); err != nil {
			return nil
		}
	}
	rule := &Rule{
		Name: def.name, Desc: def.desc, Source: def.source, Priority: def.priority,
		Tags: def.tags, Cond: cond, Message: message,
		Capture: def.capture, CaptureFor: time.Duration(def.captureMS) * time.Millisecond,
	}
	rule.Meta = alert.NewMeta(rule.Name, rule.Source, rule.Priority, rule.Tags)
	if !l.NoFields {
		rule.Fields = l.buildFields(r, message, scope)
	}
	return rule
}

// buildFields returns the output fields: those of the output, the time, and further ones.
func (l *loader) buildFields(r *compiledRule, message *template.Template, scope *filter.Scope) *template.Fields {
	key := l.fieldsKey(r, message)
	known := l.compiler.fields[scope.Layout]
	if known == nil {
		known = map[string]*template.Fields{}
		l.compiler.fields[scope.Layout] = known
	}
	if known[key] != nil {
		return known[key]
	}
	b := template.Builder{Falco: l.Falco}
	b.AddTemplate(message, scope.Layout)
	prefix := "evt.time"
	if l.ISO8601 {
		prefix = "evt.time.iso8601"
	}
	if op, err := filter.CompileOperand(prefix, scope); err == nil {
		b.AddField(prefix, op, scope.Layout)
	}
	for _, f := range r.extra {
		if f.Format != "" {
			if t, err := template.Compile(f.Format, scope); err == nil {
				b.AddText(f.Key, t)
			}
			continue
		}
		if op, err := filter.CompileOperand(f.Key, scope); err == nil {
			b.AddField(f.Key, op, scope.Layout)
		}
	}
	known[key] = b.Build()
	return known[key]
}

// fieldsKey is equal for rules of a source that have the same output fields.
func (l *loader) fieldsKey(r *compiledRule, message *template.Template) string {
	var b strings.Builder
	for _, op := range message.Operands() {
		for _, ref := range op.Refs() {
			b.WriteString(template.Key(ref) + "\x00")
		}
	}
	for _, f := range r.extra {
		b.WriteString("\x00" + f.Key + "\x00" + f.Format + "\x00")
	}
	return b.String()
}
