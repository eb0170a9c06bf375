// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"testing"

	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/event"
)

// testConds returns a function that tests a condition on an event.
func testConds(t *testing.T) func(cond, line string, want bool) { return testCondsAs(t, compat.V045) }

func testCondsAs(t *testing.T, v compat.Version) func(cond, line string, want bool) {
	return func(cond, line string, want bool) {
		t.Helper()
		s := probeScope(t)
		s.Falco = v
		c, _, err := compileText(cond, s)
		if err != nil {
			t.Errorf("%s: %v", cond, err)
			return
		}
		env := &Env{Row: newProbeEvent(1, line).row(s.Layout), Arena: event.NewArena(nil, nil)}
		if got := c.Eval(env); got != want {
			t.Errorf("%s on %q: got %v, want %v", cond, line, got, want)
		}
	}
}

// testErrors returns a function that tests the error of a condition.
func testErrors(t *testing.T) func(cond, want string) { return testErrorsAs(t, compat.V045) }

func testErrorsAs(t *testing.T, v compat.Version) func(cond, want string) {
	return func(cond, want string) {
		t.Helper()
		s := probeScope(t)
		s.Falco = v
		if _, _, err := compileText(cond, s); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", cond, err, want)
		}
	}
}

// TestAbsent: a check on an absent field is false, whatever the operator.
func TestAbsent(t *testing.T) {
	f := testConds(t)
	for _, check := range []string{
		"probe.s = a", "probe.s != a", "probe.s in (a)", "probe.s in ()", "probe.s exists", "probe.s contains ''",
		"probe.s != allof (a)", "probe.s glob '*'", "probe.s regex '.*'", "probe.s pmatch (/)", "probe.n < 5",
		"probe.n != 5", "probe.ip != '1.2.3.4'", "probe.net != '1.2.3.4/8'", "probe.b != true", "probe.ss in (a)",
		"probe.ss intersects (a)", "probe.ss exists", "len(probe.s) = 0", "len(probe.ss) = 0", "tolower(probe.s) != a",
		"concat(probe.s, probe.t) exists", "probe.t = val(probe.s)", "probe.t != val(probe.s)",
	} {
		f(check, "t=a\tss=", false)
		f("not "+check, "t=a\tss=", true)
	}
}

// TestNoAllocations: evaluation does not allocate in the steady state.
func TestNoAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("pools forget things at random under the race detector")
	}
	e := newProbeEvent(1, "s=/etc/passwd\tt=abc\tn=10\tb=true\tip=10.0.0.1\tnet=10.0.0.1\tss=-a|x|b\tns=1|2\tips=::1\tkey.user=YWJj\topt.x=a\xffb\xe2\x82")
	for _, cond := range []string{
		"probe.s = a or probe.s in (a, b, c, d, e, f, g, h) or probe.s glob '*x?z*' or probe.s pmatch (/usr, /e*/shadow)",
		"probe.s regex '.*pa[st]+wd.+' or probe.s icontains SHADOW or probe.t < 10 or probe.s startswith anyof (a, b)",
		"probe.opt[x] regex 'a.b' or probe.opt[x] regex anyof ('.', '..') or toupper(probe.opt[x]) regex 'A.'",
		"probe.n in (1, 2) or probe.n > 20 or probe.ip in ('10.0.0.2', '::1') or probe.net in (11.0.0.0/8, 'fe80::/10')",
		"probe.ss in (a, b) or probe.ns intersects (7) or probe.ips intersects ('::2')",
		"tolower(probe.s) = x or b64(probe.key[user]) = x or basename(probe.s) = shadow or len(probe.ss) = 9",
		"join(',', probe.ss) = x or concat(probe.s, '-', probe.t) = x or getopt(probe.ss, 'a:b')[b] = x or len(getopt(probe.ss, 'a:')) = 9",
		"join('-', (probe.s, probe.n, toupper(probe.ss))) = x or tolower(probe.ss) intersects (a)",
		"probe.s = val(probe.t) or probe.s glob val(probe.t) or probe.n < len(probe.t) or probe.ss in val(probe.sskey[g])",
	} {
		s := probeScope(t)
		c, _, err := compileText(cond, s)
		if err != nil {
			t.Fatalf("%s: %v", cond, err)
		}
		env := &Env{Row: e.row(s.Layout), Arena: event.NewArena(nil, nil)}
		if c.Eval(env) {
			t.Errorf("%s: true, so not all of it was evaluated", cond)
		}
		if n := testing.AllocsPerRun(1000, func() { c.Eval(env); env.Arena.Reset() }); n != 0 {
			t.Errorf("%s: %v allocations", cond, n)
		}
	}
}

func BenchmarkEval(b *testing.B) {
	e := newProbeEvent(1, "s=/etc/passwd\tt=abc\tn=10\tip=10.0.0.1\tss=a|b")
	for _, cond := range []string{
		"probe.s = /etc/shadow", "probe.s in (a, b, c, d, e, f, g, h, i)", "probe.s contains shadow", "probe.s icontains SHADOW",
		"probe.s glob '/usr/*/passwd'", "probe.s regex '/etc/(shadow|group)+'", "probe.s pmatch (/usr, /var)", "probe.n > 20",
		"probe.ip in ('10.0.0.2', '10.0.0.3')", "probe.ss intersects (c, d)", "tolower(probe.s) = x",
	} {
		b.Run(cond, func(b *testing.B) {
			s := probeScope(b)
			c, _, err := compileText(cond, s)
			if err != nil {
				b.Fatal(err)
			}
			env := &Env{Row: e.row(s.Layout), Arena: event.NewArena(nil, nil)}
			b.ReportAllocs()
			for b.Loop() {
				if c.Eval(env) {
					b.Fatal("true")
				}
				env.Arena.Reset()
			}
		})
	}
}
