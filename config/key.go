// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"strconv"
	"strings"
)

// step is one part of a key: a name or an index.
type step struct {
	name   string
	index  int // if isIdx; -1 appends
	isIdx  bool
	source string // as written, for errors
}

// parseKey splits the key of -o: names separated by dots, each followed by any number of
// [n] or []; a backslash takes the special meaning from . [ ] and \.
func parseKey(key string) ([]step, error) {
	var steps []step
	var name strings.Builder
	named := false
	flush := func(at int) error {
		if !named {
			return fmt.Errorf("Parsing error: unexpected character at pos %d", at)
		}
		steps = append(steps, step{name: name.String(), source: name.String()})
		name.Reset()
		named = false
		return nil
	}
	for i := 0; i < len(key); i++ {
		switch c := key[i]; c {
		case '\\':
			if i+1 == len(key) {
				return nil, fmt.Errorf("Parsing error: trailing backslash at pos %d", i)
			}
			if !strings.ContainsRune(`.[]\`, rune(key[i+1])) {
				return nil, fmt.Errorf("Parsing error: invalid escape sequence '\\%c' at pos %d", key[i+1], i)
			}
			i++
			name.WriteByte(key[i])
			named = true
		case '.':
			if err := flush(i); err != nil {
				return nil, err
			}
		case '[':
			if named {
				if err := flush(i); err != nil {
					return nil, err
				}
			} else if len(steps) == 0 {
				return nil, fmt.Errorf("Parsing error: unexpected character at pos %d", i)
			}
			s, end, err := parseIndex(key, i)
			if err != nil {
				return nil, err
			}
			steps = append(steps, s)
			i = end
			switch {
			case i+1 == len(key):
				return steps, nil
			case key[i+1] == '.':
				i++
			case key[i+1] != '[':
				return nil, fmt.Errorf("Parsing error: expected '.' character at pos %d", i)
			}
		default:
			name.WriteByte(c)
			named = true
		}
	}
	return steps, flush(len(key) - 1)
}

// parseIndex reads the index whose bracket is at key[at] and returns where it closes.
func parseIndex(key string, at int) (step, int, error) {
	n := strings.IndexByte(key[at:], ']')
	if n < 0 {
		return step{}, 0, fmt.Errorf("Parsing error: expected a numeric index, found '%s'", key[at+1:])
	}
	text := key[at+1 : at+n]
	s := step{index: -1, isIdx: true, source: "[" + text + "]"}
	if text != "" {
		v, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return step{}, 0, fmt.Errorf("Parsing error: expected a numeric index, found '%s'", text)
		}
		s.index = int(v)
	}
	return s, at + n, nil
}

// setKey puts v at the place that key names, making the maps and sequences on the way.
func (n *node) setKey(key string, v *node) error {
	steps, err := parseKey(key)
	if err == nil {
		err = n.setSteps(steps, v)
	}
	if err != nil {
		return fmt.Errorf("Config error at key \"%s\": %w", key, err)
	}
	return nil
}

func (n *node) setSteps(steps []step, v *node) error {
	for i, s := range steps {
		next, err := n.child(s)
		if err != nil {
			return err
		}
		if i == len(steps)-1 {
			*next = *v
			return nil
		}
		n = next
	}
	return nil
}

// child returns the child that s names, a new null node if there is none yet.
func (n *node) child(s step) (*node, error) {
	if n.kind == kindScalar {
		return nil, fmt.Errorf("%s of a value that is neither a map nor a sequence", s.source)
	}
	if s.isIdx {
		if n.kind == kindMap {
			return nil, fmt.Errorf("index %s of a map", s.source)
		}
		n.kind = kindSeq
		if s.index < 0 || s.index == len(n.kids) {
			n.kids = append(n.kids, &node{})
			return n.kids[len(n.kids)-1], nil
		}
		if s.index > len(n.kids) {
			return nil, fmt.Errorf("index %s of a sequence with %d elements", s.source, len(n.kids))
		}
		return n.kids[s.index], nil
	}
	if n.kind == kindSeq {
		return nil, fmt.Errorf("key %s of a sequence", s.source)
	}
	if kid := n.get(s.name); kid != nil {
		return kid, nil
	}
	kid := &node{}
	n.set(s.name, kid)
	return kid, nil
}

// setOption applies a "key=value" of the command line. A value in braces or brackets is
// YAML, every other one a plain text.
func (n *node) setOption(opt string) error {
	key, val, ok := strings.Cut(opt, "=")
	if !ok {
		return fmt.Errorf("Error parsing config option \"%s\". Must be of the form key=val or key.subkey=val", opt)
	}
	v := &node{kind: kindScalar, value: val}
	if flow(val, '{', '}') || flow(val, '[', ']') {
		var err error
		if v, err = parse("", val); err != nil {
			return fmt.Errorf("Config error at key \"%s\": %w", key, err)
		}
	}
	return n.setKey(key, v)
}

func flow(s string, open, end byte) bool {
	return len(s) > 1 && s[0] == open && s[len(s)-1] == end
}
