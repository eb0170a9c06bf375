// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"strconv"
	"strings"

	"github.com/gyr-dev/gyr/compat"
)

// MaxDepth is how deep rule conditions may be nested: parentheses and transformers within
// each other.
const MaxDepth = 1000

// Operators by what may stand on their right side. Words end with a blank that must follow.
var (
	numOps    = []string{"<=", "<", ">=", ">"}
	signOps   = []string{"==", "=", "!="}
	wordOps   = []string{"glob", "iglob", "contains", "icontains", "bcontains", "startswith", "bstartswith", "endswith", "regex"}
	listOps   = []string{"intersects", "in", "pmatch"}
	modifiers = []string{"oneof", "anyof", "allof"}
)

// transformers are the names of the transformers, in Falco's order.
var transformers = []string{"tolower", "toupper", "b64", "basename", "len", "join", "concat", "getopt"}

var (
	allOps          = quoteList([]string{"exists"}, numOps, signOps, wordOps, listOps)
	allTransformers = quoteList([]string{"val"}, transformers)
)

// Operators returns all operators of checks; with listOnly those that take a list.
func Operators(listOnly bool) []string {
	if listOnly {
		return append([]string(nil), listOps...)
	}
	var all []string
	for _, ops := range [][]string{{"exists"}, numOps, signOps, wordOps, listOps} {
		all = append(all, ops...)
	}
	return all
}

func quoteList(lists ...[]string) string {
	var b strings.Builder
	for _, list := range lists {
		for _, s := range list {
			if b.Len() > 0 {
				b.WriteString(", ")
			}
			b.WriteString("'" + s + "'")
		}
	}
	return b.String()
}

// Parse reads a condition as a version of Falco does. maxDepth bounds the nesting (see
// [MaxDepth]). Errors are [*Error] with the place where reading stopped. Time and memory are
// linear in the text. There is a limit on the number of checks and values, about a million.
func Parse(text string, maxDepth int, v compat.Version) (Node, error) {
	p := newParser(text, maxDepth, v)
	if text == "" {
		return nil, p.fail("filter input string is empty")
	}
	n, err := p.parseOr()
	if err != nil {
		return nil, err
	}
	if p.pos.Offset != len(text) {
		return nil, p.fail("unexpected token after '" + p.last + "', expecting 'or', 'and'")
	}
	return n, nil
}

type parser struct {
	lexer
	depth, maxDepth int
	nodes           int
}

// maxNodes bounds the memory of a tree: the operands of and and or, and the values of
// lists.
const maxNodes = 1 << 20

// count counts a node.
func (p *parser) count() error {
	if p.nodes++; p.nodes > maxNodes {
		return p.fail("exceeded max number of " + strconv.Itoa(maxNodes) + " checks and values")
	}
	return nil
}

func newParser(text string, maxDepth int, v compat.Version) *parser {
	return &parser{lexer: lexer{text: text, pos: Pos{0, 1, 1}, hex: v.HexEscapes()}, maxDepth: maxDepth}
}

func (p *parser) fail(msg string) error { return &Error{p.pos, msg} }

