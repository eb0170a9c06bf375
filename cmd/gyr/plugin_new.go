// SPDX-License-Identifier: Apache-2.0

package main

import (
	"embed"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"text/template"

	"github.com/spf13/cobra"
)

// templates holds the plugin skeletons, one folder per language. NAME in file names and
// expressions between [[ and ]] in the files are replaced.
//
//go:embed all:templates
var templates embed.FS

// draft is a plugin that is about to be created.
type draft struct {
	Name, Module string
	Type         string // Name as a type
	Gyr          string // folder with the source of gyr that provides the SDK, "" for none
	Command      string // command to run gyr
	Version      string // of the SDK
}

func newPluginNew(a *app) *cobra.Command {
	var lang, dir, module, gyr string
	c := &cobra.Command{
		Use: "new NAME", Short: "Create a plugin skeleton that builds and runs", Args: one("NAME"),
		Example: `  gyr plugin new my_plugin
  gyr plugin new --lang cpp --dir plugins/my_plugin my_plugin`,
		RunE: func(_ *cobra.Command, args []string) error {
			d := draft{Name: args[0], Module: module, Gyr: gyr, Version: "v" + strings.TrimSuffix(version, developing)}
			if dir == "" {
				dir = d.Name
			}
			if d.Module == "" {
				d.Module = "example.com/" + d.Name
			}
			if err := d.findGyr(lang, dir); err != nil {
				return err
			}
			if err := d.write(lang, dir); err != nil {
				return fmt.Errorf("plugin %s: %w", d.shownName(), err)
			}
			fmt.Fprintf(a.stdout, "Created plugin %s in %s. Next: see %s.\n", d.Name, dir, filepath.Join(dir, "README.md"))
			if s := d.sdkNote(lang, isDevelopment()); s != "" {
				fmt.Fprintln(a.stdout, s)
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&lang, "lang", "go", "`Language` of the plugin: go or cpp")
	f.StringVar(&dir, "dir", "", "Create the plugin in this `folder` (default NAME)")
	f.StringVar(&module, "module", "", "Import `path` of the Go module (default example.com/NAME)")
	f.StringVar(&gyr, "gyr", "", "Use the SDK in this `folder` with the source of gyr, instead of a release")
	return c
}

// developing is the suffix of the version of a development build.
const developing = "-dev"

func isDevelopment() bool { return strings.HasSuffix(version, developing) }

var pluginName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// checkName rejects names that are not valid for a plugin or a Go package.
func checkName(name string) error {
	switch {
	case !pluginName.MatchString(name):
		return errors.New("invalid name: use lower-case letters, digits and _, starting with a letter")
	case token.IsKeyword(name) || name == "main":
		return errors.New("invalid name: it is a reserved word in Go")
	case strings.HasSuffix(name, "_test"):
		return errors.New("invalid name: the suffix _test is reserved for tests in Go")
	}
	return nil
}

// shownName returns the name for messages, quoted if it is invalid.
func (d *draft) shownName() string {
	if checkName(d.Name) != nil {
		return strconv.Quote(d.Name)
	}
	return d.Name
}

// write creates the folder, which must not exist, and its files.
func (d *draft) write(lang, dir string) error {
	if err := checkName(d.Name); err != nil {
		return err
	}
	d.Type = strings.ToUpper(d.Name[:1]) + d.Name[1:]
	if lang != "go" && lang != "cpp" {
		return fmt.Errorf("unknown language %q: use go or cpp", lang)
	}
	root, err := fs.Sub(templates, "templates/"+lang)
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err == nil {
		return fmt.Errorf("folder %s already exists; choose another with --dir", dir)
	}
	files, err := d.render(root)
	if err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// render fills in the templates and returns the files by name.
func (d *draft) render(root fs.FS) (map[string]string, error) {
	files := map[string]string{}
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		t, err := template.New(name).Delims("[[", "]]").Parse(string(text))
		if err != nil {
			return err
		}
		var b strings.Builder
		if err := t.Execute(&b, d); err != nil {
			return err
		}
		files[strings.ReplaceAll(strings.TrimSuffix(name, ".tmpl"), "NAME", d.Name)] = b.String()
		return nil
	})
	return files, err
}

// findGyr finds the command to run gyr, and the source of gyr unless it is given. A release
// does not search for the source for Go plugins, since go downloads the SDK by its version.
func (d *draft) findGyr(lang, dir string) error {
	d.Command = "gyr"
	exe, err := os.Executable()
	if err == nil && !isCommand("gyr", exe) {
		d.Command = exe
	}
	if d.Gyr == "" {
		if lang != "go" || isDevelopment() {
			d.Gyr = checkout(dir, exe)
		}
		return nil
	}
	given := d.Gyr
	if d.Gyr, err = filepath.Abs(given); err != nil || !isCheckout(d.Gyr) {
		return fmt.Errorf("%s is not a folder with the source of gyr", given)
	}
	return nil
}

// isCommand reports whether name, looked up in PATH, is the program exe.
func isCommand(name, exe string) bool {
	path, err := exec.LookPath(name)
	if err != nil {
		return false
	}
	found, err := os.Stat(path)
	if err != nil {
		return false
	}
	running, err := os.Stat(exe)
	return err == nil && os.SameFile(found, running)
}

// sdkNote returns a note about the origin of the SDK, unless it is a release.
func (d *draft) sdkNote(lang string, development bool) string {
	switch {
	case lang == "cpp" && d.Gyr == "":
		return "The headers of the SDK are in the source of gyr: set GYR_SOURCE in the Makefile to its folder."
	case lang == "cpp":
		return ""
	case d.Gyr != "":
		return fmt.Sprintf("go.mod has a replace directive: the SDK comes from %s. Remove it to use a release.", d.Gyr)
	case development:
		return fmt.Sprintf("This is a development build: version %s of the SDK is not released yet. "+
			"Add a replace directive to go.mod, or use --gyr with the folder of gyr's source.", d.Version)
	}
	return ""
}

// checkout returns the folder of a checkout of gyr that contains one of the places; "" if
// there is none.
func checkout(places ...string) string {
	for _, place := range places {
		at, err := filepath.Abs(place)
		if err != nil {
			continue
		}
		for up := ""; at != up; at, up = filepath.Dir(at), at {
			if isCheckout(at) {
				return at
			}
		}
	}
	return ""
}

func isCheckout(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && strings.HasPrefix(string(text), "module github.com/gyr-dev/gyr\n")
}
