// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// TriggerOptions configures a [Trigger].
type TriggerOptions struct {
	// Prefix is the prefix of the path of every file; see [TriggeredPath].
	Prefix string
	// Duration is the default duration of a recording after a match, in event time.
	Duration time.Duration
	// MaxSize is the size in bytes at which a file ends; 0 means no limit.
	MaxSize int64
	// Plugins is written to the origin block of each file.
	Plugins []Plugin
	// Full is called with the size of a file that reached MaxSize. May be nil.
	Full func(path string, size int64)
}

// Trigger implements capture of falco.yaml. It starts recording the events of one source at
// a match and stops when the event time has passed the duration of all matches since. The
// files are compressed. It is an [event.Sink].
//
// For each event, in order, call Match for each rule that matched it, then Write. The
// methods are not safe for concurrent use.
type Trigger struct {
	o     TriggerOptions
	head  *Header
	w     *Writer
	until uint64 // in event time
}

var _ event.Sink = (*Trigger)(nil)

// NewTrigger returns a trigger that is not recording yet.
func NewTrigger(o TriggerOptions) *Trigger { return &Trigger{o: o, head: HostHeader()} }

// TriggeredPath returns the path of a file whose first event has that time and number.
func TriggeredPath(prefix string, time, num uint64) string {
	return fmt.Sprintf("%s_%020d_%020d.scap", prefix, time, num)
}

// Match reports that a rule matched e. A match extends a recording to d after the event, or
// the default duration if d is 0. Only a match with start starts a recording.
func (t *Trigger) Match(e *event.Event, start bool, d time.Duration) error {
	if d <= 0 {
		d = t.o.Duration
	}
	t.until = max(t.until, e.Time+uint64(d))
	if !start || t.w != nil {
		return nil
	}
	w, err := Create(TriggeredPath(t.o.Prefix, e.Time, e.Num), WriterOptions{Gzip: true, Header: t.head, Plugins: t.o.Plugins})
	if err != nil {
		return err
	}
	t.w = w
	return nil
}

// Write implements [event.Sink]. It records the event if a recording is active.
func (t *Trigger) Write(source string, e *event.Event) error {
	if t.w == nil {
		return nil
	}
	if err := t.w.Write(source, e); err != nil {
		return err
	}
	full := t.o.MaxSize > 0 && t.w.Stats().Bytes >= t.o.MaxSize
	if e.Time < t.until && !full {
		return nil
	}
	byTime := e.Time >= t.until
	path, w := t.w.Path(), t.w
	if err := t.Close(); err != nil {
		return err
	}
	if !byTime && t.o.Full != nil {
		t.o.Full(path, w.Stats().Bytes)
	}
	return nil
}

// Path returns the path of the current file, "" if no recording is active.
func (t *Trigger) Path() string {
	if t.w == nil {
		return ""
	}
	return t.w.Path()
}

// Close ends the active recording. The trigger can be used again.
func (t *Trigger) Close() error {
	if t.w == nil {
		return nil
	}
	w := t.w
	t.w, t.until = nil, 0
	return w.Close()
}
