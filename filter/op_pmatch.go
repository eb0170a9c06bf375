// SPDX-License-Identifier: Apache-2.0

package filter

import "strings"

// paths is "pmatch": one of the paths is a prefix of the value, component by component.
// Empty components do not count. A component with one of ?*[ is a pattern.
type paths struct {
	dirs  map[string]*paths
	globs []globDir
	end   bool // a path ends here: whatever follows matches
}

type globDir struct {
	pattern string
	next    *paths
}

// newPaths returns the tree of the paths. Without a path nothing matches.
func newPaths(list []string) *paths {
	root := &paths{}
	for _, p := range list {
		root.add(p)
	}
	return root
}

// component cuts the first component off a path; name is "" if there is none.
func component(path string) (name, rest string) {
	path = strings.TrimLeft(path, "/")
	name, rest, _ = strings.Cut(path, "/")
	return name, rest
}

func (t *paths) add(path string) {
	for {
		if t.end {
			return // a shorter path is there
		}
		name, rest := component(path)
		if name == "" {
			*t = paths{end: true}
			return
		}
		t, path = t.child(name), rest
	}
}

// child returns the node for a component, making it if need be.
func (t *paths) child(name string) *paths {
	if !strings.ContainsAny(name, "?*[") {
		if t.dirs == nil {
			t.dirs = make(map[string]*paths)
		}
		if t.dirs[name] == nil {
			t.dirs[name] = &paths{}
		}
		return t.dirs[name]
	}
	for _, g := range t.globs {
		if g.pattern == name {
			return g.next
		}
	}
	node := &paths{}
	t.globs = append(t.globs, globDir{name, node})
	return node
}

func (t *paths) match(s string) bool {
	if t.end {
		return true
	}
	name, rest := component(s)
	if name == "" {
		return false
	}
	if d := t.dirs[name]; d != nil && d.match(rest) {
		return true
	}
	for _, g := range t.globs {
		if globPair(g.pattern, name, false) && g.next.match(rest) {
			return true
		}
	}
	return false
}
