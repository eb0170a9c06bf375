// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"strings"
	"unicode/utf8"
)

// lexer reads tokens at a position of the text. There is no token stream: what a byte
// sequence is depends on what the grammar expects, as it does in Falco.
//
// Every method that reads a token either consumes it, sets last and returns true, or
// leaves the position alone and returns false.
type lexer struct {
	text string
	pos  Pos
	// last is the text of the last token, for error messages, and unescaped if quoted.
	last string
	// hex says that \xHH in quotes is a byte.
	hex bool
}

func (l *lexer) rest() string { return l.text[l.pos.Offset:] }

// advance moves n bytes forward.
func (l *lexer) advance(n int) {
	s := l.rest()[:n]
	for i := 0; i < len(s); i++ {
		l.pos.Column++
		if s[i] == '\n' || s[i] == '\r' {
			l.pos.Column = 1
			l.pos.Line++
		}
	}
	l.pos.Offset += n
}

// token consumes n bytes as a token, if n is not 0.
func (l *lexer) token(n int) bool {
	if n == 0 {
		return false
	}
	l.last = l.rest()[:n]
	l.advance(n)
	return true
}

// blank skips blanks and reports whether there were any.
func (l *lexer) blank() bool {
	s := l.rest()
	n := 0
	for n < len(s) && isBlank(s[n]) {
		n++
	}
	l.advance(n)
	return n > 0
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\b' || c == '\r' || c == '\n' }

// isSpace is the class that ends bare words; it differs from isBlank.
func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }

// str consumes exactly s.
func (l *lexer) str(s string) bool {
	if !strings.HasPrefix(l.rest(), s) {
		return false
	}
	return l.token(len(s))
}

// word consumes a keyword that a blank must follow, and the blanks.
func (l *lexer) word(s string) bool {
	pos, last := l.pos, l.last
	if l.str(s) {
		if l.blank() {
			return true
		}
		l.pos, l.last = pos, last
	}
	return false
}

// notBlank consumes "not" and the space behind it.
func (l *lexer) notBlank() bool {
	s := l.rest()
	if !strings.HasPrefix(s, "not") {
		return false
	}
	n := 3
	for n < len(s) && isSpace(s[n]) {
		n++
	}
	if n == 3 {
		return false
	}
	return l.token(n)
}

func (l *lexer) identifier() bool { return l.token(lenIdent(l.rest())) }

func (l *lexer) fieldName() bool { return l.token(lenField(l.rest())) }

func (l *lexer) bareArg() bool { return l.token(lenArg(l.rest())) }

func (l *lexer) bareString() bool { return l.token(lenBare(l.rest())) }

func (l *lexer) number() bool {
	n := lenHex(l.rest())
	if n == 0 {
		n = lenNumber(l.rest())
	}
	return l.token(n)
}

func lenIdent(s string) int {
	if s == "" || !isLetter(s[0]) {
		return 0
	}
	n := 1
	for n < len(s) && isWord(s[n]) {
		n++
	}
	return n
}

// lenField is the length of identifiers joined by dots, two or more.
func lenField(s string) int {
	n := lenIdent(s)
	dots := 0
	for n > 0 && n < len(s) && s[n] == '.' {
		k := lenIdent(s[n+1:])
		if k == 0 {
			break
		}
		n += 1 + k
		dots++
	}
	if dots == 0 {
		return 0
	}
	return n
}

func lenHex(s string) int {
	if len(s) < 3 || s[0] != '0' || s[1]|0x20 != 'x' {
		return 0
	}
	n := 2
	for n < len(s) && (isDigit(s[n]) || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'f') {
		n++
	}
	if n == 2 {
		return 0
	}
	return n
}

