// SPDX-License-Identifier: Apache-2.0

package assembly

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

// Libraries returns the library files of the configuration's plugins, those that there are.
// A relative library_path is looked for in [Options.PluginsDir]; else in the folder that
// GYR_PLUGINS_DIR names; else in plugins beside the gyr command and beside its folder, then
// where Falco has its plugins.
func Libraries(cfg *config.Config, o Options) []string {
	var files []string
	for _, p := range cfg.Plugins {
		if file, _, err := o.locate(p); err == nil && file != "" {
			files = append(files, file)
		}
	}
	return files
}

// pluginDirs are the folders that a relative library_path is looked for in, in order.
func (o *Options) pluginDirs() []string {
	if o.PluginsDir != "" {
		return []string{o.PluginsDir}
	}
	if dir := os.Getenv("GYR_PLUGINS_DIR"); dir != "" {
		return []string{dir}
	}
	var dirs []string
	if exe, err := os.Executable(); err == nil {
		bin := filepath.Dir(exe)
		dirs = append(dirs, filepath.Join(bin, "plugins"), filepath.Join(filepath.Dir(bin), "plugins"))
	}
	return append(dirs, config.PluginsDir)
}

// locate returns the library of an entry, "" if there is none, and the last path that was
// tried.
func (o *Options) locate(p config.Plugin) (file, last string, err error) {
	paths := []string{p.LibraryPath}
	if !filepath.IsAbs(p.LibraryPath) {
		paths = nil
		for _, dir := range o.pluginDirs() {
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

// open finds the plugin of an entry: a library, or else a plugin that is built in. A module
// of the previous assembly is used again, since a library is loaded once in a process.
func (a *Assembly) open(p config.Plugin) (*Plugin, error) {
	file, last, err := a.opts.locate(p)
	if err != nil {
		return nil, err
	}
	if file == "" {
		m, err := FindBuiltIn(namesOf(p), host.Logs{Plugin: a.opts.PluginLog, Report: a.opts.Log})
		if err != nil {
			return nil, err
		}
		if m != nil {
			if old := a.opts.Previous.builtIn(m.Info().Name); old != nil {
				m = old.Module
			}
			return &Plugin{Config: p, Module: m, Info: m.Info(), from: "that is built in, as there is no file " + last}, nil
		}
		file = last
	}
	now := stampOf(file)
	if old := a.opts.Previous.fromFile(file); old != nil {
		if now != old.stamp {
			a.opts.Log.Warn("plugin file " + file + " was replaced: the new one is loaded after a restart of gyr")
		}
		return &Plugin{Config: p, Module: old.Module, Info: old.Info, file: file, stamp: old.stamp, from: old.from}, nil
	}
	m, err := loader.Open(file, a.opts.PluginLog, loader.Options{Report: a.opts.Log})
	if err != nil && now == (stamp{}) {
		err = AdviseMissing(err, namesOf(p)...)
	}
	if err != nil {
		return nil, err
	}
	return &Plugin{Config: p, Module: m, Info: m.Info(), file: file, stamp: now, from: "from file " + file}, nil
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
