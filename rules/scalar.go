// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strconv"
	"strings"
)

// maxScalar bounds how much of a text is looked through to show a place in it.
const maxScalar = 1 << 20

// scalarMap says where the characters of a scalar are in its file. YAML folds lines and takes
// indentation away, so only what is not white space counts.
type scalarMap struct {
	offset int // of the scalar
	where  []int32
}

// character returns the place of the n-th character, not counting white space, of the scalar
// at p, plus behind. Where that is not known it is p.
func (p *place) character(n, behind int) *place {
	mark := &place{parent: p.parent, kind: p.kind, name: p.name, src: p.src, offset: p.offset, more: p}
	m := &p.src.scalar
	if m.where == nil || m.offset != int(p.offset) {
		*m = scalarMap{int(p.offset), p.src.characters(int(p.offset))}
	}
	if n < 0 || n >= len(m.where) {
		return mark
	}
	mark.offset = m.where[n] + int32(behind)
	return mark
}

// characters returns where each character is of the scalar that begins at an offset, not
// counting white space. Characters that follow the scalar may be there, too.
func (s *source) characters(at int) []int32 {
	rest := s.content[min(at, len(s.content)):]
	i := 0
	for i < len(rest) && (rest[i] == '&' || rest[i] == '!') { // an anchor or tag
		n := strings.IndexAny(rest[i:], " \t\r\n")
		if n < 0 {
			return nil
		}
		i += n
		i += len(rest[i:]) - len(strings.TrimLeft(rest[i:], " \t\r\n"))
	}
	if i == len(rest) {
		return nil
	}
	var quote byte
	switch c := rest[i]; c {
	case '"', '\'':
		quote = c
		i++
	case '|', '>':
		head, _, _ := strings.Cut(rest[i:], "\n")
		i += len(head)
	}
	var where []int32
	for i < len(rest) && len(where) < maxScalar {
		c, n := rest[i:i+1], 1
		switch {
		case quote == '"' && c == "\\":
			c, n = unescape(rest[i:])
		case quote != 0 && c[0] == quote:
			if quote == '"' || !strings.HasPrefix(rest[i+1:], "'") {
				return where
			}
			n = 2
		}
		for k := range len(c) {
			if !isWhite(c[k]) {
				where = append(where, int32(at+i))
			}
		}
		i += n
	}
	return where
}

func isWhite(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// escapes of double-quoted texts that stand for one character; those for white space are
// left out.
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 'v': "\v", 'f': "\f", 'e': "\x1b", '"': "\"", '/': "/", '\\': "\\",
	'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// unescape returns what the escape at the beginning of s stands for, and its length.
func unescape(s string) (string, int) {
	if len(s) < 2 {
		return "", len(s)
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[s[1]]
	if digits == 0 {
		return escapes[s[1]], 2
	}
	end := min(2+digits, len(s))
	n, _ := strconv.ParseUint(s[2:end], 16, 32)
	return string(rune(n)), end
}
