// SPDX-License-Identifier: Apache-2.0

package alert

import (
	"encoding/hex"
	"slices"

	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/internal/timetext"
)

// Encoder writes alerts as lines. It is immutable and may be used by many goroutines. Its
// methods allocate nothing but room in dst.
type Encoder struct {
	// JSON selects JSON objects, else lines are text.
	JSON bool
	// Falco is the version that lines look like those of.
	Falco compat.Version
	// ISO8601 shows the time at the beginning of the text as date and time in UTC, else
	// it is the local time of the day.
	ISO8601 bool
	// Offset is the local zone in seconds east of UTC (timetext.Offset of now, once).
	Offset int64
	// Hostname is the "hostname" of JSON objects.
	Hostname string
	// IncludeOutput, IncludeMessage, IncludeFields and IncludeTags select the optional
	// members of JSON objects: "output", "message", "output_fields" and "tags".
	IncludeOutput, IncludeMessage, IncludeFields, IncludeTags bool
	// IDs has alerts get an [ID]; IncludeID shows it in JSON objects as "id".
	IDs, IncludeID bool
}

// Meta is what all alerts of a rule have in common. It is immutable.
type Meta struct {
	Rule, Source string
	Priority     Priority
	Tags         []string // sorted

	about []byte // encoded members: priority, rule, source
	tags  []byte // encoded member: tags
}

// NewMeta prepares the fixed parts of a rule's alerts. It keeps a sorted copy of tags.
func NewMeta(rule, source string, p Priority, tags []string) *Meta {
	m := &Meta{Rule: rule, Source: source, Priority: p, Tags: slices.Sorted(slices.Values(tags))}
	m.about = appendAbout(nil, rule, source, p)
	m.tags = append(m.tags, `"tags":[`...)
	for i, t := range m.Tags {
		if i > 0 {
			m.tags = append(m.tags, ',')
		}
		m.tags = AppendQuoted(m.tags, t)
	}
	m.tags = append(m.tags, "],"...)
	return m
}

func appendAbout(dst []byte, rule, source string, p Priority) []byte {
	dst = append(append(append(dst, `"priority":"`...), p.String()...), `","rule":`...)
	dst = append(AppendQuoted(dst, rule), `,"source":`...)
	return append(AppendQuoted(dst, source), ',')
}

// Append appends the line of an alert, without a newline. time is in nanoseconds since
// the Unix epoch, message the rendered output of the rule, fields the JSON object of the
// output fields, which is needed only if JSON and IncludeFields are set.
//
// A line is valid UTF-8 without control characters below 0x20: in a text line the message is
// escaped as in JSON. As in Falco 0.44, a text line holds the bytes of the message as they are.
func (e *Encoder) Append(dst []byte, m *Meta, time uint64, message, fields []byte) []byte {
	return e.AppendWithID(dst, m, time, ID{}, message, fields)
}

// AppendWithID is Append for an alert that has an ID.
func (e *Encoder) AppendWithID(dst []byte, m *Meta, time uint64, id ID, message, fields []byte) []byte {
	if !e.JSON {
		dst = e.appendPrefix(dst, m.Priority, time)
		if e.Falco.EscapesLines() {
			return AppendEscaped(dst, message)
		}
		return append(dst, message...)
	}
	dst = append(dst, `{"hostname":`...)
	dst = append(AppendQuoted(dst, e.Hostname), ',')
	if e.IncludeID && id != (ID{}) {
		dst = append(dst, `"id":"`...)
		dst = append(hex.AppendEncode(dst, id[:]), '"', ',')
	}
	if e.IncludeMessage {
		dst = append(dst, `"message":`...)
		dst = append(AppendQuoted(dst, message), ',')
	}
	if e.IncludeOutput {
		dst = append(dst, `"output":"`...)
		dst = e.appendPrefix(dst, m.Priority, time)
		dst = append(AppendEscaped(dst, message), '"', ',')
	}
	if e.IncludeFields {
		dst = append(dst, `"output_fields":`...)
		dst = append(append(dst, fields...), ',')
	}
	dst = append(dst, m.about...)
	if e.IncludeTags {
		dst = append(dst, m.tags...)
	}
	return appendTime(dst, time)
}

// appendPrefix appends time and priority, which stand before the message.
func (e *Encoder) appendPrefix(dst []byte, p Priority, time uint64) []byte {
	if e.ISO8601 {
		dst = append(timetext.AppendISO(dst, time), "+0000"...)
	} else {
		dst = timetext.AppendClock(dst, time, e.Offset, true)
	}
	dst = append(append(dst, ": "...), p.String()...)
	return append(dst, ' ')
}

// appendTime appends the last member and closes the object.
func appendTime(dst []byte, time uint64) []byte {
	dst = append(dst, `"time":"`...)
	return append(timetext.AppendISO(dst, time), `Z"}`...)
}
