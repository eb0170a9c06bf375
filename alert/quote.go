// SPDX-License-Identifier: Apache-2.0

package alert

const hexDigits = "0123456789abcdef"

// replacement stands for bytes that are no UTF-8.
const replacement = "\uFFFD"

// AppendQuoted appends s as a JSON string the way Falco's JSON library writes it: control
// characters below 0x20, the quote and the backslash are escaped, all other characters
// stand for themselves, and each maximal run of bytes that begins a character but does
// not end it, or a byte that cannot begin one, becomes U+FFFD.
func AppendQuoted[T string | []byte](dst []byte, s T) []byte {
	dst = append(dst, '"')
	return append(AppendEscaped(dst, s), '"')
}

// AppendEscaped is [AppendQuoted] without the quotes around the string.
func AppendEscaped[T string | []byte](dst []byte, s T) []byte {
	start := 0 // s[start:i] is to be copied as it is
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < 0x80 {
			i++
			continue
		}
		if c < 0x80 {
			dst = append(dst, s[start:i]...)
			dst = appendEscape(dst, c)
			i++
			start = i
			continue
		}
		n, ok := sequence(s[i:min(len(s), i+4)])
		if !ok {
			dst = append(append(dst, s[start:i]...), replacement...)
			start = i + n
		}
		i += n
	}
	return append(dst, s[start:]...)
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// sequence returns the length of the UTF-8 character that s, which is not empty and does
// not begin with ASCII, begins with; if it does not begin with one, the length of the part
// that U+FFFD replaces.
func sequence[T string | []byte](s T) (n int, ok bool) {
	c := s[0]
	lo, hi := byte(0x80), byte(0xBF) // range of the second byte
	switch {
	case c < 0xC2 || c > 0xF4:
		return 1, false
	case c < 0xE0:
		n = 2
	case c < 0xF0:
		n = 3
		if c == 0xE0 {
			lo = 0xA0
		} else if c == 0xED {
			hi = 0x9F
		}
	default:
		n = 4
		if c == 0xF0 {
			lo = 0x90
		} else if c == 0xF4 {
			hi = 0x8F
		}
	}
	for i := 1; i < n; i++ {
		if i == len(s) || s[i] < lo || s[i] > hi {
			return i, false
		}
		lo, hi = 0x80, 0xBF
	}
	return n, true
}
