// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Falco's YAML library takes any bytes: what is not UTF-8 (a file in Latin-1, say) and control
// characters stay as they are. The library here refuses them. So for parsing each is replaced
// by a character that the file does not have, one for one, and put back into the nodes.

const bom = "\uFEFF"

// decode returns a file as UTF-8, without a byte order mark. Only a mark says that a file is
// UTF-16.
func decode(content string) string {
	var order binary.ByteOrder
	switch {
	case strings.HasPrefix(content, "\xff\xfe"):
		order = binary.LittleEndian
	case strings.HasPrefix(content, "\xfe\xff"):
		order = binary.BigEndian
	default:
		return strings.TrimPrefix(content, bom)
	}
	content = content[2:]
	units := make([]uint16, len(content)/2)
	for i := range units {
		units[i] = order.Uint16([]byte(content[2*i : 2*i+2]))
	}
	return string(utf16.Decode(units))
}

// endMarks are characters at which Falco's YAML library may end a file; neither makes sense
// in one.
const endMarks = "\x00\x04"

// substitutes says which characters stand for those that the YAML library refuses: base + b
// for the byte b, and base + 0x100 + c for the control character c. The zero value is for
// texts that have none of them.
type substitutes struct{ base rune }

// The private planes of Unicode, in blocks that are large enough.
const (
	privatePlanes = 0xF0000
	blockSize     = 0x200
	blocks        = (utf8.MaxRune + 1 - privatePlanes) / blockSize
)

// freeBlock returns the first character of a block that the text has none of, or 0.
func freeBlock(text string) rune {
	var used [blocks]bool
	for _, r := range text {
		if r >= privatePlanes {
			used[(r-privatePlanes)/blockSize] = true
		}
	}
	for i := blocks - 1; i >= 0; i-- {
		if !used[i] {
			return rune(privatePlanes + i*blockSize)
		}
	}
	return 0
}

// substitute returns a text that the YAML library takes. A text that uses all of Unicode's
// private blocks stays as it is, and is refused then.
func substitute(text string) (string, substitutes) {
	if !needsSubstitutes(text) {
		return text, substitutes{}
	}
	base := freeBlock(text)
	if base == 0 {
		return text, substitutes{}
	}
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b.WriteRune(base + rune(text[i]))
		case isRefused(r):
			b.WriteRune(base + 0x100 + r&0xff)
		default:
			b.WriteString(text[i : i+n])
		}
		i += n
	}
	return b.String(), substitutes{base}
}

func needsSubstitutes(text string) bool {
	return !utf8.ValidString(text) || strings.IndexFunc(text, isRefused) >= 0
}

// isRefused reports whether the YAML library refuses a character.
func isRefused(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

func hasBetween(text string, from, to rune) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= from && r < to }) >= 0
}

// text puts the original characters back.
func (s substitutes) text(v string) string {
	if s.base == 0 || !hasBetween(v, s.base, s.base+blockSize) {
		return v
	}
	b := make([]byte, 0, len(v))
	for _, r := range v {
		switch c := r - s.base; {
		case c < 0 || c >= blockSize:
			b = utf8.AppendRune(b, r)
		case c < 0x100:
			b = append(b, byte(c))
		case c >= 0x1FE: // U+FFFE and U+FFFF
			b = utf8.AppendRune(b, 0xFE00+c)
		default:
			b = append(b, byte(c-0x100))
		}
	}
	return string(b)
}

// node puts the original characters back into a node and those below it.
func (s substitutes) node(n *yaml.Node) {
	if s.base == 0 {
		return
	}
	n.Value = s.text(n.Value)
	for _, kid := range n.Content {
		s.node(kid)
	}
}
