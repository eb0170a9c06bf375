// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/config"
)

// listed is a package as go list describes it.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, CgoFiles       []string
	Imports                 []string
}

// importersOf lists the packages of the module that import path, and where the compiled
// form of every package is.
func importersOf(t *testing.T, path string) (users []listed, export map[string]string) {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,CgoFiles,Imports", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	export = map[string]string{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return users, export
		} else if err != nil {
			t.Fatal(err)
		}
		export[p.ImportPath] = p.Export
		for _, i := range p.Imports {
			if i == path {
				users = append(users, p)
			}
		}
	}
}

// fieldsRead are the fields of the structs of a package that other packages read, as
// "Struct.Field".
func fieldsRead(t *testing.T, path string) map[string]bool {
	t.Helper()
	users, export := importersOf(t, path)
	if len(users) == 0 {
		t.Fatalf("nobody imports %s", path)
	}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	read := map[string]bool{}
	for _, p := range users {
		var files []*ast.File
		for _, name := range append(p.GoFiles, p.CgoFiles...) {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		info := types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}}
		if _, err := (&types.Config{Importer: imports, FakeImportC: true}).Check(p.ImportPath, fset, files, &info); err != nil {
			t.Fatal(err)
		}
		written := assigned(files)
		for expr, s := range info.Selections {
			if s.Kind() == types.FieldVal && s.Obj().Pkg().Path() == path && !written[expr] {
				read[structName(s)+"."+s.Obj().Name()] = true
			}
		}
	}
	return read
}

// assigned are the expressions that stand on the left of an assignment.
func assigned(files []*ast.File) map[ast.Expr]bool {
	left := map[ast.Expr]bool{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				for _, e := range a.Lhs {
					left[e] = true
				}
			}
			return true
		})
	}
	return left
}

// structName is the name of the struct that the selected field is of.
func structName(s *types.Selection) string {
	t := s.Recv()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// What the configuration says is read somewhere, or it is in the table of keys without
// effect; and nothing is in that table that is read.
func TestConfigurationIsRead(t *testing.T) {
	const path = module + "/config"
	read := fieldsRead(t, path)
	idle := map[string]bool{}
	for _, r := range config.WithoutEffect() {
		for _, f := range r.Fields {
			idle[f] = true
		}
	}
	var visit func(typ reflect.Type)
	visit = func(typ reflect.Type) {
		for f := range typ.Fields() {
			if !f.IsExported() {
				continue
			}
			inner := f.Type
			for inner.Kind() == reflect.Slice {
				inner = inner.Elem()
			}
			name := typ.Name() + "." + f.Name
			switch {
			case !read[name] && !idle[name]:
				t.Errorf("config.%s is read nowhere: let it do something, or enter its key into the table of keys without effect", name)
			case read[name] && idle[name]:
				t.Errorf("config.%s is read: take it out of the table of keys without effect", name)
			}
			delete(idle, name)
			if inner.Kind() == reflect.Struct && inner.PkgPath() == path {
				visit(inner)
			}
		}
	}
	visit(reflect.TypeFor[config.Config]())
	for name := range idle {
		t.Errorf("the table of keys without effect has config.%s, which is not there", name)
	}
}
