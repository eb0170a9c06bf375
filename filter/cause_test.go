// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/compat"
)

// TestFindCause marks the cause with ^ in the condition.
func TestFindCause(t *testing.T) {
	f := func(condition string, want Cause) {
		t.Helper()
		at := strings.IndexByte(condition, '^')
		text := condition[:at] + condition[at+1:]
		n, err := Parse(text, MaxDepth, compat.V045)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if _, _, err := Compile(n, probeScope(t)); err == nil {
			t.Fatalf("%s compiles", text)
		}
		got := FindCause(n, probeScope(t))
		offset := got.At.Offset
		if got.Value >= 0 {
			offset = ValueOffset(text, got.At, got.Value)
		}
		got.At = Pos{}
		if offset != at || got != want {
			t.Errorf("%s: got %d %+v, want %d %+v", text, offset, got, at, want)
		}
	}
	f("^probe.nope = 1", Cause{Value: -1, Field: "probe.nope"})
	f("tolower(^probe.nope) exists", Cause{Value: -1, Field: "probe.nope"})
	f("probe.s = val(^probe.nope)", Cause{Value: -1, Field: "probe.nope"})
	f("probe.s = concat(probe.t,^ probe.nope)", Cause{Value: -1, Field: "probe.nope"})
	f("^probe.key = x", Cause{Value: -1})
	f("^probe.n contains x", Cause{Value: -1})
	f("^tolower(probe.n) = x", Cause{Value: -1})
	f("probe.s = ^tolower(probe.n)", Cause{Value: -1})
	f("^probe.s = val(probe.n)", Cause{Value: -1})
	f("probe.n = ^x", Cause{Value: -1})
	f("probe.n in (1, ^two, 3)", Cause{Value: 1})
	f(`probe.s = ^"a\x00"`, Cause{Value: -1})
	f(`probe.s in ("\x61", b, ^"\x00")`, Cause{Value: 2})
	f(`probe.s regex ^"\xff"`, Cause{Value: -1})
	f("probe.n in ( 1 ,2,   ^'a b')", Cause{Value: 2})
	f("probe.n = anyof (1, ^x)", Cause{Value: 1})
	f(`probe.s regex ^"[a-"`, Cause{Value: -1, Detail: "invalid regex pattern: missing ] behind [a-"})
	f(`probe.s regex ^"x[abc][a-"`, Cause{Value: -1, Detail: "invalid regex pattern: missing ] behind [a-"})
	f(`probe.s regex ^"[a"`, Cause{Value: -1})
	f(`probe.s regex ^"\\d+"`, Cause{Value: -1, Hint: `write [0-9] instead of \d`})
	f(`probe.s regex ^"*.exe"`, Cause{Value: -1, Hint: "if this is a pattern with wildcards, use the operator glob"})
	f(`probe.s regex ^"(?i)x"`, Cause{Value: -1, Hint: "there are no flags and no lookarounds: only POSIX syntax"})
	f(`probe.s regex anyof (a, ^"[b-")`, Cause{Value: 1, Detail: "invalid regex pattern: missing ] behind [b-"})
}

func TestExplainOperand(t *testing.T) {
	f := func(text, detail string, offset int) {
		t.Helper()
		got := ExplainOperand(text, probeScope(t))
		if got.Detail != detail || got.At.Offset != offset {
			t.Errorf("%s: got %q at %d, want %q at %d", text, got.Detail, got.At.Offset, detail, offset)
		}
	}
	f("probe.nope x", "unknown field probe.nope", 0)
	f("tolower(probe.nope) x", "unknown field probe.nope", 8)
	f("probe.key x", "filter 'probe.key': probe.key requires an argument but none provided", 0)
	f("tolower(probe.n)", "can't add field transformer: type 'UINT64' is not supported by 'tolower' transformer applied on field 'probe.n'", 0)
	f("tolower(probe.s", "expected a ')' token closing the transformer", 15)
	f("lower(probe.s)", "unknown transformer lower", 0)
	f("probe", "unknown field probe", 0)
	f(" sure", "no field follows the %", 0)
	f("", "no field follows the %", 0)
	f("{probe.s}", "no field follows the %", 0)
}

func TestWarningPlaces(t *testing.T) {
	n, err := Parse(`probe.s in (a, probe.t, "tolower(x)") and probe.s regex "^a"`, MaxDepth, compat.V045)
	if err != nil {
		t.Fatal(err)
	}
	_, warnings, err := Compile(n, probeScope(t))
	if err != nil || len(warnings) != 3 {
		t.Fatalf("%v %v", warnings, err)
	}
	for i, want := range []int{1, 2, -1} {
		if w := warnings[i]; w.Value != want || w.Check == nil || w.Pos != w.Check.Right.Pos() {
			t.Errorf("%d: %+v", i, w)
		}
	}
}

func TestCountValues(t *testing.T) {
	f := func(text string, n int, ok bool) {
		t.Helper()
		if gotN, gotOK := CountValues(text, compat.V045); gotOK != ok || ok && gotN != n {
			t.Errorf("%s: got %d %v, want %d %v", text, gotN, gotOK, n, ok)
		}
	}
	f("a", 1, true)
	f(`"a, b"`, 1, true)
	f("a,b", 2, true)
	f(" a , 'b' ", 2, true)
	f("", 0, false)
	f("a=b", 0, false)
	f("it's", 0, false)
	f("(c)", 0, false)
	f("a b", 0, false)
	f("a,", 0, false)
	f(`"\q"`, 0, false)
	f(`"\x41"`, 1, true)
	if _, ok := CountValues(`"\x41"`, compat.V044); ok {
		t.Error("0.44 has no \\x")
	}
}
