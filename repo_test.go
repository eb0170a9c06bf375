// SPDX-License-Identifier: Apache-2.0

// Package repo_test holds the rules of the repository: what every file, package and
// dependency has to look like. docs/ARCHITECTURE.md and CONTRIBUTING.md say why.
package repo_test

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/gyr-dev/gyr"

// mayImport is what each package may import of the module, directly: the packages named,
// and whatever those may import. A row that ends in /... is for all packages below a
// folder; the longest row that fits counts.
var mayImport = map[string][]string{
	"abi":                   nil,
	"compat":                nil,
	"event":                 {"abi"},
	"fields":                {"abi", "event", "internal/timetext"},
	"filter":                {"compat", "fields", "internal/utftext"},
	"alert":                 {"compat", "internal/timetext", "internal/utftext"},
	"template":              {"fields", "filter", "alert"},
	"rules":                 {"fields", "filter", "template", "alert"},
	"rulefmt":               {"compat", "filter"},
	"engine":                {"event", "fields", "filter", "rules"},
	"state":                 nil,
	"sdk":                   {"abi", "event", "state"},
	"sdk/cshared/...":       {"sdk", "state"},
	"registry":              nil,
	"sdk/sdktest":           {"sdk", "host", "registry"},
	"host":                  {"abi", "event", "fields", "state", "sdk"},
	"loader":                {"host", "internal/cmem"},
	"capture":               {"abi", "event"},
	"pipeline":              {"event", "engine", "rules", "alert", "host"},
	"output":                {"alert", "internal/mask", "internal/pluginenv"},
	"assembly":              {"config", "host", "loader", "registry", "plugins/...", "rules", "engine", "pipeline", "capture", "internal/screen"},
	"bench":                 {"assembly", "pipeline", "engine"},
	"daemon":                {"assembly", "output", "spool", "metrics", "internal/falcolog"},
	"metrics":               {"alert"},
	"spool":                 {"alert"},
	"config":                {"compat", "internal/mask", "internal/nearest"},
	"plugins/...":           {"sdk", "internal/awslogs", "internal/jsonscan", "internal/listen", "internal/logfiles"},
	"plugins/*/cshared":     {"plugins/...", "sdk/cshared/..."},
	"cmd/...":               {everything},
	"internal/...":          nil, // those without a row of their own: helpers of tests
	"internal/bench":        {"internal/fieldtable"},
	"internal/bench/cmd":    {"internal/bench"},
	"internal/cmem":         nil,
	"internal/falcolog":     nil,
	"internal/fieldtable":   {"abi"},
	"internal/hugepage":     nil,
	"internal/jsonscan":     {"event"},
	"internal/mask":         nil,
	"internal/nearest":      nil,
	"internal/listen":       {"event"},
	"internal/awslogs":      {"internal/durable", "internal/logfiles"},
	"internal/durable":      nil,
	"internal/logfiles":     {"event", "internal/hugepage"},
	"internal/pluginenv":    nil,
	"internal/screen":       nil,
	"internal/timetext":     nil,
	"internal/utftext":      nil,
	"internal/rulestest":    {"engine", "host"},
	"internal/trailgen":     nil,
	"internal/trailgen/cmd": {"internal/trailgen"},
}

const everything = "*"

// mayUseC are the packages with cgo.
var mayUseC = []string{"loader", "internal/cmem", "sdk/cshared/...", "plugins/*/cshared"}

// dependencies are the modules that the project uses directly, each with the packages
// that may import it outside of tests. Each has a section in docs/RATIONALE.md.
var dependencies = map[string][]string{
	"github.com/aws/aws-sdk-go-v2":             {"internal/awslogs"},
	"github.com/aws/aws-sdk-go-v2/config":      {"internal/awslogs"},
	"github.com/aws/aws-sdk-go-v2/service/s3":  {"internal/awslogs"},
	"github.com/aws/aws-sdk-go-v2/service/sqs": {"internal/awslogs"},
	"github.com/aws/smithy-go":                 {"internal/awslogs"},
	"github.com/johannesboyne/gofakes3":        nil,
	"github.com/fsnotify/fsnotify":             {"daemon"},
	"github.com/google/go-cmp":                 nil,
	"github.com/klauspost/compress":            {"internal/logfiles", "capture"},
	"github.com/rogpeppe/go-internal":          {"cmd/..."},
	"github.com/santhosh-tekuri/jsonschema/v6": {"host"},
	"github.com/spf13/pflag":                   {"cmd/..."},
	"github.com/spf13/cobra":                   {"cmd/..."},
	"go.uber.org/goleak":                       nil,
	"go.yaml.in/yaml/v4":                       {"config", "registry", "rulefmt", "rules", "internal/rulestest"},
	"pgregory.net/rapid":                       nil,
	"golang.org/x/sys":                         {"engine", "internal/hugepage", "internal/jsonscan", "internal/screen", "output", "spool", "internal/durable"},
}

