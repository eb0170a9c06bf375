// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/internal/logfiles"
	"github.com/gyr-dev/gyr/internal/sqstest"
)

// testQueue is a queue and how it is reached.
type testQueue struct {
	*sqstest.Queue
	client *Client
}

func newQueue(t *testing.T) *testQueue {
	t.Helper()
	q := &testQueue{Queue: sqstest.New(t)}
	var err error
	if q.client, err = Connect(context.Background(), Access{Endpoint: q.URL, Region: "eu-north-1"}, 8); err != nil {
		t.Fatal(err)
	}
	return q
}

// open opens an input of the queue whose time is that of the peer.
func (q *testQueue) open(p *peer, change func(o *QueueOptions)) *queue {
	o := QueueOptions{
		Name: "q", Suffixes: []string{".json", ".json.gz"}, Buckets: []string{"logs"}, Ahead: 8, Counts: &Counts{},
		Log: slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	in := OpenQueue(q.client, o).(*queue)
	in.client, in.now = p.client, q.Clock
	in.pauses = func(int) time.Duration { return time.Millisecond }
	return in
}

// file returns the next file, which must have a name.
func file(t *testing.T, in logfiles.Input, name string) logfiles.Settler {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	f, err := in.Next(ctx)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if f.Name() != name {
		t.Fatalf("got %s, want %s", f.Name(), name)
	}
	return f.(logfiles.Settler)
}

func notice(keys ...string) string {
	return fmt.Sprintf(`{"s3Bucket":"logs","s3ObjectKey":["%s"]}`, strings.Join(keys, `","`))
}

// A message is deleted when all its files are dealt with, and not before.
func TestQueue(t *testing.T) {
	p, q := newPeer(t), newQueue(t)
	in := q.open(p, func(o *QueueOptions) { o.Owner = two })
	q.Send(notice("a.json", "b.json.gz", "c.txt"))
	q.Send(notice("d.json"))
	event := `{"source":"aws.ec2","detail-type":"AWS API Call via CloudTrail","detail":{"eventTime":"x"}}`
	q.Send(event)
	a, b := file(t, in, "s3://logs/a.json"), file(t, in, "s3://logs/b.json.gz")
	d, e := file(t, in, "s3://logs/d.json"), file(t, in, "sqs://q/m3")
	if text, err := content(e.(logfiles.File)); text != event || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	b.Settle(nil, nil)
	d.Settle(nil, nil)
	q.Wait("the second message to be deleted", func() bool { return slices.Equal(q.Left(), []string{"m1", "m3"}) })
	a.Settle(nil, nil)
	e.Settle(nil, nil)
	q.Wait("the others to be deleted", func() bool { return len(q.Left()) == 0 })
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	c := in.Counts
	if c.Received.Load() != 3 || c.Deleted.Load() != 3 || c.Returned.Load() != 0 || c.Strange.Load() != 0 {
		t.Errorf("received %d, deleted %d, returned %d, strange %d", c.Received.Load(), c.Deleted.Load(), c.Returned.Load(), c.Strange.Load())
	}
}

// What is not dealt with comes again: what failed after a time that grows, what is under way
// when gyr stops at once.
func TestMessagesComeAgain(t *testing.T) {
	p, q := newPeer(t), newQueue(t)
	in := q.open(p, nil)
	bad, good, lost, open := q.Send(notice("bad.json")), q.Send(notice("good.json")), q.Send(notice("lost.json")), q.Send(notice("open.json"))
	for try, want := range []int{2, 4, 8} {
		file(t, in, "s3://logs/bad.json").Settle(errors.New("no access"), nil)
		if try == 0 {
			file(t, in, "s3://logs/good.json").Settle(nil, nil)
			file(t, in, "s3://logs/lost.json").Settle(nil, errors.New("gyr is about to stop"))
			file(t, in, "s3://logs/open.json")
		}
		q.Wait("the failed message to be given back", func() bool { return len(bad.Changes) > 0 && bad.Changes[len(bad.Changes)-1] == want })
		q.Pass(time.Duration(want) * time.Second)
		if try == 0 { // the lost one was given back meanwhile
			file(t, in, "s3://logs/bad.json").Settle(errors.New("no access"), nil)
			q.Wait("the failed message to be given back", func() bool { return bad.Changes[len(bad.Changes)-1] == 4 })
			q.Pass(4 * time.Second)
			break
		}
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	if got := q.IDs(); !slices.Equal(got, []string{bad.ID, lost.ID, open.ID}) {
		t.Errorf("left are %q", got)
	}
	q.Lock()
	defer q.Unlock()
	if n := len(open.Changes); n == 0 || open.Changes[n-1] != 0 {
		t.Errorf("the open message was hidden for %v, want 0 in the end", open.Changes)
	}
	_ = good
}

// A message that is not understood, or names a bucket that it may not, is reported once and
// stays in the queue.
func TestStrangeMessages(t *testing.T) {
	p, q := newPeer(t), newQueue(t)
	in := q.open(p, nil)
	strange, other := q.Send("what is this"), q.Send(`{"s3Bucket":"evil","s3ObjectKey":["a.json"]}`)
	mixed := q.Send(`{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"logs"},"object":{"key":"a.json"}}},{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"evil"},"object":{"key":"a.json"}}}]}`)
	q.Send(`{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"logs"}`)
	q.Send(notice("x.txt"))
	q.Send(notice("good.json"))
	file(t, in, "s3://logs/good.json").Settle(nil, nil)
	for _, again := range []int{2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
		for _, m := range []*sqstest.Message{strange, other, mixed} {
			q.Wait("a strange message to be hidden", func() bool {
				return len(m.Changes) > 0 && m.Changes[len(m.Changes)-1] == again && m.Count == len(m.Changes)
			})
		}
		q.Pass(time.Duration(again) * time.Second)
	}
	in.Close()
	if got := q.IDs(); !slices.Equal(got, []string{strange.ID, other.ID, mixed.ID}) {
		t.Errorf("left are %q", got)
	}
	for _, want := range []string{"what is this", `the message names the bucket \"evil\"`} {
		if n := strings.Count(p.log.String(), want); n == 0 || n > 2 {
			t.Errorf("%d times in the log: %s: %s", n, want, p.log)
		}
	}
	if n := strings.Count(p.log.String(), "dead-letter policy"); n != 3 {
		t.Errorf("%d messages were reported, want 3", n)
	}
	if in.Counts.Strange.Load() < 30 {
		t.Errorf("got %d strange messages", in.Counts.Strange.Load())
	}
}

// A message that is received again while it is under way is not read again, and deleted by its
// new receipt.
func TestReceivedTwice(t *testing.T) {
	p, q := newPeer(t), newQueue(t)
	in := q.open(p, nil)
	m := q.Send(notice("a.json"))
	a := file(t, in, "s3://logs/a.json")
	q.Lock()
	m.Visible = q.Now
	q.Changed()
	q.Unlock()
	q.Wait("the second receipt", func() bool { return m.Count == 2 && q.Calls["ReceiveMessage"] >= 3 })
	q.Send(notice("b.json"))
	file(t, in, "s3://logs/b.json").Settle(nil, nil)
	a.Settle(nil, nil)
	q.Wait("both to be deleted", func() bool { return len(q.Left()) == 0 })
	in.Close()
}

// Messages are hidden for as long as they are under way: renewed at half-time, all of them, up
// to twelve hours.
func TestRenewal(t *testing.T) {
	p, q := newPeer(t), newQueue(t)
	in := q.open(p, nil)
	defer in.Close()
	in.hidden = 40 * time.Second
	start := time.Unix(1e9, 0)
	l := &letter{id: "a", receipt: "r", received: start, extended: start, count: 1}
	in.messages["a"] = l
	f := func(after time.Duration, want time.Duration) {
		t.Helper()
		list, next := in.due(start.Add(after))
		switch {
		case want == 0 && len(list) > 0 || want > 0 && (len(list) != 1 || list[0].for_ != want):
			t.Errorf("after %s: got %v, want %s", after, list, want)
		case next > 20*time.Second || next <= 0:
			t.Errorf("after %s: the next look is after %s", after, next)
		}
	}
	f(0, 0)
	f(19*time.Second, 0)
	f(20*time.Second, 40*time.Second)
	f(39*time.Second, 0)
	f(40*time.Second, 40*time.Second)
	f(11*time.Hour+58*time.Minute+30*time.Second, 30*time.Second)
	f(11*time.Hour+58*time.Minute+50*time.Second, 0)
	f(12*time.Hour, 0)
	if !l.expired || strings.Count(p.log.String(), "12 hours") != 1 {
		t.Errorf("got log %s", p.log)
	}
	l.err, l.settled, l.giveBack, l.count = io.EOF, true, start.Add(13*time.Hour), 3
	f(13*time.Hour-time.Second, 0)
	f(13*time.Hour, 8*time.Second)
	if len(in.messages) > 0 {
		t.Error("a message that was given back is still renewed")
	}
}

// Requests that fail are made again, and nothing is lost by it.
func TestQueueFailures(t *testing.T) {
	hasten(t, time.Minute)
	p, q := newPeer(t), newQueue(t)
	failures := map[string]int{"ReceiveMessage": 3, "DeleteMessageBatch": 2, "ChangeMessageVisibilityBatch": 1, "GetQueueAttributes": 1}
	q.Refuse = func(action string) (int, string) {
		if failures[action]--; failures[action] >= 0 {
			return 403, "AccessDenied"
		}
		return 0, ""
	}
	in := q.open(p, nil)
	for i := range 25 {
		q.Send(notice(fmt.Sprintf("%d.json", i)))
	}
	for i := range 25 {
		file(t, in, fmt.Sprintf("s3://logs/%d.json", i)).Settle(nil, nil)
	}
	q.Wait("all to be deleted", func() bool { return len(q.Left()) == 0 })
	in.Close()
	c := in.Counts
	if c.ReceiveFailed.Load() != 3 || c.DeleteFailed.Load() == 0 || c.Deleted.Load() != 25 || in.hidden != 30*time.Second {
		t.Errorf("got %d failures to receive, %d to delete, %d deleted, hidden for %s", c.ReceiveFailed.Load(), c.DeleteFailed.Load(), c.Deleted.Load(), in.hidden)
	}
	for _, want := range []string{"30 s are assumed", "no messages can be received", "messages cannot be deleted"} {
		if !strings.Contains(p.log.String(), want) {
			t.Errorf("got log %s, want %s", p.log, want)
		}
	}
}

// A queue that is not there is an error at once; one that disappears, after a while.
func TestQueueIsGone(t *testing.T) {
	hasten(t, time.Minute)
	p, q := newPeer(t), newQueue(t)
	in := q.open(p, func(o *QueueOptions) { o.Name = "other" })
	var fault *Error
	if _, err := in.Next(context.Background()); !errors.As(err, &fault) || !strings.Contains(err.Error(), "QueueDoesNotExist") {
		t.Errorf("got %v", err)
	}
	in.Close()
	in = q.open(p, nil)
	q.Send(notice("a.json"))
	file(t, in, "s3://logs/a.json")
	q.Lock()
	q.Refuse = func(action string) (int, string) {
		if action == "ReceiveMessage" {
			q.Now = q.Now.Add(10 * time.Second)
			return 400, "QueueDoesNotExist"
		}
		return 0, ""
	}
	q.Changed()
	q.Unlock()
	q.Send("")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if _, err := in.Next(ctx); err == nil || !strings.Contains(err.Error(), "queue q is gone") {
		t.Errorf("got %v", err)
	}
	in.Close()
}

// With Keep nothing is deleted. An input can be closed at any time.
func TestKeep(t *testing.T) {
	p, q := newPeer(t), newQueue(t)
	in := q.open(p, func(o *QueueOptions) { o.Keep, o.Buckets = true, nil })
	q.Send(`{"s3Bucket":"any","s3ObjectKey":["a.json"]}`)
	file(t, in, "s3://any/a.json").Settle(nil, nil)
	in.Close()
	if got := q.IDs(); len(got) != 1 || in.Counts.Deleted.Load() > 0 {
		t.Errorf("left are %q, %d deleted", got, in.Counts.Deleted.Load())
	}
	if !strings.Contains(p.log.String(), "messages may name any bucket") {
		t.Errorf("got log %s", p.log)
	}
	if err := q.open(p, nil).Close(); err != nil {
		t.Error(err)
	}
}

// No more is received than is read soon.
func TestQueueAhead(t *testing.T) {
	p, q := newPeer(t), newQueue(t)
	in := q.open(p, func(o *QueueOptions) { o.Ahead = 5 })
	for i := range 100 {
		q.Send(notice(fmt.Sprintf("%d.json", i)))
	}
	for i := range 60 {
		file(t, in, fmt.Sprintf("s3://logs/%d.json", i))
		if n := in.Counts.Received.Load(); n > uint64(i+1+5+10) {
			t.Fatalf("%d messages are received after %d files", n, i+1)
		}
	}
	in.Close()
}

func TestRecent(t *testing.T) {
	r := newRecent(3)
	for _, s := range []string{"a", "b", "c", "d"} {
		if !r.add(s) || r.add(s) {
			t.Errorf("%s is wrong", s)
		}
	}
	if r.has("a") || !r.has("b") || !r.has("d") || len(r.set) != 3 {
		t.Errorf("got %v", r.set)
	}
}
