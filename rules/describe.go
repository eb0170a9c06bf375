// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// Describe returns what is known of the rule of that name, or with "" of all rules, macros
// and lists, as a JSON object in Falco's form. Where Falco has no order names are sorted.
func (s *Ruleset) Describe(name string) ([]byte, error) {
	c := s.compiler
	out := object{}
	list := []any{}
	if name != "" {
		def := c.defs.rules.get(name)
		if def == nil || !def.result.checked {
			return nil, fmt.Errorf("Rule %q is not loaded", name) //nolint:staticcheck // Falco's words
		}
		out["rules"] = append(list, c.describeRule(def))
		return encode(out)
	}
	for _, def := range c.defs.rules.all {
		if def.result.checked {
			list = append(list, c.describeRule(def))
		}
	}
	out["rules"] = list
	macros, lists := []any{}, []any{}
	for _, def := range c.defs.macros.all {
		macros = append(macros, c.describeMacro(c.macros[def.name]))
	}
	for _, l := range c.lists.order {
		lists = append(lists, l.describe())
	}
	out["macros"], out["lists"] = macros, lists
	out["required_engine_version"] = c.defs.engineVersion.String()
	plugins := []any{}
	for _, alternatives := range c.defs.plugins {
		r := describeRequirement(alternatives[0])
		alts := []any{}
		for _, a := range alternatives[1:] {
			alts = append(alts, describeRequirement(a))
		}
		r["alternatives"] = alts
		plugins = append(plugins, r)
	}
	out["required_plugin_versions"] = plugins
	return encode(out)
}

// Condition returns the condition of the rule of that name with its exceptions, lists and
// macros put in, as text that reads as an equal condition; "" if there is no such rule.
func (s *Ruleset) Condition(name string) string {
	def := s.compiler.defs.rules.get(name)
	if def == nil || !def.result.checked {
		return ""
	}
	condition, p := s.compiler.expandCondition(def)
	if p != nil {
		return ""
	}
	return condition.node.String()
}

func describeRequirement(r requirement) object { return object{"name": r.name, "version": r.version} }

// pluginEvents are the kinds of events that rules of plugins can match.
var pluginEvents = []string{"asyncevent", "pluginevent"}

func (c *compiler) describeRule(def *ruleDef) object {
	r := def.result
	condition, _ := c.expandCondition(def)
	d := c.describeCondition(def.cond, condition.node)
	names, operators, used := nameSet{}, nameSet{}, nameSet{}
	for i := range def.exceptions {
		ex := &def.exceptions[i]
		names[ex.name] = true
		ex.names(operators, used)
	}
	outputFields := []string{}
	formatted := object{}
	for _, f := range r.extra {
		outputFields = append(outputFields, f.format())
		if f.Format != "" {
			formatted[f.Key] = f.Format
		}
	}
	if len(formatted) > 0 {
		d["extra_output_formatted_fields"] = formatted
	}
	if c.compiles(def.source) {
		message, err := template.Compile(r.output, &filter.Scope{Catalogue: c.Catalogue, Source: def.source, Layout: &fields.Layout{}, Falco: c.Falco})
		if err == nil {
			outputFields = append(outputFields, templateFields(message)...)
		}
	}
	d["output_fields"], d["output_compiled"] = outputFields, r.output
	d["exception_fields"], d["exception_names"], d["exception_operators"] = used.sorted(), names.sorted(), operators.sorted()
	d["events"] = pluginEvents
	d["plugins"] = c.pluginsOf(def.source, append(d["condition_fields"].([]string), outputFields...))
	return object{"details": d, "info": object{
		"name": def.name, "condition": def.cond, "priority": def.priority.Short(), "output": def.output,
		"description": def.desc, "enabled": def.enabled, "source": def.source, "capture": def.capture,
		"capture_duration": def.captureMS, "tags": append([]string{}, def.tags...),
	}}
}

