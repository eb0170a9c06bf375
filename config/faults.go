// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gyr-dev/gyr/internal/nearest"
)

// faults notes everything in a tree that has no effect because it does not fit the schema,
// in words: unknown keys, keys that are there twice, values of the wrong type. Only nodes
// that want accepts are looked at, with those above and below them.
//
// [File.Validation] has the first of these in the words of Falco.
func (l *loader) faults(root *node, want func(*node) bool) {
	f := finder{want: want}
	if root.kind != kindNull {
		f.look(keys(), root, "")
	}
	l.warnings = append(l.warnings, f.found...)
	l.keyFaults = append(l.keyFaults, f.keys...)
}

// fromOption reports whether a node was given on the command line.
func (n *node) fromOption() bool { return n.file == "" }

type finder struct {
	want  func(*node) bool
	found []string
	keys  []string // those of found that are about keys
}

// add notes a fault of a value.
func (f *finder) add(n *node, format string, args ...any) {
	if f.want(n) {
		f.found = append(f.found, n.pos()+": "+fmt.Sprintf(format, args...))
	}
}

// addKey notes a fault of the key whose value is n.
func (f *finder) addKey(n *node, format string, args ...any) {
	if f.want(n) {
		text := n.keyPos() + ": " + fmt.Sprintf(format, args...)
		f.found, f.keys = append(f.found, text), append(f.keys, text)
	}
}

// look compares a node with what is expected at a path.
func (f *finder) look(s *spec, n *node, path string) {
	switch {
	case n.kind == kindMap && s.isMap():
		f.lookMap(s, n, path)
	case n.kind == kindSeq && s.isSeq():
		for i, k := range n.kids {
			f.look(s.items, k, fmt.Sprintf("%s[%d]", path, i))
		}
	case s.isSeq() && n.kind == kindScalar:
		f.add(n, "%s: expected a list, got %s; it counts as a list of one", path, got(n, path))
	case !s.allows(n):
		f.add(n, "%s: expected %s, got %s; %s", path, s.words(), got(n, path), instead(path))
	case len(s.enum) > 0 && n.kind == kindScalar && !slices.Contains(s.enum, n.value):
		f.add(n, "%s: expected %s, got %s", path, s.words(), got(n, path))
	}
}

func (f *finder) lookMap(s *spec, n *node, path string) {
	for i, name := range n.keys {
		at := join(path, name)
		first := slices.Index(n.keys, name)
		switch kid := n.kids[i]; {
		case first < i:
			f.addKey(kid, "key %s is there twice; the first one counts, at %s", at, n.kids[first].keyPos())
		case s.props[name] != nil:
			f.look(s.props[name], kid, at)
		case s.any != nil:
			f.look(s.any, kid, at)
		default:
			f.addKey(kid, "unknown key %s has no effect%s", at, meant(s, path, name))
		}
	}
	for _, name := range s.required {
		if strings.HasPrefix(path, "plugins[") {
			break // an entry may be completed by another file, and is an error otherwise
		}
		if n.get(name) == nil {
			f.add(n, "key %s is missing", join(path, name))
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// meant suggests a known key for an unknown one: the nearest one beside it or, if none is
// near, one of that very name in another place.
func meant(s *spec, path, name string) string {
	if n := nearest.Name(name, slices.Values(s.names())); n != "" {
		return "; did you mean " + join(path, n) + "?"
	}
	if places := elsewhere()[strings.ToLower(name)]; len(places) > 0 {
		return "; did you mean " + strings.Join(places, " or ") + "?"
	}
	return ""
}

// elsewhere are the full names of keys by their last names, as long as there are few.
var elsewhere = sync.OnceValue(func() map[string][]string {
	const few = 3
	m := map[string][]string{}
	for _, k := range Keys() {
		name := strings.TrimSuffix(k.Path[strings.LastIndexByte(k.Path, '.')+1:], "[]")
		m[name] = append(m[name], k.Path)
	}
	for name, places := range m {
		if len(places) > few {
			delete(m, name)
		}
	}
	return m
})

// typeWords are the types of keys.txt as messages call them.
var typeWords = map[string]string{
	"bool": "true or false", "int": "a whole number", "uint": "a whole number from 0 up",
	"number": "a number", "string": "a text", "null": "nothing", "map": "a map",
}

// words says what a value may be.
func (s *spec) words() string {
	if len(s.enum) > 0 {
		return "one of " + strings.Join(s.enum, ", ")
	}
	var list []string
	for _, t := range s.types {
		if t != "null" {
			list = append(list, typeWords[t])
		}
	}
	if s.isMap() && !slices.Contains(s.types, "map") {
		list = append(list, "a map")
	}
	if s.isSeq() {
		list = append(list, "a list")
	}
	return strings.Join(list, " or ")
}

// got describes a value that is not as expected.
func got(n *node, path string) string {
	switch n.kind {
	case kindMap:
		return "a map"
	case kindSeq:
		return "a list"
	case kindNull:
		return "nothing"
	}
	const most = 60
	v := n.open(path)
	if len(v) > most {
		v = strings.ToValidUTF8(v[:most], "") + "..."
	}
	return fmt.Sprintf("%q", v)
}

// instead says what counts if the value of a key does not.
func instead(path string) string {
	if def := defaultOf()[path]; def != "" {
		return "using the default, " + def
	}
	return "it has no effect"
}

// defaultOf are the defaults by the names of keys.
var defaultOf = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, k := range Keys() {
		m[k.Path] = k.Default
	}
	return m
})
