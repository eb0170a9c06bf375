// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/gyr-dev/gyr/internal/logfiles"
)

// BucketOptions say which objects of a bucket are log files to read.
type BucketOptions struct {
	// Bucket and Prefix are where the files lie: see [ParseBucket].
	Bucket, Prefix string
	// Suffixes are those of the names of log files.
	Suffixes []string
	// PassOver, if set, reports whether an object with the name of a log file is one of
	// another kind. Such are counted.
	PassOver func(key string) bool
	// Accounts are those that are wanted where the prefix is that of several; none means
	// all.
	Accounts []string
	// Interval is the time that names of files must be of. Names that tell no time are
	// not looked at.
	Interval Interval
	// Follow, if it is not 0, is the time between two listings: the input does not end, but
	// looks for new objects.
	Follow time.Duration
	// State is a file that keeps what was dealt with; "" keeps it only as long as the input
	// is open.
	State string
	// LookBack is how much later than others an object may come and be found; 0 means a day.
	LookBack time.Duration
	// Counts and Log must not be nil.
	Counts *Counts
	Log    *slog.Logger
}

// ParseBucket reads s3://bucket/prefix.
func ParseBucket(text string) (bucket, prefix string, err error) {
	rest, ok := strings.CutPrefix(text, "s3://")
	bucket, prefix, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return "", "", fmt.Errorf("%q names no bucket", text)
	}
	return bucket, prefix, nil
}

// ParseAccounts reads a list of account ids with commas between them.
func ParseAccounts(text string) ([]string, error) {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		switch part = strings.Trim(part, " "); {
		case regexp.MustCompile(`^\d{12}$`).MatchString(part):
			list = append(list, part)
		case part != "":
			return nil, fmt.Errorf("%q is no id of an account", part)
		}
	}
	return list, nil
}

// bucket is the input of [OpenBucket].
type bucket struct {
	BucketOptions
	client    *Client
	positions *positions // nil if nothing needs to be known of earlier listings
	now       func() time.Time

	ctx     context.Context // of the running listing
	cancel  context.CancelFunc
	wg      sync.WaitGroup // of its goroutines
	pages   <-chan listed  // nil between two listings
	prefix  string         // of objects
	objects []types.Object // listed and not yet looked at
	next    time.Time      // of the next listing
	widely  time.Time      // of the next listing that goes further back
	found   time.Time      // when the last object was found, or the first listing began
	idle    bool           // that nothing comes was logged

	files atomic.Int64 // found so far
	size  atomic.Int64 // of these
	whole atomic.Bool  // that are all
}

// OpenBucket returns the log files of a bucket, in the order in which they are listed, prefix by
// prefix. It reads the state, if there is one, but does not ask AWS for anything yet.
func OpenBucket(c *Client, o BucketOptions) (logfiles.Input, error) {
	if o.LookBack <= 0 {
		o.LookBack = 24 * time.Hour
	}
	if i := o.Interval; !i.End.IsZero() && i.End.Before(i.Start) {
		return nil, fmt.Errorf("start time %s must be less than end time %s", i.Start.Format(timeForm), i.End.Format(timeForm))
	}
	if !o.Interval.End.IsZero() && o.Follow > 0 {
		return nil, errors.New("an interval with an end cannot be followed")
	}
	b := &bucket{BucketOptions: o, client: c, now: time.Now}
	if o.Follow > 0 || o.State != "" {
		p, err := openPositions(o.State, "s3://"+o.Bucket+"/", o.LookBack, o.Counts, o.Log)
		if err != nil {
			return nil, err
		}
		b.positions = p
	}
	return b, nil
}

// Next implements [logfiles.Input].
func (b *bucket) Next(ctx context.Context) (logfiles.File, error) {
	for {
		if o := b.pop(); o != nil {
			b.found, b.idle = b.now(), false
			return o, nil
		}
		var err error
		if b.pages == nil {
			err = b.begin(ctx)
		} else {
			err = b.turn(ctx)
		}
		if err != nil {
			return nil, err
		}
	}
}

