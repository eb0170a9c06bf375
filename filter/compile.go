// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"errors"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/compat"
)

// Compile checks a condition and makes it ready for evaluation. Macros must have been
// replaced. Errors are [*Error] with the place where the offending check begins; the first
// from left to right is returned. On an error the layout may have got new fields.
func Compile(n Node, s *Scope) (*Cond, []Warning, error) {
	c := compiler{scope: s}
	cond, err := c.expr(n)
	if err != nil {
		return nil, nil, err
	}
	return cond, c.warnings, nil
}

type compiler struct {
	scope    *Scope
	warnings []Warning
}

func (c *compiler) expr(n Node) (*Cond, error) {
	switch n := n.(type) {
	case *And:
		return c.kids(CondAnd, n.Kids)
	case *Or:
		return c.kids(CondOr, n.Kids)
	case *Not:
		return c.kids(CondNot, []Node{n.Kid})
	case *Ident:
		return nil, &Error{n.At, "filter error: unexpected identifier '" + n.Name + "'"}
	case *Unary:
		return c.check(n.At, func() (*Pred, error) { return c.unary(n) })
	case *Binary:
		return c.check(n.At, func() (*Pred, error) { return c.binary(n) })
	case nil:
		return nil, &Error{Pos{0, 1, 1}, "filter input string is empty"}
	}
	return nil, &Error{n.Pos(), "filter error: unexpected operand in the place of a check"}
}

func (c *compiler) kids(kind CondKind, list []Node) (*Cond, error) {
	cond := &Cond{Kind: kind, Kids: make([]*Cond, len(list))}
	for i, n := range list {
		var err error
		if cond.Kids[i], err = c.expr(n); err != nil {
			return nil, err
		}
	}
	return cond, nil
}

// check compiles a check; wherever in it an error is found, it is reported at its beginning.
func (c *compiler) check(at Pos, compile func() (*Pred, error)) (*Cond, error) {
	p, err := compile()
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			return nil, &Error{at, e.Msg}
		}
		return nil, &Error{at, err.Error()}
	}
	return &Cond{Kind: CondPred, Pred: p}, nil
}

func (c *compiler) unary(n *Unary) (*Pred, error) {
	left, err := compileOperand(n.Left, c.scope)
	if err != nil {
		return nil, err
	}
	return &Pred{
		Key: n.String(), Cells: left.cells, Cost: cost(left, 1),
		test: existsTest{left.source()}, witness: left.existsWitness(), against: left.absentWitness(),
	}, nil
}

func (c *compiler) binary(n *Binary) (*Pred, error) {
	left, err := compileOperand(n.Left, c.scope)
	if err != nil {
		return nil, err
	}
	if msg := checkOp(n.Op, n.Mod, left.typ, left.list); msg != "" {
		return nil, errors.New("filter error: " + msg)
	}
	key := *n
	key.Op = canonicalOp(n.Op)
	p := &Pred{Key: key.String(), Cells: left.cells}
	switch right := n.Right.(type) {
	case *ValueNode:
		return p, c.constants(p, n, left, []string{right.Text})
	case *ListNode:
		return p, c.constants(p, n, left, right.Values)
	default:
		return p, c.operands(p, n, left)
	}
}

// constants compiles a comparison with constants.
func (c *compiler) constants(p *Pred, n *Binary, left *Operand, vals []string) error {
	b := newRight(n, left, c.scope.Falco)
	for i, v := range vals {
		c.warn(n, i, v)
		if err := checkNUL(v, c.scope.Falco); err != nil {
			return err
		}
		if err := b.add(v); err != nil {
			return err
		}
	}
	var weight int
	p.test, p.witness, weight = b.build()
	p.Cost = cost(left, weight)
	if p.witness == nil {
		p.witness = left.existsWitness()
	}
	return nil
}

// checkNUL refuses a value with a NUL, which Falco 0.44 took.
func checkNUL(v string, falco compat.Version) error {
	if falco.HexEscapes() && strings.IndexByte(v, 0) >= 0 {
		return errors.New(`filter error: filter value cannot contain a NUL byte (\x00)`)
	}
	return nil
}

// operands compiles a comparison with another field or transformer.
func (c *compiler) operands(p *Pred, n *Binary, left *Operand) error {
	right, err := compileOperand(n.Right, c.scope)
	if err != nil {
		return err
	}
	switch {
	case n.Op == "pmatch":
		return errors.New("operator 'PMATCH' doesn't support right-hand side fields")
	case n.Op == "regex":
		return errors.New("operator 'REGEX' doesn't support right-hand side fields")
	case left.typ == abi.IPNet:
		return errors.New("field type 'IPNET' doesn't support right-hand side fields")
	case left.typ != right.typ || left.list != right.list:
		return errors.New("field '" + left.name + "' has type '" + left.describe() +
			"' while the right-hand side field '" + right.name + "' has incompatible type '" + right.describe() + "'")
	}
	p.test = newPair(canonicalOp(n.Op), left, right)
	p.Cells = slices.Clone(left.cells)
	for _, cell := range right.cells {
		if !slices.Contains(p.Cells, cell) {
			p.Cells = append(p.Cells, cell)
		}
	}
	p.Cost = cost(left, cost(right, 4))
	if p.witness = left.existsWitness(); p.witness == nil {
		p.witness = right.existsWitness()
	}
	return nil
}

// cost adds what reading an operand costs to the cost of a comparison.
func cost(o *Operand, weight int) int {
	if o.cell < 0 {
		weight += 20 + 5*len(o.refs)
	}
	return weight
}
