// SPDX-License-Identifier: Apache-2.0

package rulefmt

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/filter"
)

// width is how long a line with a short condition may be.
const width = 100

// conditions puts conditions into the one form.
func (f *file) conditions(list []*yaml.Node) (edits []edit) {
	if slices.ContainsFunc(list, oddList) {
		return nil
	}
	for i, item := range list {
		end := len(f.lines)
		if i+1 < len(list) {
			end = list[i+1].Line - 1
		}
		if e, ok := f.condition(item, end); ok {
			edits = append(edits, e)
		}
	}
	return edits
}

// oddList reports whether a list has a name with blanks: such a name is looked for in the text
// of conditions, blanks and all.
func oddList(item *yaml.Node) bool {
	for i := 0; item.Kind == yaml.MappingNode && i+1 < len(item.Content); i += 2 {
		if item.Content[i].Value == "list" && strings.ContainsAny(item.Content[i+1].Value, " \t\r\n") {
			return true
		}
	}
	return false
}

// condition returns the edit for the condition of an item that ends before line end.
func (f *file) condition(item *yaml.Node, end int) (e edit, ok bool) {
	if item.Kind != yaml.MappingNode || item.Style&yaml.FlowStyle != 0 {
		return e, false
	}
	at := -1
	for i := 0; i+1 < len(item.Content); i += 2 {
		if item.Content[i].Value == "condition" {
			if at >= 0 {
				return e, false
			}
			at = i
		}
	}
	if at < 0 {
		return e, false
	}
	key, value := item.Content[at], item.Content[at+1]
	if at+2 < len(item.Content) {
		end = item.Content[at+2].Line - 1
	}
	plain := value.Kind == yaml.ScalarNode && value.Anchor == "" && value.Style&yaml.TaggedStyle == 0 && value.Line == key.Line
	e = edit{from: key.Line - 1, to: end}
	if !plain || key.Style != 0 || key.Anchor != "" || e.from < 0 || end > len(f.lines) || end <= e.from {
		return e, false
	}
	indent := key.Column - 1
	for e.to > e.from+1 && (isBlank(f.lines[e.to-1]) || isComment(f.lines[e.to-1]) && indentOf(f.lines[e.to-1]) <= indent) {
		e.to--
	}
	if strings.Contains(strings.Join(f.lines[e.from:e.to], "\n"), "#") { // perhaps a comment
		return e, false
	}
	e.lines = form(f.lines[e.from][:indent], indent, value.Value)
	return e, e.lines != nil
}

// form writes a condition behind a prefix, or returns nil if that would change it.
func form(prefix string, indent int, condition string) []string {
	parts := split(condition)
	if len(parts) == 0 || !sameCondition(condition, strings.Join(parts, " ")) {
		return nil
	}
	if len(parts) == 1 {
		line := prefix + "condition: " + parts[0]
		if len(line) <= width && isPlain(parts[0]) {
			return []string{line}
		}
	}
	lines := []string{prefix + "condition: >"}
	for _, p := range parts {
		lines = append(lines, strings.Repeat(" ", indent+2)+p)
	}
	return lines
}

// isPlain reports whether a text needs no quotes as a value in YAML.
func isPlain(text string) bool {
	var v map[string]yaml.Node
	if err := yaml.Unmarshal([]byte("condition: "+text+"\n"), &v); err != nil {
		return false
	}
	n := v["condition"]
	return n.Kind == yaml.ScalarNode && n.Style == 0 && n.ShortTag() == "!!str" && n.Value == text && !strings.Contains(text, "#")
}

// sameCondition reports whether two texts are the same condition.
func sameCondition(a, b string) bool {
	for _, v := range []compat.Version{compat.V045, compat.V044} {
		x, err := filter.Parse(a, filter.MaxDepth, v)
		if err != nil {
			continue
		}
		y, err := filter.Parse(b, filter.MaxDepth, v)
		return err == nil && x.String() == y.String()
	}
	return false
}

// sameFiles reports whether documents are equal, but for how conditions are written.
func sameFiles(a, b []*yaml.Node) bool {
	return slices.EqualFunc(a, b, func(x, y *yaml.Node) bool { return same(x, y, false) })
}

func same(a, b *yaml.Node, condition bool) bool {
	if a.Kind != b.Kind || a.Anchor != b.Anchor || a.ShortTag() != b.ShortTag() || len(a.Content) != len(b.Content) {
		return false
	}
	if a.Value != b.Value && !(condition && sameCondition(a.Value, b.Value)) {
		return false
	}
	for i := range a.Content {
		isCondition := a.Kind == yaml.MappingNode && i%2 == 1 && a.Content[i-1].Value == "condition"
		if !same(a.Content[i], b.Content[i], isCondition) {
			return false
		}
	}
	return true
}
