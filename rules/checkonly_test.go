// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCheckOnly compares a look at files with loading them: results and descriptions are
// the same, and there is nothing to evaluate.
func TestCheckOnly(t *testing.T) {
	for _, name := range []string{"testdata/generated/rules.yaml", "testdata/generated/invalid.yaml", "testdata/edge-cases/rules.yaml"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		load := func(check bool) (*Ruleset, *Report) {
			o := probeOptions(t)
			o.CheckOnly = check
			return Load([]File{{Name: name, Content: content}}, o)
		}
		full, report := load(false)
		checked, same := load(true)
		if d := cmp.Diff(string(report.JSON()), string(same.JSON())); d != "" {
			t.Errorf("%s: results differ (-loaded +checked):\n%s", name, d)
		}
		if full == nil {
			continue
		}
		if full.Rules == 0 || checked.Rules != 0 {
			t.Errorf("%s: %d rules loaded and %d checked, want many and none", name, full.Rules, checked.Rules)
		}
		a, err := full.Describe("")
		if err != nil {
			t.Fatal(err)
		}
		b, err := checked.Describe("")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(a), string(b)); d != "" {
			t.Errorf("%s: descriptions differ", name)
		}
	}
}
