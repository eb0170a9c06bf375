// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// ConvertOptions configures the conversion of log lines to events.
type ConvertOptions struct {
	// PluginID is the ID of the plugin that reads the events, Source its event source.
	PluginID uint32
	Source   string
	// Time returns the time of a line in nanoseconds since the Unix epoch; false if it
	// has none. nil means [TimeOf] with the usual keys.
	Time func(line []byte) (ns uint64, ok bool)
	// MaxLine is the longest line in bytes; 0 means 16 MiB.
	MaxLine int
	// Any also accepts lines that are not JSON.
	Any bool
}

// ConvertStats counts what Convert did.
type ConvertStats struct {
	Lines  int    // lines read, including empty ones
	Events uint64 // events written
	// Untimed counts the events without a time in their line. They have the time of the
	// previous event, or of the conversion if there is none.
	Untimed uint64
}

// Convert writes each line of in to w as the payload of an event. It skips empty lines.
// name is the name of the input in messages. Convert stops with an error, which holds the
// line number, at a line that is too long or not JSON. It does not close w.
func Convert(ctx context.Context, name string, in io.Reader, w *Writer, o ConvertOptions) (ConvertStats, error) {
	if o.MaxLine <= 0 {
		o.MaxLine = 16 << 20
	}
	if o.Time == nil {
		o.Time = TimeOf("eventTime", "stageTimestamp", "requestReceivedTimestamp", "timestamp", "@timestamp", "time", "ts", "published")
	}
	var st ConvertStats
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), o.MaxLine)
	last := uint64(time.Now().UnixNano())
	for lines.Scan() {
		st.Lines++
		if st.Lines%256 == 0 && ctx.Err() != nil {
			return st, ctx.Err()
		}
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if !o.Any && !json.Valid(line) {
			return st, fmt.Errorf("%s:%d: line is not valid JSON", name, st.Lines)
		}
		if ns, ok := o.Time(line); ok {
			last = ns
		} else {
			st.Untimed++
		}
		e := event.Event{Time: last, PluginID: o.PluginID, Type: abi.PluginEvent, Data: line}
		if err := w.Write(o.Source, &e); err != nil {
			return st, fmt.Errorf("%s:%d: %w", name, st.Lines, err)
		}
		st.Events++
	}
	if err := lines.Err(); err != nil {
		return st, fmt.Errorf("%s:%d: %w", name, st.Lines+1, err)
	}
	return st, nil
}

// TimeOf returns a function for ConvertOptions.Time. It uses the first of the top-level keys
// whose value is an RFC 3339 time, or a number of seconds, milliseconds, microseconds or
// nanoseconds since the Unix epoch; the magnitude tells the unit.
func TimeOf(keys ...string) func(line []byte) (uint64, bool) {
	return func(line []byte) (uint64, bool) {
		var object map[string]json.RawMessage
		if json.Unmarshal(line, &object) != nil {
			return 0, false
		}
		for _, key := range keys {
			if ns, ok := parseTime(object[key]); ok {
				return ns, true
			}
		}
		return 0, false
	}
}

func parseTime(raw json.RawMessage) (uint64, bool) {
	if len(raw) == 0 {
		return 0, false
	}
	if raw[0] == '"' {
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return 0, false
		}
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil || t.UnixNano() < 0 {
			return 0, false
		}
		return uint64(t.UnixNano()), true
	}
	n, err := strconv.ParseUint(string(raw), 10, 64)
	if err != nil {
		f, err := strconv.ParseFloat(string(raw), 64)
		if err != nil || f <= 0 || f > 9e9 { // only seconds can have a fraction
			return 0, false
		}
		return uint64(f * 1e9), true
	}
	if n == 0 || n > math.MaxInt64 {
		return 0, false
	}
	for n < 1e17 { // early 1973 in nanoseconds; times in larger units are smaller numbers
		n *= 1000
	}
	return n, true
}
