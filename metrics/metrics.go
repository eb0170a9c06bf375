// SPDX-License-Identifier: Apache-2.0

// Package metrics makes Falco's metrics snapshots: from time to time the figures of a run,
// by name, as an alert of gyr's own, as a line of a file, or both.
//
// A snapshot is about one event source. It is made by whoever reads the source, between
// two reads ([Source.Poll]), because that is when plugins may be asked for their metrics:
// the plugin interface does not let a plugin be asked while it is read.
package metrics

import (
	"fmt"
	"io"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// Rule is the name of the alerts that hold snapshots.
const Rule = "Falco internal: metrics snapshot"

const message = "Falco metrics snapshot"

// MinInterval is the shortest time between two snapshots.
const MinInterval = 100 * time.Millisecond

// Options say when snapshots are made, what they hold and where they go.
type Options struct {
	Interval time.Duration
	// Collect adds the figures of an event source; it is called by one goroutine at a time.
	Collect func(source string, f *Fields)
	// Send, if not nil, gets every snapshot as an alert, written by Encoder.
	Send    func(alert.Alert)
	Encoder alert.Encoder
	// File, if not nil, gets every snapshot as a line of JSON.
	File io.Writer
	// Empty has fields that are zero included.
	Empty bool
	Log   *slog.Logger
}

// Reporter makes the snapshots of a run. Its time begins with New.
type Reporter struct {
	opts  Options
	begun time.Time

	mu     sync.Mutex
	tick   int64 // of the last snapshot
	sample uint64
	failed bool // the file could not be written to
}

// New returns a reporter that has made no snapshot.
func New(opts Options) *Reporter { return &Reporter{opts: opts, begun: time.Now()} }

// Source is one event source's part of a Reporter. It is used by one goroutine.
type Source struct {
	r    *Reporter
	name string
	tick int64 // of its last snapshot
}

// Source returns the part of an event source.
func (r *Reporter) Source(name string) *Source { return &Source{r: r, name: name} }

// Poll makes a snapshot if the interval has passed since the last one. One that is late
// does not make the next ones late.
func (s *Source) Poll() {
	now := time.Now()
	tick := int64(now.Sub(s.r.begun) / s.r.opts.Interval)
	if tick == s.tick {
		return
	}
	s.tick = tick
	s.r.snapshot(s.name, tick, now)
}

func (r *Reporter) snapshot(source string, tick int64, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if tick != r.tick { // sources share the number of a sample
		r.tick = tick
		r.sample++
	}
	f := &Fields{empty: r.opts.Empty}
	at := uint64(now.UnixNano())
	f.Set("evt.time", at)
	f.Set("evt.source", source)
	r.opts.Collect(source, f)
	values := f.sorted()
	if r.opts.Send != nil {
		r.opts.Send(alert.Alert{
			Time: at, Rule: Rule, Source: alert.Internal, Priority: alert.Informational,
			Line: r.opts.Encoder.AppendInternal(nil, Rule, alert.Informational, at, message, values),
		})
	}
	if r.opts.File != nil {
		line := alert.AppendValues([]byte(`{"output_fields":`), values)
		_, err := r.opts.File.Write(fmt.Appendf(line, `,"sample":%d}`+"\n", r.sample))
		if err != nil && !r.failed {
			r.failed = true
			r.opts.Log.Error("Cannot write metrics: " + err.Error())
		}
	}
}

// Fields are the fields of a snapshot.
type Fields struct {
	values []alert.Value
	empty  bool
}

// Set adds a field: a string, an unsigned, signed or floating-point number. A name that
// is there already gets the new value.
func (f *Fields) Set(name string, v any) {
	value := alert.Value{Name: name}
	switch v := v.(type) {
	case string:
		value.Str = v
	case uint64:
		value.Kind, value.Uint = alert.ValueUint, v
	case uint32:
		value.Kind, value.Uint = alert.ValueUint, uint64(v)
	case int64:
		value.Kind, value.Int = alert.ValueInt, v
	case int32:
		value.Kind, value.Int = alert.ValueInt, int64(v)
	case int:
		value.Kind, value.Int = alert.ValueInt, int64(v)
	case float64:
		value.Kind, value.Num = alert.ValueFloat, v
	case float32:
		value.Kind, value.Num = alert.ValueFloat, float64(v)
	default:
		return
	}
	f.values = append(f.values, value)
}

// SetFull is Set, but for a number that is zero, unless the configuration wants those.
func (f *Fields) SetFull(name string, v any) {
	switch v {
	case uint64(0), uint32(0), int64(0), int32(0), 0, 0.0, float32(0):
		if !f.empty {
			return
		}
	}
	f.Set(name, v)
}

// sorted returns the fields by name, the last one of each.
func (f *Fields) sorted() []alert.Value {
	slices.Reverse(f.values)
	slices.SortStableFunc(f.values, func(a, b alert.Value) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(f.values, func(a, b alert.Value) bool { return a.Name == b.Name })
}

// Tenth rounds to one decimal, as Falco does with shares and rates.
func Tenth(x float64) float64 { return math.Round(x*10) / 10 }

// Clean makes a name of a rule or file a part of a field's name.
func Clean(name string) string {
	var b strings.Builder
	for _, c := range name {
		if c == ':' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b.WriteRune(c)
		} else if !strings.HasSuffix(b.String(), "_") {
			b.WriteByte('_')
		}
	}
	return strings.TrimSuffix(b.String(), "_")
}
