// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteText writes all errors, warnings and notes for people, in gyr's own form:
// file:line:column, counted from 1, what is wrong, the line, a mark below the column, and a
// suggestion. Each is written once, however many rules and files show it.
func (r *Report) WriteText(w io.Writer) error {
	var t textReport
	if r.Err != nil {
		fmt.Fprintf(&t.out, "error: %v\n", r.Err)
	}
	from := r.shown()
	for _, f := range from.Files {
		t.add("error", f.Errors)
	}
	t.write(from)
	t.addWarnings(from)
	t.write(from)
	_, err := io.WriteString(w, t.out.String())
	return err
}

// shown is what people are shown: if there are errors, all of them.
func (r *Report) shown() *Report {
	if r.all != nil && !r.all.Ok() {
		return r.all
	}
	return r
}

// Warnings returns the warnings and notes of all files in the form of [Report.WriteText], or "".
func (r *Report) Warnings() string {
	var t textReport
	t.addWarnings(r)
	t.write(r)
	return strings.TrimSuffix(t.out.String(), "\n")
}

// textReport collects what is to be written, and writes it.
type textReport struct {
	out   strings.Builder
	list  []*textItem
	known map[textKey]*textItem
}

// textItem is an error or warning with all that it is about.
type textItem struct {
	issue *Issue
	level string
	items []string // names of rules, macros and lists
}

// textKey is equal for what is written once.
type textKey struct {
	code   Code
	msg    string
	src    *source
	offset int
}

func (t *textReport) addWarnings(r *Report) {
	for _, f := range r.Files {
		t.add("warning", f.Warnings)
		t.add("warning", f.Notes)
	}
}

func (t *textReport) add(level string, issues []Issue) {
	if t.known == nil {
		t.known = map[textKey]*textItem{}
	}
	for i := range issues {
		issue := &issues[i]
		at := issue.shown()
		key := textKey{issue.Code, issue.Message + issue.Detail, at.src, at.at().offset}
		item := t.known[key]
		if item == nil {
			item = &textItem{issue: issue, level: level}
			t.known[key] = item
			t.list = append(t.list, item)
		}
		if name := issue.at.item(); name != "" && !slices.Contains(item.items[max(0, len(item.items)-1):], name) {
			item.items = append(item.items, name)
		}
	}
}

// write writes what was added, in the order of the files and of the places in them.
func (t *textReport) write(r *Report) {
	order := map[string]int{}
	for i, f := range r.Files {
		order[f.Name] = i
	}
	slices.SortStableFunc(t.list, func(a, b *textItem) int {
		x, y := a.issue.shown(), b.issue.shown()
		return cmp.Or(order[x.src.name]-order[y.src.name], x.at().offset-y.at().offset)
	})
	for _, item := range t.list {
		item.write(&t.out)
	}
	t.list = nil
}

// write writes one error or warning.
func (t *textItem) write(b *strings.Builder) {
	i := t.issue
	p := i.shown()
	at := p.at()
	fmt.Fprintf(b, "%s:%d:%d: %s: %s", p.src.name, at.line+1, at.column+1, t.level, cmp.Or(i.Detail, i.Message, i.Code.Text()))
	if about := t.about(p.item()); about != "" {
		b.WriteString(" (" + about + ")")
	}
	fmt.Fprintf(b, " [%s]\n", i.Code)
	if text := snippet(p.src.content, at.offset); !strings.HasPrefix(text, "<No context") {
		for line := range strings.Lines(text) {
			b.WriteString("    " + line)
		}
	}
	if i.Hint != "" {
		b.WriteString("    " + i.Hint + "\n")
	}
}

// about names the rules, and the macro or list in which the mistake was written.
func (t *textItem) about(inner string) string {
	items := slices.DeleteFunc(slices.Clone(t.items), func(s string) bool { return s == inner })
	slices.Sort(items)
	items = slices.Compact(items)
	var text string
	switch n := len(items); n {
	case 0:
		return inner
	case 1:
		text = items[0]
	default:
		text = fmt.Sprintf("%s and %d more", items[0], n-1)
	}
	if inner != "" {
		text += ", " + inner
	}
	return text
}

// shown is where people are shown an issue.
func (i *Issue) shown() *place {
	switch {
	case i.mark != nil:
		return i.mark
	case i.at.kind == kindCondition:
		return i.at.parent
	}
	return i.at
}

// item names the rule, macro or list that a place is in.
func (p *place) item() string {
	for ; p != nil; p = p.parent {
		switch p.kind {
		case kindRule, kindMacro, kindList:
			if p.name != "" {
				return p.kind.String() + " '" + p.name + "'"
			}
		}
	}
	return ""
}
