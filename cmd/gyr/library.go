// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/loader"
)

// falcoPlugins is where Falco looks for libraries.
const falcoPlugins = config.PluginsDir

// pluginDirs are the folders that a relative library_path is looked for in, in order.
func (a *app) pluginDirs() []string {
	if a.opts.pluginsDir != "" {
		return []string{a.opts.pluginsDir}
	}
	if dir := os.Getenv("GYR_PLUGINS_DIR"); dir != "" {
		return []string{dir}
	}
	var dirs []string
	if exe, err := os.Executable(); err == nil {
		bin := filepath.Dir(exe)
		dirs = append(dirs, filepath.Join(bin, "plugins"), filepath.Join(filepath.Dir(bin), "plugins"))
	}
	return append(dirs, falcoPlugins)
}

// locate returns the library of an entry, "" if there is none, and the last path that was
// tried.
func (a *app) locate(p config.Plugin) (file, last string, err error) {
	paths := []string{p.LibraryPath}
	if !filepath.IsAbs(p.LibraryPath) {
		paths = nil
		for _, dir := range a.pluginDirs() {
			paths = append(paths, filepath.Join(dir, p.LibraryPath))
		}
	}
	for _, last = range paths {
		if file, err = library(last); err != nil {
			return "", "", fmt.Errorf("%s: plugin %s: %w", p.Pos, p.Name, err)
		}
		if file != "" {
			break
		}
	}
	return file, last, nil
}

// open finds the plugin of an entry: a library, or else a plugin that is linked in. from
// says for the log where it was found.
func (a *app) open(p config.Plugin) (m host.Module, from string, err error) {
	file, last, err := a.locate(p)
	if err != nil {
		return nil, "", err
	}
	if file != "" {
		m, err := loader.Open(file, a.libsLog, loader.Options{})
		return m, "from file " + file, err
	}
	m, err = a.linked(namesOf(p))
	if m != nil || err != nil {
		return m, "that is built in, as there is no file " + last, err
	}
	m, err = loader.Open(last, a.libsLog, loader.Options{})
	return m, "from file " + last, err
}

// library returns the library at path: the file itself, the only one in a folder, or ""
// if there is none.
func library(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", nil
	}
	if !info.IsDir() {
		return path, nil
	}
	var found []string
	for _, pattern := range []string{"lib*.so", "lib*.dylib", "*.dll"} {
		more, err := filepath.Glob(filepath.Join(escapeGlob(path), pattern))
		if err != nil {
			return "", err
		}
		found = append(found, more...)
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("folder %s holds %d libraries (%s and %s), name one of them", path, len(found), filepath.Base(found[0]), filepath.Base(found[1]))
}

// escapeGlob takes the special meaning from the characters of a path.
func escapeGlob(path string) string {
	if runtime.GOOS == "windows" {
		return path
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// namesOf are the names by which an entry may mean a plugin that is linked in: that of
// the file without lib and extension, or of the folder, and the label.
func namesOf(p config.Plugin) []string {
	base := filepath.Base(filepath.Clean(p.LibraryPath))
	base = strings.TrimSuffix(base, filepath.Ext(base))
	return []string{strings.TrimPrefix(base, "lib"), base, p.Name}
}

// linked returns the linked-in plugin with one of the names or, last, one of them as its
// event source; nil if there is none.
func (a *app) linked(names []string) (host.Module, error) {
	var all []host.Module
	for _, f := range linkedIn {
		m, err := host.Linked(f, a.libsLog)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	for _, of := range []func(*host.Info) string{
		func(i *host.Info) string { return i.Name },
		func(i *host.Info) string { return i.Source },
	} {
		for _, name := range names {
			for _, m := range all {
				if name != "" && of(m.Info()) == name {
					return m, nil
				}
			}
		}
	}
	return nil, nil
}
