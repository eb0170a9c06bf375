// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// The merge strategies of an included file. Any other value means append.
const (
	strategyOverride = "override"
	strategyAddOnly  = "add-only"
)

type include struct{ path, strategy string }

// include merges the files of config_files into root. It ignores paths that do not exist. A
// folder stands for its regular files, sorted by name.
func (l *loader) include(root *node, main string) error {
	incs, err := includes(root)
	if err != nil {
		return fmt.Errorf("Error reading config file (%s): %w", main, err)
	}
	for _, inc := range incs {
		if filepath.Clean(inc.path) == filepath.Clean(main) {
			return fmt.Errorf("Config error: '%s' directive tried to recursively include main config file: %s.", includesKey, main) //nolint:revive,staticcheck // Falco's words
		}
		info, err := os.Stat(inc.path)
		switch {
		case err != nil:
			continue
		case info.Mode().IsRegular():
			err = l.mergeFile(root, inc.path, inc.strategy)
		case info.IsDir():
			err = l.mergeFolder(root, inc)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func includes(root *node) ([]include, error) {
	list := root.get(includesKey)
	if list == nil || list.kind == kindNull || list.kind == kindMap {
		return nil, nil
	}
	kids := list.kids
	if list.kind == kindScalar {
		kids = []*node{list}
	}
	var out []include
	for _, k := range kids {
		if path, ok := k.scalar(); ok {
			out = append(out, include{path: path})
			continue
		}
		path, ok := k.get("path").scalar()
		if !ok {
			return nil, fmt.Errorf("%s: an element of '%s' has no path", k.pos(), includesKey)
		}
		strategy, _ := k.get("strategy").scalar()
		out = append(out, include{path: path, strategy: strategy})
	}
	return out, nil
}

func (l *loader) mergeFolder(root *node, inc include) error {
	l.folders = append(l.folders, inc.path)
	entries, err := os.ReadDir(inc.path)
	if errors.Is(err, os.ErrPermission) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("Cannot read config folder (%s): %w", inc.path, err)
	}
	var paths []string
	for _, e := range entries {
		path := filepath.Join(inc.path, e.Name())
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			paths = append(paths, path)
		}
	}
	sort.Strings(paths)
	for _, path := range paths {
		if err := l.mergeFile(root, path, inc.strategy); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) mergeFile(root *node, path, strategy string) error {
	from, err := l.read(path)
	if err != nil {
		return fmt.Errorf("Cannot read config file (%s): %w", path, err)
	}
	if f := &l.files[len(l.files)-1]; strategy == strategyOverride && strings.HasSuffix(f.Validation, "Missing required property 'library_path'.") {
		f.Validation = ValidationOK // it is in another file
	}
	for i, key := range from.keys {
		if key == includesKey {
			return fmt.Errorf("Config error: '%s' directive in included config file %s.", includesKey, path) //nolint:revive,staticcheck // Falco's words
		}
		old, v := root.get(key), from.kids[i]
		switch {
		case strategy == strategyAddOnly && old != nil:
		case strategy == strategyOverride && key == "plugins" && v.kind == kindSeq && old != nil && old.kind == kindSeq:
			overridePlugins(old, v)
		case strategy != strategyOverride && strategy != strategyAddOnly && v.kind == kindSeq && old != nil && old.kind == kindSeq:
			old.kids = append(old.kids, v.kids...)
		default:
			root.set(key, v)
		}
	}
	return nil
}

// overridePlugins merges entries of plugins by name: the keys of an entry replace those of the
// entry with the same name; entries with other names are added.
func overridePlugins(list, more *node) {
	for _, entry := range more.kids {
		old := pluginNamed(list, entry.get("name"))
		if old == nil || entry.kind != kindMap {
			list.kids = append(list.kids, entry)
			continue
		}
		for i, key := range entry.keys {
			old.set(key, entry.kids[i])
			old.drop(otherForm[key])
		}
	}
}

// otherForm maps keys to their alternative forms. An entry cannot have both.
var otherForm = map[string]string{
	"init_config": "init_config_file", "init_config_file": "init_config",
	"open_params": "open_params_file", "open_params_file": "open_params",
}

// pluginNamed returns the first entry with that name, or nil.
func pluginNamed(list, name *node) *node {
	want, ok := name.scalar()
	if !ok {
		return nil
	}
	for _, entry := range list.kids {
		if got, ok := entry.get("name").scalar(); ok && got == want {
			return entry
		}
	}
	return nil
}
