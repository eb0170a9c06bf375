// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"runtime"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/internal/cputime"
)

// TestHostile reads texts that are made to be expensive: each gives a tree or an error in
// time and memory that are proportional to the text.
func TestHostile(t *testing.T) {
	const size = 6 << 20
	rep := func(s string) string { return strings.Repeat(s, size/len(s)) }
	f := func(name, text, want string) {
		t.Helper()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var err error
		cputime.AtMost(t, 100, func() {
			var n Node
			if n, err = Parse(text, MaxDepth, compat.V045); err == nil {
				_, _, err = Compile(n, probeScope(t))
			}
		})
		runtime.ReadMemStats(&after)
		got := "ok"
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %.80s, want %s", name, got, want)
		}
		// What was allocated in all is an upper bound of what was in use.
		if used := after.TotalAlloc - before.TotalAlloc; used > uint64(20*len(text)+256<<20) {
			t.Errorf("%s: allocated %d MB for %d MB", name, used>>20, len(text)>>20)
		}
	}
	f("parentheses", rep("("), "exceeded max depth limit of 1000")
	f("parentheses with not", rep("not("), "exceeded max depth limit of 1000")
	f("transformers", "tolower("+rep("tolower("), "exceeded max depth limit of 1000")
	f("lists in transformers", "join("+rep("("), "expected transformer list argument")
	f("not", rep("not ")+"probe.s exists", "ok")
	f("ands", rep("probe.s exists and ")+"probe.s exists", "")
	f("macros", rep("a or ")+"a", "exceeded max number")
	f("values", "probe.s in ("+rep("a,")+"a)", "exceeded max number")
	f("long value", "probe.s = \""+rep("a")+"\"", "filter parameter too long")
	f("long name", "a."+rep("a")+" exists", "filter_check called with nonexistent field")
	f("long argument", "probe.key["+rep("a")+"] exists", "ok")
	f("open quote", "probe.s = \""+rep("a"), "expected a string value")
	f("open quotes in lists", "probe.s in ("+rep("\" (")+"\"\"", "expected a ')' token")
	f("blanks", rep(" \n")+"probe.s exists", "ok")
	f("broken text", "probe.s = "+rep("\xff\xc0"), "expected a string value")
	f("escapes", "probe.s = \""+rep(`\\`)+" \"", "filter parameter too long")
	f("stars", "probe.s glob \""+strings.Repeat("*a", 100)+"\"", "ok")
	f("repeats", "probe.s regex \"((a{100}){100}){100}\"", "invalid regex pattern: invalid repetition size")
	f("groups", "probe.s regex \""+strings.Repeat("(", 200)+"\"", "invalid regex pattern: missing )")
}

// TestHostilePrefix: output templates are tried on prefixes, but not on all of them.
func TestHostilePrefix(t *testing.T) {
	s := probeScope(t)
	for _, text := range []string{
		strings.Repeat("a.", 1<<19) + "a",
		strings.Repeat("a", 1<<20),
		"concat(" + strings.Repeat("probe.s,", 1<<17),
		"concat(" + strings.Repeat("probe.s,\"", 1<<17),
		"probe.key[" + strings.Repeat("a", 1<<20),
		strings.Repeat("tolower(", 1<<17),
	} {
		cputime.AtMost(t, 50, func() {
			if o, n, err := CompileOperandPrefix(text, s); err == nil {
				t.Errorf("%.20s: got %s, %d bytes, want an error", text, o, n)
			}
		})
	}
}
