// SPDX-License-Identifier: Apache-2.0

package rules

import "strings"

// withExceptions returns the condition of a rule, with its exceptions written into it.
func withExceptions(r *ruleDef) (string, *problem) {
	if len(r.exceptions) == 0 {
		return r.cond, nil
	}
	var t tracer
	p := t.conditionOf(r)
	return string(t.text), p
}

// traceExceptions is the same, traced. Exceptions that are wrong are left out.
func traceExceptions(r *ruleDef) traced {
	t := tracer{on: true}
	_ = t.conditionOf(r)
	return t.done()
}

// conditionOf writes the condition of a rule and its exceptions. It returns the first problem
// of these.
func (t *tracer) conditionOf(r *ruleDef) (p *problem) {
	if len(r.exceptions) == 0 {
		t.scalars(r.cond, r.condAt)
		return nil
	}
	t.own("(", r.condAt)
	t.scalars(r.cond, r.condAt)
	t.own(")", r.condAt)
	for i := range r.exceptions {
		ex := &r.exceptions[i]
		if ex.broken {
			continue
		}
		before := len(t.text)
		t.own(" and not ", ex.at)
		start := len(t.text)
		if msg := ex.write(t); msg != "" {
			t.cut(len(t.text) - before)
			if p == nil {
				p = newProblem(ErrValidate, msg, ex.at)
			}
		} else if len(t.text) == start {
			t.cut(len(t.text) - before)
		}
	}
	return p
}

// write writes the exception as a condition, nothing if it has no values; or says what is
// wrong.
func (ex *exception) write(t *tracer) (msg string) {
	if len(ex.values) == 0 {
		return ""
	}
	if !ex.fields.list {
		return ex.writeScalars(t)
	}
	t.own("(", ex.at)
	for i := range ex.values {
		tuple := &ex.values[i]
		if len(tuple.items) != len(ex.fields.items) {
			return msgExcLenValues
		}
		if i > 0 {
			t.own(" or ", ex.at)
		}
		t.own("(", ex.at)
		for k := range tuple.items {
			if k > 0 {
				t.own(" and ", ex.at)
			}
			comp := "="
			t.own(" ", ex.at)
			t.entry(&ex.fields.items[k], ex)
			if k < len(ex.comps.items) {
				comp = ex.comps.items[k].text
			}
			t.own(" "+comp+" ", ex.at)
			t.operand(&tuple.items[k], ex, comp)
		}
		t.own(")", ex.at)
	}
	t.own(")", ex.at)
	return ""
}

func (ex *exception) writeScalars(t *tracer) (msg string) {
	t.own("(", ex.at)
	t.entry(&ex.fields, ex)
	t.own(" "+ex.comps.text+" (", ex.at)
	for i := range ex.values {
		if ex.values[i].list {
			return msgExcValuesNotString
		}
		if i > 0 {
			t.own(", ", ex.at)
		}
		t.quoteItem(ex.values[i].text, t.placeOf(&ex.values[i], ex))
	}
	t.own("))", ex.at)
	return ""
}

// operand writes a value of a tuple as the right side of a comparison.
func (t *tracer) operand(e *entry, ex *exception, comp string) {
	if !e.list {
		if !takesList(comp) {
			t.quoteItem(e.text, t.placeOf(e, ex))
			return
		}
		bare := !strings.HasPrefix(e.text, "(")
		if bare {
			t.own("(", ex.at)
		}
		t.entry(e, ex)
		if bare {
			t.own(")", ex.at)
		}
		return
	}
	t.own("(", ex.at)
	for i := range e.items {
		if i > 0 {
			t.own(", ", ex.at)
		}
		t.quoteItem(e.items[i].text, t.placeOf(&e.items[i], ex))
	}
	t.own(")", ex.at)
}

// entry writes the text of an entry.
func (t *tracer) entry(e *entry, ex *exception) { t.scalar(e.text, t.placeOf(e, ex)) }

// placeOf returns where an entry is, if that is traced.
func (t *tracer) placeOf(e *entry, ex *exception) *place {
	if !t.on {
		return ex.at
	}
	return e.place(ex)
}

// eachValue calls visit for the values that are written one by one, with where they are.
func (ex *exception) eachValue(visit func(value string, at *place)) {
	if ex.broken {
		return
	}
	for i := range ex.values {
		v := &ex.values[i]
		switch {
		case !ex.fields.list && !v.list:
			visit(v.text, v.place(ex))
		case ex.fields.list && len(v.items) == len(ex.fields.items):
			for k := range v.items {
				ex.eachOperand(&v.items[k], k, visit)
			}
		}
	}
}

func (ex *exception) eachOperand(e *entry, k int, visit func(value string, at *place)) {
	if !e.list {
		if k >= len(ex.comps.items) || !takesList(ex.comps.items[k].text) {
			visit(e.text, e.place(ex))
		}
		return
	}
	for i := range e.items {
		visit(e.items[i].text, e.items[i].place(ex))
	}
}
