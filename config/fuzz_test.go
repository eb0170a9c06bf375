// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"
	"testing"
)

// FuzzConfig: Parse never panics and always ends, and what it accepts it also accepts
// after a dump, with the same dump.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{
		"", "a: b", "plugins: [{name: a, library_path: b, init_config: {x: [1, ~]}}]", "a: &x [1]\nb: *x",
		"rules: [{enable: {rule: '*'}}]", "priority: ${P}", "append_output: [{extra_fields: [a, {b: c}]}]",
		"engine: {kind: replay, replay: {capture_file: x}}", "? [a]\n: b", "<<: {a: 1}", "a: !!binary eA==",
	} {
		f.Add(s, "a.b[0]=1")
	}
	f.Fuzz(func(t *testing.T, text, opt string) {
		none := func(string) ([]byte, error) { return nil, nil }
		o := Options{Getenv: noEnv, Read: none}
		if opt != "" && len(opt) < 200 {
			o.Set = []string{opt}
		}
		c, err := Parse("", text, o)
		if err != nil {
			return
		}
		if strings.Contains(c.Dump(), "$") {
			return // would be expanded once more
		}
		again, err := Parse("", c.Dump(), Options{Getenv: noEnv, Read: none})
		if err != nil {
			t.Fatalf("dump %s of %q: %v", c.Dump(), text, err)
		}
		if c.Dump() != again.Dump() {
			t.Fatalf("dump %s reads as %s", c.Dump(), again.Dump())
		}
	})
}