// longFiles are the files of more than 600 lines, each with its reason. No file has more
// than 1000.
var longFiles = map[string]string{}

// sourceFile is a Go file of the module.
type sourceFile struct {
	path string // relative to the root, with slashes
	dir  string // its package's folder
	text []byte
	ast  *ast.File
}

func (f *sourceFile) test() bool { return strings.HasSuffix(f.path, "_test.go") }

// walk calls visit for all files of the repository but those that are built, those of
// other modules, and the seeds of fuzz targets.
func walk(t *testing.T, visit func(name string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			_, modErr := os.Stat(filepath.Join(name, "go.mod"))
			if name == "bin" || name == ".git" || strings.HasSuffix(name, "testdata/fuzz") || (name != "." && modErr == nil) {
				return filepath.SkipDir
			}
			return nil
		}
		if name != ".git" { // a file in a worktree
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goFiles parses the module's Go files, those of testdata left out.
func goFiles(t *testing.T) []*sourceFile {
	t.Helper()
	var files []*sourceFile
	fset := token.NewFileSet()
	walk(t, func(name string) {
		if path.Ext(name) != ".go" || strings.Contains(name, "testdata/") {
			return
		}
		text := read(t, name)
		a, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, &sourceFile{name, path.Dir(name), text, a})
	})
	if len(files) < 10 {
		t.Fatalf("found %d Go files, want the whole module", len(files))
	}
	return files
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// row returns the pattern of a table that fits dir best, "" if none does.
func row(patterns []string, dir string) string {
	best := ""
	for _, p := range patterns {
		prefix, below := strings.CutSuffix(p, "/...")
		ok, _ := path.Match(prefix, dir)
		if below {
			ok = dir == prefix || strings.HasPrefix(dir, prefix+"/")
		}
		if ok && len(p) > len(best) {
			best = p
		}
	}
	return best
}

// imports returns the paths that the file imports.
func (f *sourceFile) imports() []string {
	var paths []string
	for _, spec := range f.ast.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

func TestFilesBeginWithTheirLicense(t *testing.T) {
	header := []byte("// SPDX-License-Identifier: Apache-2.0\n\n")
	walk(t, func(name string) {
		if slices.Contains([]string{".go", ".c", ".h", ".cpp", ".hpp"}, path.Ext(name)) && !bytes.HasPrefix(read(t, name), header) {
			t.Errorf("%s: does not begin with the SPDX line and an empty line", name)
		}
	})
}

func TestFilesAreNotTooLong(t *testing.T) {
	walk(t, func(name string) {
		if !slices.Contains([]string{".go", ".c", ".h", ".cpp", ".hpp"}, path.Ext(name)) || strings.Contains(name, "testdata/") {
			return
		}
		switch n := bytes.Count(read(t, name), []byte("\n")); {
		case n > 1000:
			t.Errorf("%s: %d lines, at most 1000 are allowed", name, n)
		case n > 600 && longFiles[name] == "":
			t.Errorf("%s: %d lines; split it by idea, or give the reason in longFiles", name, n)
		case n <= 600 && longFiles[name] != "":
			t.Errorf("%s: %d lines, need no reason in longFiles", name, n)
		}
	})
}

// Where somebody's checkout lies, or their home, is nobody else's business.
func TestNoPathsOfOneMachine(t *testing.T) {
	private := regexp.MustCompile(`(^|[\s"'=:(\x60])/(work|root|home/[a-z]+)/`)
	walk(t, func(name string) {
		if strings.Contains(name, "testdata/") || path.Ext(name) == ".sum" {
			return
		}
		for i, line := range strings.Split(string(read(t, name)), "\n") {
			if name != "repo_test.go" && private.MatchString(line) {
				t.Errorf("%s:%d: path of one machine: %s", name, i+1, strings.TrimSpace(line))
			}
		}
	})
}

func TestPackagesAreDocumented(t *testing.T) {
	documented := make(map[string]bool)
	for _, f := range goFiles(t) {
		if f.test() {
			continue
		}
		want := "Package " + f.ast.Name.Name + " "
		if f.ast.Name.Name == "main" {
			want = "Command "
		}
		documented[f.dir] = documented[f.dir] || strings.HasPrefix(f.ast.Doc.Text(), want)
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s: no package comment that begins with \"Package\" or \"Command\" and the name", dir)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test() || f.ast.Name.Name == "main" {
			continue
		}
		for _, name := range undocumented(f.ast) {
			t.Errorf("%s: %s has no doc comment", f.path, name)
		}
	}
}

// wellKnown are methods whose names say it all.
var wellKnown = []string{"Error", "String", "Unwrap"}

// undocumented returns the exported names of the file without a comment. One comment is
// enough for a group of constants or variables.
func undocumented(f *ast.File) []string {
	var names []string
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && exportedReceiver(d) && d.Doc == nil && (d.Recv == nil || !slices.Contains(wellKnown, d.Name.Name)) {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
						names = append(names, s.Name.Name)
					}
				case *ast.ValueSpec:
					if s.Names[0].IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						names = append(names, s.Names[0].Name)
					}
				}
			}
		}
	}
	return names
}

