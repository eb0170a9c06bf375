// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"
	"testing"
)

func TestChanged(t *testing.T) {
	f := func(old, now, want string) {
		t.Helper()
		a, err := Parse("old.yaml", old, Options{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := Parse("new.yaml", now, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(b.Changed(a), " "); got != want {
			t.Errorf("from %q to %q: %q changed, want %q", old, now, got, want)
		}
	}
	f("", "", "")
	f("priority: info\nlog_level: debug\n", "# moved\nlog_level: debug\n\npriority: info\n", "")
	f("priority: info\n", "priority: debug\njson_output: true\n", "priority json_output")
	f("json_output: true\npriority: info\n", "priority: info\n", "json_output")
	f("rules_files: [a, b]\n", "rules_files: [b, a]\n", "rules_files")
	f("metrics: {enabled: true}\n", "metrics: {enabled: true, interval: 1h}\n", "metrics")
}
