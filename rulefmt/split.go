// SPDX-License-Identifier: Apache-2.0

package rulefmt

import "strings"

// split returns the operands of a condition's outermost "or", or else "and", each with the
// keyword before it, and one blank where there were several. It returns nil for a condition with
// a line break within quotes.
func split(condition string) []string {
	s := splitter{text: condition}
	s.scan()
	if s.broken {
		return nil
	}
	cuts := s.ors
	if len(cuts) == 0 {
		cuts = s.ands
	}
	text := string(s.out)
	var parts []string
	for i := len(cuts) - 1; i >= 0; i-- {
		parts = append(parts, strings.TrimSpace(text[cuts[i]:]))
		text = text[:cuts[i]]
	}
	if text = strings.TrimSpace(text); text != "" {
		parts = append(parts, text)
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return parts
}

// splitter copies a condition and finds the keywords outside of parentheses.
type splitter struct {
	text      string
	out       []byte
	ands, ors []int // where keywords begin in out
	broken    bool
}

func (s *splitter) scan() {
	depth, bracket := 0, false
	for i := 0; i < len(s.text) && !s.broken; {
		c := s.text[i]
		switch {
		case c == '"' || c == '\'':
			i = s.quoted(i)
			continue
		case strings.IndexByte(" \t\r\n", c) >= 0:
			if len(s.out) > 0 && s.out[len(s.out)-1] != ' ' {
				s.out = append(s.out, ' ')
			}
			i++
			continue
		case bracket:
			bracket = c != ']'
		case c == '[':
			bracket = true
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && s.keyword(i, "and"):
			s.ands = append(s.ands, len(s.out))
		case depth == 0 && s.keyword(i, "or"):
			s.ors = append(s.ors, len(s.out))
		}
		s.out = append(s.out, c)
		i++
	}
}

// quoted copies a quoted text, which ends at the quote that no backslash stands before.
func (s *splitter) quoted(i int) int {
	end := i + 1
	for end < len(s.text) && (s.text[end] != s.text[i] || s.text[end-1] == '\\') {
		end++
	}
	if end == len(s.text) || strings.ContainsAny(s.text[i:end], "\r\n") {
		s.broken = true
		return end
	}
	s.out = append(s.out, s.text[i:end+1]...)
	return end + 1
}

// keyword reports whether a word stands at i, with nothing before and behind that belongs to it.
func (s *splitter) keyword(i int, word string) bool {
	rest, found := strings.CutPrefix(s.text[i:], word)
	if !found || rest == "" || strings.IndexByte(" \t\r\n(", rest[0]) < 0 || len(s.out) == 0 {
		return false
	}
	before := s.out[len(s.out)-1]
	return before == ' ' || before == ')' || before == '"' || before == '\''
}