// enter begins a level of nesting, which leave ends.
func (p *parser) enter() error {
	if p.depth++; p.depth >= p.maxDepth {
		return p.fail("exceeded max depth limit of " + strconv.Itoa(p.maxDepth))
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

func (p *parser) parseOr() (Node, error) {
	at := p.pos
	kids, err := p.parseChain("or", p.parseAnd)
	if err != nil || len(kids) == 1 {
		return first(kids), err
	}
	return &Or{at, kids}, nil
}

func (p *parser) parseAnd() (Node, error) {
	at := p.pos
	kids, err := p.parseChain("and", p.parseNot)
	if err != nil || len(kids) == 1 {
		return first(kids), err
	}
	return &And{at, kids}, nil
}

func first(kids []Node) Node {
	if len(kids) == 0 {
		return nil
	}
	return kids[0]
}

// parseChain reads operands that a keyword joins. A parenthesis may touch the keyword.
func (p *parser) parseChain(keyword string, operand func() (Node, error)) ([]Node, error) {
	p.blank()
	kid, err := operand()
	if err != nil {
		return nil, err
	}
	kids := []Node{kid}
	p.blank()
	for p.str(keyword) {
		switch {
		case p.blank():
			kid, err = operand()
		case p.str("("):
			kid, err = p.parseParen()
		default:
			err = p.fail("expected blank or '(' after '" + keyword + "'")
		}
		if err == nil {
			err = p.count()
		}
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
		p.blank()
	}
	return kids, nil
}

func (p *parser) parseNot() (Node, error) {
	at := p.pos
	negated := false
	p.blank()
	for p.notBlank() {
		negated = !negated
	}
	var kid Node
	var err error
	if p.str("not(") {
		negated = !negated
		kid, err = p.parseParen()
	} else {
		kid, err = p.parseCheck()
	}
	if err != nil {
		return nil, err
	}
	if negated {
		return &Not{at, kid}, nil
	}
	return kid, nil
}

// parseParen reads the rest of an expression in parentheses.
func (p *parser) parseParen() (Node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	p.blank()
	n, err := p.parseOr()
	if err != nil {
		return nil, err
	}
	p.blank()
	if !p.str(")") {
		return nil, p.fail("expected a ')' token")
	}
	return n, nil
}

func (p *parser) parseCheck() (Node, error) {
	at := p.pos
	p.blank()
	if p.str("(") {
		return p.parseParen()
	}
	left, err := p.parseOperand(at)
	if err != nil {
		return nil, err
	}
	if left != nil {
		return p.parseCondition(left, at)
	}
	if p.identifier() {
		return &Ident{at, p.last}, nil
	}
	return nil, p.fail("expected a '(' token, a field check, or an identifier")
}

// parseOperand reads a field or transformer; it returns nil if there is none.
func (p *parser) parseOperand(at Pos) (Node, error) {
	if p.fieldName() {
		return p.parseField(p.last, at)
	}
	if name := p.transformer(); name != "" {
		p.blank()
		return p.parseTransform(name, at)
	}
	return nil, nil
}

// transformer consumes the name of a transformer and the parenthesis behind it.
func (p *parser) transformer() string {
	for _, t := range transformers {
		if s := p.rest(); len(s) > len(t) && s[len(t)] == '(' && s[:len(t)] == t {
			p.str(s[:len(t)+1])
			p.last = t
			return t
		}
	}
	return ""
}

func (p *parser) parseField(name string, at Pos) (Node, error) {
	arg, has, err := p.parseArg()
	if err != nil {
		return nil, err
	}
	return &FieldNode{at, name, arg, has}, nil
}

// parseArg reads an argument in brackets, if there is one.
func (p *parser) parseArg() (arg string, has bool, err error) {
	if !p.str("[") {
		return "", false, nil
	}
	ok, err := p.quoted()
	if err != nil {
		return "", false, err
	}
	if !ok && !p.bareArg() {
		return "", false, p.fail("expected a valid field argument: a quoted string or a bare string")
	}
	arg = p.last
	if !p.str("]") {
		return "", false, p.fail("expected a ']' token")
	}
	return arg, true, nil
}

// parseTransform reads the arguments of a transformer and what follows them.
func (p *parser) parseTransform(name string, at Pos) (Node, error) {
	t, err := p.parseTransformArgs(name, at)
	if err != nil {
		return nil, err
	}
	t.Arg, t.HasArg, err = p.parseArg()
	return t, err
}

func (p *parser) parseTransformArgs(name string, at Pos) (*TransformNode, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.leave()
	p.blank()
	t := &TransformNode{At: at, Name: name}
	for {
		arg, err := p.parseTransformArg(p.pos)
		if err != nil {
			return nil, err
		}
		t.Args = append(t.Args, arg)
		if err := p.count(); err != nil {
			return nil, err
		}
		p.blank()
		if !p.str(",") {
			break
		}
	}
	if !p.str(")") {
		return nil, p.fail("expected a ')' token closing the transformer")
	}
	return t, nil
}

func (p *parser) parseTransformArg(at Pos) (Node, error) {
	p.blank()
	if p.number() {
		return &ValueNode{at, p.last, ValueString}, nil
	}
	ok, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if ok {
		return &ValueNode{at, p.last, ValueString}, nil
	}
	if p.str("(") {
		return p.parseTransformList(at)
	}
	n, err := p.parseOperand(at)
	if n == nil && err == nil {
		err = p.fail("expected field transformer argument: field, transformer, quoted string, number, or transformer list")
	}
	return n, err
}

// parseTransformList reads the rest of a list of operands in parentheses.
func (p *parser) parseTransformList(at Pos) (Node, error) {
	list := &TransformListNode{At: at}
	p.blank()
	if p.str(")") {
		return list, nil
	}
	for {
		kid, err := p.parseTransformListArg(at)
		if err != nil {
			return nil, err
		}
		list.Kids = append(list.Kids, kid)
		if err := p.count(); err != nil {
			return nil, err
		}
		p.blank()
		if !p.str(",") {
			break
		}
		p.blank()
	}
	if !p.str(")") {
		return nil, p.fail("expected ')'")
	}
	return list, nil
}

func (p *parser) parseTransformListArg(at Pos) (Node, error) {
	n, err := p.parseOperand(at)
	if n != nil || err != nil {
		return n, err
	}
	ok, err := p.quoted()
	if err != nil {
		return nil, err
	}
	if ok || p.number() {
		return &ValueNode{at, p.last, ValueString}, nil
	}
	return nil, p.fail("expected transformer list argument: field, transformer, quoted string, or number")
}
