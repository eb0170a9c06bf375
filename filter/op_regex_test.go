// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

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
	f("probe.s regex '.*'", "s=\xff", false) // not UTF-8
	f("probe.s regex 'a^b'", "s=ab", false)
	f("probe.s regex 'a$'", "s=a", true)
	f("probe.s regex anyof ('a+', 'b+')", "s=bb", true)
	f("probe.s regex oneof ('a+', '.*')", "s=aa", false)
	f("probe.s regex allof ('a+', '.*')", "s=aa", true)
	f("b64(probe.s) regex '[^x]+'", "s=YQpi", true) // a newline is in a negated class
	f("b64(probe.s) regex 'a.b'", "s=YQpi", false)
	f("b64(probe.s) regex 'a$.?^b'", "s=YQpi", false)
	f("b64(probe.s) regex 'a$[^x]^b'", "s=YQpi", true) // ^ and $ are about lines
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
