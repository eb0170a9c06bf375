// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestTypedFailure marks the mistake of a condition that was typed with «.
func TestTypedFailure(t *testing.T) {
	f := func(condition string) {
		t.Helper()
		before, after, _ := strings.Cut(condition, "«")
		text, err := json.Marshal([]any{map[string]string{
			"rule": "r", "desc": "d", "priority": "DEBUG", "source": "probe", "output": "o", "condition": before + after,
		}})
		if err != nil {
			t.Fatal(err)
		}
		_, report := Load([]File{{"typed", text}}, probeOptions(t))
		want := "condition:" + itoa(strings.Count(before, "\n")+1) + ":" + itoa(len(before)-strings.LastIndexByte(before, '\n')) + ": "
		if got := report.TypedFailure("condition"); got == nil || !strings.HasPrefix(got.Error(), want) {
			t.Errorf("%q: got %v, want %s", condition, got, want)
		}
	}
	f("«probe.nope = 1")
	f("probe.n < 5 and\n   probe.s = \"é\" and probe.n = «x")
	f("probe.s in (a, b) and\t«nope")
	f("probe.n = 1 and« ")
	f("probe.n =«")
	f("  «(probe.n = 1  ")
}
