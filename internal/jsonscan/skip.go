// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// The functions in this file take a start position and return the position after what they
// skip. If the text ends first or is not valid JSON they return ^pos of the error, a negative
// number.

const (
	ones      = 0x0101010101010101
	highs     = 0x8080808080808080
	quotes    = '"' * ones
	backslash = '\\' * ones
)

// firstOf sets the high bit of the first byte in w that equals the byte repeated in pattern.
// Higher bits are undefined, lower bits are zero.
func firstOf(w, pattern uint64) uint64 {
	x := w ^ pattern
	return (x - ones) &^ x & highs
}

// quoteIn16 returns the position of the first quote in the first 16 bytes of b, 16 or more if
// there is none. It is the hot spot of every scan and has no branches, because string lengths
// are unpredictable.
func quoteIn16(b []byte) int {
	low := firstOf(binary.LittleEndian.Uint64(b), quotes)
	high := firstOf(binary.LittleEndian.Uint64(b[8:]), quotes)
	at := 0
	if low == 0 {
		low, at = high, 8
	}
	return at + bits.TrailingZeros64(low)>>3
}

// skipString skips the string that starts at data[i] == '"'.
func skipString(data []byte, i int) int {
	for p := i + 1; p+16 <= len(data); p += 16 {
		if k := quoteIn16(data[p : p+16]); k < 16 {
			if data[p+k-1] != '\\' {
				return p + k + 1
			}
			break
		}
	}
	return skipLong(data, i)
}

// skipLong is skipString for long strings, strings with escapes and strings near the end.
func skipLong(data []byte, i int) int {
	for p := i + 1; ; p++ {
		k := bytes.IndexByte(data[p:], '"')
		if k < 0 {
			return ^len(data)
		}
		if p += k; evenBackslashes(data, p) {
			return p + 1
		}
	}
}

// evenBackslashes reports whether the quote at data[q] ends its string: it is preceded by an
// even number of backslashes.
func evenBackslashes(data []byte, q int) bool {
	p := q
	for data[p-1] == '\\' {
		p--
	}
	return (q-p)&1 == 0
}

// skipSpace returns the position of the first byte that is not white space, or len(data).
func skipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r') {
		i++
	}
	return i
}

// skipNested returns the position after the closing bracket of the given depth. data[i] is
// inside. It counts brackets of both kinds alike.
func skipNested(data []byte, i, depth int) int {
next:
	for i < len(data) {
		c := data[i]
		if c == '"' {
			// skipString inlined by hand; it is too large for the compiler to inline.
			for p := i + 1; p+16 <= len(data); p += 16 {
				if k := quoteIn16(data[p : p+16]); k < 16 {
					if data[p+k-1] != '\\' {
						i = p + k + 1
						continue next
					}
					break
				}
			}
			if i = skipLong(data, i); i < 0 {
				return i
			}
			continue
		}
		if c |= 0x20; c == '{' { // or [
			depth++
		} else if c == '}' { // or ]
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return ^len(data)
}

// skipScalar skips a number, true, false or null without validating it. It skips at least one
// byte.
func skipScalar(data []byte, i int) int {
	start := i
	for i < len(data) && scalar[data[i]] {
		i++
	}
	if i == start {
		return ^i
	}
	return i
}

// scalar marks the bytes of numbers and literals.
var scalar = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.'
	}
	return t
}()

// skipValue skips the value at i.
func skipValue(data []byte, i int) int {
	if i >= len(data) {
		return ^i
	}
	switch c := data[i]; {
	case c == '"':
		return skipString(data, i)
	case c|0x20 == '{':
		return skipNested(data, i+1, 1)
	default:
		return skipScalar(data, i)
	}
}

// scalarKind returns the kind of the scalar b, Absent if it is not valid JSON.
func scalarKind(b []byte) Kind {
	switch string(b) {
	case "true":
		return True
	case "false":
		return False
	case "null":
		return Null
	}
	if isNumber(b) {
		return Number
	}
	return Absent
}

// isNumber reports whether b is a JSON number.
func isNumber(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte{'-'})
	rest := digits(b)
	if len(rest) == len(b) || b[0] == '0' && len(b)-len(rest) > 1 {
		return false
	}
	b = rest
	if len(b) > 0 && b[0] == '.' {
		if rest = digits(b[1:]); len(rest) == len(b)-1 {
			return false
		}
		b = rest
	}
	if len(b) > 0 && b[0]|0x20 == 'e' {
		b = b[1:]
		if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if rest = digits(b); len(rest) == len(b) {
			return false
		}
		b = rest
	}
	return len(b) == 0
}

// digits returns b without its leading decimal digits.
func digits(b []byte) []byte {
	for len(b) > 0 && b[0]-'0' <= 9 {
		b = b[1:]
	}
	return b
}

// SkipSpace returns the position of the first byte at or after i that is not white space, or
// len(data).
func SkipSpace(data []byte, i int) int { return skipSpace(data, i) }

// SkipValue returns the position after the value that starts at data[i]. It only tracks strings
// and brackets. If ok is false, end is as in [Set.ScanValue]. A number or literal at the end of
// data may be incomplete.
func SkipValue(data []byte, i int) (end int, ok bool) { return result(skipValue(data, i)) }

func result(i int) (end int, ok bool) {
	if i < 0 {
		return ^i, false
	}
	return i, true
}
