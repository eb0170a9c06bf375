// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"fmt"
	"testing"

	"github.com/gyr-dev/gyr/abi"
)

func TestCompileOperand(t *testing.T) {
	f := func(text string, typ abi.FieldType, list, plain bool, refs string) {
		t.Helper()
		o, err := CompileOperand(text, probeScope(t))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			return
		}
		if o.Type() != typ || o.List() != list || o.Plain() != plain || fmt.Sprint(o.Refs()) != refs {
			t.Errorf("%s: got %v, %v, %v, %v", text, o.Type(), o.List(), o.Plain(), o.Refs())
		}
	}
	f("probe.s", abi.String, false, true, "[probe.s]")
	f("probe.key[a]", abi.String, false, true, "[probe.key[a]]")
	f("probe.ns", abi.Uint64, true, true, "[probe.ns]")
	f("len(probe.ss)", abi.Uint64, false, false, "[probe.ss]")
	f("concat(probe.s, probe.t, probe.s)", abi.String, false, false, "[probe.s probe.t probe.s]")
	f("getopt(probe.ss, 'a')", abi.String, true, false, "[probe.ss]")
	for _, bad := range []string{"", "x", "probe.s ", "probe.s = a", "(probe.s)", "probe.nope", "val(probe.s)"} {
		if o, err := CompileOperand(bad, probeScope(t)); err == nil {
			t.Errorf("%q: got %v, want an error", bad, o)
		}
	}
}

func TestCompileOperandPrefix(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		_, n, err := CompileOperandPrefix(text, probeScope(t))
		if err != nil {
			if want != "" || err.Error() != "unexpected token after '" {
				t.Errorf("%s: got %v, want %s", text, err, want)
			}
			return
		}
		if got := text[:n]; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	f("probe.s and more", "probe.s")
	f("probe.s.more", "probe.s")
	f("probe.sxyz", "probe.s")
	f("probe.nsx", "probe.ns")
	f("probe.key[a]b", "probe.key[a]")
	f("probe.key", "")
	f("probe.s[a]", "probe.s")
	f("probe.s[a", "probe.s")
	f("probe.opt[a", "probe.opt")
	f("tolower(probe.s)[a]", "tolower(probe.s)")
	f("tolower(probe.s)[", "tolower(probe.s)")
	f("tolower(probe.s", "")
	f("tolower(probe.sx)", "")
	f("dummy.nofield", "")
	f("", "")
}
