// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/filter"
)

// syntaxHint looks for what an author may have meant.
type syntaxHint struct {
	*loader
	msg    string
	text   string
	offset int // where reading stopped
	traced traced

	rest string // what could not be read, without blanks at its beginning
	word string // its first word
	last string // the word before
	op   string // the word before that
	mark *place // where the mistake is, if that is not where reading stopped
}

func (h *syntaxHint) split() {
	before := h.text[:min(h.offset, len(h.text))]
	h.rest = strings.TrimLeft(h.text[len(before):], " \t\r\n")
	h.word = firstWord(h.rest)
	words := strings.Fields(before)
	if n := len(words); n > 0 {
		h.last = words[n-1]
		if n > 1 {
			h.op = words[n-2]
		}
	}
}

func firstWord(s string) string {
	if i := strings.IndexAny(s, " \t\r\n"); i >= 0 {
		s = s[:i]
	}
	return s
}

func (h *syntaxHint) find() string {
	for _, look := range []func() string{
		h.comment, h.foreignOperator, h.wrongCase, h.misplaced, h.listWithoutParentheses, h.unknownOperator, h.unquoted, h.missing,
	} {
		if hint := look(); hint != "" {
			return hint
		}
	}
	return ""
}

// comment finds a # that was meant to begin a comment.
func (h *syntaxHint) comment() string {
	const hint = "a # within a condition is no comment: take the comment out"
	if strings.HasPrefix(h.rest, "#") {
		return hint
	}
	before := h.text[:min(h.offset, len(h.text))]
	for i := 0; ; i++ {
		at := strings.IndexByte(before[i:], '#')
		if at < 0 {
			return ""
		}
		i += at
		bare := strings.Count(before[:i], `"`)%2 == 0 && strings.Count(before[:i], "'")%2 == 0
		if bare && (i == 0 || isWhite(before[i-1])) {
			return hint
		}
	}
}

// foreignOperator finds operators of other languages.
func (h *syntaxHint) foreignOperator() string {
	for _, w := range []struct{ wrong, right string }{{"&&", "and"}, {"||", "or"}} {
		if strings.HasPrefix(h.rest, w.wrong) || strings.Contains(h.last, w.wrong) {
			return "write " + w.right + " instead of " + w.wrong
		}
	}
	if strings.HasPrefix(h.rest, "!") && !strings.HasPrefix(h.rest, "!=") {
		return "write not instead of !"
	}
	for _, w := range []struct{ wrong, right string }{{"<>", "!="}, {"=<", "<="}, {"=>", ">="}, {"===", "="}, {"!==", "!="}} {
		if h.last == w.wrong || len(h.last) < len(w.wrong) && strings.HasPrefix(h.last+h.rest, w.wrong) && h.last != "" {
			return "write " + w.right + " instead of " + w.wrong
		}
	}
	if h.last == "=~" || h.last == "!~" || h.last == "~" {
		return "use the operator regex, with not in front of the field for the opposite"
	}
	return ""
}

// wrongCase finds AND, OR and NOT.
func (h *syntaxHint) wrongCase() string {
	for _, w := range []string{h.word, h.last} {
		w = strings.TrimRight(strings.TrimLeft(w, "("), "(")
		if low := strings.ToLower(w); low != w && (low == "and" || low == "or" || low == "not") {
			return "write " + low + " in lower case"
		}
	}
	return ""
}

// misplaced finds an and or or that joins nothing: it is read as the name of a macro.
func (h *syntaxHint) misplaced() string {
	word := strings.TrimLeft(h.last, "(")
	if word != "and" && word != "or" || !strings.HasPrefix(h.msg, "unexpected token after") {
		return ""
	}
	if h.op == "" && word == h.last {
		return "a condition that begins with " + word + " can only be appended: add \"override: {condition: append}\""
	}
	return "there is one " + word + " too many"
}

// listWithoutParentheses finds lists, by name or value by value, that stand without
// parentheses.
func (h *syntaxHint) listWithoutParentheses() string {
	before := len(strings.TrimRight(h.text[:min(h.offset, len(h.text))], " \t\r\n"))
	for _, at := range []int{before - 1, h.offset} {
		if at < 0 || at >= len(h.text) {
			continue
		}
		list := h.traced.listed(at)
		if list == nil {
			continue
		}
		start, end := at, at
		for start > 0 && h.traced.listed(start-1) == list {
			start--
		}
		for end < len(h.text) && h.traced.listed(end) == list {
			end++
		}
		head := strings.TrimRight(h.text[:start], " \t\r\n")
		if strings.HasSuffix(head, "(") || strings.HasSuffix(head, ",") {
			return ""
		}
		if end < len(h.text) && h.text[end] == ' ' { // written beside it
			h.mark = h.traced.origin(end, 0)
		}
		return list.name + " is a list: write FIELD in (" + list.name + ")"
	}
	if strings.HasPrefix(h.rest, ",") && !h.inParentheses() {
		return "put the values into parentheses: FIELD in (" + strings.Trim(h.last, "=") + ", ...)"
	}
	return ""
}

// inParentheses reports whether reading stopped within a list of values.
func (h *syntaxHint) inParentheses() bool {
	before := h.text[:min(h.offset, len(h.text))]
	i := strings.LastIndexAny(before, "()")
	return i >= 0 && before[i] == '('
}

