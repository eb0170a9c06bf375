// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// Notes are warnings that Falco does not give.

// noteIgnored notes that something stands behind an empty document.
func (l *loader) noteIgnored() {
	if at, ok := l.src.ignored(); ok {
		mark := &place{parent: filePlace(l.src), src: l.src, offset: int32(at)}
		l.note(NoteAfterEmpty, "this is not read: the document before it is empty, which ends the file, as in Falco",
			"remove the --- that stands alone", mark)
	}
}

// noteGlued notes text that stands right behind a field of the output of a rule.
func (c *compiler) noteGlued(r *compiledRule, scope *filter.Scope) {
	_, doubts := template.Inspect(r.output, scope)
	t := tracer{on: true}
	t.scalars(r.def.output, r.def.outputAt)
	for _, d := range doubts {
		issue := Issue{Code: NoteTextOnField, Message: d.Message, Hint: d.Hint, at: r.def.outputAt}
		if d.Offset < len(r.def.output) {
			issue.mark = t.done().locate(d.Offset)
		}
		r.notes = append(r.notes, issue)
	}
}

// nearNames finds names of lists that differ in one letter from a word.
type nearNames struct {
	byEnds map[string][]*compiledList // by their first and their last letters
	n      int                        // how many lists it knows
}

// nearEnd is how many letters at either end are the same in names that differ in one.
const nearEnd = 3

// minNearLen is how long a word must be: short ones are like many others.
const minNearLen = 6

func (n *nearNames) add(all []*compiledList) {
	if n.byEnds == nil {
		n.byEnds = map[string][]*compiledList{}
	}
	for _, c := range all[n.n:] {
		if name := strings.ToLower(c.def.name); len(name) >= minNearLen-1 {
			head, tail := "<"+name[:nearEnd], name[len(name)-nearEnd:]
			n.byEnds[head] = append(n.byEnds[head], c)
			n.byEnds[tail] = append(n.byEnds[tail], c)
		}
	}
	n.n = len(all)
}

// find returns a list whose name differs in one letter from a word, which is none of its
// items; or nil.
func (n *nearNames) find(word string) *compiledList {
	if len(word) < minNearLen || len(n.byEnds) == 0 {
		return nil
	}
	for _, end := range []string{"<" + word[:nearEnd], word[len(word)-nearEnd:]} {
		for _, c := range n.byEnds[strings.ToLower(end)] {
			if c.def.name == word {
				return nil
			}
			if distance(strings.ToLower(word), strings.ToLower(c.def.name), 2) < 2 && !slices.Contains(c.items, word) {
				return c
			}
		}
	}
	return nil
}

// noteNearLists notes bare words in lists of a condition that are nearly the names of lists.
// text traces the condition.
func (c *compiler) noteNearLists(to *[]Issue, cond filter.Node, text func() traced, item *place) {
	if len(c.near.byEnds) == 0 {
		return
	}
	filter.Walk(cond, func(n filter.Node) bool {
		b, ok := n.(*filter.Binary)
		if !ok {
			return true
		}
		switch right := b.Right.(type) {
		case *filter.ListNode:
			for i, v := range right.Values {
				c.noteNear(to, v, item, func() (traced, int) {
					t := text()
					return t, filter.ValueOffset(t.text, right.At, i)
				})
			}
		case *filter.ValueNode:
			if right.Form == filter.ValueIdent {
				c.noteNear(to, right.Text, item, func() (traced, int) { return text(), right.At.Offset })
			}
		}
		return false
	})
}

// noteNear notes a value of a condition, which stands where find says, if it is nearly the
// name of a list and was written in the condition as a bare word.
func (c *compiler) noteNear(to *[]Issue, value string, item *place, find func() (traced, int)) {
	near := c.near.find(value)
	if near == nil {
		return
	}
	t, at := find()
	for at < len(t.text) && isWhite(t.text[at]) {
		at++
	}
	if _, ofList := t.item(at); ofList || !strings.HasPrefix(t.text[min(at, len(t.text)):], value) {
		return // the latter: it is in quotes
	}
	*to = append(*to, nearIssue(value, near, item, t.locate(at)))
}

func nearIssue(value string, near *compiledList, item, mark *place) Issue {
	return Issue{
		Code: NoteNearlyList, Message: "'" + value + "' is a value here; there is a list " + near.def.name,
		Hint: didYouMean("the list "+near.def.name) + " If not, put the value into quotes.", at: item, mark: mark,
	}
}

// noteLists notes items of lists that are nearly the names of other lists.
func (c *compiler) noteLists() {
	for _, l := range c.lists.changed {
		for i, item := range l.def.items {
			near := c.near.find(item)
			if near == nil || near == l {
				continue
			}
			at := l.def.itemPlace(i)
			if quoted := strings.HasPrefix(at.src.content[at.offset:], `"`) || strings.HasPrefix(at.src.content[at.offset:], "'"); !quoted {
				l.notes = append(l.notes, nearIssue(item, near, l.def.at, at))
			}
		}
	}
	c.lists.changed = nil
	for _, l := range c.lists.order {
		c.result.Notes = append(c.result.Notes, l.notes...)
	}
}