// pop returns the next wanted object of those that are listed, nil if there is none.
func (b *bucket) pop() logfiles.File {
	for len(b.objects) > 0 {
		o := &b.objects[0]
		b.objects = b.objects[1:]
		b.Counts.Listed.Add(1)
		if !b.wants(b.prefix, *o.Key) || !b.positions.take(b.prefix, *o.Key, b.now()) {
			continue
		}
		file := &object{client: b.client, counts: b.Counts, log: b.Log, bucket: b.Bucket, key: *o.Key}
		if o.Size != nil {
			file.size = *o.Size
		}
		b.files.Add(1)
		b.size.Add(file.size)
		if b.positions == nil {
			return file
		}
		return &kept{file, b, b.prefix}
	}
	return nil
}

// kept is an object whose fate is kept.
type kept struct {
	*object
	b      *bucket
	prefix string
}

// Settle implements [logfiles.Settler].
func (k *kept) Settle(unread, undelivered error) {
	k.b.positions.settle(k.prefix, k.key, unread, undelivered, k.b.now())
}

// begin starts a listing: the first one at once, others when it is time.
func (b *bucket) begin(ctx context.Context) error {
	if b.cancel != nil { // not the first
		if b.Follow == 0 {
			return io.EOF
		}
		if err := b.wait(ctx); err != nil {
			return err
		}
	}
	now := b.now()
	if b.found.IsZero() {
		b.found = now
	}
	b.next = now.Add(b.Follow)
	wide := !now.Before(b.widely)
	b.ctx, b.cancel = context.WithCancel(ctx)
	prefixes, err := b.prefixes(b.ctx)
	if err != nil {
		return b.lost("", err)
	}
	if wide {
		b.widely = now.Add(24 * time.Hour)
	}
	b.pages = b.list(b.ctx, &b.wg, prefixes, func(prefix string) string {
		return b.positions.startAfter(prefix, wide, b.Interval.Start)
	})
	return nil
}

// wait waits for the time of the next listing.
func (b *bucket) wait(ctx context.Context) error {
	if !b.idle && b.now().Sub(b.found) >= quiet {
		b.idle = true
		b.Log.Info("no new object for a minute", "bucket", b.Bucket, "prefix", b.Prefix, "files", b.files.Load(), "listed_every", b.Follow)
	}
	timer := time.NewTimer(b.next.Sub(b.now()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turn gets the next page of the running listing, or ends it.
func (b *bucket) turn(ctx context.Context) error {
	select {
	case page, ok := <-b.pages:
		switch {
		case !ok:
			b.end()
		case page.err != nil:
			return b.lost(page.prefix, page.err)
		default:
			b.prefix, b.objects = page.prefix, page.objects
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lost is for a listing, or a part of it, that failed. Where the input goes on, the next one
// may do better.
func (b *bucket) lost(prefix string, err error) error {
	if b.Follow == 0 || b.ctx.Err() != nil {
		return err
	}
	b.Counts.Failed.Add(1)
	b.Log.Warn("listing failed, it is tried again", "bucket", b.Bucket, "prefix", prefix, "error", err, "in", b.Follow)
	return nil
}

// end ends a listing.
func (b *bucket) end() {
	b.cancel()
	b.wg.Wait()
	b.pages = nil
	b.Counts.Listings.Add(1)
	b.whole.Store(b.Follow == 0)
	if n := b.files.Load(); n == 0 && b.Follow == 0 {
		b.Log.Warn("no log files found", "bucket", b.Bucket, "prefix", b.Prefix)
	}
}

// Total implements [logfiles.Input].
func (b *bucket) Total() (files int, bytes int64) {
	if !b.whole.Load() {
		return 0, 0
	}
	return int(b.files.Load()), b.size.Load()
}

// Settles implements [logfiles.Input].
func (b *bucket) Settles() bool { return b.positions != nil }

// Close implements [logfiles.Input].
func (b *bucket) Close() error {
	if b.cancel != nil {
		b.cancel()
	}
	b.wg.Wait()
	return b.positions.close()
}
