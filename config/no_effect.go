// SPDX-License-Identifier: Apache-2.0

package config

import (
	"slices"
	"strconv"
	"strings"
)

// NoEffect is a part of the configuration that gyr accepts for the sake of existing files
// and does not act on.
type NoEffect struct {
	// Key is a key as its reference has it; with a dot at the end it stands for all keys
	// below it, except for those that have a row of their own.
	Key string
	// Why says what keeps it from having an effect.
	Why string
	// Switch is the key, a bool, that asks for what is not there; "" if nobody who sets Key
	// expects anything.
	Switch string
	// Fields are the fields of the configuration, as Struct.Field, that nobody reads.
	Fields []string
}

// notCaptured is why the keys about system calls have no effect.
const notCaptured = "system calls are not captured"

// withoutEffect is the table of keys without effect. The reference of the keys, the log at
// start, and a test that everything else is read come from it.
var withoutEffect = []NoEffect{
	{Key: "base_syscalls.", Why: notCaptured},
	{Key: "buffer_format_base64", Why: "fields of plugins are never raw bytes", Fields: []string{"Config.BufferBase64"}},
	{Key: "engine.kmod.", Why: notCaptured},
	{Key: "engine.modern_ebpf.", Why: notCaptured},
	{Key: "falco_libs.", Why: notCaptured},
	{Key: "metrics.jemalloc_stats_enabled", Why: "gyr does not use jemalloc"},
	{Key: "metrics.kernel_event_counters_enabled", Why: notCaptured},
	{Key: "metrics.kernel_event_counters_per_cpu_enabled", Why: notCaptured},
	{Key: "metrics.kernel_iter_event_counters_enabled", Why: notCaptured},
	{Key: "metrics.libbpf_stats_enabled", Why: notCaptured},
	{Key: "metrics.state_counters_enabled", Why: notCaptured, Fields: []string{"Metrics.StateCounters"}},
	{Key: "plugins_hostinfo", Why: "gyr collects nothing about the host but its name", Fields: []string{"Config.PluginsHostinfo"}},
	{Key: "syscall_event_drops.", Why: notCaptured},
	{Key: "syscall_event_timeouts.", Why: notCaptured},
	{Key: "webserver.", Why: "the web server is not implemented", Switch: "webserver.enabled", Fields: []string{
		"Webserver.Enabled", "Webserver.ListenAddress", "Webserver.ListenPort", "Webserver.HealthzEndpoint", "Webserver.SSL", "Webserver.SSLCertificate", "Webserver.Threads",
	}},
}

// WithoutEffect returns the table of keys without effect, sorted by key. It is the
// caller's.
func WithoutEffect() []NoEffect { return slices.Clone(withoutEffect) }

// noEffect returns the row for a key of the reference; ok is false if the key has an effect.
func noEffect(key string) (row NoEffect, ok bool) {
	for _, r := range withoutEffect {
		below := strings.HasSuffix(r.Key, ".") && strings.HasPrefix(key, r.Key)
		if (below || key == r.Key) && len(r.Key) > len(row.Key) {
			row, ok = r, true
		}
	}
	return row, ok
}

// Idle returns the rows of the table that the configuration sets: to something else than
// the default, or whose switch is on.
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
