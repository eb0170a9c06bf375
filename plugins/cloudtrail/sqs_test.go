// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/sqstest"
)

// From message to event, and back: a message is deleted when its events are acknowledged.
func TestReadQueue(t *testing.T) {
	store, queue := newStore(t), sqstest.New(t)
	for i := range 3 {
		store.putLog(store.key("eu-west-1", i), numbered(10*i, 10*i+10)...)
	}
	t.Setenv("AWS_ENDPOINT_URL_S3", store.url)
	t.Setenv("AWS_ENDPOINT_URL_SQS", queue.URL)
	t.Setenv("AWS_REGION", "eu-west-1")
	p := New().(*plugin)
	var log bytes.Buffer
	p.SetLogger(slog.New(slog.NewTextHandler(&log, nil)))
	if err := p.Init(`{"sqsBuckets":["logs"],"s3DownloadConcurrency":4}`); err != nil {
		t.Fatal(err)
	}
	src, err := p.Open("sqs://q")
	if err != nil {
		t.Fatal(err)
	}
	queue.Send(fmt.Sprintf(`{"s3Bucket":"logs","s3ObjectKey":[%q,%q]}`, store.key("eu-west-1", 0), store.key("eu-west-1", 1)))
	queue.Send(`{"source":"aws.ec2","detail-type":"AWS API Call via CloudTrail","detail":` + small(100) + `}`)
	envelope, _ := json.Marshal(map[string]string{"Type": "Notification", "Message": fmt.Sprintf(`{"s3Bucket":"logs","s3ObjectKey":[%q]}`, store.key("eu-west-1", 2))})
	queue.Send(string(envelope))
	queue.Send(`{"s3Bucket":"others","s3ObjectKey":["a.json"]}`)
	want := slices.Concat(numbered(0, 20), []string{small(100)}, numbered(20, 30))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	b := event.NewBatch(4, event.NewArena(nil, nil))
	var got []string
	var tokens []any
	for len(got) < len(want) {
		if err := src.Next(ctx, b); err != nil || ctx.Err() != nil {
			t.Fatalf("after %d events: %v, %v", len(got), err, ctx.Err())
		}
		for _, e := range b.Events {
			got = append(got, string(e.Data))
		}
		if b.Token != nil {
			tokens = append(tokens, b.Token)
		}
		b.Release()
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if ids := queue.IDs(); len(ids) != 4 {
		t.Errorf("before any acknowledgement %q are left", ids)
	}
	for _, token := range tokens {
		src.(event.Acker).Ack(token, nil)
	}
	var wg sync.WaitGroup
	wg.Go(func() { // the end of the last file is seen by another read
		for ctx.Err() == nil {
			_ = src.Next(ctx, b)
		}
	})
	queue.Wait("all but the strange message to be deleted", func() bool { return slices.Equal(queue.Left(), []string{"m4"}) })
	cancel()
	wg.Wait()
	if err := src.Close(); err != nil {
		t.Error(err)
	}
}
