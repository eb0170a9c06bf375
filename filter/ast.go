// SPDX-License-Identifier: Apache-2.0

package filter

// Pos is a place in the text of a condition, as Falco counts: Offset from 0 in bytes, Line and
// Column from 1, Column in bytes; a carriage return and a line feed each begin a line. A rules
// file's position (counted from 0) plus a Pos is the position that load results report.
type Pos struct {
	Offset, Line, Column int
}

// Error is a condition that cannot be parsed or compiled. Msg is Falco's text.
type Error struct {
	// Pos is where the parser stopped or, for errors of meaning, where the check begins.
	Pos Pos
	Msg string
}

func (e *Error) Error() string { return e.Msg }

// Warning is a doubt about a condition that compiles.
type Warning struct {
	Pos Pos
	Msg string
	// Check is the check that it is about, Value which value of its list, counted from 0; -1
	// if the right side is no list.
	Check *Binary
	Value int
}

// Node is a node of a condition's syntax tree: an expression ([*And], [*Or], [*Not],
// [*Ident], [*Unary], [*Binary]) or an operand of a check ([*FieldNode], [*TransformNode],
// [*ValueNode], [*ListNode], [*TransformListNode]).
type Node interface {
	// Pos is where the node begins.
	Pos() Pos
	// String gives text that parses to an equal tree.
	String() string
	// append appends String to dst.
	append(dst []byte) []byte
}

// And is true if all Kids are. There are two or more.
type And struct {
	At   Pos
	Kids []Node
}

// Or is true if one of Kids is. There are two or more.
type Or struct {
	At   Pos
	Kids []Node
}

// Not is true if Kid is not.
type Not struct {
	At  Pos
	Kid Node
}

// Ident is the use of a macro.
type Ident struct {
	At   Pos
	Name string
}

// Unary is a check without a right side: "field exists".
type Unary struct {
	At   Pos
	Left Node // a FieldNode or TransformNode
	Op   string
}

// Binary is a check with a right side.
type Binary struct {
	At   Pos
	Left Node // a FieldNode or TransformNode
	// Op is the operator as written ("==" and "=" differ here).
	Op string
	// Mod is "oneof", "anyof", "allof" or empty.
	Mod string
	// Right is a ValueNode, ListNode, FieldNode-free TransformNode or a TransformNode
	// with the name "val".
	Right Node
}

// FieldNode is the use of a field.
type FieldNode struct {
	At     Pos
	Name   string
	Arg    string // text between the brackets, unescaped
	HasArg bool
}

// TransformNode is a transformer and what it is applied to: fields, transformers, values
// and lists. With the name "val" it marks a field on the right side of a check.
type TransformNode struct {
	At     Pos
	Name   string
	Args   []Node
	Arg    string // selector in brackets behind the parenthesis
	HasArg bool
}

// ValueNode is a constant, unescaped.
type ValueNode struct {
	At   Pos
	Text string
	// Form says how the value was written.
	Form ValueForm
}

// ValueForm tells the ways to write a value apart where that matters to the grammar.
type ValueForm uint8

// The forms of values.
const (
	ValueString ValueForm = iota // quoted or bare
	ValueNumber                  // a number
	ValueIdent                   // a bare identifier in the place of a list
)

// ListNode is a list of constants on the right side of a check.
type ListNode struct {
	At     Pos
	Values []string
}

// TransformListNode is a list as the argument of a transformer.
type TransformListNode struct {
	At   Pos
	Kids []Node
}

// Pos implements [Node].
func (n *And) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *Or) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *Not) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *Ident) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *Unary) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *Binary) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *FieldNode) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *TransformNode) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *ValueNode) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *ListNode) Pos() Pos { return n.At }

// Pos implements [Node].
func (n *TransformListNode) Pos() Pos { return n.At }

// Walk calls visit for n and then for the nodes below it, from left to right. Where visit
// returns false, it does not go deeper.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	switch n := n.(type) {
	case *And:
		walkAll(n.Kids, visit)
	case *Or:
		walkAll(n.Kids, visit)
	case *Not:
		Walk(n.Kid, visit)
	case *Unary:
		Walk(n.Left, visit)
	case *Binary:
		Walk(n.Left, visit)
		Walk(n.Right, visit)
	case *TransformNode:
		walkAll(n.Args, visit)
	case *TransformListNode:
		walkAll(n.Kids, visit)
	}
}

func walkAll(list []Node, visit func(Node) bool) {
	for _, n := range list {
		Walk(n, visit)
	}
}
