// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/gyr-dev/gyr/filter"

// explainSyntax shows where in a file the condition of a rule cannot be read. If exceptions
// were written into it, the place may be far behind the mistake: where the condition or one of
// the exceptions cannot be read alone, the mistake is there. It is the same with what is
// appended to a condition.
func (c *compiler) explainSyntax(p *problem, def *ruleDef, text traced) {
	if at := def.condAt; at.more != nil && at.size >= 0 && p.at.cond != nil {
		t := tracer{on: true}
		t.scalar(def.cond[:min(int(at.size), len(def.cond))], at)
		if c.explainAlone(p, t.done(), at) {
			return
		}
	}
	if len(def.exceptions) > 0 && p.at.cond != nil {
		t := tracer{on: true}
		t.scalars(def.cond, def.condAt)
		if c.explainAlone(p, t.done(), def.condAt) {
			return
		}
		for i := range def.exceptions {
			t := tracer{on: true}
			if ex := &def.exceptions[i]; !ex.broken && ex.write(&t) == "" && len(t.text) > 0 && c.explainAlone(p, t.done(), def.condAt) {
				return
			}
		}
	}
	c.explainSyntaxAt(p, text)
}

// explainAlone explains a problem by a part of the text, if that cannot be read alone.
func (c *compiler) explainAlone(p *problem, part traced, at *place) bool {
	text := c.listed(part)
	if text.text == "" {
		return false
	}
	_, err := filter.Parse(text.text, filter.MaxDepth, c.Falco)
	if err == nil {
		return false
	}
	pos, msg := posOf(err)
	alone := newProblem(p.code, msg, at.condition(text.text, pos))
	c.explainSyntaxAt(alone, text)
	p.mark, p.hint = alone.mark, alone.hint
	if alone.msg != p.msg {
		p.detail = alone.msg
	}
	return true
}

// explainSyntaxAt shows where a condition, with lists put in, cannot be read.
func (c *compiler) explainSyntaxAt(p *problem, text traced) {
	if p.at.cond == nil || text.text == "" {
		return
	}
	offset := p.at.cond.offset
	p.mark = text.locate(offset)
	h := syntaxHint{loader: c.loader, msg: p.msg, text: text.text, offset: offset, traced: text}
	h.split()
	p.hint = h.find()
	if h.mark != nil {
		p.mark = h.mark
	}
}
