// SPDX-License-Identifier: Apache-2.0

// Package output delivers alerts: a queue and a worker per destination, one file of code
// per kind of destination.
//
//	pipeline ─► Fanout ─┬─► Queue ─► Worker ─► Stdout
//	                    ├─► Queue ─► Worker ─► File
//	                    └─► Queue ─► Worker ─► ...
//
// # What bounds it, who waits, who closes
//
// A [Queue] has room for a number of alerts. When it is full, Write waits until the
// destination has caught up, which slows the event source down; or, if [Options.Drop]
// says so, alerts that do not fit are dropped and counted. One goroutine per destination,
// the [Worker]'s, writes to it. What a destination does not take is tried again, in order,
// until it is delivered, refused for good, or given up at the end; meanwhile the queue
// fills. No destination stops the others.
//
// Close delivers what is queued, and gives up when the destination has taken nothing for
// [Options.Timeout]; see [Worker.End]. A destination that is then stuck in a system call is
// left alone: its goroutine ends when the call returns.
//
// # Counts
//
// Every alert that a queue is given is counted once: [Counts.Queued] is the sum of
// delivered, refused and failed alerts and of those that wait; dropped ones were never
// queued.
package output

import (
	"context"
	"errors"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// Destination writes alerts somewhere. Its methods are called by one goroutine at a time.
// Errors are worded without the destination's name.
type Destination interface {
	// Name is the kind of destination: "stdout".
	Name() string
	// Write delivers one or more of the alerts, of which there is at least one, in order
	// from the first, and returns how many were delivered. Without an error that is at
	// least one. An error is about the alert behind those; it is tried again, after a
	// pause, unless the error is [Refused], [Gone] or [Busy], which say otherwise. A
	// Write that was broken off in the middle of an alert is followed by one that begins
	// with the same alert, unless that was given up.
	//
	// Write returns soon after ctx is done, if it can, and does not look at the alerts
	// afterwards. It keeps none of their bytes.
	Write(ctx context.Context, alerts []alert.Alert) (int, error)
	// Reopen closes and opens whatever is behind it again, as after a rotation of files.
	Reopen() error
	// Close ends the destination.
	Close() error
}

// Refused is an error after which the alert must not be tried again: the destination does
// not want this one, and may want the next.
type Refused struct {
	Err error
	// Setup says that the refusal is about credentials or an address, not about the alert.
	// Where alerts are kept ([Options.Kept]) it is tried again.
	Setup bool
}

func (e *Refused) Error() string { return e.Err.Error() }
func (e *Refused) Unwrap() error { return e.Err }

// Gone is an error after which the destination will never take an alert again.
type Gone struct{ Err error }

func (e *Gone) Error() string { return e.Err.Error() }
func (e *Gone) Unwrap() error { return e.Err }

// Busy is an error after which the alert is to be tried again when After has passed, 0 for
// at once.
type Busy struct {
	Err   error
	After time.Duration
}

func (e *Busy) Error() string { return e.Err.Error() }
func (e *Busy) Unwrap() error { return e.Err }

// ErrClosed is what done gets for alerts that were given up because the destination did
// not take them in time at the end.
var ErrClosed = errors.New("output closed before the alerts were delivered")

// Counts are what became of the alerts.
type Counts struct {
	// Queued alerts were taken over to be delivered; Dropped ones found no room.
	Queued, Dropped uint64
	// Delivered alerts were accepted, Refused ones rejected for good. Failed ones were
	// given up at the end, or because the destination is gone.
	Delivered, Refused, Failed uint64
	// Retried counts the attempts that were not the first for their alert.
	Retried uint64
}

// Lost is how many alerts were neither delivered nor dropped by a rule of the
// configuration.
func (c Counts) Lost() uint64 { return c.Refused + c.Failed }
