// SPDX-License-Identifier: Apache-2.0

package rules

import "slices"

// A condition is put together of many texts: the condition of the rule, what is appended to
// it, values of exceptions, items of lists. Errors name a byte of the result. To show where in
// which file that byte was written, the text is put together once more, tracing the origin of
// every part. Only errors and warnings pay for that.

// origin is where a part of a text comes from.
type origin struct {
	from int    // where the part begins in the text
	at   *place // a scalar of a file, or what the part was written for
	own  bool   // no file has the text of the part
	skip int    // how many characters of the scalar that are not white space lie before the part
}

// traced is a text with the origins of its parts, in order. A text that is not traced has none.
type traced struct {
	text  string
	parts []origin
}

// tracer puts a text together. It notes origins only if on is set.
type tracer struct {
	text  []byte
	parts []origin
	on    bool
}

func (t *tracer) done() traced { return traced{string(t.text), t.parts} }

// scalar adds the value of a scalar.
func (t *tracer) scalar(s string, at *place) {
	t.note(origin{at: at})
	t.text = append(t.text, s...)
}

// own adds text that no file has; at says what it was written for.
func (t *tracer) own(s string, at *place) {
	t.note(origin{at: at, own: true})
	t.text = append(t.text, s...)
}

func (t *tracer) note(o origin) {
	if t.on {
		o.from = len(t.text)
		t.parts = append(t.parts, o)
	}
}

// copy adds the bytes from a to b of another text.
func (t *tracer) copy(o traced, a, b int) {
	if t.on && a < b {
		for i := max(0, o.part(a)); i < len(o.parts) && o.parts[i].from < b; i++ {
			p := o.parts[i]
			if p.from < a {
				p.skip += notWhite(o.text[p.from:a])
			}
			p.from = len(t.text) + max(p.from, a) - a
			t.parts = append(t.parts, p)
		}
	}
	t.text = append(t.text, o.text[a:b]...)
}

// blank adds a blank beside what was put in for the word at an offset of another text; that is
// its origin.
func (t *tracer) blank(o traced, offset int) {
	t.copy(o, offset, offset+1)
	t.text[len(t.text)-1] = ' '
}

// trim takes blanks from the end.
func (t *tracer) trim() {
	for len(t.text) > 0 && isWhite(t.text[len(t.text)-1]) {
		t.text = t.text[:len(t.text)-1]
	}
	t.cut(0)
}

// cut takes n bytes from the end.
func (t *tracer) cut(n int) {
	t.text = t.text[:len(t.text)-n]
	for len(t.parts) > 0 && t.parts[len(t.parts)-1].from >= len(t.text) {
		t.parts = t.parts[:len(t.parts)-1]
	}
}

// part returns the number of the part that a byte is in.
func (t traced) part(offset int) int {
	i, found := slices.BinarySearchFunc(t.parts, offset, func(o origin, at int) int { return o.from - at })
	if !found {
		i--
	}
	return i
}

// locate returns where in a file the byte at an offset was written, or if that is white space
// the next that is not. Behind the end of the text it is the place behind its last byte. It is
// nil if the text is not traced.
func (t traced) locate(offset int) *place {
	at, behind := min(offset, len(t.text)), 0
	for at < len(t.text) && isWhite(t.text[at]) {
		at++
	}
	if at == len(t.text) {
		for behind = 1; at > 0 && isWhite(t.text[at-1]); {
			at--
		}
		at--
	}
	if len(t.parts) == 0 || at < 0 {
		return nil
	}
	return t.origin(at, behind)
}

// origin returns where in a file the byte at an offset was written, plus behind.
func (t traced) origin(at, behind int) *place {
	p := t.parts[max(0, t.part(at))]
	if p.at == nil {
		return nil
	}
	if p.own {
		return p.at.character(0, 0)
	}
	return p.at.character(p.skip+notWhite(t.text[p.from:at]), behind)
}

// listed returns the list that the byte at an offset was put in for, or nil.
func (t traced) listed(offset int) *place {
	if len(t.parts) == 0 {
		return nil
	}
	if p := t.parts[max(0, t.part(min(offset, len(t.text)-1)))].at; p != nil && p.kind == kindListItem {
		return p.parent
	}
	return nil
}

// notWhite counts the characters that are no white space.
func notWhite(s string) int {
	n := 0
	for i := range len(s) {
		if !isWhite(s[i]) {
			n++
		}
	}
	return n
}

// item returns the value of a list or exception that the byte at an offset is in.
func (t traced) item(offset int) (value string, ok bool) {
	if len(t.parts) == 0 || offset >= len(t.text) {
		return "", false
	}
	i := max(0, t.part(offset))
	p := t.parts[i]
	if p.at == nil || p.own || p.at.kind != kindListItem && p.at.kind != kindExcValue {
		return "", false
	}
	end := len(t.text)
	if i+1 < len(t.parts) {
		end = t.parts[i+1].from
	}
	return t.text[p.from:end], true
}
