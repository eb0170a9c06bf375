// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// decoder reads typed values from the tree. It keeps the first error.
type decoder struct {
	root     *node
	file     string // the main file, for messages
	err      error
	warnings []string
	// note, if set, is called with the defaults of keys.
	note func(key string, def any)
}

func (d *decoder) noteDefault(key string, def any) {
	if d.note != nil {
		d.note(key, def)
	}
}

// fail keeps the first error.
func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
}

// failFile is fail with the prefix of most messages.
func (d *decoder) failFile(format string, args ...any) {
	d.fail("Error reading config file (%s): %s", d.file, fmt.Sprintf(format, args...))
}

// warn adds a warning about the value of a key.
func (d *decoder) warn(n *node, format string, args ...any) {
	d.warnings = append(d.warnings, n.pos()+": "+fmt.Sprintf(format, args...))
}

// touch checks that the parents of unused keys are maps.
func (d *decoder) touch(keys ...string) {
	for _, k := range keys {
		d.at(k)
	}
}

// at returns the node of a dotted key, nil if there is none.
func (d *decoder) at(key string) *node {
	n := d.root
	for rest := key; ; {
		name, more, dotted := strings.Cut(rest, ".")
		if n.kind == kindScalar {
			d.fail("Config error at key \"%s\": the value at %s is not a map", key, n.pos())
			return nil
		}
		n = n.get(name)
		if n == nil || !dotted {
			return n
		}
		rest = more
	}
}

func (d *decoder) bool(key string, def bool) bool {
	d.noteDefault(key, def)
	if s, ok := d.at(key).scalar(); ok {
		if v, ok := toBool(s); ok {
			return v
		}
	}
	return def
}

func (d *decoder) string(key, def string) string {
	d.noteDefault(key, def)
	if s, ok := d.at(key).scalar(); ok {
		return s
	}
	return def
}

// uint returns a number up to most. Other values are replaced by the default.
func (d *decoder) uint(key string, def, most uint64) uint64 {
	d.noteDefault(key, def)
	n := d.at(key)
	if s, ok := n.scalar(); ok {
		switch v, ok := toUint(s); {
		case ok && v <= most:
			return v
		case ok:
			d.warn(n, "%s: expected a number up to %d, got %s; using the default, %d", key, most, n.shown(), def)
		}
	}
	return def
}

// is reports whether a key is "true", the only true value of keys that Falco reads as strings.
func (d *decoder) is(key string) bool {
	n := d.at(key)
	s, _ := n.scalar()
	if v, ok := toBool(s); ok && v && s != "true" {
		d.warn(n, "%s: %s is treated as false; write true", key, n.shown())
	}
	return s == "true"
}

// mode returns octal permissions, 0 if not set.
func (d *decoder) mode(key string) fs.FileMode {
	n := d.at(key)
	s, ok := n.scalar()
	if !ok || s == "" {
		return 0
	}
	v, err := strconv.ParseUint(strings.TrimPrefix(s, "0o"), 8, 32)
	if err != nil || v == 0 || v > 0o777 {
		d.failFile("%s: %s '%s' is invalid; use octal permissions such as \"0640\"", n.pos(), key, n.shown())
	}
	return fs.FileMode(v)
}

func (d *decoder) float(key string, def float64) float64 {
	d.noteDefault(key, def)
	if s, ok := d.at(key).scalar(); ok {
		if v, ok := toFloat(s); ok {
			return v
		}
	}
	return def
}

// list returns the elements of a sequence. A scalar is treated as a sequence with one element.
func (d *decoder) list(key string) []*node {
	switch n := d.at(key); {
	case n == nil || n.kind == kindNull || n.kind == kindMap:
		return nil
	case n.kind == kindScalar:
		return []*node{n}
	default:
		return n.kids
	}
}

// texts is list for strings. Other elements are an error.
func (d *decoder) texts(key string) []*node {
	list := d.list(key)
	for _, n := range list {
		if n.kind != kindScalar {
			d.failFile("%s: an element of '%s' is not a string", n.pos(), key)
			return nil
		}
	}
	return list
}

// strings returns the values of a list of strings.
func (d *decoder) strings(key string) []string {
	var out []string
	for _, n := range d.texts(key) {
		out = append(out, n.value)
	}
	return out
}
