// SPDX-License-Identifier: Apache-2.0

package alert

// Encoder writes alerts as lines. It is immutable and may be used by many goroutines.
type Encoder struct {
	// JSON selects JSON objects, else lines are text.
	JSON bool
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
}

// Meta is what all alerts of a rule have in common. It is immutable.
type Meta struct {
	Rule, Source string
	Priority     Priority
	Tags         []string // sorted

	tail []byte // the members behind output_fields, encoded: priority, rule, source
	tags []byte // the member tags, encoded
}

// NewMeta prepares the fixed parts of a rule's alerts. tags are sorted.
func NewMeta(rule, source string, p Priority, tags []string) *Meta {
	return &Meta{Rule: rule, Source: source, Priority: p, Tags: tags}
}

// Append appends the line of an alert, without a newline. time is in nanoseconds since
// the Unix epoch, message the rendered output of the rule, fields the JSON object of the
// output fields, which is needed only if JSON and IncludeFields are set. It allocates
// nothing but room in dst.
func (e *Encoder) Append(dst []byte, m *Meta, time uint64, message, fields []byte) []byte {
	return dst
}

// Value is a named value of an internal message: a string, or a number.
type Value struct {
	Name string
	Str  string
	Num  float64
	// IsNum says that the value is Num.
	IsNum bool
}

// AppendInternal appends the line of a message of gyr's own. rule is the kind of the
// message, values are sorted by name.
func (e *Encoder) AppendInternal(dst []byte, rule string, p Priority, time uint64, message string, values []Value) []byte {
	return dst
}
