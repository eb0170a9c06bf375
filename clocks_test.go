// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"go/ast"
	"slices"
	"testing"
)

// clocks are the tests that may read the clock or sleep, each with its reason. All others
// do so in a bubble of testing/synctest only, whose clock is its own: a test that measures
// the time of the machine fails when the machine is busy.
var clocks = map[string]string{
	"cmd/gyr/end_linux_test.go":      "looks at a pipe until another process has filled it",
	"engine/bars_bench_test.go":      "measures speed, for make bars",
	"engine/scaling_bench_test.go":   "measures speed, for make bars",
	"internal/bench/bars_test.go":    "measures speed, for make bars",
	"internal/bench/idle_test.go":    "measures speed, for make bars",
	"internal/bench/main_test.go":    "measures speed, for make bars",
	"internal/interop/bench_test.go": "measures speed, for make bars",
	"output/gate_test.go":            "a destination for tests in bubbles",
	"sdk/example_follow_test.go":     "an example of a plugin that waits",
}

func TestTestsDoNotReadTheClock(t *testing.T) {
	used := map[string]bool{}
	for _, f := range goFiles(t) {
		if !f.test() || slices.Contains(f.imports(), "testing/synctest") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := s.X.(*ast.Ident)
			if !ok || pkg.Name != "time" || !slices.Contains([]string{"Since", "Until", "After", "AfterFunc", "Sleep", "NewTimer"}, s.Sel.Name) {
				return true
			}
			used[f.path] = true
			if clocks[f.path] == "" {
				t.Errorf("%s: time.%s: count operations, use package cputime, or run the test in a bubble of testing/synctest", f.path, s.Sel.Name)
			}
			return true
		})
	}
	for path := range clocks {
		if !used[path] {
			t.Errorf("%s does not read the clock: take it out of the table", path)
		}
	}
}
