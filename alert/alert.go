// SPDX-License-Identifier: Apache-2.0

// Package alert is what leaves gyr: a rule that matched an event, ready to be delivered.
//
// An [Encoder] writes an alert as the line that outputs deliver: as text, or as one JSON
// object. An [Alert] holds that line and what pages and counters need next to it.
//
// # Who owns the memory
//
// An Alert owns its bytes: they are written once, by the worker that found the match,
// and nobody changes them afterwards. They stay valid as long as somebody refers to
// them; whoever gets an Alert may keep it.
package alert

// Alert is one match of a rule, or a message of gyr's own ([Encoder.AppendInternal]).
type Alert struct {
	// Num is the number of the event (evt.num), 0 for an internal message.
	Num uint64
	// Time is the event's time in nanoseconds since the Unix epoch.
	Time uint64
	// Rule and Source name the rule and its event source. Source is [Internal] for an
	// internal message.
	Rule, Source string
	Priority     Priority
	// Tags are the rule's, sorted. The slice belongs to the rule.
	Tags []string
	// Line is the encoded alert, as text or JSON as configured, without a newline.
	Line []byte
	// Message is the output of the rule, without time and priority.
	Message []byte
	// Fields is the JSON object of the output fields. It may be nil if neither the line
	// nor anybody else needs it.
	Fields []byte
}

// Internal is the source of gyr's own messages.
const Internal = "internal"

// Sink takes alerts. Its methods may be called from any goroutine, Write not
// concurrently with Write.
type Sink interface {
	// Write takes the alerts of one batch of events, in the order of the events and
	// rules; there may be none. The slice belongs to the caller again when Write has
	// returned, the alerts' bytes when done is called. Write returns when the alerts are
	// queued, which can take as long as the slowest destination needs.
	//
	// done is called exactly once, from any goroutine, when all alerts are dealt with:
	// delivered to every destination or dropped by a rule of the configuration (nil),
	// or given up (the reason).
	Write(alerts []Alert, done func(error))
	// Close delivers what is queued, within the limits of the configuration, and ends
	// the destinations. No Write follows.
	Close() error
}
