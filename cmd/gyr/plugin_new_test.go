// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/fieldtable"
	"github.com/gyr-dev/gyr/plugins/dummy"
	"github.com/gyr-dev/gyr/sdk/sdktest"
)

// gyr runs a command line and returns what it prints.
func gyr(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = execute(args, &out, &errs)
	return status, out.String(), errs.String()
}

// A new author has gyr, by a path, and a folder outside the repository; what he writes next is
// what the guide says, nothing is edited, and it leads to an alert.
func TestPluginNew(t *testing.T) {
	if !withCgo {
		t.Skip("libraries are not loaded without cgo")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	command := filepath.Join(dir, "somewhere", "gyr")
	in := func(dir, name string, args ...string) string {
		t.Helper()
		c := exec.Command(name, args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "GOWORK=off", "MAKEFLAGS=", "MAKELEVEL=0")
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	in(root, "go", "build", "-o", command, "./cmd/gyr")
	source, err := filepath.Rel(dir, root) // as seen from where gyr is called
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"go", "cpp"} {
		t.Run(lang, func(t *testing.T) {
			name := "begun_" + lang
			in(dir, command, "plugin", "new", "--lang", lang, "--gyr", source, name)
			begun := filepath.Join(dir, name)
			in(begun, "make")
			if out := in(begun, "make", "check"); !strings.HasSuffix(out, "no errors, warnings: 1\n") {
				t.Errorf("check: %s", out)
			}
			if out := in(begun, "make", "run"); !strings.Contains(out, "Warning login failed: login mallory failed\n") {
				t.Errorf("run: %s", out)
			}
			if lang == "go" {
				in(begun, "make", "test")
			}
			_, out, stderr := gyr("plugin", "info", filepath.Join(begun, "lib"+name+".so"))
			if !strings.Contains(out, "Name: "+name) {
				t.Errorf("info: %s%s", out, stderr)
			}
		})
	}
}

func TestPluginNewRefuses(t *testing.T) {
	f := func(want string, args ...string) {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "x")
		status, _, stderr := gyr(append([]string{"plugin", "new", "--dir", dir}, args...)...)
		if _, err := os.Stat(dir); status == 0 || err == nil || !strings.Contains(stderr, want) {
			t.Errorf("%q: got %d %s, want %q and no folder", args, status, stderr, want)
		}
	}
	f(`plugin "A": `, "A")
	f(`plugin "a-b": invalid name: use lower-case letters, digits and _`, "a-b")
	f(`plugin "": `, "")
	f(`plugin "type": invalid name: it is a reserved word in Go`, "type")
	f(`plugin "main": `, "main")
	f(`plugin "lines_test": `, "lines_test")
	f(`plugin a: unknown language "ada"`, "--lang", "ada", "a")
	f(`plugin a: unknown language ".."`, "--lang", "..", "a")
	f("already exists; choose another with --dir", "--dir", t.TempDir(), "a")
	f("plugin_new_test.go is not a folder with the source of gyr", "--gyr", "plugin_new_test.go", "a")
	f("gyr plugin new: expected one NAME, got none")
	f("gyr plugin new: expected one NAME, got 2", "a", "b")
}

// Whatever is not refused as a name is one that the languages take.
func TestPluginNewNames(t *testing.T) {
	names := []string{"lines", "plugin", "init", "cshared", "a_windows"}
	dir := t.TempDir()
	for _, name := range names {
		if status, _, stderr := gyr("plugin", "new", "--dir", filepath.Join(dir, name), "--gyr", "../..", name); status != 0 {
			t.Errorf("%s: %s", name, stderr)
			continue
		}
		vet := exec.Command("go", "vet", "-mod=mod", "./...")
		vet.Dir = filepath.Join(dir, name)
		vet.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=1")
		if out, err := vet.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	if cc, err := exec.LookPath("c++"); err != nil {
		t.Log("there is no c++: names are not tried in C++")
	} else {
		lines := filepath.Join(dir, "lines_cpp") // the name of a class in the beginning
		gyr("plugin", "new", "--lang", "cpp", "--dir", lines, "--gyr", "../..", "lines")
		out, err := exec.Command(cc, "-std=c++17", "-fsyntax-only", "-I../../sdk-cpp/include", "-I../../abi", filepath.Join(lines, "lines.cpp")).CombinedOutput()
		if err != nil {
			t.Errorf("lines in C++: %v\n%s", err, out)
		}
	}
}

// A development build takes the SDK from the source and says so; a release takes the
// released SDK, unless it is told otherwise.
func TestPluginNewModule(t *testing.T) {
	defer func(v string) { version = v }(version)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	f := func(build string, replaced bool, args ...string) {
		t.Helper()
		version = build
		// Below the source, where a development build finds it, but not among its files.
		dir, err := os.MkdirTemp(filepath.Join(root, "bin"), "begun")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		folder := filepath.Join(dir, "tally")
		status, stdout, stderr := gyr(append([]string{"plugin", "new", "--dir", folder, "tally"}, args...)...)
		mod, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		if status != 0 || err != nil {
			t.Fatalf("%d %s %v", status, stderr, err)
		}
		if got := strings.Contains(string(mod), "\nreplace github.com/gyr-dev/gyr => "+root+"\n"); got != replaced || !strings.Contains(string(mod), "gyr v1.2.3\n") {
			t.Errorf("%s %q: go.mod, which should have a replace directive: %v\n%s", build, args, replaced, mod)
		}
		if got := strings.Contains(stdout, "go.mod has a replace directive: the SDK comes from "+root); got != replaced {
			t.Errorf("%s %q: it says %q", build, args, stdout)
		}
	}
	f("1.2.3-dev", true)
	f("1.2.3", false)
	f("1.2.3", true, "--gyr", "../..")
}

func TestPluginNewNote(t *testing.T) {
	f := func(lang, gyr string, development bool, want string) {
		t.Helper()
		d := draft{Version: "v1.2.3", Gyr: gyr}
		if got := d.sdkNote(lang, development); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s %q: got %q, want %q", lang, gyr, got, want)
		}
	}
	f("go", "", false, "")
	f("go", "", true, "version v1.2.3 of the SDK is not released yet")
	f("go", "/gyr", true, "the SDK comes from /gyr")
	f("cpp", "/gyr", true, "")
	f("cpp", "", false, "GYR_SOURCE")
}

