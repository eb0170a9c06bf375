// SPDX-License-Identifier: Apache-2.0

package config

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIdle(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		c, err := Parse("c.yaml", text, Options{Getenv: noEnv})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range c.Idle() {
			got = append(got, r.Key)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", text, d)
		}
	}
	f("")
	f("{plugins_hostinfo: true, buffer_format_base64: false, json_output: true}")
	f("{plugins_hostinfo: false, buffer_format_base64: true}", "buffer_format_base64", "plugins_hostinfo")
	f("engine: {kind: nodriver}")
	f("engine: {kind: kmod, kmod: {buf_size_preset: 4}}", "engine.kmod.")
	f("engine: {kind: kmod, kmod:}")
	f("falco_libs: {snaplen: 80}", "falco_libs.")
	f("webserver: {enabled: false, listen_port: 1}")
	f("webserver: {enabled: true}", "webserver.")
	f("metrics: {enabled: true, state_counters_enabled: false, libbpf_stats_enabled: true}", "metrics.libbpf_stats_enabled", "metrics.state_counters_enabled")
}

// Every key means something, or the table says why not; and the table has only keys that
// are there.
func TestTableOfKeysWithoutEffect(t *testing.T) {
	used := map[string]bool{}
	for _, k := range Keys() {
		if row, ok := noEffect(k.Path); ok {
			used[row.Key] = true
			if !strings.HasSuffix(k.Meaning, "No effect: "+row.Why+".") {
				t.Errorf("%s: its meaning is %q, want the reason %q", k.Path, k.Meaning, row.Why)
			}
		} else if k.Meaning == "" || strings.Contains(k.Meaning, "No effect") {
			t.Errorf("%s: its meaning is %q, and it is not in the table", k.Path, k.Meaning)
		}
	}
	for _, r := range withoutEffect {
		if !used[r.Key] {
			t.Errorf("the table has %s, which is no key", r.Key)
		}
	}
	if !slices.IsSortedFunc(withoutEffect, func(a, b NoEffect) int { return strings.Compare(a.Key, b.Key) }) {
		t.Error("the table is not sorted")
	}
}
