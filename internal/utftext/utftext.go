// SPDX-License-Identifier: Apache-2.0

// Package utftext handles text that may not be valid UTF-8. Each maximal invalid subpart counts
// as U+FFFD, as the Unicode standard recommends (3.9, substitution of maximal subparts) and as
// Falco's JSON library and regex operator do.
package utftext

import "unicode/utf8"

// Replacement replaces bytes that are not valid UTF-8.
const Replacement = string(utf8.RuneError)

// Sequence returns the length of the first character of s, which must not be empty or start
// with ASCII. If s does not start with a valid character, ok is false and n is the length of the
// part to replace by [Replacement]: an incomplete character, or a byte that cannot start one.
func Sequence[T string | []byte](s T) (n int, ok bool) {
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

// RepairedLen returns the length of s after AppendRepaired.
func RepairedLen(s string) int {
	size := 0
	for i := 0; i < len(s); {
		n, ok := 1, true
		if s[i] >= utf8.RuneSelf {
			n, ok = Sequence(s[i:])
		}
		if ok {
			size += n
		} else {
			size += len(Replacement)
		}
		i += n
	}
	return size
}

// AppendRepaired appends s, with invalid UTF-8 replaced by [Replacement].
func AppendRepaired(dst []byte, s string) []byte {
	start := 0 // s[start:i] is copied unchanged
	for i := 0; i < len(s); {
		n, ok := 1, true
		if s[i] >= utf8.RuneSelf {
			n, ok = Sequence(s[i:])
		}
		if !ok {
			dst = append(append(dst, s[start:i]...), Replacement...)
			start = i + n
		}
		i += n
	}
	return append(dst, s[start:]...)
}
