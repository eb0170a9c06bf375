// SPDX-License-Identifier: Apache-2.0

package config

import (
	_ "embed"
	"sort"
	"strings"
	"sync"
)

//go:embed keys.txt
var keysText string

// spec specifies the permitted values of a key.
type spec struct {
	types    []string // types of keys.txt; none means any
	enum     []string
	meaning  string
	props    map[string]*spec // of a map
	any      *spec            // for other keys of a map; nil for none
	items    *spec            // of a sequence
	required []string
}

// names returns the names of props, sorted.
func (s *spec) names() []string {
	out := make([]string, 0, len(s.props))
	for n := range s.props {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// keys is the specification of the whole file.
var keys = sync.OnceValue(func() *spec {
	root := &spec{}
	for line := range strings.SplitSeq(keysText, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		head, meaning, _ := strings.Cut(line, "  ")
		path, typ, _ := strings.Cut(head, " ")
		root.add(path, typ, withReason(strings.TrimSuffix(path, "!"), meaning))
	}
	return root
})

// add adds a line of keys.txt.
func (s *spec) add(path, typ, meaning string) {
	must := strings.HasSuffix(path, "!")
	parts := strings.Split(strings.TrimSuffix(path, "!"), ".")
	for i, part := range parts {
		name := strings.TrimSuffix(part, "[]")
		if must && i == len(parts)-1 {
			s.required = append(s.required, name)
		}
		s = s.child(name)
		if name != part {
			if s.items == nil {
				s.items = &spec{}
			}
			s = s.items
		}
	}
	s.meaning = meaning
	switch {
	case typ == "any":
	case strings.HasPrefix(typ, "enum("):
		s.types = []string{"string"}
		s.enum = strings.Split(typ[len("enum("):len(typ)-1], ",")
	default:
		s.types = strings.Split(typ, "|")
	}
}

func (s *spec) child(name string) *spec {
	if name == "*" {
		if s.any == nil {
			s.any = &spec{}
		}
		return s.any
	}
	if s.props == nil {
		s.props = map[string]*spec{}
	}
	c := s.props[name]
	if c == nil {
		c = &spec{}
		s.props[name] = c
	}
	return c
}

// isMap and isSeq report whether the value may be a map or a sequence.
func (s *spec) isMap() bool { return s.props != nil || s.any != nil }
func (s *spec) isSeq() bool { return s.items != nil }
