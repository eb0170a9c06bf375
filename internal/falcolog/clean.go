// SPDX-License-Identifier: Apache-2.0

package falcolog

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean escapes (\x1b) all characters that control a terminal or change the text direction,
// and bytes that are not valid UTF-8. File names and texts of plugins are untrusted input
// that must not control the terminal. Line breaks and tabs are kept.
func Clean(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, harmful) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case !harmful(r):
			b.WriteString(text[i : i+n])
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += n
	}
	return b.String()
}

func harmful(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}
