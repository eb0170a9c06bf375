// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"github.com/gyr-dev/gyr/internal/mask"
)

// Limits against malicious files.
const (
	maxNodes = 200_000 // after expansion of aliases
	maxDepth = 200
)

// kind is the kind of a node.
type kind uint8

const (
	kindNull kind = iota
	kindScalar
	kindMap
	kindSeq
)

// node is a YAML node of the merged configuration, without aliases.
type node struct {
	kind  kind
	value string   // value of a scalar
	raw   string   // the value before the expansion of variables and files, if different
	keys  []string // keys of a map, in file order
	kids  []*node  // children of a map (one per key) or sequence
	file  string   // "" if the node comes from the command line
	line  int      // from 1
	col   int      // from 1
	key   [2]int   // line and column of the node's key
}

// pos returns the node's position for messages.
func (n *node) pos() string {
	if n.file == "" {
		return "command line"
	}
	return fmt.Sprintf("%s:%d:%d", n.file, n.line, n.col)
}

// keyPos returns the position of the node's key.
func (n *node) keyPos() string {
	if n.key[0] == 0 {
		return n.pos()
	}
	return (&node{file: n.file, line: n.key[0], col: n.key[1]}).pos()
}

// get returns the value of a key of a map, or nil. Of duplicate keys, the first one is used.
func (n *node) get(key string) *node {
	if n == nil || n.kind != kindMap {
		return nil
	}
	for i, k := range n.keys {
		if k == key {
			return n.kids[i]
		}
	}
	return nil
}

// set sets a key of a map. A null node becomes a map.
func (n *node) set(key string, v *node) {
	n.kind = kindMap
	for i, k := range n.keys {
		if k == key {
			n.kids[i] = v
			return
		}
	}
	n.keys = append(n.keys, key)
	n.kids = append(n.kids, v)
}

// drop removes a key of a map, if it exists.
func (n *node) drop(key string) {
	if i := slices.Index(n.keys, key); n.kind == kindMap && i >= 0 {
		n.keys, n.kids = slices.Delete(n.keys, i, i+1), slices.Delete(n.kids, i, i+1)
	}
}

// scalar returns the value of a scalar and whether n is one.
func (n *node) scalar() (string, bool) {
	if n == nil || n.kind != kindScalar {
		return "", false
	}
	return n.value, true
}

// shown returns a scalar for messages: with variables not expanded and secrets masked.
func (n *node) shown() string {
	if n == nil || n.kind != kindScalar {
		return ""
	}
	if n.raw != "" {
		return mask.Text(n.raw)
	}
	return mask.Text(n.value)
}

// label returns the name of a string, or of a map with one key, for messages.
func (n *node) label() string {
	if n.kind == kindMap && len(n.keys) == 1 {
		return mask.Text(n.keys[0])
	}
	return n.shown()
}

// walk calls f for every scalar value, but not for keys.
func (n *node) walk(f func(*node)) {
	if n.kind == kindScalar {
		f(n)
		return
	}
	for _, k := range n.kids {
		k.walk(f)
	}
}

// parse parses the first YAML document of data. An empty stream is a null node.
func parse(file string, data string) (*node, error) {
	l, err := yaml.NewLoader(strings.NewReader(data))
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := l.Load(&doc); errors.Is(err, io.EOF) {
		return &node{file: file, line: 1, col: 1}, nil
	} else if err != nil {
		return nil, syntaxError(err)
	}
	c := converter{file: file}
	return c.convert(&doc, 0)
}

// syntaxError formats an error of the YAML library with the position first.
func syntaxError(err error) error {
	var le *yaml.LoadError
	if !errors.As(err, &le) {
		return err
	}
	msg := le.Message
	if le.ContextMsg != "" {
		msg = le.ContextMsg + ": " + msg
	}
	return fmt.Errorf("error at line %d, column %d: %s", le.Mark.Line, le.Mark.Column, msg)
}

type converter struct {
	file  string
	nodes int
}

func (c *converter) convert(y *yaml.Node, depth int) (*node, error) {
	c.nodes++
	if c.nodes > maxNodes || depth > maxDepth {
		return nil, fmt.Errorf("error at line %d, column %d: the document is too large or too deeply nested (after expansion of aliases)", y.Line, y.Column)
	}
	n := &node{file: c.file, line: y.Line, col: y.Column}
	switch y.Kind {
	case yaml.DocumentNode:
		return c.convert(y.Content[0], depth)
	case yaml.AliasNode:
		return c.convert(y.Alias, depth+1)
	case yaml.ScalarNode:
		if y.ShortTag() == "!!null" {
			return n, nil
		}
		n.kind, n.value = kindScalar, y.Value
	case yaml.SequenceNode:
		n.kind = kindSeq
		for _, k := range y.Content {
			kid, err := c.convert(k, depth+1)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, kid)
		}
	case yaml.MappingNode:
		n.kind = kindMap
		for i := 0; i+1 < len(y.Content); i += 2 {
			kid, err := c.convert(y.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			kid.key = [2]int{y.Content[i].Line, y.Content[i].Column}
			n.keys = append(n.keys, y.Content[i].Value)
			n.kids = append(n.kids, kid)
		}
	default:
		return nil, fmt.Errorf("error at line %d, column %d: unexpected kind of node", y.Line, y.Column)
	}
	return n, nil
}
