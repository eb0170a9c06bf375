// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

func sortIssues(issues []Issue) {
	slices.SortStableFunc(issues, func(a, b Issue) int {
		if c := strings.Compare(a.at.src.name, b.at.src.name); c != 0 {
			return c
		}
		x, _ := a.at.inFile()
		y, _ := b.at.inFile()
		return x.offset - y.offset
	})
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

// inFile returns where a place is in the file. A place within a condition is counted in the
// condition, so the line of the condition is looked for among the lines of the file; where
// it is not found (escapes, folded lines, lists that were put in) exact is false and the
// position is that of the condition.
func (p *place) inFile() (at position, exact bool) {
	if p.kind != kindCondition {
		return p.at(), true
	}
	start := min(p.cond.offset, len(p.cond.text))
	begin := strings.LastIndexByte(p.cond.text[:start], '\n') + 1
	line, _, _ := strings.Cut(p.cond.text[begin:], "\n")
	text := p.parent
	if p.cond.within != nil {
		text = p.cond.within
	}
	if !text.isText || line == "" {
		return text.at(), false
	}
	first := text.at().line
	if yaml.Style(text.style)&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		first++
	}
	first += strings.Count(p.cond.text[:begin], "\n")
	if i := strings.Index(p.src.line(first), line); i >= 0 {
		offset := int(p.src.lines[first]) + i + start - begin
		return position{offset, first, i + start - begin}, true
	}
	return text.at(), false
}
