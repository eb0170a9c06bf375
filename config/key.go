// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gyr-dev/gyr/internal/mask"
)

// step is one part of a key: a name or an index.
type step struct {
	name   string
	index  int // if isIdx; -1 to append
	isIdx  bool
	source string // as written, for errors
}

// parseKey splits the key of -o: names separated by dots, each followed by any number of [n] or
// []. A backslash escapes . [ ] and \.
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

// parseIndex parses the index whose bracket is at key[at]. It returns the position of the closing
// bracket.
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

// setKey sets the value of key to v and creates the maps and sequences on the way. The warning,
// if any, reports a sequence that became a map.
func (n *node) setKey(key string, v *node) (warning string, err error) {
	steps, err := parseKey(key)
	if err == nil {
		warning, err = n.setSteps(steps, v)
	}
	if err != nil {
		return "", fmt.Errorf("Config error at key \"%s\": %w", key, err)
	}
	return warning, nil
}

func (n *node) setSteps(steps []step, v *node) (warning string, err error) {
	for i, s := range steps {
		if n.kind == kindSeq && !n.has(s) {
			warning = becameMap(steps, i)
			n.toMap()
		}
		if n, err = n.child(s); err != nil {
			return "", err
		}
	}
	*n = *v
	return warning, nil
}

// has reports whether s is the index of an element of a sequence, or the next free index.
func (n *node) has(s step) bool { return s.isIdx && s.index <= len(n.kids) }

// toMap converts a sequence to a map with the indices as keys. Falco does so when an option sets
// an invalid key of a sequence; the result is treated as an empty sequence.
func (n *node) toMap() {
	n.kind, n.keys = kindMap, nil
	for i := range n.kids {
		n.keys = append(n.keys, strconv.Itoa(i))
	}
}

// becameMap returns the warning about the sequence before steps[i].
func becameMap(steps []step, i int) string {
	list := written(steps[:i])
	if steps[i].isIdx {
		return fmt.Sprintf("command line: %s has no element %s; as in Falco, this option makes it an empty list; use %s[] to append", list, steps[i].source, list)
	}
	return fmt.Sprintf("command line: %s is a list; as in Falco, %s makes it an empty list; use %s[0].%s for its first element", list, written(steps[:i+1]), list, steps[i].name)
}

// written returns the key in written form.
func written(steps []step) string {
	var b strings.Builder
	for _, s := range steps {
		if !s.isIdx && b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.source)
	}
	return b.String()
}

// child returns the child at s, a new null node if there is none.
func (n *node) child(s step) (*node, error) {
	if n.kind == kindScalar {
		return nil, fmt.Errorf("%s of a value that is neither a map nor a sequence", s.source)
	}
	name := s.name
	if s.isIdx {
		if n.kind == kindNull && s.index <= 0 {
			n.kind = kindSeq
		}
		if n.kind == kindSeq {
			if s.index < 0 || s.index == len(n.kids) {
				n.kids = append(n.kids, &node{})
				return n.kids[len(n.kids)-1], nil
			}
			return n.kids[s.index], nil
		}
		if s.index < 0 {
			return nil, fmt.Errorf("%s of a map", s.source)
		}
		name = strconv.Itoa(s.index)
	}
	if kid := n.get(name); kid != nil {
		return kid, nil
	}
	kid := &node{}
	n.set(name, kid)
	return kid, nil
}

// setOption applies a "key=value" of the command line. A value in braces or brackets is YAML; all
// other values are strings. See setKey for the warning.
func (n *node) setOption(opt string) (warning string, err error) {
	key, val, ok := strings.Cut(opt, "=")
	if !ok {
		return "", fmt.Errorf("Error parsing config option \"%s\". Must be of the form key=val or key.subkey=val", mask.Text(opt))
	}
	v := &node{kind: kindScalar, value: val}
	if flow(val, '{', '}') || flow(val, '[', ']') {
		if v, err = parse("", val); err != nil {
			return "", fmt.Errorf("Config error at key \"%s\": %w", key, err)
		}
	}
	return n.setKey(key, v)
}

func flow(s string, open, end byte) bool {
	return len(s) > 1 && s[0] == open && s[len(s)-1] == end
}
