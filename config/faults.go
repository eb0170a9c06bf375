// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gyr-dev/gyr/internal/nearest"
)

// faults reports everything in a tree that has no effect because it violates the schema: unknown
// keys, duplicate keys, values of the wrong type. It checks only nodes accepted by want, with
// their parents and children.
//
// [File.Validation] holds the first violation in Falco's words.
func (l *loader) faults(root *node, want func(*node) bool) {
	f := finder{want: want}
	if root.kind != kindNull {
		f.look(keys(), root, "")
	}
	l.warnings = append(l.warnings, f.found...)
	l.keyFaults = append(l.keyFaults, f.keys...)
}

// fromOption reports whether a node comes from the command line.
func (n *node) fromOption() bool { return n.file == "" }

type finder struct {
	want  func(*node) bool
	found []string
	keys  []string // the part of found about keys
}

// add reports a fault of a value.
func (f *finder) add(n *node, format string, args ...any) {
	if f.want(n) {
		f.found = append(f.found, n.pos()+": "+fmt.Sprintf(format, args...))
	}
}

// addKey reports a fault of the key whose value is n.
func (f *finder) addKey(n *node, format string, args ...any) {
	if f.want(n) {
		text := n.keyPos() + ": " + fmt.Sprintf(format, args...)
		f.found, f.keys = append(f.found, text), append(f.keys, text)
	}
}

// look compares a node with the specification of its path.
func (f *finder) look(s *spec, n *node, path string) {
	switch {
	case n.kind == kindMap && s.isMap():
		f.lookMap(s, n, path)
	case n.kind == kindSeq && s.isSeq():
		for i, k := range n.kids {
			f.look(s.items, k, fmt.Sprintf("%s[%d]", path, i))
		}
	case s.isSeq() && n.kind == kindScalar:
		f.add(n, "%s: expected a list, got %s; it is treated as a list with one element", path, got(n, path))
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
			f.addKey(kid, "duplicate key %s; the first one, at %s, is used", at, n.kids[first].keyPos())
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
			break // another file may complete an entry; otherwise it is an error
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

// meant suggests a known key for an unknown one: the nearest key at the same level or, if none
// is near, a key with this name at another level.
func meant(s *spec, path, name string) string {
	if n := nearest.Name(name, slices.Values(s.names())); n != "" {
		return "; did you mean " + join(path, n) + "?"
	}
	if places := elsewhere()[strings.ToLower(name)]; len(places) > 0 {
		return "; did you mean " + strings.Join(places, " or ") + "?"
	}
	return ""
}

// elsewhere maps the last part of a key to full keys, if there are only a few.
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

// typeWords maps the types of keys.txt to their names in messages.
var typeWords = map[string]string{
	"bool": "true or false", "int": "an integer", "uint": "a non-negative integer",
	"number": "a number", "string": "a string", "null": "null", "map": "a map",
}

// words describes the permitted values.
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

// got describes an unexpected value.
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

// instead describes what is used instead of an invalid value.
func instead(path string) string {
	if def := defaultOf()[path]; def != "" {
		return "using the default, " + def
	}
	return "it has no effect"
}

// defaultOf maps keys to their defaults.
var defaultOf = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, k := range Keys() {
		m[k.Path] = k.Default
	}
	return m
})