// exportedReceiver reports whether outsiders can see the method's type, true for functions.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

func TestOnlyTheRimUsesC(t *testing.T) {
	for _, f := range goFiles(t) {
		if slices.Contains(f.imports(), "C") && row(mayUseC, f.dir) == "" {
			t.Errorf("%s: imports \"C\"; only %v may", f.path, mayUseC)
		}
	}
}

// The table of packages is a DAG, and the imports keep to it. Tests may import anything.
func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	rows := make([]string, 0, len(mayImport))
	for r := range mayImport {
		rows = append(rows, r)
	}
	for _, f := range goFiles(t) {
		if f.test() {
			continue
		}
		from := row(rows, f.dir)
		if from == "" {
			t.Errorf("%s: package %s has no row in mayImport", f.path, f.dir)
			continue
		}
		for _, imported := range f.imports() {
			dir, own := strings.CutPrefix(imported, module+"/")
			if own && row(rows, dir) != from && !allowed(t, from, dir, nil) {
				t.Errorf("%s: package %s may not import %s", f.path, f.dir, dir)
			}
		}
	}
}

// Every row has a package, and every import that it allows is one that somebody makes.
func TestImportTableHasNoIdleRows(t *testing.T) {
	rows := make([]string, 0, len(mayImport))
	for r := range mayImport {
		rows = append(rows, r)
	}
	there, used := make(map[string]bool), make(map[[2]string]bool)
	for _, f := range goFiles(t) {
		if f.test() {
			continue
		}
		from := row(rows, f.dir)
		there[from] = true
		for _, imported := range f.imports() {
			if dir, own := strings.CutPrefix(imported, module+"/"); own {
				used[[2]string{from, row(mayImport[from], dir)}] = true
			}
		}
	}
	for from, list := range mayImport {
		if !there[from] && from != "internal/..." {
			t.Errorf("mayImport: row %s is for no package", from)
			continue
		}
		for _, to := range list {
			if to != everything && !used[[2]string{from, to}] {
				t.Errorf("mayImport: no package of the row %s imports %s", from, to)
			}
		}
	}
}

