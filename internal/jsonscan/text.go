// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gyr-dev/gyr/event"
)

// AppendUnescaped appends the content of a string with its escapes resolved. Half a surrogate
// pair becomes U+FFFD; invalid escapes are kept. It appends at most len(s) bytes. dst may start
// where s starts.
func AppendUnescaped(dst, s []byte) []byte {
	for {
		k := bytes.IndexByte(s, '\\')
		if k < 0 || k+1 == len(s) {
			return append(dst, s...)
		}
		dst = append(dst, s[:k]...)
		c := s[k+1]
		switch c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r := hex4(s[k+2:])
			if r < 0 {
				dst = append(dst, '\\', 'u')
				break
			}
			s = s[k+6:]
			if utf16.IsSurrogate(r) {
				low := rune(-1)
				if len(s) >= 6 && s[0] == '\\' && s[1] == 'u' {
					low = hex4(s[2:])
				}
				if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
					s = s[6:]
				}
			}
			dst = utf8.AppendRune(dst, r)
			continue
		default:
			dst = append(dst, '\\', c)
		}
		s = s[k+2:]
	}
}

// hex4 parses the four hexadecimal digits at the start of s. It returns -1 if there are none.
func hex4(s []byte) rune {
	if len(s) < 4 {
		return -1
	}
	var r rune
	for _, c := range s[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// Compact returns JSON text without white space between tokens: raw itself if there is none,
// else a copy in mem. Strings and numbers are not changed.
func Compact(raw []byte, mem *event.Arena) []byte {
	i := firstSpace(raw, 0)
	if i == len(raw) {
		return raw
	}
	dst := append(mem.Bytes(len(raw))[:0], raw[:i]...)
	for i < len(raw) {
		i = skipSpace(raw, i)
		end := firstSpace(raw, i)
		dst = append(dst, raw[i:end]...)
		i = end
	}
	return dst
}

// firstSpace returns the position of the first white space outside strings, or len(raw).
func firstSpace(raw []byte, i int) int {
	for i < len(raw) {
		switch raw[i] {
		case ' ', '\n', '\t', '\r':
			return i
		case '"':
			if i = skipString(raw, i); i < 0 {
				return len(raw)
			}
		default:
			i++
		}
	}
	return i
}

// AppendIndent appends JSON text with one member or element per line, indented by two spaces
// per level, like encoding/json.Indent. src must be valid.
func AppendIndent(dst, src []byte) []byte {
	depth := 0
	for i := skipSpace(src, 0); i < len(src); {
		c := src[i]
		switch c {
		case ' ', '\n', '\t', '\r':
			i++
			continue
		case '"':
			end := skipString(src, i)
			if end < 0 {
				end = len(src)
			}
			dst = append(dst, src[i:end]...)
			i = end
			continue
		case '{', '[':
			dst = append(dst, c)
			if i = skipSpace(src, i+1); i < len(src) && (src[i] == '}' || src[i] == ']') {
				dst = append(dst, src[i])
				i++
				continue
			}
			depth++
			dst = appendLine(dst, depth)
			continue
		case '}', ']':
			depth--
			dst = append(appendLine(dst, depth), c)
		case ',':
			dst = appendLine(append(dst, c), depth)
		case ':':
			dst = append(dst, ": "...)
		default:
			dst = append(dst, c)
		}
		i++
	}
	return dst
}

func appendLine(dst []byte, depth int) []byte {
	dst = append(dst, '\n')
	for range depth {
		dst = append(dst, "  "...)
	}
	return dst
}

// trimNUL returns data without trailing zero bytes.
func trimNUL(data []byte) []byte { return bytes.TrimRight(data, "\x00") }
