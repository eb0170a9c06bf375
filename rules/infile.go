// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"cmp"
	"slices"
	"strings"
)

// sortIssues sorts by place in the file.
func sortIssues(issues []Issue) {
	type keyed struct {
		Issue
		file   string
		offset int
	}
	list := make([]keyed, len(issues))
	for i, issue := range issues {
		src, at, _ := issue.at.inFile()
		list[i] = keyed{issue, src.name, at.offset}
	}
	slices.SortStableFunc(list, func(a, b keyed) int {
		return cmp.Or(strings.Compare(a.file, b.file), a.offset-b.offset)
	})
	for i := range list {
		issues[i] = list[i].Issue
	}
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

// maxTexts is how many texts of a condition are looked through for a place.
const maxTexts = 100

// addText notes that a condition has another text, which was appended to it or replaces it.
func (p *place) addText(text *place) {
	if p != nil && text != nil {
		text.more = p.more
		p.more = text
	}
}

// inFile returns where a place is: a file and a place there. A place within a condition is
// looked for in the texts that the condition was read from; where it is not found (lists that
// were put in) exact is false and the position is that of the condition.
func (p *place) inFile() (src *source, at position, exact bool) {
	if p.kind != kindCondition {
		return p.src, p.at(), true
	}
	first := p.parent
	if p.cond.within != nil {
		first = p.cond.within
	}
	for _, byWord := range []bool{false, true} {
		n := 0
		for text := first; text != nil && text.isText && n < maxTexts; text = text.more {
			if offset, ok := text.find(p.cond, byWord); ok {
				return text.src, text.src.position(offset), true
			}
			n++
		}
	}
	return first.src, first.at(), false
}