func lenNumber(s string) int {
	n := 0
	if n < len(s) && (s[n] == '+' || s[n] == '-') {
		n++
	}
	digits := lenDigits(s[n:])
	if digits == 0 {
		return 0
	}
	n += digits
	if n < len(s) && s[n] == '.' {
		n++
		n += lenDigits(s[n:])
	}
	// The exponent needs a sign.
	if n+2 < len(s) && s[n]|0x20 == 'e' && (s[n+1] == '+' || s[n+1] == '-') {
		if k := lenDigits(s[n+2:]); k > 0 {
			n += 2 + k
		}
	}
	return n
}

func lenDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// lenArg is the length of a field argument that needs no quotes.
func lenArg(s string) int { return lenUntil(s, `[]"'`) }

// lenBare is the length of a value that needs no quotes.
func lenBare(s string) int { return lenUntil(s, `()"'=,`) }

// lenUntil is the length of the text before a space, one of stop, or a byte that is not UTF-8.
func lenUntil(s, stop string) int {
	n := 0
	for n < len(s) {
		c := s[n]
		if c < utf8.RuneSelf {
			if isSpace(c) || strings.IndexByte(stop, c) >= 0 {
				break
			}
			n++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}

// quoted consumes a quoted string and unescapes it. Where the closing quote is missing it
// returns false but leaves what it saw in last. An escape that does not exist is an error.
//
// A quote behind a backslash never closes the string, even if the backslash is itself
// escaped.
func (l *lexer) quoted() (bool, error) {
	s := l.rest()
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return false, nil
	}
	for i := 1; i < len(s) && s[i] != 0; i++ {
		if s[i] != s[0] || s[i-1] == '\\' {
			continue
		}
		l.advance(i + 1)
		text, msg := unescape(s[1:i], s[0], l.hex)
		if msg != "" {
			l.last = s[:i+1]
			return false, &Error{l.pos, msg}
		}
		l.last = text
		return true, nil
	}
	if nul := strings.IndexByte(s, 0); nul >= 0 {
		s = s[:nul]
	}
	l.last = s
	return false, nil
}

// unescape resolves the escapes of a string between quotes; hex allows \xHH.
func unescape(s string, quote byte, hex bool) (text, complaint string) {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s, ""
	}
	b := make([]byte, 0, len(s))
	for {
		b = append(b, s[:i]...)
		if i+1 >= len(s) {
			return string(b), ""
		}
		s = s[i+1:]
		c, size, msg := s[0], 1, ""
		if hex && c == 'x' {
			size = 3
			c, msg = unescapeHex(s[1:])
		} else {
			c, msg = unescapeByte(c, quote)
		}
		if msg != "" {
			return "", msg
		}
		b = append(b, c)
		s = s[size:]
		if i = strings.IndexByte(s, '\\'); i < 0 {
			return string(append(b, s...)), ""
		}
	}
}

// unescapeHex reads the two digits that s must begin with.
func unescapeHex(s string) (byte, string) {
	if len(s) < 2 {
		return 0, "truncated hex char escape sequence"
	}
	high, low := hexValue(s[0]), hexValue(s[1])
	if high > 15 || low > 15 {
		return 0, "invalid hex char escape sequence: " + s[:2]
	}
	return high<<4 | low, ""
}

// hexValue is the value of a digit, or more than 15.
func hexValue(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return (c | 0x20) - 'a' + 10
	}
	return 255
}

func unescapeByte(c, quote byte) (byte, string) {
	switch c {
	case 'b':
		return '\b', ""
	case 'f':
		return '\f', ""
	case 'n':
		return '\n', ""
	case 'r':
		return '\r', ""
	case 't':
		return '\t', ""
	case ' ', '\\': // backslash and blank is a backslash, for old rules
		return '\\', ""
	case '/':
		return '/', ""
	case '"':
		if quote != '"' {
			return 0, `invalid \" escape in '-quoted string`
		}
		return '"', ""
	case '\'':
		if quote != '\'' {
			return 0, `invalid \' escape in "-quoted string`
		}
		return '\'', ""
	}
	return 0, `unsupported string escape sequence: \` + string([]byte{c})
}
