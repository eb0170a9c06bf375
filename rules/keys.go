// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// otherWords are keys that people write, and what they are called in rules files.
var otherWords = map[string]string{
	"description": "desc", "message": "output", "msg": "output", "severity": "priority", "level": "priority",
	"filter": "condition", "query": "condition", "cond": "condition", "name": "rule", "title": "rule",
	"event_source": "source", "tag": "tags", "item": "items", "exception": "exceptions", "overrides": "override",
	"field": "fields", "comp": "comps", "operators": "comps", "value": "values",
}

// nearestKey returns the key that was meant by one that means nothing, or "".
func nearestKey(key string, known []string) string {
	low := strings.ToLower(strings.ReplaceAll(key, "-", "_"))
	if word := otherWords[low]; slices.Contains(known, word) {
		return word
	}
	for _, k := range known {
		if strings.ReplaceAll(k, "-", "_") == low {
			return k
		}
	}
	return nearest(key, slices.Values(known))
}

// keyName returns the text of a key, or "" if it is none.
func keyName(n *yaml.Node) string {
	s, err := textOf(n)
	if err != nil {
		return ""
	}
	return s
}

// eachKey calls visit for the keys of a mapping, and says for each whether the mapping had it
// before.
func eachKey(item *yaml.Node, visit func(key *yaml.Node, name string, again bool)) {
	seen := map[string]bool{}
	content := resolve(item).Content
	for i := 0; i+1 < len(content); i += 2 {
		name := keyName(content[i])
		visit(content[i], name, seen[name])
		seen[name] = true
	}
}

// warnUnknownKeys warns of keys that mean nothing, and notes those that are there twice.
func (l *loader) warnUnknownKeys(item *yaml.Node, at *place, known []string) (p *problem) {
	eachKey(item, func(key *yaml.Node, name string, again bool) {
		if _, err := textOf(key); err != nil {
			if p == nil {
				p = badConversion(l.src, key)
			}
			return
		}
		if p != nil {
			return
		}
		if again {
			l.noteTwice(key, name, at)
		}
		if slices.Contains(known, name) || l.explained[key] {
			return
		}
		issue := newIssue(WarnUnknownKey, msgUnknownKey(name), at)
		issue.mark = at.in(key, kindValue, name)
		issue.Hint = didYouMean(nearestKey(name, known))
		l.result.Warnings = append(l.result.Warnings, issue)
	})
	return p
}

// noteKeys notes keys that mean nothing where Falco does not warn of them.
func (l *loader) noteKeys(item *yaml.Node, at *place, known []string) {
	eachKey(item, func(key *yaml.Node, name string, again bool) {
		switch {
		case again:
			l.noteTwice(key, name, at)
		case !slices.Contains(known, name) && !l.explained[key]:
			l.note(NoteUnknownKey, msgUnknownKey(name), didYouMean(nearestKey(name, known)), at.in(key, kindValue, name))
		}
	})
}

func (l *loader) noteTwice(key *yaml.Node, name string, at *place) {
	l.note(NoteKeyTwice, "key '"+name+"' is given twice; only the first counts", "", at.in(key, kindValue, name))
}

// misspelt looks for the key that was meant if a problem is that a key is not there.
func (l *loader) misspelt(p *problem, item *yaml.Node, key string, known []string) *problem {
	if p == nil || !l.lenient || get(item, key) != nil {
		return p
	}
	eachKey(item, func(n *yaml.Node, name string, _ bool) {
		if slices.Contains(known, name) || nearestKey(name, known) != key || l.explained[n] {
			return
		}
		if l.explained == nil {
			l.explained = map[*yaml.Node]bool{}
		}
		l.explained[n] = true
		p.mark = p.at.in(n, kindValue, name)
		p.hint = "'" + name + "' is not a key: did you mean " + key + "?"
	})
	return p
}

// nearKey adds a hint to a problem with a key of override.
func nearKey(p *problem, key string, known, others []string) *problem {
	if !slices.Contains(others, key) {
		p.hint = didYouMean(nearestKey(key, known))
	}
	return p
}

// warnUnknownItem warns of an item that has none of the keys that say what it is.
func (l *loader) warnUnknownItem(item *yaml.Node, at *place) {
	kinds := []string{"required_engine_version", "required_plugin_versions", "list", "macro", "rule"}
	issue := newIssue(WarnUnknownItem, msgUnknownItem, at)
	eachKey(item, func(key *yaml.Node, name string, _ bool) {
		if kind := nearestKey(name, kinds); kind != "" && issue.mark == nil {
			issue.mark = at.in(key, kindValue, name)
			issue.Hint = didYouMean(kind)
		}
	})
	l.result.Warnings = append(l.result.Warnings, issue)
}
