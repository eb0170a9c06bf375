// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"testing"

	"github.com/gyr-dev/gyr/compat"
)

func TestRegex(t *testing.T) {
	f := testConds(t)
	f("probe.s regex 'a.*e'", "s=alice", true)
	f("probe.s regex 'lic'", "s=alice", false) // the whole value
	f("probe.s regex '^alice$'", "s=alice", true)
	f("probe.s regex alice", "s=alice", true)
	f("probe.s regex ''", "s=", true)
	f("probe.s regex '(a|b)+c{2}'", "s=abacc", true)
	f("probe.s regex '[[:alpha:]]+'", "s=abc", true)
	f("probe.s regex '.'", "s=é", true)
	f("probe.s regex 'a^b'", "s=ab", false)
	f("probe.s regex 'a$'", "s=a", true)
	f("probe.s regex anyof ('a+', 'b+')", "s=bb", true)
	f("probe.s regex anyof ('a+', 'b+')", "s=aa", true)
	f("probe.s regex oneof ('a+', '.*')", "s=aa", false)
	f("probe.s regex allof ('a+', '.*')", "s=aa", true)
	f("b64(probe.s) regex '[^x]+'", "s=YQpi", true) // a newline is in a negated class
	f("b64(probe.s) regex 'a.b'", "s=YQpi", false)
	f("b64(probe.s) regex 'a$.?^b'", "s=YQpi", false)
	f("b64(probe.s) regex 'a$[^x]^b'", "s=YQpi", true) // ^ and $ are about lines
}

// TestRegexRepairs: what is not UTF-8 counts as U+FFFD; in Falco 0.44 nothing matches it.
func TestRegexRepairs(t *testing.T) {
	f := func(cond, line string) {
		t.Helper()
		testConds(t)(cond, line, true)
		testCondsAs(t, compat.V044)(cond, line, false)
	}
	f("probe.s regex '.*'", "s=\xff")
	f("probe.s regex 'a.b'", "s=a\xffb")
	f("probe.s regex 'a.b'", "s=a\xe2\x82b")
	f("probe.s regex 'a..b'", "s=a\xc0\x80b")
	f("probe.s regex 'a...b'", "s=a\xed\xa0\x80b")
	f("probe.s regex 'a\uFFFDb'", "s=a\xf0\x9f\x98b")
	f("probe.s regex 'a\\\\x{FFFD}b'", "s=a\xffb")
	f("probe.s regex '[^a]+'", "s=\x80\x80")
	f("probe.s regex anyof ('a', '.')", "s=\xff")
	f("probe.s regex oneof ('a', '.')", "s=\xff")
	f("probe.s regex allof ('.+', '.')", "s=\xff")
	f("toupper(probe.s) regex 'A.'", "s=a\xff")
	for _, v := range []compat.Version{compat.V045, compat.V044} {
		same := testCondsAs(t, v)
		same("probe.s regex 'a\uFFFDb'", "s=a\uFFFDb", true)
		same("probe.s regex 'a.b'", "s=a\x01b", true)
		same("probe.s regex 'a.b'", "s=a\u0085b", true)
		same("probe.s regex 'a\\\\x{D800}b'", "s=a\uFFFDb", false) // no character of UTF-8
		same("probe.s regex 'a\\\\x{D800}b'", "s=a\xed\xa0\x80b", false)
		same("probe.s glob 'a?b'", "s=a\xffb", true) // bytes
		same("probe.s contains '\x80'", "s=\xc2\x80", true)
	}
}

func TestRegexErrors(t *testing.T) {
	f := testErrors(t)
	e := func(pattern, want string) {
		t.Helper()
		f("probe.s regex \""+pattern+"\"", "invalid regex pattern: "+want)
	}
	e("(?i)a", "no argument for repetition operator: ?")
	e("*a", "no argument for repetition operator: *")
	e(`\\w`, `invalid escape sequence: \w`)
	e(`\\b`, `invalid escape sequence: \b`)
	e("(a", "missing ): (a")
	e("a)", "unexpected ): a)")
	e("[a", "missing ]: [a")
	e("[b-a]", "invalid character class range: b-a")
	e("[[:x:]]", "invalid character class range: [:x:]")
	e("[a-", "invalid UTF-8")
	e("a\\\\x{", "invalid UTF-8")
	e("a\\\\x{4", `invalid escape sequence: \x{4`)
	e("[[:alpha:]-\xff", "invalid UTF-8")
	e("a{1001}", "invalid repetition size: {1001}")
	e("\xff", "invalid UTF-8")
	f("probe.s regex 'a\\ '", `invalid regex pattern: trailing \`)
}

func TestRegexLiterals(t *testing.T) {
	f := func(pattern, literal string, plain bool) {
		t.Helper()
		re, err := newRegex(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if re.literal != literal || re.plain != plain {
			t.Errorf("%s: got %q, %v, want %q, %v", pattern, re.literal, re.plain, literal, plain)
		}
	}
	f("abc", "abc", true)
	f("^abc$", "abc", true)
	f("", "", true)
	f("a^b", "ab", false)
	f("a.*bcd", "bcd", false)
	f("(ab)+c", "ab", false)
	f("a{2}b*", "aa", false)
	f("ab|cd", "", false)
	f("x?yz", "yz", false)
}
