// SPDX-License-Identifier: Apache-2.0

package filter

import "strings"

// glob is "glob" and "iglob": a pattern as fnmatch(3) of glibc reads it without flags, in
// the C locale. Stars match slashes, a backslash takes the next byte literally, and
// brackets have ranges and classes. With fold, ASCII letters are equal in both cases.
type glob struct {
	pattern string
	fold    bool
	plain   matcher // for patterns that need no pattern matching, else nil
}

func newGlob(pattern string, fold bool) *glob {
	if fold && !strings.ContainsAny(pattern, `\[`) {
		pattern = lowerString(pattern)
	}
	g := &glob{pattern: pattern, fold: fold}
	inner := strings.TrimSuffix(strings.TrimPrefix(pattern, "*"), "*")
	if pattern == "*" {
		g.plain = always{}
	} else if !strings.ContainsAny(inner, `*?[\`) {
		open, tail := strings.HasPrefix(pattern, "*"), strings.HasSuffix(pattern, "*")
		switch {
		case open && tail && fold:
			g.plain = newContainsFold(inner)
		case fold:
		case open && tail:
			g.plain = contains(inner)
		case tail:
			g.plain = startsWith(inner)
		case open:
			g.plain = endsWith(inner)
		default:
			g.plain = equal(inner)
		}
	}
	return g
}

func (g *glob) match(s string) bool {
	if g.plain != nil {
		return g.plain.match(s)
	}
	return globPair(g.pattern, s, g.fold)
}

// globPair matches the whole of s with a pattern. The time is at most the product of the
// lengths.
func globPair(p, s string, fold bool) bool {
	pi, si := 0, 0
	star, starS := -1, 0
	for {
		if pi < len(p) && p[pi] == '*' {
			pi++
			star, starS = pi, si
			continue
		}
		if pi < len(p) && si < len(s) {
			if next := globStep(p, pi, s[si], fold); next > 0 {
				pi, si = next, si+1
				continue
			}
		} else if pi == len(p) && si == len(s) {
			return true
		}
		if star < 0 || starS == len(s) {
			return false
		}
		starS++
		pi, si = star, starS
	}
}

// globStep matches one byte with the pattern at i, which is not a star. It returns the
// place in the pattern behind what matched, or 0.
func globStep(p string, i int, c byte, fold bool) int {
	switch p[i] {
	case '?':
		return i + 1
	case '[':
		return globBracket(p, i, c, fold)
	case '\\':
		if i++; i == len(p) {
			return 0
		}
	}
	if foldByte(p[i], fold) == foldByte(c, fold) {
		return i + 1
	}
	return 0
}

func foldByte(c byte, fold bool) byte {
	if fold {
		return lower(c)
	}
	return c
}

// globBracket matches c with the bracket expression at p[open]. A bracket that nothing
// closes stands for itself.
func globBracket(p string, open int, c byte, fold bool) int {
	b := bracket{p: p, i: open + 1, c: c, folded: foldByte(c, fold), fold: fold}
	not := b.at(0) == '!' || b.at(0) == '^'
	if not {
		b.i++
	}
	for first := true; ; first = false {
		if b.at(0) == ']' && !first {
			b.i++
			break
		}
		if b.i >= len(p) {
			if c == '[' {
				return open + 1
			}
			return 0
		}
		matched, ok := b.item()
		if !ok {
			return 0
		}
		if matched {
			switch end, ok := b.skip(); {
			case end && !not:
				return b.i
			case !end && ok && c == '[':
				return open + 1
			}
			return 0
		}
	}
	if not {
		return b.i
	}
	return 0
}

// bracket is a bracket expression that is being read at i.
type bracket struct {
	p         string
	i         int
	c, folded byte
	fold      bool
}

// at returns the byte n places ahead, 0 behind the end.
func (b *bracket) at(n int) byte {
	if b.i+n < len(b.p) {
		return b.p[b.i+n]
	}
	return 0
}

// item reads a character, range or class. ok is false if the whole pattern cannot match.
func (b *bracket) item() (matched, ok bool) {
	from := b.at(0)
	b.i++
	switch {
	case from == '\\':
		if from = b.at(0); from == 0 {
			return false, false
		}
		b.i++
	case from == '[' && b.at(0) == ':':
		if end := b.class(); end > 0 {
			in, known := inClass(b.p[b.i+1:end], b.c)
			b.i = end + 2
			return in, known
		}
	case from == '[' && b.at(0) == '=' && b.at(1) != 0 && b.at(2) == '=' && b.at(3) == ']':
		is := b.at(1) == b.c
		b.i += 4
		return is, true
	case from == '[' && b.at(0) == '.':
		return b.collating()
	}
	return b.span(foldByte(from, b.fold))
}

// span matches one byte or the range that it begins.
func (b *bracket) span(from byte) (matched, ok bool) {
	if b.at(0) != '-' || b.at(1) == ']' || b.at(1) == 0 {
		if from == b.folded {
			return true, true
		}
		if b.at(0) != '-' || b.at(1) == ']' {
			return false, true
		}
	}
	to := b.at(1)
	b.i += 2
	if to == '[' && b.at(0) == '.' {
		end := strings.Index(b.p[b.i+1:], ".]")
		if end != 1 {
			return false, false
		}
		to = b.at(1)
		b.i += 4
	} else if to == '\\' {
		to = b.at(0)
		b.i++
	}
	if to == 0 {
		return false, false
	}
	return from <= b.folded && b.folded <= foldByte(to, b.fold), true
}

// class returns where the name of a class ends that begins with a colon at i, or 0 if it
// is none.
func (b *bracket) class() int {
	for j := b.i + 1; j < len(b.p); j++ {
		switch c := b.p[j]; {
		case c == ':' && j+1 < len(b.p) && b.p[j+1] == ']':
			return j
		case c < 'a' || c >= 'z':
			return 0
		}
	}
	return 0
}

// collating reads a collating symbol, of which the C locale has only single bytes.
func (b *bracket) collating() (matched, ok bool) {
	end := strings.Index(b.p[b.i+1:], ".]")
	if end != 1 {
		return false, false
	}
	from := b.at(1)
	b.i += 4
	return b.span(from)
}

// skip goes behind the end of the expression; end is false if it has none. ok is false if
// the whole pattern cannot match.
func (b *bracket) skip() (end, ok bool) {
	for b.i < len(b.p) {
		c := b.p[b.i]
		b.i++
		switch {
		case c == ']':
			return true, true
		case c == '\\':
			if b.i == len(b.p) {
				return false, false
			}
			b.i++
		case c == '[' && b.at(0) == ':':
			if end := b.class(); end > 0 {
				b.i = end + 2
			}
		case c == '[' && b.at(0) == '=':
			if b.at(1) == 0 || b.at(2) != '=' || b.at(3) != ']' {
				return false, false
			}
			b.i += 4
		case c == '[' && b.at(0) == '.':
			end := strings.Index(b.p[b.i+1:], ".]")
			if end < 0 {
				return false, false
			}
			b.i += 1 + end + 2
		}
	}
	return false, true
}

// inClass reports whether c is of a class of the C locale, and whether the class exists.
func inClass(name string, c byte) (in, known bool) {
	graph := c > ' ' && c < 0x7f
	alnum := isLetter(c) && c < 0x80 || isDigit(c)
	switch name {
	case "alnum":
		return alnum, true
	case "alpha":
		return isLetter(c) && c < 0x80, true
	case "blank":
		return c == ' ' || c == '\t', true
	case "cntrl":
		return c < ' ' || c == 0x7f, true
	case "digit":
		return isDigit(c), true
	case "graph":
		return graph, true
	case "lower":
		return c >= 'a' && c <= 'z', true
	case "print":
		return graph || c == ' ', true
	case "punct":
		return graph && !alnum, true
	case "space":
		return isSpace(c), true
	case "upper":
		return c >= 'A' && c <= 'Z', true
	case "xdigit":
		return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f', true
	}
	return false, false
}
