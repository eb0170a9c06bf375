// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// maxDeletes is how often it is tried to delete a message.
const maxDeletes = 5

// deleteAll deletes messages that are dealt with until the input is closed: at once, and what has
// come meanwhile in the next request.
func (q *queue) deleteAll() {
	failures := 0
	for {
		select {
		case <-q.deletion:
		case <-q.ctx.Done():
			return
		}
		if err := q.deleteSome(q.last); err == nil {
			failures = 0
			continue
		}
		failures++
		if !q.sleep(q.pauses(failures)) {
			return
		}
		signal(q.deletion)
	}
}

// deleteSome deletes all messages that are dealt with now. It ends with the first request
// that fails; messages that SQS does not delete are tried again a few times.
func (q *queue) deleteSome(ctx context.Context) error {
	for {
		q.mu.Lock()
		list := q.deleted[:min(len(q.deleted), perRequest)]
		q.mu.Unlock()
		if len(list) == 0 {
			return nil
		}
		in := &sqs.DeleteMessageBatchInput{QueueUrl: &q.url}
		for i, l := range list {
			id := strconv.Itoa(i) // an id of its own for each entry
			in.Entries = append(in.Entries, types.DeleteMessageBatchRequestEntry{Id: &id, ReceiptHandle: &l.receipt})
		}
		out, err := q.api.DeleteMessageBatch(ctx, in)
		if err != nil {
			q.Counts.DeleteFailed.Add(uint64(len(list)))
			q.Log.Warn("messages cannot be deleted, it is tried again", "queue", q.Name, "messages", len(list), "error", plain(err))
			return plain(err)
		}
		failed := map[string]string{}
		for _, f := range out.Failed {
			failed[deref(f.Id)] = deref(f.Code)
		}
		q.afterDelete(list, failed)
	}
}

// afterDelete forgets messages that are deleted. failed has the reasons of the others.
func (q *queue) afterDelete(list []*letter, failed map[string]string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.deleted = q.deleted[len(list):]
	for i, l := range list {
		code, bad := failed[strconv.Itoa(i)]
		if !bad {
			q.Counts.Deleted.Add(1)
			delete(q.messages, l.id)
			continue
		}
		q.Counts.DeleteFailed.Add(1)
		if l.tries++; l.tries < maxDeletes {
			q.deleted = append(q.deleted, l)
			continue
		}
		q.Log.Warn("message cannot be deleted and will come again", "queue", q.Name, "message", l.id, "code", code)
		delete(q.messages, l.id)
	}
}
