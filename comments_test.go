// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A comment that begins with a name in small letters is about that name: the declaration
// below it has it.
func TestCommentsBeginWithTheirName(t *testing.T) {
	first := regexp.MustCompile(`^[a-z_][A-Za-z0-9_]*`)
	check := func(file string, doc *ast.CommentGroup, names ...*ast.Ident) {
		if doc == nil {
			return
		}
		word := first.FindString(doc.Text())
		if word != "" && !slices.ContainsFunc(names, func(id *ast.Ident) bool { return id.Name == word }) {
			t.Errorf("%s: the comment of %s begins with %s", file, names[0].Name, word)
		}
	}
	for _, f := range goFiles(t) {
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				check(f.path, d.Doc, d.Name)
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					checkSpec(f.path, d, spec, check)
				}
			}
		}
	}
}

// checkSpec checks the comment of a type, variable or constant. That of a group of them is
// about the group.
func checkSpec(file string, d *ast.GenDecl, spec ast.Spec, check func(string, *ast.CommentGroup, ...*ast.Ident)) {
	var doc *ast.CommentGroup
	if len(d.Specs) == 1 {
		doc = d.Doc
	}
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Doc != nil {
			doc = s.Doc
		}
		check(file, doc, s.Name)
	case *ast.ValueSpec:
		if s.Doc != nil {
			doc = s.Doc
		}
		check(file, doc, s.Names...)
	}
}

// The same for functions in C and C++.
func TestCommentsInCBeginWithTheirName(t *testing.T) {
	first := regexp.MustCompile(`^[ \t]*// ([a-z_][A-Za-z0-9_]*) `)
	function := regexp.MustCompile(`^[^(=]*?([A-Za-z_0-9]+)\(`)
	walk(t, func(name string) {
		if !slices.Contains([]string{".c", ".h", ".cpp", ".hpp"}, path.Ext(name)) {
			return
		}
		var word []string // of the comment that the lines are in, nil outside
		comment := false
		for i, line := range strings.Split(string(read(t, name)), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "//") {
				if !comment {
					word = first.FindStringSubmatch(line)
				}
				comment = true
				continue
			}
			if f := function.FindStringSubmatch(line); comment && word != nil && f != nil && f[1] != word[1] && !strings.HasPrefix(f[1], "__") {
				t.Errorf("%s:%d: the comment of %s begins with %s", name, i+1, f[1], word[1])
			}
			comment = false
		}
	})
}

// declared are the names that the packages of the module declare, by the last part of
// their paths: "type", "Type.Method", "field" of any type.
func declared(files []*sourceFile) map[string]map[string]bool {
	all := make(map[string]map[string]bool)
	for _, f := range files {
		pkg := strings.TrimSuffix(f.ast.Name.Name, "_test")
		if all[pkg] == nil {
			all[pkg] = make(map[string]bool)
		}
		names := all[pkg]
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				names[n.Name.Name] = true
			case *ast.TypeSpec:
				names[n.Name.Name] = true
			case *ast.ValueSpec:
				for _, id := range n.Names {
					names[id.Name] = true
				}
			case *ast.Field:
				for _, id := range n.Names {
					names[id.Name] = true
				}
			}
			return true
		})
	}
	return all
}

// The links of comments, names in brackets, lead to something that is there. Packages of
// others are not looked into.
func TestLinksOfComments(t *testing.T) {
	link := regexp.MustCompile(`(?:^|[\s(])\[\*?([A-Za-z_]\w*(?:\.\w+)*)\]`)
	files := goFiles(t)
	names := declared(files)
	for _, f := range files {
		own := names[strings.TrimSuffix(f.ast.Name.Name, "_test")]
		for _, group := range f.ast.Comments {
			for _, m := range link.FindAllStringSubmatch(group.Text(), -1) {
				parts, in := strings.Split(m[1], "."), own
				if other, known := names[parts[0]]; known && len(parts) > 1 && !own[parts[0]] {
					parts, in = parts[1:], other
				} else if slices.ContainsFunc(f.imports(), func(p string) bool { return path.Base(p) == parts[0] }) {
					continue
				}
				for _, p := range parts {
					if !in[p] && len(p) > 1 {
						t.Errorf("%s: [%s] is nothing", f.path, m[1])
						break
					}
				}
			}
		}
	}
}

// A comment says a fact itself: numbers of facts, paragraphs and issues are of documents
// that readers do not have.
func TestNoCitationsOfOtherDocuments(t *testing.T) {
	citation := regexp.MustCompile(`§ ?\d|[\s(]\[\d+\.\d+\]|\b(?:issue|fact|facts) \d+(?:\.\d+)?\b`)
	walk(t, func(name string) {
		if strings.Contains(name, "testdata/") || name == "comments_test.go" || path.Ext(name) == ".sum" {
			return
		}
		for i, line := range strings.Split(string(read(t, name)), "\n") {
			if m := citation.FindString(line); m != "" {
				t.Errorf("%s:%d: cites %q: say the fact itself", name, i+1, strings.TrimSpace(m))
			}
		}
	})
}
