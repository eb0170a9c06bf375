// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Options holds the other inputs of Load.
type Options struct {
	// Set lists the -o options of the command line, "key=value".
	Set []string
	// Getenv looks up a variable of the environment; nil means os.LookupEnv.
	Getenv func(string) (string, bool)
	// Read reads a file; nil means os.ReadFile.
	Read func(string) ([]byte, error)
}

// Load reads the configuration file at path and the files that it includes. With an empty path
// the configuration consists of defaults and opts.Set.
func Load(path string, opts Options) (*Config, error) {
	l := newLoader(opts)
	root := &node{}
	if path != "" {
		var err error
		if root, err = l.read(path); err != nil {
			return nil, fmt.Errorf("Cannot read config file (%s): %w", path, err)
		}
	}
	return l.finish(root, path)
}

// Parse is Load with the text of the main file. name is its name in messages.
func Parse(name, text string, opts Options) (*Config, error) {
	l := newLoader(opts)
	root, err := l.parse(name, text)
	if err != nil {
		return nil, fmt.Errorf("Cannot read config file (%s): %w", name, err)
	}
	return l.finish(root, name)
}

// includesKey is the key that lists further configuration files.
const includesKey = "config_files"

type loader struct {
	opts      Options
	files     []File
	folders   []string
	warnings  []string
	keyFaults []string // warnings about keys
}

func newLoader(opts Options) *loader {
	if opts.Getenv == nil {
		opts.Getenv = os.LookupEnv
	}
	if opts.Read == nil {
		opts.Read = os.ReadFile
	}
	return &loader{opts: opts}
}

func (l *loader) read(path string) (*node, error) {
	data, err := l.opts.Read(path)
	if err != nil {
		return nil, err
	}
	return l.parse(path, string(data))
}

// parse parses one file: variables, file references, schema.
func (l *loader) parse(path, text string) (*node, error) {
	root, err := parse(path, text)
	if err != nil {
		return nil, err
	}
	if root.kind != kindMap && root.kind != kindNull {
		return nil, fmt.Errorf("error at line %d, column %d: the file is not a map of keys", root.line, root.col)
	}
	if err := l.expand(root); err != nil {
		return nil, err
	}
	l.files = append(l.files, File{Path: path, Validation: validate(root)})
	l.faults(root, func(*node) bool { return true })
	absolutePluginFiles(root, path)
	return root, nil
}

// explain adds the warnings about keys to an error, since they are often the cause.
func (l *loader) explain(err error) error {
	for _, w := range l.keyFaults {
		err = fmt.Errorf("%w\n%s", err, w)
	}
	return err
}

// expand replaces the variables in all values.
func (l *loader) expand(root *node) (err error) {
	root.walk(func(n *node) {
		v, eerr := expand(n.value, l.opts.Getenv, readSecret)
		switch {
		case err != nil:
		case eerr != nil:
			err = fmt.Errorf("error at line %d, column %d: %w", n.line, n.col, eerr)
		case v != n.value:
			n.value, n.raw = v, n.value
		}
	})
	return err
}

func (l *loader) finish(root *node, path string) (*Config, error) {
	for _, o := range l.opts.Set {
		if strings.HasPrefix(o, includesKey) {
			if _, err := root.setOption(o); err != nil {
				return nil, err
			}
		}
	}
	if path != "" {
		if err := l.include(root, path); err != nil {
			return nil, err
		}
	}
	for _, o := range l.opts.Set {
		warning, err := root.setOption(o)
		if err != nil {
			return nil, err
		}
		if warning != "" {
			l.warnings = append(l.warnings, warning)
		}
	}
	l.faults(root, (*node).fromOption)
	absolutePluginFiles(root, path)
	c, err := decode(root, path, l.opts.Read)
	if err != nil {
		return nil, l.explain(err)
	}
	slices.SortFunc(l.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	c.Files, c.Folders, c.root = l.files, l.folders, root
	c.Warnings = append(l.warnings, c.Warnings...)
	return c, nil
}

// absolutePluginFiles makes the paths of init_config_file and open_params_file absolute. They
// are relative to the file that contains them.
func absolutePluginFiles(root *node, path string) {
	list := root.get("plugins")
	if list == nil {
		return
	}
	for _, p := range list.kids {
		for _, key := range []string{"init_config_file", "open_params_file"} {
			n := p.get(key)
			if v, ok := n.scalar(); ok && v != "" && !filepath.IsAbs(v) {
				if abs, err := filepath.Abs(filepath.Join(filepath.Dir(path), v)); err == nil {
					n.value = abs // raw, if set, is only for messages
				}
			}
		}
	}
}
