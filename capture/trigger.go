// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// TriggerOptions say what a [Trigger] records.
type TriggerOptions struct {
	// Prefix is the beginning of the path of every file; see [TriggeredPath].
	Prefix string
	// Duration is how long is recorded after a match whose rule says nothing, in the
	// time of the events.
	Duration time.Duration
	// MaxSize ends a file that has this many bytes; 0 means no limit.
	MaxSize int64
	// Plugins are for the files' origin block.
	Plugins []Plugin
	// Full is called with the size of a file that MaxSize ended. May be nil.
	Full func(path string, size int64)
}

// Trigger records the events of one source from a match of a rule until the time of the
// events is past what the matches since then ask for: falco.yaml's capture. The files are
// packed. It is an [event.Sink] that is told of matches.
//
// For each event, in their order, Match is called for each rule that matched it, then
// Write. The methods are called by one goroutine at a time.
type Trigger struct {
	o     TriggerOptions
	head  *Header
	w     *Writer
	until uint64 // in the time of the events
}

var _ event.Sink = (*Trigger)(nil)

// NewTrigger returns a trigger that waits for its first match.
func NewTrigger(o TriggerOptions) *Trigger { return &Trigger{o: o, head: HostHeader()} }

// TriggeredPath is the path of the file that begins with an event of that time and number.
func TriggeredPath(prefix string, time, num uint64) string {
	return fmt.Sprintf("%s_%020d_%020d.scap", prefix, time, num)
}

// Match says that a rule matched e. Every match makes a recording last for d from the
// event on, or the default if d is 0; only one with start begins a recording.
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

// Write implements [event.Sink]: it records the event if a recording is under way.
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

// Path is the file that is being written, "" if none is.
func (t *Trigger) Path() string {
	if t.w == nil {
		return ""
	}
	return t.w.Path()
}

// Close ends a recording that is under way. The trigger can be used again.
func (t *Trigger) Close() error {
	if t.w == nil {
		return nil
	}
	w := t.w
	t.w, t.until = nil, 0
	return w.Close()
}
