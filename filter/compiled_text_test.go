// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"testing"

	"github.com/gyr-dev/gyr/compat"
)

// TestCompiledText compares with what Falco's own suite expects, and with what its rules for
// quoting give.
func TestCompiledText(t *testing.T) {
	f := func(condition, want string) {
		t.Helper()
		n, err := Parse(condition, MaxDepth, compat.V045)
		if err != nil {
			t.Fatalf("%s: %v", condition, err)
		}
		if got := CompiledText(n); got != want {
			t.Errorf("%s:\n got %s\nwant %s", condition, got, want)
		}
	}
	f(`evt.type=open and proc.name in (cat) and json.value[/test] = "test"`, "(evt.type = open and proc.name in (cat) and json.value[/test] = test)")
	f("proc.name in (cat)", "proc.name in (cat)")
	f("proc.name exists", "proc.name exists")
	f("a.b = 1 or (c.d = 2 and not e.f exists)", "(a.b = 1 or (c.d = 2 and not e.f exists))")
	f("not (a.b = 1 or c.d = 2)", "not (a.b = 1 or c.d = 2)")
	f("not not a.b = 1", "a.b = 1")
	f("not not not a.b = 1", "not a.b = 1")
	f("(a.b = 1)", "a.b = 1")
	f("a.b == x", "a.b == x")
	f("m and a.b = x", "(m and a.b = x)")
	f(`a.b in ("x y", "a=b", "q\"q", 'it\'s', "back\\slash", "tab\t", "", "(c)", "a,b")`,
		`a.b in ("x y", "a=b", "q\"q", "it's", "back\\slash", "tab\t", , (c), a,b)`)
	f(`a.b = ""`, "a.b = ")
	f("a.b startswith anyof (x, 'y z')", `a.b startswith anyof (x, "y z")`)
	f("a.b intersects ()", "a.b intersects ()")
	f("a.b in list", "a.b in list")
	f("a.b > 5", "a.b > 5")
	f("a.b > 0x10", "a.b > 0x10")
	f("a.b = val(c.d[k])", "a.b = val(c.d[k])")
	f(`a.b["x=y"] exists`, `a.b["x=y"] exists`)
	f(`a.b[""] exists`, `a.b[""] exists`)
	f(`join(",", (a.b, c.d)) = x`, "join(,,(a.b,c.d)) = x")
	f(`getopt(a.b, "ab:")[b] = x`, "getopt(a.b,ab:)[b] = x")
	f("tolower(basename(a.b)) = x", "tolower(basename(a.b)) = x")
}
