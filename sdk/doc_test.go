// SPDX-License-Identifier: Apache-2.0

package sdk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// implementedElsewhere are interfaces that no plugin implements: its plans do, or the host.
var implementedElsewhere = map[string]bool{"Plan": true, "Joiner": true, "Routines": true, "Routine": true}

// The table of the package's documentation has all interfaces of plugins, with their methods.
func TestTableOfInterfaces(t *testing.T) {
	pkgs, err := parser.ParseDir(token.NewFileSet(), ".", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]string{}
	row := regexp.MustCompile(`^\t(\w+) +(.*?)  +(.*)$`)
	interfaces := map[string]string{}
	for _, file := range pkgs["sdk"].Files {
		for line := range strings.Lines(file.Doc.Text()) {
			if m := row.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil && m[1] != "interface" {
				table[m[1]] = m[3]
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() || implementedElsewhere[spec.Name.Name] {
				return true
			}
			if i, ok := spec.Type.(*ast.InterfaceType); ok {
				var methods []string
				for _, m := range i.Methods.List {
					if m.Names != nil { // not a list of types
						methods = append(methods, m.Names[0].Name)
					}
				}
				if methods != nil {
					interfaces[spec.Name.Name] = strings.Join(methods, ", ")
				}
			}
			return true
		})
	}
	for name, methods := range interfaces {
		got, _, _ := strings.Cut(table[name], ", instead")
		if got != methods {
			t.Errorf("the table says of %s %q, want %q", name, got, methods)
		}
		delete(table, name)
	}
	for name := range table {
		t.Errorf("the table has %s, which is no interface of plugins", name)
	}
}
