// SPDX-License-Identifier: Apache-2.0

// Package alert is what leaves gyr: a rule that matched an event, ready to be delivered.
//
// An [Encoder] writes an alert as the line that outputs deliver: as text, or as one JSON
// object. An [Alert] holds that line and what pages and counters need next to it.
//
// # Who owns the memory
//
// The bytes of an Alert belong to whoever made it and are only lent to a [Sink]: nobody
// changes them until the sink has called done, and then they are used for other alerts.
// Who wants to keep an Alert longer keeps its [Alert.Clone].
package alert

import "bytes"

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
	// ID is the same whenever the event is read; zero if nobody wants it, and for internal
	// messages.
	ID ID
	// Line is the encoded alert, as text or JSON as configured, without a newline.
	Line []byte
}

// Clone returns an alert with bytes of its own, which may be kept for ever.
func (a Alert) Clone() Alert {
	a.Line = bytes.Clone(a.Line)
	return a
}

// Internal is the source of gyr's own messages.
const Internal = "internal"

// Sink takes alerts. Its methods may be called from any goroutine, Write also by several
// at once, as all event sources and gyr itself share a sink; the alerts of one caller are
// delivered in the order of its calls.
type Sink interface {
	// Write takes the alerts of one batch of events, in the order of the events and
	// rules; there may be none. The slice belongs to the caller again when Write has
	// returned, the alerts' bytes when done is called. Write returns when the alerts are
	// queued, which can take as long as the slowest destination needs.
	//
	// done is called exactly once, from any goroutine and perhaps before Write returns,
	// and without a lock of the sink's: it may call whoever waits for the alerts.
	//
	// nil means that the alerts are dealt with. For every destination each alert was
	// delivered, or is on disk until it will be, or was refused by the destination for
	// good and counted, or was dropped as the configuration says and counted.
	//
	// An error means that this is not known of at least one alert, so that the events
	// have to be given again. Only a Close that comes before the alerts are delivered
	// gives one; a destination that refuses alerts does not.
	Write(alerts []Alert, done func(error))
	// Close delivers what is queued, within the limits of the configuration, and ends
	// the destinations. No Write follows.
	Close() error
}

// Send hands over an alert that is about no batch of events, such as a notice. Like Write
// it returns when the alert is queued; nobody learns what becomes of it.
func Send(s Sink, a Alert) { s.Write([]Alert{a}, func(error) {}) }
