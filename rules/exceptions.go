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
	broken        bool // there is an error in it, which was reported
}

// entry is a text or a list of entries.
type entry struct {
	list   bool
	offset int32 // in its file
	text   string
	items  []entry
	src    *source
}

// place returns where an entry of an exception is.
func (e *entry) place(ex *exception) *place {
	if e.src == nil {
		return ex.at
	}
	return &place{parent: ex.at, kind: kindExcValue, src: e.src, offset: e.offset}
}

// badValue returns the first value that does not go with the fields.
func (ex *exception) badValue() *place {
	for i := range ex.values {
		v := &ex.values[i]
		if ex.fields.list && len(v.items) != len(ex.fields.items) || !ex.fields.list && v.list {
			return v.place(ex)
		}
	}
	return nil
}

// broken reports whether an exception of the rule has an error that was reported.
func (r *ruleDef) broken() bool {
	return slices.ContainsFunc(r.exceptions, func(ex exception) bool { return ex.broken })
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
	bad := func(msg string) *problem { return newProblem(ErrValidate, msg, ex.at) }
	trim := func(e *entry) { e.text = strings.Trim(e.text, " \t\r\n") }
	if !ex.fields.list {
		if !ex.comps.valid() {
			ex.comps = entry{text: "in"}
		}
		if ex.comps.list {
			p := bad(msgExcBothStrings)
			p.mark = ex.comps.place(ex)
			return p
		}
		trim(&ex.comps)
		if !takesList(ex.comps.text) {
			p := bad(msgExcScalarComp)
			p.mark = ex.comps.place(ex)
			return p
		}
		return l.checkExceptionField(ex, &ex.fields, source)
	}
	if !ex.comps.valid() {
		ex.comps = entry{list: true, items: slices.Repeat([]entry{{text: "="}}, len(ex.fields.items))}
	}
	if len(ex.comps.items) != len(ex.fields.items) {
		return bad(msgExcLenComps)
	}
	all := lastProblem{l: l}
	for i := range ex.comps.items {
		comp := &ex.comps.items[i]
		trim(comp)
		if !isOperator(comp.text) {
			p := bad(msgBadComp(comp.text))
			p.mark, p.hint = comp.place(ex), didYouMean(nearestOperator(comp.text))
			if all.stop(p) {
				return p
			}
		}
	}
	for i := range ex.fields.items {
		if p := l.checkExceptionField(ex, &ex.fields.items[i], source); all.stop(p) {
			return p
		}
	}
	return all.p
}

// checkExceptionField checks that a field of an exception exists. Fields of sources that are
// unknown, or that gyr does not have, are not checked.
func (l *loader) checkExceptionField(ex *exception, e *entry, source string) *problem {
	field := e.text
	name, _, _ := strings.Cut(field, "[")
	switch {
	case l.compiles(source):
	case source == syscall && !strings.Contains(field, "(") && l.compiler.foreign(name):
		return newProblem(ErrValidate, msgBadField(field), ex.at)
	default:
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
			return newProblem(ErrValidate, err.Error(), filePlace(ex.at.src))
		}
	}
	p := newProblem(ErrValidate, msgBadField(field), ex.at)
	if l.lenient {
		p.mark, p.hint = e.place(ex), l.fieldHint(source, true, field)
	}
	return p
}

// appendException adds values to an exception of a rule, or a new exception.
func (l *loader) appendException(r *ruleDef, ex *exception) *problem {
	bad := func(msg string) *problem { return newProblem(ErrValidate, msg, ex.at) }
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
	if ex.broken {
		r.exceptions = append(r.exceptions, *ex)
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
