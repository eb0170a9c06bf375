// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"context"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// prefixes returns the prefixes whose objects are wanted, as far as the bucket tells: those of
// regions where the configured one is that of accounts, of an organization or of an account,
// or else the configured one.
func (b *bucket) prefixes(ctx context.Context) ([]string, error) {
	prefix, l := b.Prefix, layout()
	var trails []string // prefixes with regions behind them
	switch {
	case l.account.MatchString(prefix):
		trails = []string{folder(prefix) + "CloudTrail/"}
	case l.regions.MatchString(prefix):
		trails = []string{folder(prefix)}
	case l.accounts.MatchString(prefix):
		accounts, err := b.accounts(ctx, folder(prefix))
		if err != nil {
			return nil, err
		}
		for _, a := range accounts {
			trails = append(trails, a+"CloudTrail/")
		}
	}
	var regions []string
	for _, t := range trails {
		list, err := b.folders(ctx, t)
		if err != nil {
			return nil, err
		}
		regions = append(regions, list...)
	}
	if len(regions) == 0 {
		return []string{prefix}, nil
	}
	return regions, nil
}

// accounts returns the prefixes of the wanted accounts.
func (b *bucket) accounts(ctx context.Context, prefix string) (list []string, err error) {
	if len(b.Accounts) > 0 {
		for _, a := range b.Accounts {
			list = append(list, prefix+a+"/")
		}
		return list, nil
	}
	all, err := b.folders(ctx, prefix)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if layout().account.MatchString(p) {
			list = append(list, p)
		} else if layout().accounts.MatchString(p) { // those of an organization
			more, err := b.accounts(ctx, p)
			if err != nil {
				return nil, err
			}
			list = append(list, more...)
		}
	}
	return list, nil
}

// folders returns the folders directly behind a prefix.
func (b *bucket) folders(ctx context.Context, prefix string) (list []string, err error) {
	slash := "/"
	in := &s3.ListObjectsV2Input{Bucket: &b.Bucket, Prefix: &prefix, Delimiter: &slash}
	for {
		page, err := b.page(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, p := range page.CommonPrefixes {
			list = append(list, *p.Prefix)
		}
		if page.NextContinuationToken == nil {
			return list, nil
		}
		in.ContinuationToken = page.NextContinuationToken
	}
}

func (b *bucket) page(ctx context.Context, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
	return inRegion(b.client, b.Bucket, func(c *s3.Client) (*s3.ListObjectsV2Output, error) {
		return c.ListObjectsV2(ctx, in)
	})
}

// listAhead is how many prefixes are listed at the same time.
const listAhead = 8

// listed are objects behind a prefix, in the order of their keys; or why there are none.
type listed struct {
	prefix  string
	objects []types.Object
	err     error
}

// list lists what is behind each prefix, from startAfter(prefix) on. Several are listed at the
// same time, but their pages come one prefix after the other. An error is the last thing of
// its prefix. The channel is closed at the end, or soon after ctx is done; wg waits for all
// goroutines.
func (b *bucket) list(ctx context.Context, wg *sync.WaitGroup, prefixes []string, startAfter func(string) string) <-chan listed {
	queue := make(chan chan listed, listAhead-1)
	wg.Go(func() {
		defer close(queue)
		for _, p := range prefixes {
			pages := make(chan listed, 1)
			select {
			case queue <- pages:
			case <-ctx.Done():
				return
			}
			wg.Go(func() {
				defer close(pages)
				b.listOne(ctx, p, startAfter(p), pages)
			})
		}
	})
	out := make(chan listed)
	wg.Go(func() {
		defer close(out)
		for pages := range queue {
			for page := range pages {
				select {
				case out <- page:
				case <-ctx.Done(): // the others see it too, and close their channels
				}
			}
		}
	})
	return out
}

// listOne lists what is behind one prefix.
func (b *bucket) listOne(ctx context.Context, prefix, after string, pages chan<- listed) {
	in := &s3.ListObjectsV2Input{Bucket: &b.Bucket, Prefix: &prefix}
	if after != "" {
		in.StartAfter = &after
	}
	for {
		page, err := b.page(ctx, in)
		if ctx.Err() != nil {
			return
		}
		l := listed{prefix: prefix, err: err}
		if err == nil {
			l.objects = page.Contents
		}
		select {
		case pages <- l:
		case <-ctx.Done():
			return
		}
		if err != nil || page.NextContinuationToken == nil || b.beyond(prefix, l.objects) {
			return
		}
		in.ContinuationToken = page.NextContinuationToken
	}
}

// beyond reports whether all objects behind the listed ones are later than what is wanted.
func (b *bucket) beyond(prefix string, objects []types.Object) bool {
	if b.Interval.End.IsZero() || !dated(prefix) || len(objects) == 0 {
		return false
	}
	last := strings.TrimPrefix(*objects[len(objects)-1].Key, prefix)
	return len(last) > len(dayForm) && last[:len(dayForm)] > b.Interval.End.Format(dayForm)
}

// wants reports whether an object is a log file, and of the wanted time.
func (b *bucket) wants(prefix, key string) bool {
	if !hasSuffix(key, b.Suffixes) {
		return false
	}
	if b.PassOver != nil && b.PassOver(key) {
		b.Counts.Passed.Add(1)
		return false
	}
	start, end, minute := b.Interval.Start, b.Interval.End, minuteOf(key)
	if minute == "" {
		return true
	}
	if !end.IsZero() && minute > end.Format(minuteForm) {
		return false
	}
	return start.IsZero() || minute >= start.Format(minuteForm) || b.positions.known(prefix)
}
