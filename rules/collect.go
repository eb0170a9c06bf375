// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"maps"
	"strings"
)

// defineList adds a list, or replaces it where it is.
func (d *definitions) defineList(l *listDef) {
	l.visibility = d.rank()
	l.index = l.visibility
	d.changedLists[l.name] = true
	if prev := d.lists.get(l.name); prev != nil {
		l.index = prev.index
		*prev = *l
		return
	}
	d.lists.add(l.name, l)
}

func (l *loader) appendList(n *listDef) *problem {
	d := l.defs
	prev := d.lists.get(n.name)
	if prev == nil {
		if l.follows(d.spoiled.lists, n.name) {
			return nil
		}
		return l.nearItem(newProblem(ErrValidate, msgNoList, n.at), "list", n.name, d.listNames)
	}
	prev.runs = append(prev.runs, listRun{len(prev.items), n.at})
	prev.items = append(prev.items, n.items...)
	prev.offsets = append(prev.offsets, n.offsets...)
	prev.broken = prev.broken || n.broken
	prev.visibility = d.rank()
	d.changedLists[n.name] = true
	return nil
}

func (d *definitions) defineMacro(m *macroDef) {
	m.visibility = d.rank()
	m.index = m.visibility
	d.changedMacros[m.name] = true
	if prev := d.macros.get(m.name); prev != nil {
		m.index = prev.index
		*prev = *m
		return
	}
	d.macros.add(m.name, m)
}

func (l *loader) appendMacro(m *macroDef) *problem {
	d := l.defs
	prev := d.macros.get(m.name)
	if prev == nil {
		if l.follows(d.spoiled.macros, m.name) {
			return nil
		}
		return l.nearItem(newProblem(ErrValidate, msgNoMacro, m.at), "macro", m.name, d.macroNames)
	}
	addToText(&prev.cond, &m.cond, prev.condAt, m.condAt)
	prev.visibility = d.rank()
	d.changedMacros[m.name] = true
	return nil
}

// previous returns the rule of that name, which must have the same source if both name one.
func (d *definitions) previous(name, source string, at *place) (*ruleDef, *problem) {
	prev := d.rules.get(name)
	if prev != nil && prev.source != "" && source != "" && prev.source != source {
		return nil, newProblem(ErrValidate, msgOtherSource, at)
	}
	return prev, nil
}

// defineRule adds a rule, or replaces it where it is.
func (l *loader) defineRule(r *ruleDef) *problem {
	prev, p := l.defs.previous(r.name, r.source, r.at)
	if p != nil {
		return p
	}
	if !l.known(r.source) {
		r.unknownSource = true
		if r.source != "" {
			l.warnUnknownSource(r)
		}
	}
	for i := range r.exceptions {
		if p := l.goOn(l.checkDefined(&r.exceptions[i], r.source)); p != nil {
			return p
		}
	}
	l.defs.rank()
	r.stale = true
	if prev != nil {
		r.result = prev.result
		*prev = *r
		return nil
	}
	l.defs.rules.add(r.name, r)
	return nil
}

// checkDefined checks an exception of a rule that is defined. If it is wrong it is broken.
func (l *loader) checkDefined(ex *exception, source string) (p *problem) {
	if ex.broken {
		return nil
	}
	if !ex.fields.valid() {
		p = newProblem(ErrValidate, msgExcNoFields, ex.at)
	} else {
		p = l.checkException(ex, source)
	}
	ex.broken = p != nil
	return p
}

func (l *loader) appendRule(u *ruleUpdate) *problem {
	prev, p := l.defs.previous(u.name, u.source, u.at)
	switch {
	case p != nil:
		return p
	case prev == nil && l.follows(l.defs.spoiled.rules, u.name):
		return nil
	case prev == nil:
		return l.nearItem(newProblem(ErrValidate, msgNoRuleAppend, u.at), "rule", u.name, l.defs.ruleNames)
	case u.empty():
		return newProblem(ErrValidate, msgAppendNothing, u.at)
	}
	prev.stale = true
	addToText(&prev.cond, u.cond, prev.condAt, u.condAt)
	addToText(&prev.output, u.output, prev.outputAt, u.outputAt)
	appendText(&prev.desc, u.desc)
	if len(u.tags) > 0 {
		set := maps.Clone(u.tags)
		for _, t := range prev.tags {
			set[t] = true
		}
		prev.tags = l.defs.tagSet(set)
	}
	if u.exceptions != nil {
		for i := range *u.exceptions {
			if p := l.goOn(l.appendException(prev, &(*u.exceptions)[i])); p != nil {
				return p
			}
		}
	}
	l.defs.rank()
	return nil
}

