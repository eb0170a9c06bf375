// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"
)

// Lists are put into conditions as text, before anything else is known about the condition:
// wherever the name of a list stands between delimiters, its items are written instead,
// separated by commas. This happens list by list, in the order of their definition, so an
// item that is the name of a later list is replaced in its turn.

const (
	blanks     = " \t\n\r"
	delimiters = blanks + "(),="
)

// compiledList is a list as conditions see it.
type compiledList struct {
	def   *listDef
	order int
	items []string // those of lists that it names are put in
	text  string   // the items as they are written into conditions
	words []string // what the text consists of between delimiters
	refs  []string // lists that it names
	notes []Issue
	used  bool
}

// lists are the compiled lists.
type lists struct {
	byName map[string]*compiledList
	order  []*compiledList
	users  map[string][]string // names of the lists that have an item of that name
	odd    []*compiledList     // those with delimiters in their names
	// changed are those that were compiled since their items were compared with names.
	changed []*compiledList
}

// update compiles the lists that changed, and those that name them. It adds the names of the
// latter to changed.
func (ls *lists) update(defs *definitions, changed map[string]bool) {
	for name := range changed {
		for _, user := range ls.users[name] {
			changed[user] = true // of the users' users, only their own items count
		}
	}
	for i := len(ls.order); i < len(defs.lists.all); i++ {
		d := defs.lists.all[i]
		c := &compiledList{def: d, order: i}
		ls.order = append(ls.order, c)
		ls.byName[d.name] = c
		if strings.ContainsAny(d.name, delimiters) {
			ls.odd = append(ls.odd, c)
		}
	}
	for name := range changed {
		c := ls.byName[name]
		if c == nil {
			continue
		}
		for _, item := range c.def.items {
			if u := ls.users[item]; !slices.Contains(u, name) {
				ls.users[item] = append(u, name)
			}
		}
		c.compile(defs)
		c.notes = nil
		ls.changed = append(ls.changed, c)
	}
}

// compile expands the items, one level deep, by lists that were defined before this one was
// last changed.
func (c *compiledList) compile(defs *definitions) {
	c.items, c.refs = nil, nil
	for _, item := range c.def.items {
		if ref := c.named(defs, item); ref != nil {
			c.refs = append(c.refs, ref.name)
		}
	}
	c.each(defs, func(item string, _ *listDef, _ int) { c.items = append(c.items, item) })
	var t tracer
	for _, item := range c.items {
		if len(t.text) > 0 {
			t.own(", ", nil)
		}
		t.quoteItem(item, nil)
	}
	c.text = string(t.text)
	c.words = strings.FieldsFunc(c.text, isDelimiter)
}

// each calls add for the items with those of lists in their places, and says which item of
// which list each is.
func (c *compiledList) each(defs *definitions, add func(item string, from *listDef, i int)) {
	for i, item := range c.def.items {
		ref := c.named(defs, item)
		if ref == nil {
			add(item, c.def, i)
			continue
		}
		for k, sub := range ref.items {
			add(sub, ref, k)
		}
	}
}

// named returns the list that an item stands for, or nil.
func (c *compiledList) named(defs *definitions, item string) *listDef {
	if ref := defs.lists.get(item); ref != nil && ref.index < c.def.visibility {
		return ref
	}
	return nil
}

// trace returns the text of the list, traced.
func (c *compiledList) trace(defs *definitions) traced {
	t := tracer{on: true}
	var last *place
	c.each(defs, func(item string, from *listDef, i int) {
		if len(t.text) > 0 {
			t.own(", ", last)
		}
		last = from.itemPlace(i)
		t.quoteItem(item, last)
	})
	if string(t.text) != c.text { // a list that it names changed since
		t = tracer{on: true}
		t.own(c.text, c.def.itemPlace(0))
	}
	return t.done()
}

// quoteItem adds an item as it is written into conditions: in quotes if there is a blank in it,
// unless it begins with one. Nothing is escaped: neither does Falco.
func (t *tracer) quoteItem(s string, at *place) {
	if !strings.Contains(s, " ") || s[0] == '"' || s[0] == '\'' {
		t.scalar(s, at)
		return
	}
	t.own(`"`, at)
	t.scalar(s, at)
	t.own(`"`, at)
}

