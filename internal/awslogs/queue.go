// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/gyr-dev/gyr/internal/logfiles"
)

// QueueOptions say how a queue is read.
type QueueOptions struct {
	// Name is the name of the queue, Owner the account that owns it; "" means one's own.
	Name, Owner string
	// Suffixes and PassOver are those of [BucketOptions].
	Suffixes []string
	PassOver func(key string) bool
	// Buckets are those that a message may name; none means any. BucketOwner is the
	// account that must own them; "" means any.
	Buckets     []string
	BucketOwner string
	// Keep leaves messages in the queue that are dealt with. They come again.
	Keep bool
	// Ahead is about how many log files are known of before they are read.
	Ahead int
	// Counts and Log must not be nil.
	Counts *Counts
	Log    *slog.Logger
}

// queue is the input of [OpenQueue]. A goroutine receives messages, one renews the time for which
// they are hidden from others (visibility.go), one deletes those that are dealt with
// (deletion.go). All of them end when the input is closed.
type queue struct {
	QueueOptions
	client *Client
	api    *sqs.Client
	url    string
	hidden time.Duration // how long a message is hidden from others
	now    func() time.Time
	pauses func(failures int) time.Duration

	ctx    context.Context
	cancel context.CancelFunc
	last   context.Context // of requests that are not to be cut off by Close
	cut    context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	ready    []logfiles.File // known of and not yet read
	more     chan struct{}   // there is something ready
	room     chan struct{}   // something was taken
	messages map[string]*letter
	renewal  chan struct{} // there is a message more, or one failed
	deletion chan struct{} // there is something in deleted
	deleted  []*letter     // dealt with
	strange  *recent       // ids of messages that were reported
	failed   error         // ends the input
}

// letter is a message that was received.
type letter struct {
	id, receipt string
	count       int       // how often it was received
	received    time.Time // first by us
	extended    time.Time // when the time for which it is hidden began
	left        int       // files of it that are not settled
	err         error     // why it is to come again
	settled     bool      // it failed, and is to be given back at giveBack
	giveBack    time.Time
	tries       int  // to delete it
	expired     bool // it cannot be hidden any longer
}

// OpenQueue returns the log files that messages of a queue tell about. It makes no requests yet.
// The input does not end.
func OpenQueue(c *Client, o QueueOptions) logfiles.Input {
	q := &queue{
		QueueOptions: o, client: c, api: sqs.NewFromConfig(c.cfg), hidden: 30 * time.Second, now: time.Now, pauses: pause,
		more: make(chan struct{}, 1), room: make(chan struct{}, 1), renewal: make(chan struct{}, 1), deletion: make(chan struct{}, 1),
		messages: map[string]*letter{}, strange: newRecent(10000),
	}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	q.last, q.cut = context.WithCancel(context.Background())
	if len(o.Buckets) == 0 {
		o.Log.Warn("messages may name any bucket; sqsBuckets lists those that are wanted", "queue", o.Name)
	}
	return q
}

// pause is how long is waited after a number of failures in a row.
func pause(failures int) time.Duration { return min(time.Second<<min(failures, 10), time.Minute) / 2 }