// follows reports whether an item of that name is not there only because of an error that was
// reported.
func (l *loader) follows(spoiled map[string]bool, name string) bool {
	return l.lenient && spoiled[name]
}

// addToText appends to a condition or an output, unless there is an error in what it has.
func addToText(to, s *string, at, more *place) {
	if *to != "" && s != nil && *s != "" {
		*to += " " + *s
		at.addText(more)
	}
}

func appendText(to *string, s *string) {
	if s != nil && *s != "" {
		*to += " " + *s
	}
}

func (l *loader) replaceInRule(u *ruleUpdate) *problem {
	prev, p := l.defs.previous(u.name, u.source, u.at)
	if p != nil {
		return p
	}
	if prev == nil {
		if l.follows(l.defs.spoiled.rules, u.name) {
			return nil
		}
		return l.nearItem(newProblem(ErrValidate, msgNoRuleReplace, u.at), "rule", u.name, l.defs.ruleNames)
	}
	prev.stale = true
	set(&prev.cond, u.cond)
	prev.condAt.setText(u.condAt)
	set(&prev.output, u.output)
	prev.outputAt.setText(u.outputAt)
	set(&prev.desc, u.desc)
	if u.tags != nil {
		prev.tags = l.defs.tagSet(u.tags)
	}
	set(&prev.exceptions, u.exceptions)
	set(&prev.priority, u.priority)
	set(&prev.capture, u.capture)
	set(&prev.captureMS, u.captureMS)
	set(&prev.enabled, u.enabled)
	set(&prev.warnEvttypes, u.warnEvttypes)
	set(&prev.skipUnknown, u.skipUnknown)
	l.defs.rank()
	return nil
}

func set[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

// enableRule sets the enabled flag of an earlier rule.
func (l *loader) enableRule(name string, enabled bool, at *place) *problem {
	prev := l.defs.rules.get(name)
	if prev == nil {
		if l.follows(l.defs.spoiled.rules, name) {
			return nil
		}
		return l.nearItem(newProblem(ErrValidate, msgNoRuleEnabled, at), "rule", name, l.defs.ruleNames)
	}
	prev.enabled = enabled
	return nil
}

// requireEngine checks an engine version that a file requires.
func (l *loader) requireEngine(v version, at *place) *problem {
	if !l.engine.compatible(v) {
		return newProblem(ErrValidate, msgEngineTooOld(v.String(), l.engine.String()), at)
	}
	if l.defs.engineVersion.less(v) {
		l.defs.engineVersion = v
	}
	return nil
}

// requirePlugin notes a requirement with its alternatives.
func (d *definitions) requirePlugin(alternatives []requirement, at *place) *problem {
	seen := map[string]bool{}
	for _, r := range alternatives {
		if _, ok := parseVersion(r.version); !ok {
			return newProblem(ErrValidate, msgBadPluginVersion(r.name, r.version), at)
		}
		if seen[r.name] {
			return newProblem(ErrValidate, msgPluginTwice(r.name), at)
		}
		seen[r.name] = true
	}
	d.plugins = append(d.plugins, alternatives)
	return nil
}

// RequirementError is about required_plugin_versions that the loaded plugins do not fulfil.
type RequirementError struct {
	Message string
	// Plugins are the names of the plugins one of which has to be loaded; none if one of
	// them is, but its version does not do.
	Plugins []string
}

// Error returns the message, which is Falco's.
func (e *RequirementError) Error() string { return e.Message }

// missingPlugin returns what is wrong with the loaded plugins, or nil.
func (d *definitions) missingPlugin(loaded []PluginVersion) *RequirementError {
	for _, alternatives := range d.plugins {
		if err := missingOne(alternatives, loaded); err != nil {
			return err
		}
	}
	return nil
}

func missingOne(alternatives []requirement, loaded []PluginVersion) *RequirementError {
	var names, texts []string
	for _, r := range alternatives {
		names = append(names, r.name)
		texts = append(texts, r.name+" (>= "+r.version+")")
		for _, p := range loaded {
			if p.Name != r.name {
				continue
			}
			have, ok := parseVersion(p.Version)
			want, _ := parseVersion(r.version)
			if !ok {
				return &RequirementError{Message: "Plugin '" + p.Name + "' has invalid version string '" + p.Version + "'"}
			}
			if !have.compatible(want) {
				return &RequirementError{Message: msgPluginVersion(p.Name, have.String(), r.version)}
			}
			return nil
		}
	}
	return &RequirementError{msgNoPlugin(strings.Join(texts, ", ")), names}
}
