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
	used  bool
}

// lists are the compiled lists.
type lists struct {
	byName map[string]*compiledList
	order  []*compiledList
	users  map[string][]string // names of the lists that have an item of that name
	odd    []*compiledList     // those with delimiters in their names
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
	}
}

// compile expands the items, one level deep, by lists that were defined before this one was
// last changed.
func (c *compiledList) compile(defs *definitions) {
	c.items, c.refs = nil, nil
	for _, item := range c.def.items {
		ref := defs.lists.get(item)
		if ref == nil || ref.index >= c.def.visibility {
			c.items = append(c.items, item)
			continue
		}
		c.refs = append(c.refs, ref.name)
		c.items = append(c.items, ref.items...)
	}
	var b strings.Builder
	for _, item := range c.items {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quoteItem(item))
	}
	c.text = b.String()
	c.words = strings.FieldsFunc(c.text, isDelimiter)
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
	text  string
	lists []*compiledList
	work  int // bytes that were copied
}

// substitute puts lists into a condition. ok is false if that makes it longer than limit, or
// takes more copying than work.
func (ls *lists) substitute(cond string, limit, work int) (s substitution, ok bool) {
	s = substitution{text: cond}
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
	for w := range strings.FieldsFuncSeq(cond, isDelimiter) {
		add(ls.byName[w])
	}
	for _, c := range ls.odd {
		add(c)
	}
	for len(due) > 0 {
		c := due[0]
		due, done = due[1:], c.order
		text, n := c.substitute(s.text, limit)
		if n < 0 {
			return s, false
		}
		if n == 0 {
			continue
		}
		s.text = text
		if s.work += len(text); s.work > work {
			return s, false
		}
		s.lists = append(s.lists, c)
		for _, w := range c.words {
			add(ls.byName[w])
		}
	}
	return s, true
}

// substitute puts one list into a condition and returns how often; -1 if the result would be
// longer than limit. Blanks around a name are replaced by one, and next to an empty list a
// comma vanishes.
func (c *compiledList) substitute(cond string, limit int) (text string, n int) {
	name := c.def.name
	out := make([]byte, 0, len(cond)+2*len(c.text)+2)
	rest := cond
	from := 0 // where in rest to look for the name
	for {
		at := strings.Index(rest[min(from, len(rest)):], name)
		if at < 0 {
			break
		}
		at += from
		end := at + len(name)
		before := byte(' ')
		if at > 0 {
			before = rest[at-1]
		} else if len(out) > 0 {
			before = out[len(out)-1]
		}
		if !isDelimiter(rune(before)) || end < len(rest) && !isDelimiter(rune(rest[end])) {
			from = at + 1
			continue
		}
		n++
		out = append(out, rest[:at]...)
		for len(out) > 0 && strings.IndexByte(blanks, out[len(out)-1]) >= 0 {
			out = out[:len(out)-1]
		}
		for end < len(rest) && strings.IndexByte(blanks, rest[end]) >= 0 {
			end++
		}
		rest = rest[end:]
		if c.text == "" {
			if len(out) > 0 && out[len(out)-1] == ',' {
				out = out[:len(out)-1]
			} else if rest != "" && rest[0] == ',' {
				rest = rest[1:]
			}
		}
		from = 0
		if len(out) > 0 {
			out = append(out, ' ')
		} else {
			from = 1 // as Falco does
		}
		out = append(append(out, c.text...), ' ')
		if len(out)+len(rest) > limit {
			return "", -1
		}
	}
	if n == 0 {
		return cond, 0
	}
	return string(append(out, rest...)), n
}
