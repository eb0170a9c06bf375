// SPDX-License-Identifier: Apache-2.0

// Package utftext deals with text that may not be UTF-8: each maximal subpart that is broken
// counts as U+FFFD, as the Unicode standard recommends (3.9, substitution of maximal
// subparts) and as Falco's JSON library and its operator regex do.
package utftext

import "unicode/utf8"

// Replacement stands for bytes that are no UTF-8.
const Replacement = string(utf8.RuneError)

// Sequence returns the length of the character that s, which is not empty and does not begin
// with ASCII, begins with; if it does not begin with one, the length of the part that
// [Replacement] stands for: a run of bytes that begins a character but does not end it, or a
// byte that cannot begin one.
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

// RepairedLen returns the length of s when it is repaired.
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

// AppendRepaired appends s with [Replacement] for what is no UTF-8.
func AppendRepaired(dst []byte, s string) []byte {
	start := 0 // s[start:i] is to be copied as it is
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
