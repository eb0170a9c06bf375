// SPDX-License-Identifier: Apache-2.0

package awslogs

import "sync/atomic"

// Counts say what became of objects and messages. All of them only grow.
type Counts struct {
	Listings atomic.Uint64 // that were completed
	Failed   atomic.Uint64 // listings, or parts of them, that failed
	Listed   atomic.Uint64 // objects that a listing or a message had
	Passed   atomic.Uint64 // of these, log files of other kinds, which are not wanted
	Late     atomic.Uint64 // objects that were found behind the look-back
	Retried  atomic.Uint64 // objects that were read again after a failure
	Resumed  atomic.Uint64 // downloads that were continued after an error

	Received      atomic.Uint64 // messages
	ReceiveFailed atomic.Uint64 // requests for messages that failed
	Strange       atomic.Uint64 // messages that are not understood, or name a bucket that they may not
	Returned      atomic.Uint64 // messages that are to come again
	Renewed       atomic.Uint64 // messages that were hidden for longer
	RenewFailed   atomic.Uint64 // messages for which that failed
	Deleted       atomic.Uint64 // messages
	DeleteFailed  atomic.Uint64 // attempts to delete messages that failed
}

// Each calls f with each count and the name of its metric.
func (c *Counts) Each(f func(name string, n uint64)) {
	for _, m := range []struct {
		name string
		n    *atomic.Uint64
	}{
		{"s3_listings", &c.Listings},
		{"s3_listings_failed", &c.Failed},
		{"s3_objects_listed", &c.Listed},
		{"s3_objects_passed_over", &c.Passed},
		{"s3_objects_late", &c.Late},
		{"s3_objects_retried", &c.Retried},
		{"s3_downloads_resumed", &c.Resumed},
		{"sqs_messages_received", &c.Received},
		{"sqs_receives_failed", &c.ReceiveFailed},
		{"sqs_messages_not_understood", &c.Strange},
		{"sqs_messages_returned", &c.Returned},
		{"sqs_messages_renewed", &c.Renewed},
		{"sqs_renewals_failed", &c.RenewFailed},
		{"sqs_messages_deleted", &c.Deleted},
		{"sqs_deletions_failed", &c.DeleteFailed},
	} {
		f(m.name, m.n.Load())
	}
}
