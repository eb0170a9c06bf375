// SPDX-License-Identifier: Apache-2.0

package config

import (
	"slices"
	"strconv"
	"strings"
)

// NoEffect is a part of the configuration that gyr accepts for compatibility but ignores.
type NoEffect struct {
	// Key is a key as in the reference. With a final dot it stands for all keys below it
	// without their own entry.
	Key string
	// Why is the reason why it has no effect.
	Why string
	// Switch is a boolean key that enables the missing feature, for a warning; "" if none.
	Switch string
	// Fields lists the unused fields of Config, as Struct.Field.
	Fields []string
}

// notCaptured is the reason for keys about system calls.
const notCaptured = "system calls are not captured"

// withoutEffect lists the keys without effect. The key reference, the log at startup, and the
// test that all other keys are used depend on it.
var withoutEffect = []NoEffect{
	{Key: "base_syscalls.", Why: notCaptured},
	{Key: "buffer_format_base64", Why: "plugin fields are never raw bytes", Fields: []string{"Config.BufferBase64"}},
	{Key: "engine.kmod.", Why: notCaptured},
	{Key: "engine.modern_ebpf.", Why: notCaptured},
	{Key: "falco_libs.", Why: notCaptured},
	{Key: "metrics.jemalloc_stats_enabled", Why: "gyr does not use jemalloc"},
	{Key: "metrics.kernel_event_counters_enabled", Why: notCaptured},
	{Key: "metrics.kernel_event_counters_per_cpu_enabled", Why: notCaptured},
	{Key: "metrics.kernel_iter_event_counters_enabled", Why: notCaptured},
	{Key: "metrics.libbpf_stats_enabled", Why: notCaptured},
	{Key: "metrics.state_counters_enabled", Why: notCaptured, Fields: []string{"Metrics.StateCounters"}},
	{Key: "plugins_hostinfo", Why: "gyr collects only the host name", Fields: []string{"Config.PluginsHostinfo"}},
	{Key: "syscall_event_drops.", Why: notCaptured},
	{Key: "syscall_event_timeouts.", Why: notCaptured},
	{Key: "webserver.", Why: "the web server is not implemented", Switch: "webserver.enabled", Fields: []string{
		"Webserver.Enabled", "Webserver.ListenAddress", "Webserver.ListenPort", "Webserver.HealthzEndpoint", "Webserver.SSL", "Webserver.SSLCertificate", "Webserver.Threads",
	}},
}

// WithoutEffect returns the keys without effect, sorted by key. The caller owns the slice.
func WithoutEffect() []NoEffect { return slices.Clone(withoutEffect) }

// noEffect returns the entry for a key of the reference; ok is false if the key has an effect.
func noEffect(key string) (row NoEffect, ok bool) {
	for _, r := range withoutEffect {
		below := strings.HasSuffix(r.Key, ".") && strings.HasPrefix(key, r.Key)
		if (below || key == r.Key) && len(r.Key) > len(row.Key) {
			row, ok = r, true
		}
	}
	return row, ok
}

// Idle returns the entries that the configuration sets: to a value other than the default, or
// with the switch on.
func (c *Config) Idle() []NoEffect {
	var rows []NoEffect
	for _, r := range withoutEffect {
		if r.Switch != "" {
			on, _ := strconv.ParseBool(c.root.at(r.Switch).shown())
			if on {
				rows = append(rows, r)
			}
			continue
		}
		n := c.root.at(strings.TrimSuffix(r.Key, "."))
		if n == nil || n.kind == kindNull || n.kind == kindScalar && n.shown() == defaultOf()[r.Key] {
			continue
		}
		rows = append(rows, r)
	}
	return rows
}

// at returns the value of a key of the reference, nil if it is not set.
func (n *node) at(key string) *node {
	for name := range strings.SplitSeq(key, ".") {
		n = n.get(name)
	}
	return n
}
