// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// object is a log file in S3.
type object struct {
	client *Client
	counts *Counts
	log    *slog.Logger
	bucket string
	owner  string // the account that must own the bucket, if it is known
	key    string
	size   int64
}

// Name implements [logfiles.File].
func (o *object) Name() string { return "s3://" + o.bucket + "/" + o.key }

// Size implements [logfiles.File].
func (o *object) Size() int64 { return o.size }

// stall is how long a download may bring nothing before it is tried again, and patience how
// often that happens without a byte in between. Tests have less.
var (
	stall    = 30 * time.Second
	patience = 5
	backoff  = func(n int) time.Duration { return min(100*time.Millisecond<<n, 5*time.Second) }
)

// Open implements [logfiles.File]. What it returns reads on where a connection broke.
func (o *object) Open(ctx context.Context) (io.ReadCloser, error) {
	b := &body{object: o, ctx: ctx, size: -1}
	if err := b.connect(); err != nil {
		return nil, err
	}
	return b, nil
}

// body is the content of an object, as a stream.
type body struct {
	*object
	ctx    context.Context
	cancel context.CancelFunc // of the running download
	watch  *time.Timer        // cancels it if it stalls
	from   io.ReadCloser      // nil between two downloads
	read   int64
	size   int64 // -1 until it is known
	etag   *string
	tries  int // failures since the last byte
}

// connect begins a download of what has not been read.
func (b *body) connect() error {
	ctx, cancel := context.WithCancel(b.ctx)
	in := &s3.GetObjectInput{Bucket: &b.bucket, Key: &b.key, IfMatch: b.etag}
	if b.owner != "" {
		in.ExpectedBucketOwner = &b.owner
	}
	if b.read > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", b.read))
	}
	out, err := inRegion(b.client, b.bucket, func(c *s3.Client) (*s3.GetObjectOutput, error) {
		return c.GetObject(ctx, in)
	})
	if err != nil {
		cancel()
		return err
	}
	b.from, b.cancel, b.etag = out.Body, cancel, out.ETag
	if b.size < 0 && out.ContentLength != nil {
		b.size = *out.ContentLength
	}
	b.watch = time.AfterFunc(stall, cancel)
	return nil
}

// Read implements [io.Reader].
func (b *body) Read(p []byte) (int, error) {
	for {
		if b.from == nil {
			if err := b.connect(); err != nil {
				return 0, err
			}
		}
		b.watch.Reset(stall)
		n, err := b.from.Read(p)
		stalled := !b.watch.Stop()
		if b.read += int64(n); n > 0 {
			b.tries = 0
		}
		if err == io.EOF && b.read >= b.size {
			return n, err
		}
		if err == nil || b.ctx.Err() != nil {
			return n, err
		}
		if err = b.again(err, stalled); err != nil || n > 0 {
			return n, err
		}
	}
}

// again prepares another download after an error, unless there were too many.
func (b *body) again(err error, stalled bool) error {
	b.disconnect()
	switch {
	case stalled:
		err = fmt.Errorf("nothing arrived for %s", stall)
	case err == io.EOF:
		err = fmt.Errorf("the connection ended after %d of %d bytes", b.read, b.size)
	}
	if b.tries++; b.tries >= patience {
		return err
	}
	b.counts.Resumed.Add(1)
	b.log.Debug("download is continued", "file", b.Name(), "at", b.read, "error", err)
	select {
	case <-time.After(backoff(b.tries)):
		return nil
	case <-b.ctx.Done():
		return errors.Join(b.ctx.Err(), err)
	}
}

func (b *body) disconnect() {
	if b.from != nil {
		b.watch.Stop()
		b.cancel()
		b.from.Close()
		b.from = nil
	}
}

// Close implements [io.Closer].
func (b *body) Close() error {
	b.disconnect()
	return nil
}
