// SPDX-License-Identifier: Apache-2.0

package template

import (
	"unicode/utf8"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/internal/utftext"
)

// printable makes v what outputs show of the text that a plugin gives for an event
// ([fields.Field.Printable]): control characters, code points that are no characters, and
// what is not UTF-8 become U+FFFD each, as in Falco 0.44. Conditions see the text as it is.
func printable(v event.Value, env *filter.Env) event.Value {
	bad := 0
	for i := 0; i < len(v.Str); {
		n, ok := printableAt(v.Str[i:])
		if !ok {
			bad++
		}
		i += n
	}
	if bad == 0 || !v.Present {
		return v
	}
	buf := env.Arena.Bytes(len(v.Str) + bad*utf8.UTFMax)[:0]
	for i := 0; i < len(v.Str); {
		n, ok := printableAt(v.Str[i:])
		if ok {
			buf = append(buf, v.Str[i:i+n]...)
		} else {
			buf = utf8.AppendRune(buf, utf8.RuneError)
		}
		i += n
	}
	v.Str = event.String(buf)
	return v
}

// printableAt returns the length of the first character of s, or of the bytes that one
// U+FFFD stands for, and whether it is shown.
func printableAt(s string) (n int, ok bool) {
	if c := s[0]; c < utf8.RuneSelf {
		return 1, c >= 0x20 && c != 0x7f
	}
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 {
		n, _ = utftext.Sequence(s)
		return n, false
	}
	switch {
	case r <= 0x9f, r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
		return n, false
	}
	return n, true
}
