// SPDX-License-Identifier: Apache-2.0

package filter

import "strings"

// String implements [Node].
func (n *And) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *Or) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *Not) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *Ident) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *Unary) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *Binary) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *FieldNode) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *TransformNode) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *ValueNode) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *ListNode) String() string { return string(n.append(nil)) }

// String implements [Node].
func (n *TransformListNode) String() string { return string(n.append(nil)) }

func (n *And) append(dst []byte) []byte { return appendKids(dst, n.Kids, " and ") }
func (n *Or) append(dst []byte) []byte  { return appendKids(dst, n.Kids, " or ") }

func appendKids(dst []byte, kids []Node, sep string) []byte {
	for i, k := range kids {
		if i > 0 {
			dst = append(dst, sep...)
		}
		dst = appendKid(dst, k)
	}
	return dst
}

// appendKid appends an operand of and, or and not, in parentheses unless it is a check.
// They are kept even where precedence makes them superfluous, as they make a node.
func appendKid(dst []byte, k Node) []byte {
	switch k.(type) {
	case *And, *Or, *Not:
		dst = append(dst, '(')
		dst = k.append(dst)
		return append(dst, ')')
	}
	return k.append(dst)
}

func (n *Not) append(dst []byte) []byte { return appendKid(append(dst, "not "...), n.Kid) }

func (n *Ident) append(dst []byte) []byte {
	switch n.Name {
	case "and", "or", "not": // legal names of macros, but only where no keyword is possible
		dst = append(dst, '(')
		dst = append(dst, n.Name...)
		return append(dst, ')')
	}
	return append(dst, n.Name...)
}

func (n *Unary) append(dst []byte) []byte {
	return append(append(n.Left.append(dst), ' '), n.Op...)
}

func (n *Binary) append(dst []byte) []byte {
	dst = append(append(n.Left.append(dst), ' '), n.Op...)
	if n.Mod != "" {
		dst = append(append(dst, ' '), n.Mod...)
	}
	return n.Right.append(append(dst, ' '))
}

func (n *FieldNode) append(dst []byte) []byte {
	return appendArg(append(dst, n.Name...), n.Arg, n.HasArg)
}

func (n *TransformNode) append(dst []byte) []byte {
	dst = append(append(dst, n.Name...), '(')
	dst = appendArgs(dst, n.Args)
	return appendArg(append(dst, ')'), n.Arg, n.HasArg)
}

func (n *TransformListNode) append(dst []byte) []byte {
	return append(appendArgs(append(dst, '('), n.Kids), ')')
}

func appendArgs(dst []byte, args []Node) []byte {
	for i, a := range args {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if v, ok := a.(*ValueNode); ok && v.Form == ValueString {
			dst = appendQuoted(dst, v.Text) // never a bare word
			continue
		}
		dst = a.append(dst)
	}
	return dst
}

func (n *ValueNode) append(dst []byte) []byte {
	if n.Form != ValueString {
		return append(dst, n.Text...)
	}
	return appendString(dst, n.Text)
}

func (n *ListNode) append(dst []byte) []byte {
	dst = append(dst, '(')
	for i, v := range n.Values {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendString(dst, v)
	}
	return append(dst, ')')
}

func appendArg(dst []byte, arg string, has bool) []byte {
	if !has {
		return dst
	}
	dst = append(dst, '[')
	if n := lenArg(arg); n > 0 && n == len(arg) {
		dst = append(dst, arg...)
	} else {
		dst = appendQuoted(dst, arg)
	}
	return append(dst, ']')
}

// appendString appends a value: quoted, because a bare word may be taken for a modifier.
// Quotes end at a NUL, so a value with one is written bare, as Falco 0.44 must have read it.
func appendString(dst []byte, s string) []byte {
	if strings.IndexByte(s, 0) >= 0 && lenBare(s) == len(s) {
		return append(dst, s...)
	}
	return appendQuoted(dst, s)
}

// appendQuoted appends s between double quotes. A backslash is written as backslash and
// blank: a backslash before the closing quote would make the string go on. A NUL becomes an
// escape, as only that can have put it there.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"':
			dst = append(dst, '\\', '"')
		case '\\':
			dst = append(dst, '\\', ' ')
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		case 0:
			dst = append(dst, `\x00`...)
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
