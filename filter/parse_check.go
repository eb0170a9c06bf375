// SPDX-License-Identifier: Apache-2.0

package filter

import "strings"

// parseCondition reads the operator and the right side of a check.
func (p *parser) parseCondition(left Node, at Pos) (Node, error) {
	p.blank()
	if p.str("exists") {
		return &Unary{at, left, "exists"}, nil
	}
	c := &Binary{At: at, Left: left}
	var err error
	switch {
	case p.oneOf(numOps, p.str):
		c.Op = p.last
		c.Right, err = p.parseNumber()
	case p.oneOf(signOps, p.str):
		c.Op = p.last
		err = p.parseStringRight(c, p.blank())
	case p.oneOf(wordOps, p.word):
		c.Op = p.last
		err = p.parseStringRight(c, true)
	case p.oneOf(listOps, p.str):
		c.Op = p.last
		c.Right, err = p.parseListOrTransformer()
	default:
		err = p.fail("expected a valid check operator: one of " + allOps)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// oneOf consumes the first of words that lex finds.
func (p *parser) oneOf(words []string, lex func(string) bool) bool {
	for _, w := range words {
		if lex(w) {
			return true
		}
	}
	return false
}

// parseStringRight reads what follows an operator on strings: a value, or a modifier and a
// list. The modifier is one only if something like a list follows; else it is the value.
func (p *parser) parseStringRight(c *Binary, blank bool) error {
	pos, last := p.pos, p.last
	if blank && p.oneOf(modifiers, p.word) && p.listFollows() {
		c.Mod = p.last
		var err error
		c.Right, err = p.parseList()
		return err
	}
	p.pos, p.last = pos, last
	var err error
	c.Right, err = p.parseString()
	return err
}

// listFollows reports whether a parenthesis or an identifier comes next that is not a
// keyword.
func (p *parser) listFollows() bool {
	s := p.rest()
	if s == "" || s[0] != '(' && lenIdent(s) == 0 {
		return false
	}
	for _, kw := range []string{"and", "or", "not"} {
		if rest, ok := strings.CutPrefix(s, kw); ok {
			if rest == "" || !isLetter(rest[0]) && !isDigit(rest[0]) {
				return false
			}
		}
	}
	return true
}

func (p *parser) parseNumber() (Node, error) {
	p.blank()
	at := p.pos
	if n, err := p.parseRightOperand(); n != nil || err != nil {
		return n, err
	}
	if p.number() {
		return &ValueNode{at, p.last, ValueNumber}, nil
	}
	return nil, p.fail("expected a number value or a field with a valid transformer: " + allTransformers)
}

func (p *parser) parseString() (Node, error) {
	p.blank()
	at := p.pos
	if n, err := p.parseRightOperand(); n != nil || err != nil {
		return n, err
	}
	ok, err := p.parseConstant()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, p.fail("expected a string value or a field with a valid transformer: " + allTransformers)
	}
	return &ValueNode{at, p.last, ValueString}, nil
}

// parseConstant reads a quoted or bare string.
func (p *parser) parseConstant() (bool, error) {
	ok, err := p.quoted()
	return ok || err == nil && p.bareString(), err
}

// parseRightOperand reads a transformer or val(field); it returns nil if there is none.
func (p *parser) parseRightOperand() (Node, error) {
	p.blank()
	at := p.pos
	if !p.str("val(") {
		if name := p.transformer(); name != "" {
			p.blank()
			return p.parseTransform(name, at)
		}
		return nil, nil
	}
	p.blank()
	p.last = "val"
	fieldAt := p.pos
	if !p.fieldName() {
		return nil, p.fail("expected a field within 'val' transformer")
	}
	field, err := p.parseField(p.last, fieldAt)
	if err != nil {
		return nil, err
	}
	p.blank()
	if !p.str(")") {
		return nil, p.fail("expected a ')' token closing the transformer")
	}
	t := &TransformNode{At: at, Name: "val", Args: []Node{field}}
	t.Arg, t.HasArg, err = p.parseArg()
	return t, err
}

func (p *parser) parseList() (Node, error) {
	p.blank()
	at := p.pos
	if n, err := p.parseParenList(at); n != nil || err != nil {
		return n, err
	}
	if p.identifier() {
		return &ValueNode{at, p.last, ValueIdent}, nil
	}
	return nil, p.fail("expected a list or an identifier")
}

func (p *parser) parseListOrTransformer() (Node, error) {
	p.blank()
	at := p.pos
	if n, err := p.parseParenList(at); n != nil || err != nil {
		return n, err
	}
	if n, err := p.parseRightOperand(); n != nil || err != nil {
		return n, err
	}
	if p.identifier() {
		return &ValueNode{at, p.last, ValueIdent}, nil
	}
	return nil, p.fail("expected a list, an identifier, or a field with a valid transformer: " + allTransformers)
}

// parseParenList reads a list of constants in parentheses; it returns nil if there is none.
//
// An error in the first element means an empty list, as it does in Falco: what counts is
// whether a parenthesis closes the list there. So ("\q") is an empty list.
func (p *parser) parseParenList(at Pos) (Node, error) {
	if !p.str("(") {
		return nil, nil
	}
	list := &ListNode{At: at}
	p.blank()
	for {
		p.blank()
		ok, err := p.parseConstant()
		if ok {
			list.Values = append(list.Values, p.last)
			if err := p.count(); err != nil {
				return nil, err
			}
		} else if len(list.Values) == 0 {
			break
		} else if err != nil {
			return nil, err
		} else {
			return nil, p.fail("expected a string value")
		}
		p.blank()
		if !p.str(",") {
			break
		}
	}
	if !p.str(")") {
		return nil, p.fail("expected a ')' token")
	}
	return list, nil
}
