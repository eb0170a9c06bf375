// SPDX-License-Identifier: Apache-2.0

package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"path/filepath"
	"strings"
)

// PluginsDir is Falco's folder for relative library paths.
const PluginsDir = "/usr/share/falco/plugins/"

// MissingPluginError reports a name in load_plugins that is missing in plugins.
type MissingPluginError struct{ Name string }

// Error returns Falco's message.
func (e *MissingPluginError) Error() string {
	return "Cannot load plugin '" + e.Name + "': plugin config not found for given name"
}

// plugins converts the entries of plugins to load. Other entries only need a name and a
// library_path.
func (d *decoder) plugins(c *Config, read func(string) ([]byte, error)) {
	entries, all := d.list("plugins"), make([]Plugin, 0)
	byName := make(map[string]int)
	for i, n := range entries {
		p, err := toPlugin(n)
		if err != nil {
			d.fail("Error reading config file(%s): could not load plugins config: %w", d.file, err)
			return
		}
		all = append(all, p)
		if _, dup := byName[p.Name]; !dup {
			byName[p.Name] = i
		}
	}
	order := make([]int, 0, len(all))
	if d.root.get("load_plugins") == nil {
		for i := range all {
			order = append(order, i)
		}
	}
	for _, n := range d.texts("load_plugins") {
		i, ok := byName[n.value]
		if !ok {
			d.fail("%w", &MissingPluginError{Name: n.shown()})
			return
		}
		order = append(order, i)
	}
	for _, i := range order {
		p := all[i]
		if err := p.readFiles(entries[i], read); err != nil {
			d.fail("Error reading config file(%s): could not load plugins config: %w", d.file, err)
			return
		}
		c.Plugins = append(c.Plugins, p)
	}
}

// toPlugin converts an entry without reading its files.
func toPlugin(n *node) (Plugin, error) {
	p := Plugin{Pos: n.pos()}
	var ok bool
	if p.Name, ok = n.get("name").scalar(); !ok {
		return p, fmt.Errorf("%s: a plugin has no name", p.Pos)
	}
	if p.LibraryPath, ok = n.get("library_path").scalar(); !ok {
		return p, fmt.Errorf("%s: plugin '%s' has no library_path", p.Pos, n.get("name").shown())
	}
	if escapes(p.LibraryPath) {
		path := n.get("library_path")
		return p, fmt.Errorf("%s: plugin library_path '%s' resolves outside the plugins directory (%s)", path.pos(), path.shown(), PluginsDir)
	}
	var err error
	if p.InitConfig, err = textOrJSON(n.get("init_config")); err != nil {
		return p, fmt.Errorf("init_config of plugin '%s': %w", n.get("name").shown(), err)
	}
	if p.OpenParams, err = textOrJSON(n.get("open_params")); err != nil {
		return p, fmt.Errorf("open_params of plugin '%s': %w", n.get("name").shown(), err)
	}
	p.OpenParams = strings.TrimSpace(p.OpenParams)
	if s, ok := n.get("concurrency").scalar(); ok {
		v, ok := toUint(s)
		if !ok || v > maxUint16 {
			return p, fmt.Errorf("%s: concurrency of plugin '%s' is not a number from 0 to %d", n.get("concurrency").pos(), n.get("name").shown(), maxUint16)
		}
		p.Concurrency = int(v)
	}
	return p, nil
}

// textOrJSON returns a string unchanged and a map or sequence as JSON.
func textOrJSON(n *node) (string, error) {
	switch {
	case n == nil || n.kind == kindNull:
		return "", nil
	case n.kind == kindScalar:
		return n.value, nil
	}
	text, err := json.Marshal(toJSON(n))
	if err != nil {
		return "", fmt.Errorf("%s: %w", n.pos(), err)
	}
	return string(text), nil
}

// readFiles reads init_config_file and open_params_file.
func (p *Plugin) readFiles(n *node, read func(string) ([]byte, error)) error {
	for _, f := range []struct {
		key string
		to  *string
	}{{"init_config", &p.InitConfig}, {"open_params", &p.OpenParams}} {
		ref := n.get(f.key + "_file")
		file, ok := ref.scalar()
		if !ok || file == "" {
			continue
		}
		if n.get(f.key) != nil {
			return fmt.Errorf("%s: plugin '%s' has both %s and %s_file", ref.pos(), n.get("name").shown(), f.key, f.key)
		}
		text, err := read(file)
		if err != nil {
			return fmt.Errorf("%s: %s_file of plugin '%s': %s: %w", ref.pos(), f.key, n.get("name").shown(), ref.shown(), cause(err))
		}
		*f.to = string(text)
	}
	p.OpenParams = strings.TrimSpace(p.OpenParams)
	return nil
}

// cause returns an error of the file system without the path, which may be secret.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// escapes reports whether a relative path leaves its base folder.
func escapes(p string) bool {
	if p == "" || filepath.IsAbs(p) || path.IsAbs(p) {
		return false
	}
	clean := path.Clean(filepath.ToSlash(p))
	return clean == ".." || strings.HasPrefix(clean, "../")
}

// toJSON converts a map or sequence. Strings that look like a number or boolean become one,
// whether quoted or not.
func toJSON(n *node) any {
	switch n.kind {
	case kindMap:
		m := make(map[string]any, len(n.keys))
		for i, k := range n.keys {
			m[k] = toJSON(n.kids[i])
		}
		return m
	case kindSeq:
		s := make([]any, len(n.kids))
		for i, k := range n.kids {
			s[i] = toJSON(k)
		}
		return s
	case kindScalar:
		if v, ok := toInt(n.value); ok {
			return v
		}
		if v, ok := toFloat(n.value); ok {
			if math.IsInf(v, 0) || math.IsNaN(v) {
				return nil
			}
			return v
		}
		if v, ok := toBool(n.value); ok {
			return v
		}
		return n.value
	default:
		return nil
	}
}
