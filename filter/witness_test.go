// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"fmt"
	"testing"
)

// TestWitness: what an index is told. TestAgree tests that it is true.
func TestWitness(t *testing.T) {
	names := []string{"exists", "equal", "prefix", "suffix", "contains", "fold", "range", "net"}
	f := func(check, want string) {
		t.Helper()
		c, _, err := compileText(check, probeScope(t))
		if err != nil {
			t.Errorf("%s: %v", check, err)
			return
		}
		got := "none"
		if w := c.Pred.Witness(); w != nil {
			got = names[w.Kind]
			switch {
			case w.Strings != nil:
				got += fmt.Sprintf(" %q", w.Strings)
			case w.Ranges != nil:
				got += fmt.Sprint(" ", w.Ranges)
			case w.Nets != nil:
				got += fmt.Sprint(" ", w.Nets)
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", check, got, want)
		}
	}
	f("probe.s exists", "exists")
	f("probe.s = a", `equal ["a"]`)
	f("probe.s = ''", "exists")
	f("probe.s != a", "exists")
	f("probe.s in (b, a, b)", `equal ["a" "b"]`)
	f("probe.s in (a, '')", "exists")
	f("probe.s in ()", "exists")
	f("probe.s startswith a", `prefix ["a"]`)
	f("probe.s endswith a", `suffix ["a"]`)
	f("probe.s contains a", `contains ["a"]`)
	f("probe.s icontains aB", `fold ["ab"]`)
	f("probe.s glob '*'", "exists")
	f("probe.s glob 'ab*'", `prefix ["ab"]`)
	f("probe.s glob '*ab'", `suffix ["ab"]`)
	f("probe.s glob '*ab*'", `contains ["ab"]`)
	f("probe.s glob '?*abc?x?*'", `contains ["abc"]`)
	f("probe.s glob '*abc[x]def'", `contains ["abc"]`)
	f("probe.s iglob 'A*BC'", `fold ["bc"]`)
	f("probe.s regex abc", `equal ["abc"]`)
	f("probe.s regex 'abc.*'", `prefix ["abc"]`)
	f("probe.s regex '.*abc'", `suffix ["abc"]`)
	f("probe.s regex '.*abc.*'", `contains ["abc"]`)
	f("probe.s regex '.*'", "exists")
	f("probe.s regex '\uFFFD'", "exists") // may be any bytes that are no UTF-8
	f("probe.s regex 'a\uFFFDbcdef\uFFFD.*'", `contains ["bcdef"]`)
	f("probe.s regex 'abc\uFFFD'", `prefix ["abc"]`)
	f("probe.s regex '.*\uFFFDabc'", `suffix ["abc"]`)
	f("probe.s regex 'abc\uFFFDde'", `prefix ["abc"]`)
	f("probe.s regex 'a\\\\x{D800}bcd'", "exists")
	f("probe.s pmatch (/etc/passwd, /usr/*)", `contains ["passwd" "usr"]`)
	f("probe.s pmatch (/etc, /)", "exists")
	f("probe.s startswith anyof (b, a)", `prefix ["a" "b"]`)
	f("probe.s startswith allof (a, ab)", `prefix ["ab"]`)
	f("probe.s glob oneof ('a*', '*b')", `contains ["a" "b"]`)
	f("probe.n = 5", "range [{5 5}]")
	f("probe.n != 5", "range [{0 4} {6 18446744073709551615}]")
	f("probe.n < 5", "range [{0 4}]")
	f("probe.n < 0", "exists")
	f("probe.n >= 5", "range [{5 18446744073709551615}]")
	f("probe.n in (5, 1)", "range [{1 1} {5 5}]")
	f("probe.b = true", "range [{1 1}]")
	f("probe.ip = 10.0.0.1", "net [10.0.0.1/32]")
	f("probe.ip != 10.0.0.1", "exists")
	f("probe.net in (10.1.2.3/8, '::1/128')", "net [10.0.0.0/8 ::1/128]")
	f("probe.ss in (a, b)", `equal ["a" "b"]`)
	f("probe.ns intersects (1)", "range [{1 1}]")
	f("probe.ips intersects ('::1')", "net [::1/128]")
	f("probe.s = val(probe.t)", "exists")
	f("tolower(probe.s) = abc", `fold ["abc"]`)
	f("toupper(probe.s) startswith ABC", `fold ["abc"]`)
	f("basename(probe.s) = abc", `suffix ["abc"]`)
	f("basename(probe.s) startswith abc", `contains ["abc"]`)
	f("len(probe.s) = 1", "exists")
	f("tolower(probe.ss) in (a)", "exists")
	f("concat('a', 'b') = ab", "none")
	f("concat('a', 'b') = val(probe.s)", "exists")
}

// TestKeys: equal checks have equal keys, however they are written.
func TestKeys(t *testing.T) {
	f := func(a, b string, want bool) {
		t.Helper()
		s := probeScope(t)
		x, _, err := compileText(a, s)
		if err != nil {
			t.Fatal(err)
		}
		y, _, err := compileText(b, s)
		if err != nil {
			t.Fatal(err)
		}
		if got := x.Pred.Key == y.Pred.Key; got != want {
			t.Errorf("%s, %s: got %v, want %v (%s, %s)", a, b, got, want, x.Pred.Key, y.Pred.Key)
		}
	}
	f("probe.s = a", "probe.s=='a'", true)
	f("probe.key[a] = x", "probe.key['a'] = 'x'", true)
	f("probe.s in (a)", "probe.s in a", false)
	f("probe.s = a", "probe.s = b", false)
	f("probe.s = 'a'", "probe.s = val(probe.s)", false)
	f("probe.s = anyof (a)", "probe.s = a", false)
}
