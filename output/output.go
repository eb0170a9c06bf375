// SPDX-License-Identifier: Apache-2.0

// Package output delivers alerts: a bounded queue per destination, one file of code per
// kind of destination.
//
//	pipeline ─► Fanout ─┬─► Queue ─► Stdout
//	                    ├─► Queue ─► File
//	                    └─► Queue ─► ...
//
// # What bounds it, who waits, who closes
//
// A [Queue] has room for a number of alerts. When it is full, Write waits until the
// destination has caught up, which slows the event source down; or, if [Options.Drop]
// says so, alerts that do not fit are dropped and counted. One goroutine per queue writes
// to the destination. An entry's done is called when the destination has written, and
// flushed, its alerts. A destination that fails is tried again with the next alerts; what
// it could not take is counted and given up. It never stops the others.
//
// Close writes what is queued and gives up when the destination has made no progress for
// [Options.Timeout].
package output

import "github.com/gyr-dev/gyr/alert"

// Destination writes alerts somewhere. Its methods are called by one goroutine at a time.
// Errors are worded without the destination's name.
type Destination interface {
	// Name is the kind of destination: "stdout".
	Name() string
	// Write writes the alerts in order, each as a line; it may keep them in a buffer
	// until Flush. After an error some of them may have been written.
	Write(alerts []alert.Alert) error
	// Flush writes what is buffered.
	Flush() error
	// Reopen closes and opens whatever is behind it again, as after a rotation of files.
	Reopen() error
	// Close flushes and ends the destination.
	Close() error
}