// Next implements [logfiles.Input].
func (q *queue) Next(ctx context.Context) (logfiles.File, error) {
	if q.url == "" {
		if err := q.start(ctx); err != nil {
			return nil, err
		}
	}
	for {
		q.mu.Lock()
		if len(q.ready) > 0 {
			f := q.ready[0]
			q.ready = q.ready[1:]
			q.mu.Unlock()
			signal(q.room)
			return f, nil
		}
		err := q.failed
		q.mu.Unlock()
		if err != nil {
			return nil, err
		}
		select {
		case <-q.more:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// start finds the queue and begins to receive.
func (q *queue) start(ctx context.Context) error {
	in := &sqs.GetQueueUrlInput{QueueName: &q.Name}
	if q.Owner != "" {
		in.QueueOwnerAWSAccountId = &q.Owner
	}
	out, err := q.api.GetQueueUrl(ctx, in)
	if err != nil {
		return plain(err)
	}
	q.url = *out.QueueUrl
	if text, err := q.attribute(ctx, types.QueueAttributeNameVisibilityTimeout); err != nil {
		q.Log.Warn("the visibility timeout of the queue cannot be read, 30 s are assumed", "queue", q.Name, "error", err)
	} else if n, err := strconv.Atoi(text); err == nil && n > 0 {
		q.hidden = time.Duration(n) * time.Second
	}
	q.Log.Info("waiting for messages", "queue", q.Name, "visibility_timeout", q.hidden)
	q.wg.Go(q.receiveAll)
	q.wg.Go(q.renewAll)
	q.wg.Go(q.deleteAll)
	return nil
}

func (q *queue) attribute(ctx context.Context, name types.QueueAttributeName) (string, error) {
	out, err := q.api.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &q.url, AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		return "", plain(err)
	}
	return out.Attributes[string(name)], nil
}

const (
	longPoll = 20 * time.Second
	// missing is how long a queue may not be there before the input ends.
	missing = time.Minute
	// quiet is after how much time without a message the log says so.
	quiet = time.Minute
)

// receiveAll receives messages while there is room for what they tell about.
func (q *queue) receiveAll() {
	failures, lost, last, told := 0, time.Time{}, q.now(), false
	for q.hasRoom() {
		n, err := q.receive()
		switch {
		case q.ctx.Err() != nil:
			return
		case err == nil:
			failures, lost = 0, time.Time{}
			if n > 0 {
				last, told = q.now(), false
			} else if !told && q.now().Sub(last) >= quiet {
				told = true
				depth, _ := q.attribute(q.ctx, types.QueueAttributeNameApproximateNumberOfMessages)
				q.Log.Info("no message for a minute", "queue", q.Name, "messages_in_queue", cmp.Or(depth, "unknown"))
			}
			continue
		}
		q.Counts.ReceiveFailed.Add(1)
		if failures++; failures&(failures-1) == 0 {
			q.Log.Warn("no messages can be received, it is tried again", "queue", q.Name, "error", err, "failures", failures)
		}
		var gone *types.QueueDoesNotExist
		if !errors.As(err, &gone) {
			lost = time.Time{}
		} else if lost.IsZero() {
			lost = q.now()
		} else if q.now().Sub(lost) >= missing {
			q.end(fmt.Errorf("queue %s is gone: %w", q.Name, err))
			return
		}
		if !q.sleep(q.pauses(failures)) {
			return
		}
	}
}

// sleep waits; it is false when the input is closed.
func (q *queue) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-q.ctx.Done():
		return false
	}
}

// end ends the input with an error.
func (q *queue) end(err error) {
	q.mu.Lock()
	q.failed = err
	q.mu.Unlock()
	signal(q.more)
}

// hasRoom waits until few files are ready. It is false when the input is closed.
func (q *queue) hasRoom() bool {
	for {
		q.mu.Lock()
		n := len(q.ready)
		q.mu.Unlock()
		if n < q.Ahead {
			return q.ctx.Err() == nil
		}
		select {
		case <-q.room:
		case <-q.ctx.Done():
			return false
		}
	}
}

// receive receives messages and takes what they tell about.
func (q *queue) receive() (n int, err error) {
	out, err := q.api.ReceiveMessage(q.ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &q.url, MaxNumberOfMessages: 10, WaitTimeSeconds: int32(longPoll / time.Second), VisibilityTimeout: int32(q.hidden / time.Second),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameApproximateReceiveCount},
	})
	if err != nil {
		return 0, plain(err)
	}
	for i := range out.Messages {
		q.take(&out.Messages[i])
	}
	return len(out.Messages), nil
}

// take makes log files of a message. One that is not understood is reported once, and left to
// the queue's dead-letter policy.
func (q *queue) take(m *types.Message) {
	q.Counts.Received.Add(1)
	now := q.now()
	l := &letter{id: deref(m.MessageId), receipt: deref(m.ReceiptHandle), received: now, extended: now, count: 1}
	if n, err := strconv.Atoi(m.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)]); err == nil {
		l.count = n
	}
	if q.known(l) {
		return
	}
	files, err := q.files(l, deref(m.Body))
	if err != nil {
		q.Counts.Strange.Add(1)
		if q.strange.add(l.id) {
			q.Log.Error("message is left to the dead-letter policy of its queue", "queue", q.Name, "message", l.id, "error", err, "body", shorten(deref(m.Body)))
		}
		l.err = err
	}
	q.mu.Lock()
	q.messages[l.id] = l
	q.ready = append(q.ready, files...)
	q.mu.Unlock()
	if len(files) == 0 {
		q.settle(l)
		return
	}
	signal(q.more)
	signal(q.renewal)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// known reports whether a message has been received before and is not settled: it was visible
