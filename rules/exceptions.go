// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
)

// exception is an exception of a rule: values that fields must not all have.
type exception struct {
	name          string
	at            *place
	fields, comps entry
	values        []entry
}

// entry is a text or a list of entries.
type entry struct {
	list  bool
	text  string
	items []entry
}

func (e *entry) valid() bool {
	if e.list {
		return len(e.items) > 0
	}
	return e.text != ""
}

var (
	listOperators   = []string{"in", "intersects", "pmatch"}
	stringOperators = []string{
		"=", "==", "!=", "glob", "iglob", "contains", "icontains", "bcontains",
		"startswith", "bstartswith", "endswith", "regex",
	}
	otherOperators = []string{"exists", "<", "<=", ">", ">="}
	modifiers      = []string{"oneof", "anyof", "allof"}
)

// hasModifier reports whether op is a string operator with a modifier, as "startswith anyof".
func hasModifier(op string) bool {
	base, mod, found := strings.Cut(op, " ")
	return found && slices.Contains(stringOperators, base) && slices.Contains(modifiers, mod)
}

func takesList(op string) bool { return slices.Contains(listOperators, op) || hasModifier(op) }

func isOperator(op string) bool {
	return takesList(op) || slices.Contains(stringOperators, op) || slices.Contains(otherOperators, op)
}

// checkException checks fields and comparisons and sets the comparisons that are left out.
func (l *loader) checkException(ex *exception, source string) *problem {
	bad := func(msg string) *problem { return &problem{ErrValidate, msg, ex.at} }
	trim := func(e *entry) { e.text = strings.Trim(e.text, " \t\r\n") }
	if !ex.fields.list {
		if !ex.comps.valid() {
			ex.comps = entry{text: "in"}
		}
		if ex.comps.list {
			return bad(msgExcBothStrings)
		}
		trim(&ex.comps)
		if !takesList(ex.comps.text) {
			return bad(msgExcScalarComp)
		}
		return l.checkExceptionField(ex, ex.fields.text, source)
	}
	if !ex.comps.valid() {
		ex.comps = entry{list: true, items: slices.Repeat([]entry{{text: "="}}, len(ex.fields.items))}
	}
	if len(ex.comps.items) != len(ex.fields.items) {
		return bad(msgExcLenComps)
	}
	for i := range ex.comps.items {
		trim(&ex.comps.items[i])
		if !isOperator(ex.comps.items[i].text) {
			return bad(msgBadComp(ex.comps.items[i].text))
		}
	}
	for i := range ex.fields.items {
		if p := l.checkExceptionField(ex, ex.fields.items[i].text, source); p != nil {
			return p
		}
	}
	return nil
}

// checkExceptionField checks that a field of an exception exists. Fields of sources that are
// unknown, or that gyr does not have, are not checked.
func (l *loader) checkExceptionField(ex *exception, field, source string) *problem {
	if !l.compiles(source) {
		return nil
	}
	if strings.Contains(field, "(") {
		node, err := filter.Parse(field+" exists", filter.MaxDepth, l.Falco)
		if err == nil {
			_, _, err = filter.Compile(node, &filter.Scope{Catalogue: l.Catalogue, Source: source, Layout: &fields.Layout{}, Falco: l.Falco})
		}
		if err == nil {
			return nil
		}
	} else {
		_, err := l.Catalogue.Resolve(source, field)
		if err == nil {
			return nil
		}
		if !strings.Contains(err.Error(), "nonexistent field") {
			return &problem{ErrValidate, err.Error(), filePlace(ex.at.src)}
		}
	}
	return &problem{ErrValidate, msgBadField(field), ex.at}
}

// appendException adds values to an exception of a rule, or a new exception.
func (l *loader) appendException(r *ruleDef, ex *exception) *problem {
	bad := func(msg string) *problem { return &problem{ErrValidate, msg, ex.at} }
	for i := range r.exceptions {
		prev := &r.exceptions[i]
		if prev.name != ex.name {
			continue
		}
		if ex.fields.valid() {
			return bad(msgExcAppendFields)
		}
		if ex.comps.valid() {
			return bad(msgExcAppendComps)
		}
		prev.values = append(prev.values, ex.values...)
		return nil
	}
	if !ex.fields.valid() {
		return bad(msgExcAppendNoFields)
	}
	if len(ex.values) == 0 {
		return bad(msgExcAppendNoValues)
	}
	source := r.source
	if r.unknownSource {
		source = ""
	}
	if p := l.checkException(ex, source); p != nil {
		return p
	}
	r.exceptions = append(r.exceptions, *ex)
	return nil
}

// withExceptions returns the condition of a rule, with its exceptions written into it.
func withExceptions(r *ruleDef) (string, *problem) {
	if len(r.exceptions) == 0 {
		return r.cond, nil
	}
	var b strings.Builder
	b.WriteString("(" + r.cond + ")")
	for i := range r.exceptions {
		text, msg := r.exceptions[i].condition()
		if msg != "" {
			return "", &problem{ErrValidate, msg, r.exceptions[i].at}
		}
		if text != "" {
			b.WriteString(" and not " + text)
		}
	}
	return b.String(), nil
}

// condition returns the exception as a condition, "" if it has no values; or what is wrong.
func (ex *exception) condition() (text, msg string) {
	if !ex.fields.list {
		return ex.scalarCondition()
	}
	var b strings.Builder
	for i := range ex.values {
		tuple := &ex.values[i]
		if len(tuple.items) != len(ex.fields.items) {
			return "", msgExcLenValues
		}
		if i > 0 {
			b.WriteString(" or ")
		}
		b.WriteByte('(')
		for k := range tuple.items {
			if k > 0 {
				b.WriteString(" and ")
			}
			comp := "="
			if k < len(ex.comps.items) {
				comp = ex.comps.items[k].text
			}
			b.WriteString(" " + ex.fields.items[k].text + " " + comp + " " + tuple.items[k].operand(comp))
		}
		b.WriteByte(')')
	}
	if b.Len() == 0 {
		return "", ""
	}
	return "(" + b.String() + ")", ""
}

func (ex *exception) scalarCondition() (text, msg string) {
	if len(ex.values) == 0 {
		return "", ""
	}
	var b strings.Builder
	b.WriteString("(" + ex.fields.text + " " + ex.comps.text + " (")
	for i := range ex.values {
		if ex.values[i].list {
			return "", msgExcValuesNotString
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quoteItem(ex.values[i].text))
	}
	b.WriteString("))")
	return b.String(), ""
}

// operand writes a value of a tuple as the right side of a comparison.
func (e *entry) operand(comp string) string {
	if !e.list {
		if !takesList(comp) {
			return quoteItem(e.text)
		}
		if strings.HasPrefix(e.text, "(") {
			return e.text
		}
		return "(" + e.text + ")"
	}
	parts := make([]string, len(e.items))
	for i := range e.items {
		parts[i] = quoteItem(e.items[i].text)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// quoteItem puts quotes around a text with a blank in it, unless it begins with one. It does
// not escape anything: neither does Falco.
func quoteItem(s string) string {
	if strings.Contains(s, " ") && s[0] != '"' && s[0] != '\'' {
		return `"` + s + `"`
	}
	return s
}
