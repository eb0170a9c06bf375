// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// A message that was received is hidden from others for a time. That time is renewed when half
// of it is over, for all messages from their receipt on, read or not, until they are settled. A message that
// failed comes again after a time that grows with the number of its receipts.

const (
	// longest is how long SQS lets a message be hidden in all.
	longest = 12 * time.Hour
	// maxAgain is the longest time after which a message that failed comes again.
	maxAgain = 900
	// perRequest is how many messages a request may be about.
	perRequest = 10
	// lostAfter is how long messages wait that could not be delivered: gyr may be about to
	// stop, and then gives them back at once.
	lostAfter = time.Second
)

// again returns how long a message stays hidden that failed.
func (l *letter) again() time.Duration {
	seconds := maxAgain
	if l.count < 10 {
		seconds = min(1<<l.count, maxAgain)
	}
	return time.Duration(seconds) * time.Second
}

// renewAll keeps messages hidden until the input is closed.
func (q *queue) renewAll() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		due, next := q.due(q.now())
		for some := range slices.Chunk(due, perRequest) {
			if q.ctx.Err() == nil {
				q.hide(q.ctx, some)
			}
		}
		timer.Reset(next)
		select {
		case <-timer.C:
		case <-q.renewal:
		case <-q.ctx.Done():
			return
		}
	}
}

// change is for how long a message is to be hidden from now on.
type change struct {
	l       *letter
	receipt string
	for_    time.Duration
}

// due returns the messages whose time is to be changed now, and when to ask again.
func (q *queue) due(now time.Time) (list []change, next time.Duration) {
	next = q.hidden / 2
	q.mu.Lock()
	defer q.mu.Unlock()
	for id, l := range q.messages {
		if wait := l.giveBack.Sub(now); l.settled && wait > 0 {
			next = min(next, wait)
		} else if l.settled {
			list = append(list, change{l, l.receipt, l.again()})
			delete(q.messages, id)
			q.Counts.Returned.Add(1)
			continue
		}
		if wait := l.extended.Add(q.hidden / 2).Sub(now); wait > 0 {
			next = min(next, wait)
			continue
		}
		left := l.received.Add(longest).Sub(now) - time.Minute
		if left < q.hidden/2 {
			if !l.expired {
				q.Log.Warn("message is under way for 12 hours and comes again", "queue", q.Name, "message", id)
			}
			l.expired = true
			continue
		}
		l.extended = now
		list = append(list, change{l, l.receipt, min(q.hidden, left)})
	}
	return list, max(next, 10*time.Millisecond)
}

// hide changes for how long messages are hidden. A failure is no more than a message that
// comes too early.
func (q *queue) hide(ctx context.Context, list []change) error {
	in := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q.url}
	for i, c := range list {
		id := strconv.Itoa(i) // receipts may come more than once
		in.Entries = append(in.Entries, types.ChangeMessageVisibilityBatchRequestEntry{
			Id: &id, ReceiptHandle: &c.receipt, VisibilityTimeout: int32(c.for_ / time.Second),
		})
	}
	out, err := q.api.ChangeMessageVisibilityBatch(ctx, in)
	if err != nil {
		q.Counts.RenewFailed.Add(uint64(len(list)))
		q.Log.Warn("messages may come again too early", "queue", q.Name, "messages", len(list), "error", plain(err))
		return plain(err)
	}
	q.Counts.Renewed.Add(uint64(len(out.Successful)))
	for _, f := range out.Failed {
		q.Counts.RenewFailed.Add(1)
		q.Log.Warn("message may come again too early", "queue", q.Name, "message", idOf(list, f.Id), "code", deref(f.Code))
	}
	return nil
}

// idOf returns the id of the message of an entry of a batch.
func idOf(list []change, entry *string) string {
	if i, err := strconv.Atoi(deref(entry)); err == nil && i >= 0 && i < len(list) {
		return list[i].l.id
	}
	return deref(entry)
}

// giveBackAll makes all messages visible that are not settled.
func (q *queue) giveBackAll(ctx context.Context) (err error) {
	q.mu.Lock()
	var list []change
	for _, l := range q.messages {
		c := change{l, l.receipt, 0}
		if q.strange.has(l.id) {
			c.for_ = l.again()
		}
		list = append(list, c)
	}
	clear(q.messages)
	q.mu.Unlock()
	q.Counts.Returned.Add(uint64(len(list)))
	for some := range slices.Chunk(list, perRequest) {
		if err = q.hide(ctx, some); err != nil {
			break // and they become visible by themselves
		}
	}
	return err
}
