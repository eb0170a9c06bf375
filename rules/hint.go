// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/alert"
)

// maxSuggestions bounds the searches for names that are like one, which look at all of them.
const maxSuggestions = 200

// explain adds a hint to a problem that has none.
func (l *loader) explain(p *problem) {
	if p.hint != "" {
		return
	}
	if name, ok := between(p.msg, "Undefined macro '", "'"); ok {
		p.hint = l.macroHint(p, name)
	}
	if p.code == ErrYAMLParse {
		p.hint = yamlHint(p)
	}
}

// suggest returns a name like one that does not exist, unless that was asked too often.
func (l *loader) suggest(name string, names func(func(string) bool)) string {
	if l.suggestions++; l.suggestions > maxSuggestions {
		return ""
	}
	return nearest(name, names)
}

// macroHint says what to do about a macro that does not exist.
func (l *loader) macroHint(p *problem, name string) string {
	if word := strings.ToLower(name); word == "and" || word == "or" || word == "not" {
		return "write " + word + " in lower case"
	}
	if m := l.defs.macros.get(name); m != nil {
		at := m.at.at()
		return "the macro " + name + " is defined later, at " + lineOf(m.at.src, at) + "; a macro can only use macros that are defined before it"
	}
	if l.defs.lists.get(name) != nil {
		return name + " is a list: write FIELD in (" + name + ")"
	}
	if near := l.suggest(name, l.defs.macroNames); near != "" {
		return "did you mean the macro " + near + "?"
	}
	return ""
}

// nearItem adds the name of a rule, macro or list that is like one that does not exist.
func (l *loader) nearItem(p *problem, kind, name string, names func(func(string) bool)) *problem {
	if l.lenient {
		if near := l.suggest(name, names); near != "" {
			p.hint = "did you mean the " + kind + " '" + near + "'?"
		}
	}
	return p
}

// syscallOnly are classes of fields that no plugin is likely to have, syscallFields fields that
// look like those of every event.
var (
	syscallOnly   = []string{"proc", "thread", "fd", "fdlist", "fs", "user", "group", "syslog", "container", "k8s", "k8smeta"}
	syscallFields = []string{"evt.type", "evt.dir", "evt.arg", "evt.args", "evt.res", "evt.rawres", "evt.failed", "evt.category", "evt.cpu"}
)

// fieldHint says what to do about a field that the source of a rule does not have; named says
// that the rule names the source.
func (l *loader) fieldHint(source string, named bool, name string) string {
	name, _, _ = strings.Cut(name, "[")
	for _, s := range l.Catalogue.Sources() {
		if s == source || l.Catalogue.Lookup(s, name) == nil {
			continue
		}
		if source == syscall && !named {
			return "the rule has no source, so it is one for system calls; " + name + " is a field of " + s + ": add \"source: " + s + "\""
		}
		return name + " is a field of the source " + s + ", but the rule is for " + source
	}
	class, _, _ := strings.Cut(name, ".")
	if source != syscall && (slices.Contains(syscallFields, name) || slices.Contains(syscallOnly, class) && !l.hasClass(class)) {
		return name + " is a field of system calls; a rule for " + source + " cannot use it"
	}
	if source == syscall && syscallFieldNames()[class] {
		return didYouMean(l.suggest(name, slices.Values(strings.Fields(syscallNames))))
	}
	if near := l.Catalogue.Nearest(source, name); near != "" {
		return didYouMean(near)
	}
	if !l.hasClass(class) {
		return "no loaded plugin has fields that begin with " + class + "."
	}
	return ""
}

func (l *loader) hasClass(class string) bool {
	for _, s := range l.Catalogue.Sources() {
		for _, f := range l.Catalogue.Fields(s) {
			if strings.HasPrefix(f.Name, class+".") {
				return true
			}
		}
	}
	return false
}

// warnUnknownSource warns of the source of a rule.
func (l *loader) warnUnknownSource(r *ruleDef) {
	issue := newIssue(WarnUnknownSource, msgUnknownSource(r.source), r.at)
	issue.mark = r.sourceAt
	issue.Hint = didYouMean(l.suggest(r.source, slices.Values(l.Catalogue.Sources())))
	l.result.Warnings = append(l.result.Warnings, issue)
}

// priorityWords are the priorities, and what people call them elsewhere.
var (
	priorityWords = []string{"emergency", "alert", "critical", "error", "warning", "notice", "informational", "info", "debug"}
	otherPriority = map[string]string{
		"high": "critical", "medium": "warning", "low": "notice", "severe": "critical", "fatal": "critical",
		"warn": "warning", "err": "error", "crit": "critical", "trace": "debug", "emerg": "emergency",
	}
)

// explainPriority says what may stand in the place of a priority that is none.
func explainPriority(s string) (detail, hint string) {
	detail = "invalid priority '" + s + "': one of " + strings.Join(priorityWords, ", ")
	near := otherPriority[strings.ToLower(s)]
	if near == "" {
		near = nearest(s, slices.Values(priorityWords))
	}
	if _, ok := alert.ParsePriority(near); !ok {
		return detail, ""
	}
	return detail, didYouMean(near)
}

// between returns the text between two others.
func between(s, begin, end string) (string, bool) {
	_, rest, ok := strings.Cut(s, begin)
	if !ok {
		return "", false
	}
	rest, _, ok = strings.Cut(rest, end)
	return rest, ok
}
