// SPDX-License-Identifier: Apache-2.0

package utftext

import (
	"testing"
	"unicode/utf8"
)

func TestAppendRepaired(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		got := string(AppendRepaired([]byte("> "), in))
		if got != "> "+want {
			t.Errorf("%q becomes %q, want %q", in, got[2:], want)
		}
		if n := RepairedLen(in); n != len(want) {
			t.Errorf("%q: length %d, want %d", in, n, len(want))
		}
	}
	f("", "")
	f("plain é☃😀 \x00\x01\x7f\u0085\ufffe\ufffd", "plain é☃😀 \x00\x01\x7f\u0085\ufffe\ufffd")
	f("a\xffb", "a\uFFFDb")
	f("\x80\xbf", "\uFFFD\uFFFD")
	f("a\xc0\x80b", "a\uFFFD\uFFFDb")
	f("a\xc3", "a\uFFFD")
	f("a\xc3b", "a\uFFFDb")
	f("\xe2\x98", "\uFFFD")
	f("\xe2\x98x", "\uFFFDx")
	f("\xe2(\x98", "\uFFFD(\uFFFD")
	f("\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD") // a surrogate
	f("\xe0\x80\x80", "\uFFFD\uFFFD\uFFFD") // overlong
	f("\xf0\x9f\x98", "\uFFFD")
	f("\xf0\x9f\x98\xf0\x9f\x98\x80", "\uFFFD😀")
	f("\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD")
	f("\xf5\xf8\xfe", "\uFFFD\uFFFD\uFFFD")
}

// FuzzRepaired: the result is UTF-8 and stays as it is; text that is UTF-8 is not changed;
// characters that are whole are all kept, in their order.
func FuzzRepaired(f *testing.F) {
	for _, s := range []string{"a\xffb", "\xed\xa0\x80", "é\xe2\x98☃", "\xf0\x9f\x98\xf0\x9f\x98\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := string(AppendRepaired(nil, s))
		if !utf8.ValidString(got) || len(got) != RepairedLen(s) {
			t.Fatalf("%q becomes %q", s, got)
		}
		if again := string(AppendRepaired(nil, got)); again != got {
			t.Fatalf("%q becomes %q and then %q", s, got, again)
		}
		if utf8.ValidString(s) && got != s {
			t.Fatalf("%q becomes %q", s, got)
		}
		var kept []rune
		for i, r := range s { // each broken byte is one RuneError
			if _, n := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || n > 1 {
				kept = append(kept, r)
			}
		}
		for _, r := range got {
			if len(kept) > 0 && r == kept[0] {
				kept = kept[1:]
			} else if r != utf8.RuneError {
				t.Fatalf("%q becomes %q, with %q in it", s, got, r)
			}
		}
		if len(kept) > 0 {
			t.Fatalf("%q becomes %q, without %q", s, got, string(kept))
		}
	})
}