//go:generate go test -run TestGuide -update-docs .

// The code in the developer's guide is that of gyr plugin new, which TestPluginNew builds;
// its table of checks is that of sdktest.
func TestGuide(t *testing.T) {
	render := func(lang, file string) string {
		root, err := fs.Sub(templates, "templates/"+lang)
		if err != nil {
			t.Fatal(err)
		}
		d := draft{Name: "tally", Type: "Tally", Module: "example.com/tally", Version: "v0.1.0", Gyr: "../gyr"}
		files, err := d.render(root)
		if err != nil {
			t.Fatal(err)
		}
		return files[file]
	}
	// part is the text from one piece to another, which it does not include.
	part := func(text, from, to, kind string) string {
		i := strings.Index(text, from)
		j := len(text)
		if to != "" {
			j = strings.Index(text, to)
		}
		if i < 0 || j < i {
			t.Fatalf("there is no part from %q to %q", from, to)
		}
		return "```" + kind + "\n" + strings.TrimSpace(text[i:j]) + "\n```\n"
	}
	code, cpp := render("go", "plugin.go"), render("cpp", "tally.cpp")
	m, err := host.Linked(dummy.New)
	if err != nil {
		t.Fatal(err)
	}
	var checks strings.Builder
	checks.WriteString(fieldtable.Head("check", "why it matters"))
	for _, r := range sdktest.Check(m, sdktest.Options{MaxEvents: 1}) {
		checks.WriteString(fieldtable.Row(r.Name, r.Why))
	}
	example, err := os.ReadFile("../../sdk/example_follow_test.go")
	if err != nil {
		t.Fatal(err)
	}
	follow := string(example)
	s := func(name, body string) fieldtable.Section { return fieldtable.Section{Name: name, Body: body} }
	fieldtable.TestSections(
		t, "../../docs/PLUGINS.md", *updateDocs,
		s("go-begin", part(code, "// Package tally", "// settings is", "go")),
		s("go-config", part(code, "// settings is", "func (p *plugin) Info", "go")+part(code, "func (p *plugin) InitSchema", "// sample", "go")),
		s("go-info", part(code, "func (p *plugin) Info", "func (p *plugin) InitSchema", "go")),
		s("go-source", part(code, "// sample is", "// AppendString", "go")),
		s("go-string", part(code, "// AppendString", "// fields lists", "go")),
		s("go-fields", part(code, "// fields lists", "", "go")),
		s("go-follow", part(follow, "// Open opens", "// timeOf returns", "go")),
		s("go-time", part(follow, "// timeOf returns", "var journalFields", "go")),
		s("go-argument", part(follow, "var journalFields", "// A plugin that follows", "go")),
		s("go-values", "```go\n"+signatures(t, "../../sdk/value.go")+"```\n"),
		s("go-main", part(render("go", "cshared/main.go"), "package main", "", "go")),
		s("go-test", part(render("go", "plugin_test.go"), "func TestConformance", "", "go")),
		s("cpp-stream", part(cpp, "#include <fstream>", "// The IDs", "cpp")),
		s("cpp-info", part(cpp, "// The IDs", "	// open opens", "cpp")),
		s("cpp-source", part(cpp, "	// open opens", "	std::vector<gyr::Field>", "cpp")),
		s("cpp-fields", part(cpp, "	std::vector<gyr::Field>", "", "cpp")),
		s("rules", part(render("go", "rules.yaml"), "- rule", "", "yaml")),
		s("checks", checks.String()),
	)
}

// signatures are the exported functions of a Go file, in its order.
func signatures(t *testing.T, path string) string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || !f.Name.IsExported() {
			continue
		}
		f.Body = nil
		if err := format.Node(&b, fset, f); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n")
	}
	return b.String()
}