// otherOperatorWords are words that people write for operators.
var otherOperatorWords = map[string]string{
	"is": "=", "eq": "=", "equals": "=", "equal": "=", "ne": "!=", "neq": "!=", "gt": ">", "ge": ">=", "gte": ">=",
	"lt": "<", "le": "<=", "lte": "<=", "has": "contains", "include": "contains", "includes": "contains",
	"like": "glob", "ilike": "iglob", "match": "regex", "matches": "regex", "rlike": "regex", "regexp": "regex",
	"starts_with": "startswith", "ends_with": "endswith", "startsWith": "startswith", "endsWith": "endswith",
	"one_of": "in", "any": "in",
}

// unknownOperator finds what stands in the place of an operator.
func (h *syntaxHint) unknownOperator() string {
	if !strings.HasPrefix(h.msg, "expected a valid check operator") {
		return ""
	}
	word := h.word
	for i := range len(word) {
		if c := word[i]; c == '(' || c == '"' || c == '\'' {
			word = word[:i]
			break
		}
	}
	switch {
	case h.rest == "":
		return "an operator must follow the field, as in FIELD exists"
	case strings.HasPrefix(h.rest, "not "):
		return "write not in front of the field: not FIELD in (...)"
	case slices.Contains(filter.Operators(false), word):
		return "a blank must follow " + word
	case word == "":
		return ""
	}
	return didYouMean(nearestOperator(word))
}

// nearestOperator returns the operator that was meant by a word, or "".
func nearestOperator(word string) string {
	if op := otherOperatorWords[word]; op != "" {
		return op
	}
	return nearest(word, slices.Values(filter.Operators(false)))
}

// unquoted finds values that need quotes, and checks without and or or between them.
func (h *syntaxHint) unquoted() string {
	if !strings.HasPrefix(h.msg, "unexpected token after '") && h.msg != "expected a ')' token" || h.rest == "" {
		return ""
	}
	switch c := h.rest[0]; {
	case c == ')':
		return "there is a ) without a ("
	case h.inValues():
		return "put a comma between the values, or quotes around a value with blanks or signs"
	case strings.IndexByte(`="'(,`, c) >= 0:
		return "put a value with signs such as " + string(c) + " into quotes"
	case h.isCheck():
		return "put and or or between the checks"
	case h.isValue():
		return "put a value with blanks into quotes: \"" + h.last + " " + h.word + "\""
	}
	return ""
}

// isCheck reports whether what could not be read begins with a check or a macro.
func (h *syntaxHint) isCheck() bool {
	name, _, _ := strings.Cut(strings.TrimLeft(h.word, "("), "[")
	return h.word == "not" || h.defs.macros.get(name) != nil ||
		slices.ContainsFunc(h.Catalogue.Sources(), func(s string) bool { return h.Catalogue.Lookup(s, name) != nil })
}

// isValue reports whether what was read last is the value of a check.
func (h *syntaxHint) isValue() bool {
	if strings.ContainsAny(h.last, "\"'()") {
		return false
	}
	return slices.Contains(filter.Operators(false), h.op) || strings.HasSuffix(h.op, "=")
}

// inValues reports whether reading stopped between values in parentheses.
func (h *syntaxHint) inValues() bool {
	before := h.text[:min(h.offset, len(h.text))]
	i := strings.LastIndexByte(before, '(')
	if i < 0 || !h.inParentheses() {
		return false
	}
	words := strings.Fields(before[:i])
	if len(words) == 0 {
		return false
	}
	op := words[len(words)-1]
	return slices.Contains(filter.Operators(true), op) || slices.Contains(filter.Modifiers(), op)
}

// missing finds what is not there.
func (h *syntaxHint) missing() string {
	switch {
	case h.msg == "expected a ')' token" && h.rest == "":
		h.mark = h.unclosed()
		return "this ( is not closed"
	case strings.HasPrefix(h.msg, "unsupported string escape"):
		return `a backslash in a quoted value is written \\`
	case strings.HasPrefix(h.msg, "expected a string value") && (strings.HasPrefix(h.rest, `"`) || strings.HasPrefix(h.rest, "'")):
		return "the quoted value does not end; a quote behind a backslash never ends one"
	case strings.HasPrefix(h.msg, "expected a string value") && strings.HasPrefix(h.rest, "("):
		return "use in for several values: FIELD in (...)"
	case strings.HasPrefix(h.msg, "expected a number value"):
		return "<, <=, > and >= need a number without quotes"
	case !strings.HasPrefix(h.msg, "expected a '(' token"):
		return ""
	}
	switch {
	case h.rest == "":
		return "something must follow " + strings.Trim(h.last, "()")
	case h.rest[0] == '"' || h.rest[0] == '\'':
		return "write a field without quotes"
	case strings.IndexByte("%${", h.rest[0]) >= 0:
		return "write a field without " + h.rest[:1] + " in front of it"
	case strings.IndexByte("=<>!", h.rest[0]) >= 0:
		return "a field must stand in front of " + strings.TrimRight(h.word, "(")
	}
	return ""
}

// unclosed returns the place of the last parenthesis that is not closed.
func (h *syntaxHint) unclosed() *place {
	var open []int
	var quote byte
	for i := range len(h.text) {
		switch c := h.text[i]; {
		case quote != 0:
			if c == quote && h.text[i-1] != '\\' {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			open = append(open, i)
		case c == ')' && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return nil
	}
	return h.traced.locate(open[len(open)-1])
}
