// SPDX-License-Identifier: Apache-2.0

package rules

import "slices"

// addText notes that a text was appended to the one at p.
func (p *place) addText(text *place) {
	if p != nil && text != nil && text != p {
		text.more = p.more
		p.more = text
	}
}

// setText notes that a text replaces the one at p, which stays where Falco reports errors.
func (p *place) setText(text *place) {
	if p != nil && text != nil && text != p {
		p.size, p.more = -1, text
		text.more = nil
	}
}

// scalars adds the text of a condition or output, which is that at p with what was appended.
func (t *tracer) scalars(text string, p *place) {
	if !t.on || p == nil {
		t.text = append(t.text, text...)
		return
	}
	start := len(t.text)
	var texts []*place // the last first
	for more := p.more; more != nil; more = more.more {
		texts = append(texts, more)
	}
	if p.size >= 0 {
		texts = append(texts, p)
	}
	slices.Reverse(texts)
	for i, at := range texts {
		if i > 0 {
			t.own(" ", at)
		}
		from := len(t.text) - start
		t.scalar(text[min(from, len(text)):min(from+int(at.size), len(text))], at)
	}
	if rest := text[min(len(t.text)-start, len(text)):]; rest != "" {
		t.own(rest, p)
	}
}
