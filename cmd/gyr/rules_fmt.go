// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/rulefmt"
)

// formatting is what `gyr rules fmt` does with files.
type formatting struct {
	*app
	diff, check bool
	changed     int
}

func newRulesFmt(a *app) *cobra.Command {
	f := formatting{app: a}
	c := &cobra.Command{
		Use:   "fmt FILE|FOLDER|-...",
		Short: "Format rules files",
		Long: `Format rules files in place, or standard input to standard output.

There is one blank line between items, and none at the beginning. A condition whose operands are
joined by "and" or "or" has one of them a line. Comments stay, and the rules mean the same.
A condition with a "#" in its lines stays as it is, and so does a file that is not a list of items.`,
		Example: `  gyr rules fmt rules/
  gyr rules fmt -d my_rules.yaml
  gyr rules fmt - <my_rules.yaml`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.InOrStdin(), args) },
	}
	c.Flags().BoolVarP(&f.diff, "diff", "d", false, "Show what would change, and change nothing")
	c.Flags().BoolVar(&f.check, "check", false, "Print the names of files that would change, change nothing, and exit with status 1 if there are any")
	return c
}

func (f *formatting) run(stdin io.Reader, args []string) error {
	for _, arg := range args {
		if arg == "-" {
			text, err := io.ReadAll(stdin)
			if err != nil {
				return err
			}
			if err := f.format("standard input", text, func(out []byte) error { _, err := f.stdout.Write(out); return err }); err != nil {
				return err
			}
			continue
		}
		names, err := yamlFiles(arg)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := f.file(name); err != nil {
				return err
			}
		}
	}
	if f.check && f.changed > 0 {
		return fmt.Errorf("files not formatted: %d; run gyr rules fmt", f.changed)
	}
	return nil
}

// yamlFiles returns the file of that name, or the YAML files in the folder and those below it.
func yamlFiles(path string) (names []string, err error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, err
	}
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(name); err == nil && d.Type().IsRegular() && (ext == ".yaml" || ext == ".yml") {
			names = append(names, name)
		}
		return err
	})
	slices.Sort(names)
	return names, err
}

func (f *formatting) file(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return f.format(name, text, func(out []byte) error {
		if bytes.Equal(out, text) {
			return nil
		}
		return os.WriteFile(name, out, 0o644) // which keeps the permissions that it has
	})
}

// format formats a text and does with the result what the flags say, or else calls write.
func (f *formatting) format(name string, text []byte, write func([]byte) error) error {
	out, err := rulefmt.Format(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	changes := !bytes.Equal(out, text)
	if changes {
		f.changed++
	}
	switch {
	case f.diff && changes:
		_, err = f.stdout.Write(diff.Diff(name, text, name+" (formatted)", out))
	case f.check && changes:
		_, err = fmt.Fprintln(f.stdout, name)
	case !f.diff && !f.check:
		err = write(out)
	}
	return err
}
