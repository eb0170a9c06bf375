// SPDX-License-Identifier: Apache-2.0

package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
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
	Version      string // of the module
}

func newPluginNew(a *app) *cobra.Command {
	var lang, dir, module, gyr string
	c := &cobra.Command{
		Use: "new NAME", Short: "write the beginning of a plugin: it builds, and reads events at once", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			d := draft{Name: args[0], Module: module, Gyr: gyr, Version: "v" + strings.TrimSuffix(version, "-dev")}
			if dir == "" {
				dir = d.Name
			}
			if d.Module == "" {
				d.Module = "example.com/" + d.Name
			}
			if d.Gyr == "" {
				d.Gyr = checkout(dir)
			}
			if err := d.write(lang, dir); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "Plugin %s is in %s; its README.md says how to go on.\n", d.Name, dir)
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

// write makes the folder, which must not exist yet, and its files.
func (d *draft) write(lang, dir string) error {
	if !pluginName.MatchString(d.Name) {
		return fmt.Errorf("a plugin cannot be called %q: the name has small letters, digits and _, and begins with a letter", d.Name)
	}
	d.Type = strings.ToUpper(d.Name[:1]) + d.Name[1:]
	root, err := fs.Sub(templates, "templates/"+lang)
	if err == nil {
		_, err = fs.Stat(root, ".")
	}
	if err != nil {
		return fmt.Errorf("there is no plugin in the language %q to begin with, only in go and cpp", lang)
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

// checkout returns the folder of a checkout of gyr that dir lies in, or beside which this
// program does; "" if there is none.
func checkout(dir string) string {
	places := []string{dir}
	if exe, err := os.Executable(); err == nil {
		places = append(places, exe)
	}
	for _, place := range places {
		at, err := filepath.Abs(place)
		if err != nil {
			continue
		}
		for up := ""; at != up; at, up = filepath.Dir(at), at {
			text, err := os.ReadFile(filepath.Join(at, "go.mod"))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if strings.HasPrefix(string(text), "module github.com/gyr-dev/gyr\n") {
				return at
			}
		}
	}
	return ""
}