// again too early. What counts from now on is the newer receipt.
func (q *queue) known(l *letter) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	old := q.messages[l.id]
	if old == nil {
		return false
	}
	old.receipt, old.count, old.extended = l.receipt, l.count, l.extended
	return true
}

// shorten returns the beginning of a text for the log.
func shorten(s string) string {
	const limit = 200
	if len(s) > limit {
		return strings.ToValidUTF8(s[:limit], "") + "..."
	}
	return s
}

// files are the log files that a message tells about.
func (q *queue) files(l *letter, body string) (files []logfiles.File, err error) {
	t, err := parseMessage(body)
	if err != nil {
		return nil, err
	}
	for _, o := range t.objects {
		if len(q.Buckets) > 0 && !slices.Contains(q.Buckets, o.bucket) {
			return nil, fmt.Errorf("the message names the bucket %q, which sqsBuckets does not list", o.bucket)
		}
	}
	for _, o := range t.objects {
		q.Counts.Listed.Add(1)
		if !hasSuffix(o.key, q.Suffixes) {
			continue
		}
		if q.PassOver != nil && q.PassOver(o.key) {
			q.Counts.Passed.Add(1)
			continue
		}
		file := &object{client: q.client, counts: q.Counts, log: q.Log, bucket: o.bucket, owner: q.BucketOwner, key: o.key, size: o.size}
		files = append(files, &toldFile{file, q, l})
	}
	if t.record != "" {
		files = append(files, &toldFile{&inline{name: "sqs://" + q.Name + "/" + l.id, text: t.record}, q, l})
	}
	l.left = len(files)
	return files, nil
}

func hasSuffix(key string, suffixes []string) bool {
	return slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(key, s) })
}

// inline is a log file that is the text of a message.
type inline struct{ name, text string }

// Name implements [logfiles.File].
func (i *inline) Name() string { return i.name }

// Size implements [logfiles.File].
func (i *inline) Size() int64 { return int64(len(i.text)) }

// Open implements [logfiles.File].
func (i *inline) Open(context.Context) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(i.text)), nil
}

// toldFile is a log file of a message.
type toldFile struct {
	logfiles.File
	q *queue
	l *letter
}

// Settle implements [logfiles.Settler]: with its last file a message is settled.
func (f *toldFile) Settle(unread, undelivered error) {
	f.q.mu.Lock()
	if undelivered != nil {
		f.l.giveBack = f.q.now().Add(lostAfter)
	}
	f.l.err = cmp.Or(f.l.err, unread, undelivered)
	f.l.left--
	last := f.l.left == 0
	f.q.mu.Unlock()
	if last {
		f.q.settle(f.l)
	}
}

// settle ends a message: it is deleted, or comes again.
func (q *queue) settle(l *letter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case l.err != nil:
		if l.giveBack.IsZero() {
			l.giveBack = q.now()
		}
		l.settled = true
		signal(q.renewal)
	case q.Keep:
		delete(q.messages, l.id)
	default:
		q.deleted = append(q.deleted, l)
		signal(q.deletion)
	}
}

// Total implements [logfiles.Input].
func (q *queue) Total() (files int, bytes int64) { return 0, 0 }

// Settles implements [logfiles.Input].
func (q *queue) Settles() bool { return true }

// closeTime is how long Close takes at most to tell SQS about messages.
const closeTime = 3 * time.Second

// Close implements [logfiles.Input]. What is not settled is visible to others at once.
func (q *queue) Close() (err error) {
	timer := time.AfterFunc(closeTime, q.cut)
	defer timer.Stop()
	defer q.cut()
	q.cancel()
	q.wg.Wait()
	if q.url != "" {
		err = errors.Join(q.deleteSome(q.last), q.giveBackAll(q.last))
	}
	return err
}
