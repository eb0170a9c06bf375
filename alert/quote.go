// SPDX-License-Identifier: Apache-2.0

package alert

import "github.com/gyr-dev/gyr/internal/utftext"

const hexDigits = "0123456789abcdef"

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
		n, ok := utftext.Sequence(s[i:min(len(s), i+4)])
		if !ok {
			dst = append(append(dst, s[start:i]...), utftext.Replacement...)
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
