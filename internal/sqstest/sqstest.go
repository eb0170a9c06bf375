// SPDX-License-Identifier: Apache-2.0

// Package sqstest has a queue of SQS for tests: on loopback, in the JSON protocol of SQS, with a time
// that only passes when a test says so.
package sqstest

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Queue is a queue with the name q.
type Queue struct {
	t *testing.T
	// URL is where the queue is reached.
	URL string

	// Mutex guards what follows, and messages.
	sync.Mutex
	// Now is the queue's time.
	Now time.Time
	// Refuse, if set, may make a request fail: it returns the status, 0 for none, and the code.
	// It is called with the lock.
	Refuse func(action string) (status int, code string)
	// Calls counts requests by their action.
	Calls map[string]int

	changed *sync.Cond
	hidden  int // VisibilityTimeout of the queue
	list    []*Message
	next    int // number of the last message; -1 when Wait has waited too long
}

// Message is a message in the queue.
type Message struct {
	ID, Body string
	// Receipt is that of the last time it was received, Count how often it was.
	Receipt string
	Count   int
	// Visible is when it can be received again, Changes the timeouts that were set since it was sent.
	Visible time.Time
	Changes []int
}

// New returns an empty queue, which is gone at the end of the test. Its visibility timeout is 40 s.
func New(t *testing.T) *Queue {
	t.Helper()
	q := &Queue{t: t, Now: time.Unix(1e9, 0), hidden: 40, Calls: map[string]int{}}
	q.changed = sync.NewCond(q)
	server := httptest.NewServer(http.HandlerFunc(q.serve))
	t.Cleanup(server.Close)
	q.URL = server.URL
	return q
}

// Send puts a message into the queue.
func (q *Queue) Send(body string) *Message {
	q.Lock()
	defer q.Unlock()
	q.next++
	m := &Message{ID: fmt.Sprintf("m%d", q.next), Body: body, Visible: q.Now}
	q.list = append(q.list, m)
	q.changed.Broadcast()
	return m
}

// Changed has everything looked at again that waits. It is for who changed Now or a message, with
// the lock.
func (q *Queue) Changed() { q.changed.Broadcast() }

// Pass lets time pass.
func (q *Queue) Pass(d time.Duration) {
	q.Lock()
	defer q.Unlock()
	q.Now = q.Now.Add(d)
	q.changed.Broadcast()
}

// Clock returns the queue's time.
func (q *Queue) Clock() time.Time {
	q.Lock()
	defer q.Unlock()
	return q.Now
}

// Wait waits until holds, which is called with the lock, is true, and fails the test if that takes
// too long. what is for the message then.
func (q *Queue) Wait(what string, holds func() bool) {
	q.t.Helper()
	timeout := time.AfterFunc(20*time.Second, func() {
		q.Lock()
		defer q.Unlock()
		q.next = -1
		q.changed.Broadcast()
	})
	defer timeout.Stop()
	q.Lock()
	defer q.Unlock()
	for !holds() {
		if q.next < 0 {
			q.t.Fatalf("waited in vain for %s: %v", what, q.Calls)
		}
		q.changed.Wait()
	}
}

// IDs returns the ids of the messages in the queue.
func (q *Queue) IDs() []string {
	q.Lock()
	defer q.Unlock()
	return q.Left()
}

// Left is IDs for who has the lock.
func (q *Queue) Left() (ids []string) {
	for _, m := range q.list {
		ids = append(ids, m.ID)
	}
	return ids
}

// entry is an entry of a batch.
type entry struct {
	Id, ReceiptHandle string
	VisibilityTimeout int
}

func (q *Queue) serve(w http.ResponseWriter, r *http.Request) {
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	var in struct {
		QueueName, QueueUrl, QueueOwnerAWSAccountId string
		AttributeNames                              []string
		MaxNumberOfMessages, VisibilityTimeout      int
		Entries                                     []entry
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	q.Lock()
	defer q.Unlock()
	defer q.changed.Broadcast()
	q.Calls[action]++
	q.changed.Broadcast()
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	fail := func(status int, code string) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"__type":"com.amazonaws.sqs#%s","message":"injected"}`, code)
	}
	if q.Refuse != nil {
		if status, code := q.Refuse(action); status > 0 {
			fail(status, code)
			return
		}
	}
	var out any
	switch action {
	case "GetQueueUrl":
		if in.QueueName != "q" {
			fail(400, "QueueDoesNotExist")
			return
		}
		out = map[string]any{"QueueUrl": "http://" + r.Host + "/" + in.QueueOwnerAWSAccountId + "/q"}
	case "GetQueueAttributes":
		out = map[string]any{"Attributes": map[string]string{"VisibilityTimeout": strconv.Itoa(q.hidden), "ApproximateNumberOfMessages": strconv.Itoa(len(q.list))}}
	case "ReceiveMessage":
		out = map[string]any{"Messages": q.receive(r.Context(), in.MaxNumberOfMessages, in.VisibilityTimeout)}
	case "DeleteMessageBatch", "ChangeMessageVisibilityBatch":
		out = q.batch(action, in.Entries)
	default:
		fail(400, "InvalidAction")
		return
	}
	_ = json.NewEncoder(w).Encode(out)
}

// receive waits for messages until the request is given up.
func (q *Queue) receive(ctx context.Context, most, hidden int) (out []map[string]any) {
	stop := context.AfterFunc(ctx, func() {
		q.Lock()
		defer q.Unlock()
		q.changed.Broadcast()
	})
	defer stop()
	for len(out) == 0 && ctx.Err() == nil {
		for _, m := range q.list {
			if m.Visible.After(q.Now) || len(out) == most {
				continue
			}
			m.Count++
			m.Visible = q.Now.Add(time.Duration(hidden) * time.Second)
			m.Receipt = fmt.Sprintf("%s-%d", m.ID, m.Count)
			sum := md5.Sum([]byte(m.Body))
			out = append(out, map[string]any{
				"MessageId": m.ID, "ReceiptHandle": m.Receipt, "Body": m.Body, "MD5OfBody": hex.EncodeToString(sum[:]),
				"Attributes": map[string]string{"ApproximateReceiveCount": strconv.Itoa(m.Count)},
			})
		}
		if len(out) == 0 {
			q.changed.Wait()
		}
	}
	return out
}

// batch deletes messages or Changes their visibility.
func (q *Queue) batch(action string, entries []entry) map[string]any {
	good, bad := []map[string]any{}, []map[string]any{}
	ids := map[string]bool{}
	for _, e := range entries {
		at := -1
		for i, m := range q.list {
			if m.Receipt == e.ReceiptHandle {
				at = i
			}
		}
		if at < 0 && action == "DeleteMessageBatch" && !ids[e.Id] { // deleting again is no error
			ids[e.Id] = true
			good = append(good, map[string]any{"Id": e.Id})
			continue
		}
		if at < 0 || ids[e.Id] {
			bad = append(bad, map[string]any{"Id": e.Id, "Code": "ReceiptHandleIsInvalid", "SenderFault": true})
			continue
		}
		ids[e.Id] = true
		good = append(good, map[string]any{"Id": e.Id})
		if m := q.list[at]; action == "DeleteMessageBatch" {
			q.list = append(q.list[:at:at], q.list[at+1:]...)
		} else {
			m.Visible = q.Now.Add(time.Duration(e.VisibilityTimeout) * time.Second)
			m.Changes = append(m.Changes, e.VisibilityTimeout)
		}
	}
	return map[string]any{"Successful": good, "Failed": bad}
}