// touches reports whether a condition changes with lists that changed. used are those that
// were put into it.
func (ls *lists) touches(changed map[string]bool, cond string, used []*compiledList) bool {
	if len(changed) == 0 {
		return false
	}
	for _, c := range ls.odd {
		if changed[c.def.name] {
			return true
		}
	}
	for _, c := range used {
		if changed[c.def.name] || anyOf(c.words, changed) {
			return true
		}
	}
	for w := range strings.FieldsFuncSeq(cond, isDelimiter) {
		if changed[w] {
			return true
		}
	}
	return false
}

func isDelimiter(r rune) bool { return strings.ContainsRune(delimiters, r) }

// substitution is a condition with its lists put in.
type substitution struct {
	traced
	lists []*compiledList
	work  int // bytes that were copied
}

// substitute puts lists into a condition. ok is false if that makes it longer than limit, or
// takes more copying than work. The result is traced if the condition is.
func (ls *lists) substitute(defs *definitions, cond traced, limit, work int) (s substitution, ok bool) {
	s = substitution{traced: cond}
	var due []*compiledList // in order; what lies before done is dealt with
	done := -1
	add := func(c *compiledList) {
		if c == nil || c.order <= done {
			return
		}
		at, found := slices.BinarySearchFunc(due, c.order, func(d *compiledList, o int) int { return d.order - o })
		if !found {
			due = slices.Insert(due, at, c)
		}
	}
	for w := range strings.FieldsFuncSeq(cond.text, isDelimiter) {
		add(ls.byName[w])
	}
	for _, c := range ls.odd {
		add(c)
	}
	for len(due) > 0 {
		c := due[0]
		due, done = due[1:], c.order
		list := traced{text: c.text}
		if cond.parts != nil {
			list = c.trace(defs)
		}
		text, n := c.substitute(s.traced, list, limit)
		if n < 0 {
			return s, false
		}
		if n == 0 {
			continue
		}
		s.traced = text
		if s.work += len(text.text); s.work > work {
			return s, false
		}
		s.lists = append(s.lists, c)
		for _, w := range c.words {
			add(ls.byName[w])
		}
	}
	return s, true
}

// substitute puts one list, whose text is given, into a condition and returns how often; -1 if
// the result would be longer than limit. Blanks around a name are replaced by one, and next to
// an empty list a comma vanishes.
func (c *compiledList) substitute(cond, list traced, limit int) (result traced, n int) {
	name, text := c.def.name, cond.text
	out := tracer{text: make([]byte, 0, len(text)+2*len(list.text)+2), on: cond.parts != nil}
	done := 0 // how much of the text was dealt with
	from := 0 // where to look for the name
	for {
		at := strings.Index(text[min(from, len(text)):], name)
		if at < 0 {
			break
		}
		at += from
		end := at + len(name)
		before := byte(' ')
		if at > done {
			before = text[at-1]
		} else if len(out.text) > 0 {
			before = out.text[len(out.text)-1]
		}
		if !isDelimiter(rune(before)) || end < len(text) && !isDelimiter(rune(text[end])) {
			from = at + 1
			continue
		}
		n++
		out.copy(cond, done, at)
		out.trim()
		for end < len(text) && isWhite(text[end]) {
			end++
		}
		done = end
		if c.text == "" {
			if k := len(out.text); k > 0 && out.text[k-1] == ',' {
				out.cut(1)
			} else if done < len(text) && text[done] == ',' {
				done++
			}
		}
		from = done
		if len(out.text) > 0 {
			out.own(" ", c.def.at)
		} else {
			from++ // as Falco does
		}
		out.copy(list, 0, len(list.text))
		out.blank(cond, at)
		if len(out.text)+len(text)-done > limit {
			return traced{}, -1
		}
	}
	if n == 0 {
		return cond, 0
	}
	out.copy(cond, done, len(text))
	return out.done(), n
}