// The table of docs/ARCHITECTURE.md is mayImport, without the rows of internal/.
func TestArchitectureHasTheTable(t *testing.T) {
	documented := make(map[string]string)
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| .* \\| ([^|]*) \\|$")
	for _, m := range rows.FindAllStringSubmatch(string(read(t, "docs/ARCHITECTURE.md")), -1) {
		documented[m[1]] = m[2]
	}
	for dir, imports := range mayImport {
		folder, _, _ := strings.Cut(strings.TrimSuffix(dir, "/..."), "/*")
		if _, err := os.Stat(folder); err != nil || strings.HasPrefix(dir, "internal/") {
			continue
		}
		want := strings.Join(imports, ", ")
		switch want {
		case "":
			want = "–"
		case everything:
			want = "all"
		}
		if got := documented[dir]; got != want {
			t.Errorf("docs/ARCHITECTURE.md: row %s: got %q, want %q", dir, got, want)
		}
	}
}

// Links within the repository lead somewhere.
func TestLinksOfDocuments(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	code := regexp.MustCompile("(?ms)^```.*?^```")
	walk(t, func(name string) {
		if path.Ext(name) != ".md" || strings.Contains(name, "testdata/") {
			return
		}
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(string(read(t, name)), ""), -1) {
			if _, err := os.Stat(filepath.Join(path.Dir(name), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: link to %s leads nowhere", name, m[1])
			}
		}
	})
}

// allowed reports whether dir is among what from may import. It fails the test if the
// table has a cycle.
func allowed(t *testing.T, from, dir string, above []string) bool {
	t.Helper()
	if slices.Contains(above, from) {
		t.Fatalf("mayImport has a cycle: %v", append(above, from))
	}
	for _, to := range mayImport[from] {
		if to == everything || row([]string{to}, dir) != "" || allowed(t, to, dir, append(above, from)) {
			return true
		}
	}
	return false
}

// importedModule returns the module of dependencies that has the package, or what stands
// in for a module's name if none has; "" for packages of the standard library and our own.
func importedModule(imported string) string {
	if imported == "C" || !strings.Contains(strings.Split(imported, "/")[0], ".") || strings.HasPrefix(imported, module+"/") {
		return ""
	}
	found := ""
	for m := range dependencies { // a module may lie in the folder of another
		if len(m) > len(found) && (imported == m || strings.HasPrefix(imported, m+"/")) {
			found = m
		}
	}
	return cmp.Or(found, imported)
}

func TestDependenciesAreKnown(t *testing.T) {
	used := make(map[string]bool)
	for _, f := range goFiles(t) {
		for _, imported := range f.imports() {
			m := importedModule(imported)
			if m == "" {
				continue
			}
			users, known := dependencies[m]
			used[m] = true
			if !known {
				t.Errorf("%s: new dependency %s: give its reason in docs/RATIONALE.md and add it to dependencies", f.path, imported)
			} else if !f.test() && row(users, f.dir) == "" {
				t.Errorf("%s: package %s may not use %s", f.path, f.dir, m)
			}
		}
	}
	for m := range dependencies {
		if !used[m] {
			t.Errorf("%s is not used any more: take it out of dependencies and docs/RATIONALE.md", m)
		}
	}
}

func TestDependenciesHaveAReason(t *testing.T) {
	rationale := string(read(t, "docs/RATIONALE.md"))
	for m := range dependencies {
		if !regexp.MustCompile(`(?m)^#+ .*` + regexp.QuoteMeta(m)).MatchString(rationale) {
			t.Errorf("docs/RATIONALE.md: no heading names %s", m)
		}
	}
}

// What others get with `go get` and `go install` must not depend on this checkout.
func TestGoModIsForOthersToo(t *testing.T) {
	direct := regexp.MustCompile(`(?m)^(?:require )?\s*(\S+) v\S+$`)
	mod := string(read(t, "go.mod"))
	if !strings.HasPrefix(mod, "module "+module+"\n") {
		t.Errorf("go.mod: module is not %s", module)
	}
	for _, word := range []string{"replace", "exclude", "toolchain", "tool"} {
		if regexp.MustCompile(`(?m)^` + word + `\b`).MatchString(mod) {
			t.Errorf("go.mod has a %s line", word)
		}
	}
	for _, m := range direct.FindAllStringSubmatch(mod, -1) {
		if _, ok := dependencies[m[1]]; !ok {
			t.Errorf("go.mod: direct dependency %s is not in dependencies", m[1])
		}
	}
}
