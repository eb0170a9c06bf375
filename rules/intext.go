// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxInText bounds how much of a text is looked through to show a place in it.
const maxInText = 1 << 16

// find returns where a place of a condition is in the file of a text that the condition was
// read from.
//
// YAML folds lines and takes indentation away, so only what is not white space is compared.
// The condition may have other text before this one (append, exceptions), and values in place
// of the names of lists; with byWord, the word at the place is enough.
func (p *place) find(cond *condPlace, byWord bool) (int, bool) {
	full := cond.text
	if cond.listed != "" {
		full = cond.listed
	}
	if cond.offset > min(maxInText, len(full)) {
		return 0, false
	}
	chars, where := p.src.characters(int(p.offset), yaml.Style(p.style))
	text, target := squeeze(full, cond.offset)
	n := min(wordLen(full, cond.offset), len(text)-target)
	if n == 0 {
		return 0, false
	}
	if byWord {
		i := wordIn(chars, text, target, n)
		if i < 0 || int(where[i]) >= p.src.textEnd(int(p.offset)) {
			return 0, false
		}
		return int(where[i]), true
	}
	i := inText(chars, full[:cond.offset], text, target, n)
	if i < 0 {
		return 0, false
	}
	return int(where[i]), true
}

// inText returns where in chars the place is that is at target in text, or -1. All from the
// beginning of chars to behind the word, of n bytes, must be in the text. before is the
// condition before the place, text all of it without white space.
func inText(chars, before, text string, target, n int) int {
	match := func(start int) bool {
		return target+n-start <= len(chars) && chars[:target+n-start] == text[start:target+n]
	}
	if match(0) {
		return target
	}
	start := target
	for i := len(before) - 1; i >= 0; i-- {
		if (before[i] == ' ' || before[i] == '(') && match(start) {
			return target - start
		}
		if !isWhite(before[i]) {
			start--
		}
	}
	return -1
}

// wordIn returns where in chars the word of n bytes is that is at target in text, behind all
// that is the same; or -1.
func wordIn(chars, text string, target, n int) int {
	same := 0
	for same < target && same < len(chars) && chars[same] == text[same] {
		same++
	}
	i := strings.Index(chars[same:], text[target:target+n])
	if i < 0 {
		return -1
	}
	return same + i
}

// textEnd returns about where the text that begins at an offset ends: before the first line
// that is not indented more than the line of its key.
func (s *source) textEnd(at int) int {
	line := s.position(at).line
	indent := func(s string) int { return len(s) - len(strings.TrimLeft(s, "- ")) }
	least := indent(s.line(line))
	for line++; line < len(s.lines); line++ {
		if l := s.line(line); strings.TrimSpace(l) != "" && indent(l) <= least {
			return int(s.lines[line])
		}
	}
	return len(s.content)
}

// wordLen is the length of the word at an offset, behind white space; a sign is a word.
func wordLen(s string, offset int) int {
	s = strings.TrimLeft(s[min(offset, len(s)):], " \t\r\n")
	n := strings.IndexAny(s, " \t\r\n()=,\"'")
	if n < 0 {
		n = len(s)
	}
	return max(n, min(len(s), 1))
}

// squeeze takes white space out of s and returns where the offset is then.
func squeeze(s string, offset int) (string, int) {
	if len(s) > offset+maxInText {
		s = s[:offset+maxInText]
	}
	b := make([]byte, 0, len(s))
	at := -1
	for i := range len(s) {
		if i == offset {
			at = len(b)
		}
		if !isWhite(s[i]) {
			b = append(b, s[i])
		}
	}
	if at < 0 {
		at = len(b)
	}
	return string(b), at
}

func isWhite(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// characters returns the text that begins at an offset, without white space, and where each
// byte of it is. What follows the text may be there, too.
func (s *source) characters(at int, style yaml.Style) (string, []int32) {
	rest := s.content[min(at, len(s.content)):]
	i := 0
	for i < len(rest) && (rest[i] == '&' || rest[i] == '!') { // anchors and tags
		i += len(rest[i:]) - len(strings.TrimLeft(strings.TrimLeft(rest[i:], "^ \t\r\n&!"), " \t\r\n"))
	}
	var quote byte
	switch {
	case style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 && i < len(rest):
		quote = rest[i]
		i++
	case style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		head, _, _ := strings.Cut(rest[i:], "\n")
		i += len(head)
	}
	var chars []byte
	var where []int32
	for i < len(rest) && len(chars) < maxInText {
		c, n := rest[i:i+1], 1
		switch {
		case quote == '"' && c == "\\":
			c, n = unescape(rest[i:])
		case quote != 0 && c[0] == quote:
			if quote == '"' || !strings.HasPrefix(rest[i+1:], "'") {
				return string(chars), where
			}
			n = 2
		}
		for k := range len(c) {
			if !isWhite(c[k]) {
				chars = append(chars, c[k])
				where = append(where, int32(at+i))
			}
		}
		i += n
	}
	return string(chars), where
}

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
