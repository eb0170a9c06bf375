// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// Info summarizes a capture file.
type Info struct {
	File string `json:"file"`
	// Size is the size of the file, Unpacked that of its uncompressed data, in bytes.
	Size     int64 `json:"size"`
	Unpacked int64 `json:"unpacked"`
	Packed   bool  `json:"gzip"`
	// Captures is the number of concatenated captures in the file.
	Captures int      `json:"captures"`
	Machine  *Machine `json:"machine,omitempty"`
	// Recorded lists the plugins that produced the events, as recorded in the file.
	Recorded []Plugin `json:"recorded,omitempty"`
	// Events counts the events of plugins, State those among them that only hold or change
	// state, Other the events that do not belong to a plugin.
	Events uint64 `json:"events"`
	State  uint64 `json:"state_events"`
	Other  uint64 `json:"other_events"`
	// First and Last are the earliest and the latest event time, in nanoseconds since the
	// Unix epoch; 0 without events.
	First uint64 `json:"first_ns"`
	Last  uint64 `json:"last_ns"`
	// Plugins has one entry per plugin ID, ordered by ID.
	Plugins []PluginInfo `json:"plugins"`
	// Tail describes where the file is truncated; nil if it is complete.
	Tail *Tail `json:"truncated,omitempty"`

	byID map[uint32]int // index in Plugins
}

// PluginInfo counts the events of one plugin in a capture.
type PluginInfo struct {
	ID uint32 `json:"id"`
	// Name and Source come from the file, else from the plugin registry; they are empty if
	// neither knows the ID.
	Name   string `json:"name"`
	Source string `json:"source"`
	Events uint64 `json:"events"`
	Async  uint64 `json:"async_events"` // included in Events
	Bytes  uint64 `json:"bytes"`        // of all payloads
	First  uint64 `json:"first_ns"`
	Last   uint64 `json:"last_ns"`
}

// ReadInfo reads a capture to its end and summarizes it. After a format error it returns
// both the error and the summary of everything before it. report is called from time to time
// with the share of the file that was read; it may be nil.
func ReadInfo(ctx context.Context, path string, report func(share float64)) (*Info, error) {
	r, err := Open(path, ReaderOptions{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	in := &Info{File: path, byID: map[uint32]int{}}
	if st, err := os.Stat(path); err == nil {
		in.Size = st.Size()
	}
	err = Each(ctx, r, func(b *event.Batch) error {
		for i := range b.Events {
			in.count(&b.Events[i])
		}
		if b.StateOnly {
			in.State += uint64(len(b.Events))
		}
		if report != nil {
			share, _ := r.Progress()
			report(share)
		}
		return nil
	})
	in.finish(r)
	return in, err
}

func (in *Info) count(e *event.Event) {
	i, ok := in.byID[e.PluginID]
	if !ok {
		i = len(in.Plugins)
		in.byID[e.PluginID] = i
		in.Plugins = append(in.Plugins, PluginInfo{ID: e.PluginID, First: e.Time, Last: e.Time})
	}
	p := &in.Plugins[i]
	p.Events++
	if e.IsAsync() {
		p.Async++
	}
	p.Bytes += uint64(len(e.Data))
	p.First, p.Last = min(p.First, e.Time), max(p.Last, e.Time)
}

func (in *Info) finish(r *Reader) {
	in.Unpacked, in.Packed, in.Captures = r.Offset(), r.Packed(), r.Sections()
	if m, ok := r.Machine(); ok {
		in.Machine = &m
	}
	in.Recorded, in.Other, in.Tail = slices.Clone(r.Plugins()), r.Skipped(), r.Tail()
	in.byID = nil
	slices.SortFunc(in.Plugins, func(a, b PluginInfo) int { return cmp.Compare(a.ID, b.ID) })
	for i := range in.Plugins {
		p := &in.Plugins[i]
		p.Name, p.Source = describe(in.Recorded, p.ID)
		if i == 0 || p.First < in.First {
			in.First = p.First
		}
		in.Last = max(in.Last, p.Last)
		in.Events += p.Events
	}
}

// describe returns the name and source of a plugin ID from the file or the registry.
func describe(recorded []Plugin, id uint32) (name, source string) {
	for i := range recorded {
		if recorded[i].ID == id {
			return recorded[i].Name, recorded[i].Source
		}
	}
	reg, _ := registered(id)
	return reg.name, reg.source
}

// Text formats the summary as text.
func (in *Info) Text() string {
	var s strings.Builder
	line := func(key, format string, args ...any) {
		fmt.Fprintf(&s, "%-12s "+format+"\n", append([]any{key + ":"}, args...)...)
	}
	line("file", "%s", in.File)
	if in.Packed {
		line("size", "%d bytes, gzip, %d uncompressed", in.Size, in.Unpacked)
	} else {
		line("size", "%d bytes", in.Size)
	}
	if in.Captures > 1 {
		line("captures", "%d, concatenated", in.Captures)
	}
	if in.Machine != nil {
		line("machine", "%s, %d CPUs, %d MB", in.Machine.Hostname, in.Machine.CPUs, in.Machine.Memory>>20)
	}
	line("events", "%d (%d state), %d not from plugins", in.Events, in.State, in.Other)
	if in.Events > 0 {
		line("time", "%s to %s (%s)", stamp(in.First), stamp(in.Last), time.Duration(in.Last-in.First))
	}
	for _, p := range in.Plugins {
		line(fmt.Sprintf("plugin %d", p.ID), "%s, source %s: %d events, %d async, %d bytes, %s to %s",
			orUnknown(p.Name), orUnknown(p.Source), p.Events, p.Async, p.Bytes, stamp(p.First), stamp(p.Last))
	}
	for _, p := range in.Recorded {
		line("recorded by", "%s %s (ID %d, source %s, config %s)", p.Name, p.Version, p.ID, p.Source, orUnknown(p.ConfigDigest))
	}
	switch {
	case in.Events == 0 && in.Other == 0:
		line("note", "no events in file")
	case in.Events == 0:
		line("note", "no plugin events in file")
	}
	if in.Tail != nil {
		line("truncated", "%s", in.Tail)
	}
	return s.String()
}

func stamp(ns uint64) string { return time.Unix(0, int64(ns)).UTC().Format(time.RFC3339Nano) }

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}