// names notes the operators of an exception, and the fields that values were given for.
func (ex *exception) names(operators, fields nameSet) {
	fieldEntries, comps := []entry{ex.fields}, []entry{ex.comps}
	if ex.fields.list {
		fieldEntries, comps = ex.fields.items, ex.comps.items
	}
	for i := range comps {
		operators[comps[i].text] = true
	}
	for i := range fieldEntries {
		if len(ex.values) > 0 {
			fields[fieldEntries[i].text] = true
		}
	}
}

// templateFields names the fields and expressions of an output.
func templateFields(t *template.Template) (names []string) {
	for _, op := range t.Operands() {
		for _, ref := range op.Refs() {
			names = append(names, template.Key(ref))
		}
		if !op.Plain() {
			names = append(names, op.String())
		}
	}
	return names
}

// describeCondition tells what a condition is made of: the macros and lists that its text
// names, and the operators and fields that it has when they are put in.
func (c *compiler) describeCondition(text string, compiled filter.Node) object {
	macros, lists, fields, operators := nameSet{}, nameSet{}, nameSet{}, nameSet{}
	raw, err := filter.Parse(text, filter.MaxDepth, c.Falco)
	if err != nil {
		raw = nil // the text makes sense only with its lists
	}
	filter.Walk(raw, func(n filter.Node) bool {
		switch n := n.(type) {
		case *filter.Ident:
			if c.macros[n.Name] != nil {
				macros[n.Name] = true
			}
		case *filter.ListNode:
			for _, v := range n.Values {
				if c.lists.byName[v] != nil {
					lists[v] = true
				}
			}
		}
		return true
	})
	filter.Walk(compiled, func(n filter.Node) bool {
		switch n := n.(type) {
		case *filter.FieldNode:
			name := n.Name
			if n.Arg != "" {
				name += "[" + n.Arg + "]"
			}
			fields[name] = true
		case *filter.Unary:
			operators[n.Op] = true
		case *filter.Binary:
			operators[strings.TrimSpace(n.Op+" "+n.Mod)] = true
		}
		return true
	})
	return object{
		"macros": macros.sorted(), "lists": lists.sorted(), "condition_operators": operators.sorted(),
		"condition_fields": fields.sorted(), "condition_compiled": filter.CompiledText(compiled),
	}
}

// pluginsOf names the plugins that a rule needs: that of its source, and those of its fields.
func (c *compiler) pluginsOf(source string, fields []string) []string {
	used := nameSet{}
	for _, p := range c.Plugins {
		if p.Source != "" && p.Source == source {
			used[p.Name] = true
		}
	}
	for _, f := range fields {
		name, _, _ := strings.Cut(f, "[")
		field := c.Catalogue.Lookup(source, name)
		if field == nil {
			continue
		}
		for _, p := range c.Plugins {
			if field.Class == p.Name || strings.HasPrefix(field.Class, p.Name+" ") {
				used[p.Name] = true
			}
		}
	}
	return used.sorted()
}

func (c *compiler) describeMacro(m *compiledMacro) object {
	d := c.describeCondition(m.def.cond, m.tree.node)
	d["used"], d["events"], d["plugins"] = m.used, pluginEvents, []string{}
	return object{"details": d, "info": object{"name": m.def.name, "condition": m.def.cond}}
}

func (l *compiledList) describe() object {
	items, refs := []string{}, nameSet{}
	for _, item := range l.def.items {
		if slices.Contains(l.items, item) {
			items = append(items, item)
		} else {
			refs[item] = true
		}
	}
	return object{
		"info": object{"name": l.def.name, "items": items},
		"details": object{
			"used": l.used, "lists": refs.sorted(), "items_compiled": append([]string{}, l.items...), "plugins": []string{},
		},
	}
}

// nameSet is a set of names.
type nameSet map[string]bool

func (s nameSet) sorted() []string {
	return slices.AppendSeq(make([]string, 0, len(s)), slices.Values(slices.Sorted(maps.Keys(s))))
}
