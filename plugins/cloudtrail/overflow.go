// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/internal/logfiles"
)

// Drop implements [logfiles.Splitter]: a record that is too large is left out, and so is a member
// of a document before its list. It fails if even a name is too large.
func (s *splitter) Drop(buf []byte) (int, error) {
	switch {
	case s.state == inRoot:
		return s.dropMember(buf)
	case s.state == inFile && buf[0] == '{':
		return s.dropDocument(buf), nil
	case buf[0] == '{' || buf[0] == '"' && s.state != inList:
		s.found = true
		s.counts[tooLarge]++
		s.largest = max(s.largest, len(buf)) // at least
	default:
		s.counts[noRecord]++
	}
	return s.dropValue(buf, 0), nil
}

// dropValue begins to leave out the value at buf[at].
func (s *splitter) dropValue(buf []byte, at int) int {
	s.skip = skipper{on: true}
	return s.skip.run(buf, at)
}

func (s *splitter) dropMember(buf []byte) (int, error) {
	key, at := keyAt(buf, 0)
	if at < 0 {
		return 0, fmt.Errorf("a name is larger than %d MiB", logfiles.MaxChunk>>20)
	}
	if s.dropped {
		s.root.note(roleOf(key), place{at, len(buf)}, buf)
	}
	return s.dropValue(buf, at), nil
}

// dropDocument leaves out the members of a document up to one that has only begun. It is
// read member by member from then on.
func (s *splitter) dropDocument(buf []byte) int {
	s.root = members{}
	for i := 1; ; {
		if i = skipSeparators(buf, i); i == len(buf) {
			return s.enter(i)
		}
		key, at := keyAt(buf, i)
		if at >= 0 {
			if end := skipWhole(buf, at, false); end >= 0 {
				s.root.note(roleOf(key), place{at, end}, buf)
				i = end
				continue
			} else {
				at = end
			}
		}
		if ^at == len(buf) {
			return s.enter(i)
		}
		s.counts[notJSON]++ // and as it is no JSON, its brackets are all that can be followed
		return s.dropValue(buf, 0)
	}
}

// enter has the splitter go on at buf[pos], in the middle of a document.
func (s *splitter) enter(pos int) int {
	s.state, s.dropped = inRoot, true
	return pos
}

// skipper goes over a value that arrives in pieces. Brackets are counted, whatever their
// shape.
type skipper struct {
	on      bool
	depth   int
	quoted  bool // inside a string
	escaped bool // behind a backslash in a string
	scalar  bool // inside a number or literal
}

// run returns the position behind the value that buf[pos] continues, len(buf) if it goes on
// behind buf. Where the skipper is not on it returns pos.
func (k *skipper) run(buf []byte, pos int) int {
	for ; k.on && pos < len(buf); pos++ {
		c := buf[pos]
		switch {
		case k.escaped:
			k.escaped = false
		case k.quoted && c == '\\':
			k.escaped = true
		case k.quoted && c == '"':
			k.quoted = false
			k.on = k.depth > 0
		case k.quoted:
		case k.scalar && k.depth == 0 && strings.IndexByte(" \t\n\r,:[]{}\"", c) >= 0:
			k.on = false
			return pos
		case c == '"':
			k.quoted = true
		case c|0x20 == '{': // or [
			k.depth++
		case c|0x20 == '}': // or ]
			k.depth--
			k.on = k.depth > 0
		default:
			k.scalar = true
		}
	}
	return pos
}
