// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	f := func(width int, in, want string) {
		t.Helper()
		var b bytes.Buffer
		if n, err := fmt.Fprint(Fold(&b, width), in); n != len(in) || err != nil {
			t.Errorf("wrote %d of %d bytes: %v", n, len(in), err)
		}
		if b.String() != want {
			t.Errorf("width %d:\n%s\nwant:\n%s", width, b.String(), want)
		}
	}
	f(0, "a long line that stays as it is because nobody knows a width\n", "a long line that stays as it is because nobody knows a width\n")
	f(40, "short\n\nlines\n", "short\n\nlines\n")
	f(20, "one two three four five six seven\n", "one two three four\n  five six seven\n")
	f(20, "  one two three four five six seven\n", "  one two three four\n    five six seven\n")
	f(30, "name     what it is, in so many words\n", "name     what it is, in so\n         many words\n")
	f(30, "a-rather-long-name     what it is, in so many words\n", "a-rather-long-name\n  what it is, in so many words\n")
	f(30, "  -o, --option key=value       Set a key=value; may be repeated\n", "  -o, --option key=value\n    Set a key=value; may be\n    repeated\n")
	f(20, "averyveryverylongwordthatfitsnowhere and more\n", "averyveryverylongwordthatfitsnowhere\n  and more\n")
	f(20, "größer größer größer größer\n", "größer größer größer\n  größer\n")
	f(20, "a line without its end that is long", "a line without its end that is long")
	f(20, "\x1b[31mone two three four\x1b[0m\n", "\x1b[31mone two three four\x1b[0m\n") // colours have no width
	f(20, "\x1b[31mone two three four five\x1b[0m\n", "\x1b[31mone two three four\n  five\x1b[0m\n")
	f(5, "one two three four five six seven\n", "one two three four\n  five six seven\n") // not narrower than 20
}

// FuzzFold: no line is longer than the width unless it is one word with its indentation,
// and all words are there, in their order.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "a b c", "  a  b  c d e f g h i j k l m n o p", "x\n\n  y      z z z z z z z z z z z z z z z\n"} {
		f.Add(s, 20)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		if width <= 0 || width > 200 || !utf8.ValidString(s) {
			return
		}
		s += "\n"
		var b bytes.Buffer
		if _, err := Fold(&b, width).Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.FieldsFunc(b.String(), space), strings.FieldsFunc(s, space); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("words of %q are %q", s, got)
		}
		for line := range strings.Lines(b.String()) {
			if n := visible(strings.TrimSuffix(line, "\n")); n > max(width, 20) && strings.Contains(strings.Trim(line, " \n"), " ") {
				t.Fatalf("width %d: line %q of %q", width, line, s)
			}
		}
	})
}

func space(r rune) bool { return r == ' ' || r == '\n' }
