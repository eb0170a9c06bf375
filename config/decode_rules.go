// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"slices"
	"strings"
)

func (d *decoder) ruleSelect(c *Config) {
	for _, n := range d.list("rules") {
		what, enable := n.get("enable"), true
		if what == nil {
			what, enable = n.get("disable"), false
		}
		rule, _ := what.get("rule").scalar()
		tag, _ := what.get("tag").scalar()
		if rule == "" && tag == "" {
			d.failFile("%s: an element of 'rules' must be {enable: X} or {disable: X} with X = {rule: name} or {tag: tag}", n.pos())
			return
		}
		// an element with both selects by name, then by tag
		if rule != "" {
			c.RuleSelect = append(c.RuleSelect, RuleSelect{Enable: enable, Rule: rule})
		}
		if tag != "" {
			c.RuleSelect = append(c.RuleSelect, RuleSelect{Enable: enable, Tag: tag})
		}
	}
}

func (d *decoder) appendOutput(c *Config) {
	for _, n := range d.list("append_output") {
		a, err := toAppendOutput(n)
		if err != nil {
			d.failFile("%v", err)
			return
		}
		if a.Rule != "" && len(a.Tags) > 0 {
			c.Warnings = append(c.Warnings, bothRuleAndTags(n.get("match")))
		}
		c.AppendOutput = append(c.AppendOutput, a)
	}
}

// bothRuleAndTags returns Falco's warning about a match with both.
func bothRuleAndTags(match *node) string {
	var list []string
	for _, t := range match.get("tags").kids {
		list = append(list, t.shown())
	}
	slices.Sort(list)
	rule, tags := match.get("rule").shown(), strings.Join(slices.Compact(list), ", ")
	return fmt.Sprintf("An append_output entry specifies both a rule (%s) and a list of tags (%s). This means that output will be appended only to the %s rule and only if it has all the tags: %s.", rule, tags, rule, tags)
}

func toAppendOutput(n *node) (AppendOutput, error) {
	var a AppendOutput
	if n.kind != kindMap {
		return a, fmt.Errorf("%s: an element of 'append_output' is not a map", n.pos())
	}
	match := n.get("match")
	a.Source, _ = match.get("source").scalar()
	a.Rule, _ = match.get("rule").scalar()
	if tags := match.get("tags"); tags != nil {
		for _, t := range tags.kids {
			s, ok := t.scalar()
			if !ok {
				return a, fmt.Errorf("%s: a tag of 'append_output' is not a string", t.pos())
			}
			a.Tags = append(a.Tags, s)
		}
		slices.Sort(a.Tags)
		a.Tags = slices.Compact(a.Tags)
	}
	a.Output, _ = n.get("extra_output").scalar()
	if s, ok := n.get("suggested_output").scalar(); ok {
		if a.Suggested, ok = toBool(s); !ok {
			return a, fmt.Errorf("%s: 'suggested_output' must be true or false", n.get("suggested_output").pos())
		}
	}
	return a, a.extraFields(n.get("extra_fields"))
}

func (a *AppendOutput) extraFields(n *node) error {
	if n == nil {
		return nil
	}
	if n.kind != kindSeq {
		return fmt.Errorf("%s: 'extra_fields' of 'append_output' is not a sequence", n.pos())
	}
	for _, k := range n.kids {
		var f ExtraField
		if k.kind == kindMap && len(k.keys) == 1 && k.kids[0].kind == kindScalar {
			f = ExtraField{Key: k.keys[0], Format: k.kids[0].value}
		} else if k.kind == kindScalar {
			f.Key = k.value
		} else {
			return fmt.Errorf("%s: an extra field is neither a name nor one name with a format", k.pos())
		}
		i := slices.IndexFunc(a.Fields, func(o ExtraField) bool { return o.Key == f.Key })
		if i >= 0 && (f.Format != "" || a.Fields[i].Format != "") {
			return fmt.Errorf("%s: duplicate extra field '%s'", k.pos(), k.label())
		}
		if i < 0 {
			a.Fields = append(a.Fields, f)
		}
	}
	return nil
}

func (d *decoder) staticFields(c *Config) {
	n := d.at("static_fields")
	if n == nil || n.kind != kindMap {
		return
	}
	for i, k := range n.keys {
		if v, ok := n.kids[i].scalar(); ok && n.get(k) == n.kids[i] {
			c.StaticFields = append(c.StaticFields, StaticField{Name: k, Value: v})
		}
	}
	slices.SortFunc(c.StaticFields, func(a, b StaticField) int { return strings.Compare(a.Name, b.Name) })
}
