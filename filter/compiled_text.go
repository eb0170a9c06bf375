// SPDX-License-Identifier: Apache-2.0

package filter

import "strings"

// CompiledText writes a condition as Falco writes compiled ones in descriptions of rules
// (condition_compiled): "and" and "or" stand in parentheses, also on the outside; values are
// bare unless they have a blank, a quote, a backslash or "=". A bare value may have commas
// and parentheses, so the text need not parse to an equal tree; [Node.String] is for that.
func CompiledText(n Node) string { return string(appendCompiled(nil, n)) }

func appendCompiled(dst []byte, n Node) []byte {
	switch n := n.(type) {
	case *And:
		return appendCompiledKids(dst, n.Kids, " and ")
	case *Or:
		return appendCompiledKids(dst, n.Kids, " or ")
	case *Not:
		return appendCompiled(append(dst, "not "...), n.Kid)
	case *Ident:
		return append(dst, n.Name...)
	case *Unary:
		return append(append(appendCompiled(dst, n.Left), ' '), n.Op...)
	case *Binary:
		dst = append(append(appendCompiled(dst, n.Left), ' '), n.Op...)
		if n.Mod != "" {
			dst = append(append(dst, ' '), n.Mod...)
		}
		return appendCompiled(append(dst, ' '), n.Right)
	case *FieldNode:
		return appendCompiledArg(append(dst, n.Name...), n.Arg, n.HasArg)
	case *TransformNode:
		dst = appendCompiledKids(append(dst, n.Name...), n.Args, ",")
		return appendCompiledArg(dst, n.Arg, n.HasArg)
	case *TransformListNode:
		return appendCompiledKids(dst, n.Kids, ",")
	case *ValueNode:
		return appendCompiledValue(dst, n.Text)
	case *ListNode:
		dst = append(dst, '(')
		for i, v := range n.Values {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendCompiledValue(dst, v)
		}
		return append(dst, ')')
	}
	return dst
}

func appendCompiledKids(dst []byte, kids []Node, sep string) []byte {
	dst = append(dst, '(')
	for i, k := range kids {
		if i > 0 {
			dst = append(dst, sep...)
		}
		dst = appendCompiled(dst, k)
	}
	return append(dst, ')')
}

func appendCompiledArg(dst []byte, arg string, has bool) []byte {
	switch {
	case !has:
		return dst
	case arg == "":
		return append(dst, `[""]`...)
	}
	return append(appendCompiledValue(append(dst, '['), arg), ']')
}

var compiledEscapes = strings.NewReplacer("\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`, `\`, `\\`, `"`, `\"`)

// appendCompiledValue appends a value, in quotes where Falco puts some.
func appendCompiledValue(dst []byte, v string) []byte {
	if !strings.ContainsAny(v, "\b\f\n\r\t =\\\"'\x00") {
		return append(dst, v...)
	}
	dst = append(dst, '"')
	dst = append(dst, compiledEscapes.Replace(v)...)
	return append(dst, '"')
}
