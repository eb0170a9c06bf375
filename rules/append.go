// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"
)

const containerInfo = "%container.info"

// complete sets the output of a rule with all that is appended to it, and its further fields.
func (c *compiler) complete(r *compiledRule) {
	def := r.def
	r.output = def.output
	byKey := map[string]int{}
	for i := range c.Append {
		a := &c.Append[i]
		if !a.matches(def) {
			continue
		}
		if a.Format != "" {
			r.output += " " + a.Format
		}
		if a.Suggested {
			r.output += c.suggestions(def.source)
		}
		for _, f := range a.Fields {
			if at, ok := byKey[f.Key]; ok {
				r.extra[at] = f
				continue
			}
			byKey[f.Key] = len(r.extra)
			r.extra = append(r.extra, f)
		}
	}
	if strings.Contains(r.output, containerInfo) {
		r.warn(WarnDeprecated, msgContainerInfo, def.at)
		r.output = strings.ReplaceAll(r.output, containerInfo, "")
	}
}

// matches reports whether the entry is about a rule.
func (a *AppendOutput) matches(def *ruleDef) bool {
	if a.Source != "" && a.Source != def.source || a.Rule != "" && a.Rule != def.name {
		return false
	}
	for _, t := range a.Tags {
		if !slices.Contains(def.tags, t) {
			return false
		}
	}
	return true
}

// suggestions returns the fields of a source that want to be in outputs, as output.
func (c *compiler) suggestions(source string) string {
	var b strings.Builder
	for _, f := range c.Catalogue.Fields(source) {
		if f.AddOutput {
			b.WriteString(" " + strings.ReplaceAll(f.Name, ".", "_") + "=%" + f.Name)
		}
	}
	return b.String()
}

// format returns the template of a further field.
func (f *AppendField) format() string {
	if f.Format == "" {
		return "%" + f.Key
	}
	return f.Format
}
