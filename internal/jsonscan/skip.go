// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// The functions here take the position of something and return the position behind it,
// or a negative number if the text ends first or is not JSON: ^pos of the damage.

const (
	ones      = 0x0101010101010101
	highs     = 0x8080808080808080
	quotes    = '"' * ones
	backslash = '\\' * ones
)

// firstOf has the high bit set in the first byte of w that equals the byte repeated in
// pattern. Bits above that are meaningless, bits below are zero.
func firstOf(w, pattern uint64) uint64 {
	x := w ^ pattern
	return (x - ones) &^ x & highs
}

// quoteIn16 returns the position of the first quote in the first 16 bytes of b, 16 or more
// if there is none. It is the heart of every scan: without a branch, because the lengths of
// strings are what a processor cannot predict.
func quoteIn16(b []byte) int {
	low := firstOf(binary.LittleEndian.Uint64(b), quotes)
	high := firstOf(binary.LittleEndian.Uint64(b[8:]), quotes)
	at := 0
	if low == 0 {
		low, at = high, 8
	}
	return at + bits.TrailingZeros64(low)>>3
}

// skipString returns the position behind the string that starts at data[i] == '"'.
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

// skipLong is skipString for long strings, strings with escapes, and those at the end.
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

// evenBackslashes reports whether the quote at data[q] ends its string: the backslashes
// before it are all escaped by each other. They end at the string's own quote.
func evenBackslashes(data []byte, q int) bool {
	p := q
	for data[p-1] == '\\' {
		p--
	}
	return (q-p)&1 == 0
}

// skipSpace returns the position of the first byte that is no white space. Where there
// is none before the end it returns len(data).
func skipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r') {
		i++
	}
	return i
}

// skipNested returns the position behind the closing bracket that ends the given depth.
// data[i] is inside. Brackets are counted, whatever their shape.
func skipNested(data []byte, i, depth int) int {
next:
	for i < len(data) {
		c := data[i]
		if c == '"' {
			// As skipString, which is too large for the compiler to have it here.
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

// skipScalar returns the position behind a number, true, false or null without a look
// at what it is. It is at least one byte long.
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

// scalar has the bytes of numbers and literals.
var scalar = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.'
	}
	return t
}()

// skipValue returns the position behind the value at i.
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

// scalarKind returns the kind of the scalar text b, Absent if it is no JSON.
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

// isNumber reports whether b is a number of JSON.
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

// digits returns b without the decimal digits that it starts with.
func digits(b []byte) []byte {
	for len(b) > 0 && b[0]-'0' <= 9 {
		b = b[1:]
	}
	return b
}

// SkipSpace returns the position of the first byte at or after i that is not white space,
// len(data) if there is none.
func SkipSpace(data []byte, i int) int { return skipSpace(data, i) }

// SkipValue returns the position behind the value that starts at data[i], having looked at
// nothing but its strings and brackets. Without ok, end is as that of [Set.ScanValue]. A
// number or literal at the end of data may be only the first part of one.
func SkipValue(data []byte, i int) (end int, ok bool) { return result(skipValue(data, i)) }

func result(i int) (end int, ok bool) {
	if i < 0 {
		return ^i, false
	}
	return i, true
}
