// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
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

// A plugin that has just begun builds, passes the check, and leads to an alert.
func TestPluginNew(t *testing.T) {
	if !withCgo {
		t.Skip("libraries are not loaded without cgo")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"go", "cpp"} {
		t.Run(lang, func(t *testing.T) {
			name := "begun_" + lang
			dir := filepath.Join(t.TempDir(), name)
			if status, _, stderr := gyr("plugin", "new", "--lang", lang, "--dir", dir, "--gyr", root, name); status != 0 {
				t.Fatal(stderr)
			}
			build := exec.Command("make")
			build.Dir = dir
			build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			lib := filepath.Join(dir, "lib"+name+".so")
			if status, stdout, stderr := gyr("plugin", "check", lib); status != 0 || !strings.HasSuffix(stdout, "no errors, warnings: 1\n") {
				t.Errorf("check: %s%s", stdout, stderr)
			}
			t.Chdir(dir)
			if status, stdout, stderr := gyr("-c", "gyr.yaml", "--plugins-dir", "."); status != 0 || !strings.Contains(stdout, "Warning login failed: login mallory failed\n") {
				t.Errorf("run: %s%s", stdout, stderr)
			}
		})
	}
}

func TestPluginNewRefuses(t *testing.T) {
	f := func(want string, args ...string) {
		t.Helper()
		status, _, stderr := gyr(append([]string{"plugin", "new", "--dir", filepath.Join(t.TempDir(), "x")}, args...)...)
		if status == 0 || !strings.Contains(stderr, want) {
			t.Errorf("%q: got %d %s, want %q", args, status, stderr, want)
		}
	}
	f("cannot be called \"A\"", "A")
	f("cannot be called \"a-b\"", "a-b")
	f(`in the language "ada"`, "--lang", "ada", "a")
	f("is already there", "--dir", t.TempDir(), "a")
}

// Without a checkout at hand the module has a hint instead of a replacement.
func TestPluginNewModule(t *testing.T) {
	root, err := fs.Sub(templates, "templates/go")
	if err != nil {
		t.Fatal(err)
	}
	d := draft{Name: "tally", Module: "example.com/tally", Version: "v1.2.3"}
	files, err := d.render(root)
	if err != nil {
		t.Fatal(err)
	}
	if mod := files["go.mod"]; !strings.Contains(mod, "\n// replace github.com/gyr-dev/gyr => ../gyr\n") || !strings.Contains(mod, "gyr v1.2.3\n") {
		t.Errorf("go.mod:\n%s", mod)
	}
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
	code, cpp := render("go", "tally.go"), render("cpp", "tally.cpp")
	m, err := host.Linked(dummy.New)
	if err != nil {
		t.Fatal(err)
	}
	var checks strings.Builder
	checks.WriteString(fieldtable.Head("check", "why it matters"))
	for _, r := range sdktest.Check(m, sdktest.Options{MaxEvents: 1}) {
		checks.WriteString(fieldtable.Row(r.Name, r.Why))
	}
	s := func(name, body string) fieldtable.Section { return fieldtable.Section{Name: name, Body: body} }
	fieldtable.TestSections(
		t, "../../docs/PLUGINS.md", *updateDocs,
		s("go-begin", part(code, "// Package tally", "// settings is", "go")),
		s("go-config", part(code, "// settings is", "func (p *plugin) Info", "go")+part(code, "func (p *plugin) InitSchema", "// sample", "go")),
		s("go-info", part(code, "func (p *plugin) Info", "func (p *plugin) InitSchema", "go")),
		s("go-source", part(code, "// sample is", "// AppendString", "go")),
		s("go-string", part(code, "// AppendString", "// The ids", "go")),
		s("go-fields", part(code, "// The ids of", "", "go")),
		s("go-main", part(render("go", "cshared/main.go"), "package main", "", "go")),
		s("go-test", part(render("go", "tally_test.go"), "func TestConformance", "", "go")),
		s("cpp-stream", part(cpp, "#include <fstream>", "// The ids", "cpp")),
		s("cpp-info", part(cpp, "// The ids", "	// open starts", "cpp")),
		s("cpp-source", part(cpp, "	// open starts", "	std::vector<gyr::Field>", "cpp")),
		s("cpp-fields", part(cpp, "	std::vector<gyr::Field>", "", "cpp")),
		s("rules", part(render("go", "rules.yaml"), "- rule", "", "yaml")),
		s("checks", checks.String()),
	)
}
