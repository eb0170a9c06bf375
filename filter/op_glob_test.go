// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestGlob(t *testing.T) {
	f := func(pattern, text string, want bool) {
		t.Helper()
		if got := newGlob(pattern, false).match(text); got != want {
			t.Errorf("glob %q on %q: got %v, want %v", pattern, text, got, want)
		}
		if got := globPair(pattern, text, false); got != want {
			t.Errorf("glob val %q on %q: got %v, want %v", pattern, text, got, want)
		}
	}
	f("", "", true)
	f("", "a", false)
	f("a", "a", true)
	f("*", "", true)
	f("*", "/a/b", true)
	f("**", "x", true)
	f("a*", "abc", true)
	f("a*", "ba", false)
	f("*c", "abc", true)
	f("*b*", "abc", true)
	f("*b*", "ac", false)
	f("a*c*e", "abcde", true)
	f("a*c*e", "abcd", false)
	f("/etc/*", "/etc/a/b", true)
	f("?", "a", true)
	f("?", "", false)
	f("??", "é", true) // bytes, not characters
	f("?", ".", true)
	f(`\*`, "*", true)
	f(`\*`, "a", false)
	f(`a\`, `a\`, false)
	f(`\a`, "a", true)
	f("[abc]", "b", true)
	f("[!abc]", "b", false)
	f("[^abc]", "d", true)
	f("[a-c]x", "bx", true)
	f("[a-]", "-", true)
	f("[]a]", "]", true)
	f("[!]a]", "]", false)
	f("[[:digit:]]", "7", true)
	f("[[:nope:]]", "7", false)
	f("[[:upper:]]", "a", false)
	f("[[=b=]]", "b", true)
	f("[[.-.]]", "-", true)
	f(`[\]]`, "]", true)
	f("[abc", "[abc", true) // a bracket without end is a character
	f("[abc", "a", false)
	f("[[", "[[", true)
	f("[c-a]", "b", false)
	f(`[a\`, "a", false)
	f("[a[=]", "a", false)
}

func TestIGlob(t *testing.T) {
	f := func(pattern, text string, want bool) {
		t.Helper()
		if got := newGlob(pattern, true).match(text); got != want {
			t.Errorf("iglob %q on %q: got %v, want %v", pattern, text, got, want)
		}
		if got := globPair(pattern, text, true); got != want {
			t.Errorf("iglob val %q on %q: got %v, want %v", pattern, text, got, want)
		}
	}
	f("A*", "abc", true)
	f("*B*", "abc", true)
	f("*é*", "xÉx", false) // ASCII only
	f("[A-C]", "b", true)
	f("[a-c]", "B", true)
	f("[[:upper:]]", "a", false)
	f(`\A`, "a", true)
	f("abc", "ABC", true)
	f("a?c", "AXC", true)
}
