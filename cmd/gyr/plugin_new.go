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

// templates are the beginnings of plugins, a folder per language. In file names NAME is
// the plugin's name; in the files, what stands between [[ and ]] is replaced.
//
//go:embed all:templates
var templates embed.FS

// draft is a plugin that is about to begin.
type draft struct {
	Name, Module string
	Type         string // Name as a type
	Gyr          string // folder of a checkout of gyr, "" if there is none
	Command      string // how gyr is called
	Version      string // of the module
}

func newPluginNew(a *app) *cobra.Command {
	var lang, dir, module, gyr string
	c := &cobra.Command{
		Use: "new NAME", Short: "write the beginning of a plugin: it builds, and reads events at once", Args: one("NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			d := draft{Name: args[0], Module: module, Gyr: gyr, Version: "v" + strings.TrimSuffix(version, "-dev")}
			if dir == "" {
				dir = d.Name
			}
			if d.Module == "" {
				d.Module = "example.com/" + d.Name
			}
			if err := d.findGyr(dir); err != nil {
				return err
			}
			if err := d.write(lang, dir); err != nil {
				return fmt.Errorf("plugin %s: %w", d.shownName(), err)
			}
			fmt.Fprintf(a.stdout, "Plugin %s is in %s; its README.md says how to go on.\n", d.Name, dir)
			if d.Gyr == "" {
				fmt.Fprintln(a.stdout, d.hint(lang))
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&lang, "lang", "go", "language: go or cpp")
	f.StringVar(&dir, "dir", "", "folder to make (default NAME)")
	f.StringVar(&module, "module", "", "path of the Go module (default example.com/NAME)")
	f.StringVar(&gyr, "gyr", "", "folder with the source of gyr, as long as the SDK is taken from there")
	return c
}

var pluginName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// checkName refuses what is no name of a plugin, or of a package in Go.
func checkName(name string) error {
	switch {
	case !pluginName.MatchString(name):
		return errors.New("the name has small letters, digits and _, and begins with a letter")
	case token.IsKeyword(name) || name == "main":
		return errors.New("the name is a word of Go, which no package may have")
	case strings.HasSuffix(name, "_test"):
		return errors.New("the name ends in _test, as those of tests in Go do")
	}
	return nil
}

// shownName is the name in messages, quoted if it is none.
func (d *draft) shownName() string {
	if checkName(d.Name) != nil {
		return strconv.Quote(d.Name)
	}
	return d.Name
}

// write makes the folder, which must not exist yet, and its files.
func (d *draft) write(lang, dir string) error {
	if err := checkName(d.Name); err != nil {
		return err
	}
	d.Type = strings.ToUpper(d.Name[:1]) + d.Name[1:]
	if lang != "go" && lang != "cpp" {
		return fmt.Errorf("there is no beginning in the language %q, only in go and cpp", lang)
	}
	root, err := fs.Sub(templates, "templates/"+lang)
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err == nil {
		return fmt.Errorf("%s is already there", dir)
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

// findGyr finds the source of gyr, unless it is given, and how this program is called.
func (d *draft) findGyr(dir string) error {
	d.Command = "gyr"
	exe, err := os.Executable()
	if err == nil && !isCommand("gyr", exe) {
		d.Command = exe
	}
	if d.Gyr == "" {
		d.Gyr = checkout(dir, exe)
		return nil
	}
	given := d.Gyr
	if d.Gyr, err = filepath.Abs(given); err != nil || !isCheckout(d.Gyr) {
		return fmt.Errorf("%s is no folder with the source of gyr", given)
	}
	return nil
}

// isCommand reports whether the shell finds the program exe by its name.
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

// hint says what to do where there is no source of gyr at hand.
func (d *draft) hint(lang string) string {
	where := "go.mod"
	if lang == "cpp" {
		where = "its Makefile"
	}
	return "The source of gyr, which has the SDK, is not beside this program: name its folder in " + where + ", or with --gyr."
}

// checkout returns the folder of a checkout of gyr that one of the places lies in; "" if
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
