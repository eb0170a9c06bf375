// SPDX-License-Identifier: Apache-2.0

package listen

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// Item is an event of a post: its payload, which nobody changes any more, and its time in
// nanoseconds since the epoch, or [abi.NoTime].
type Item struct {
	Data []byte
	Time uint64
}

// StreamOptions say how posts become events.
type StreamOptions struct {
	PluginID uint32
	// URL is where clients post to, for the log.
	URL string
	// Split returns the events of a post. With none it has answered the post itself.
	Split func(p *Post) []Item
	// Payload, if not nil, returns the payload that an item gets as an event; it may be in
	// the arena.
	Payload func(data []byte, mem *event.Arena) []byte
	// Took, if not nil, is called with each number of events that became part of a batch,
	// and the time of the last one.
	Took func(n int, last uint64)
	Log  *slog.Logger
}

// Stream is the events that are posted to an endpoint. It implements [event.Source] and
// [event.Acker]: a post is answered with 200 when all batches with events of it are dealt
// with, and with 503 if one of them was not.
type Stream struct {
	endpoint *Endpoint
	opts     StreamOptions

	post  *delivery // whose events are taken; nil for none
	items []Item    // of it, those not taken yet
	quiet *time.Timer
	heard bool // there was an event
}

var (
	_ event.Source = (*Stream)(nil)
	_ event.Acker  = (*Stream)(nil)
)

const (
	// quietTime is after how long without an event the log says what is waited for.
	quietTime = time.Minute
	// readAhead is how many batches may be read before the first is dealt with.
	readAhead = 16
)

// NewStream returns the stream of an endpoint, which it closes.
func NewStream(e *Endpoint, o StreamOptions) *Stream {
	return &Stream{endpoint: e, opts: o, quiet: time.NewTimer(quietTime)}
}

// delivery is a post whose events are on their way.
type delivery struct {
	post *Post

	mu   sync.Mutex
	left int // batches with its events, and one until all are in a batch
	err  error
}

func (d *delivery) hold() {
	d.mu.Lock()
	d.left++
	d.mu.Unlock()
}

// release answers the post when nothing holds it any more.
func (d *delivery) release(err error) {
	d.mu.Lock()
	d.left--
	if err != nil {
		d.err = err
	}
	left, err := d.left, d.err
	d.mu.Unlock()
	if left == 0 {
		d.post.Done(err)
	}
}

// Next implements [event.Source].
func (s *Stream) Next(ctx context.Context, b *event.Batch) error {
	var token []*delivery
	defer func() {
		if token != nil {
			b.Token = token
		}
	}()
	for !b.Full() {
		if s.post == nil {
			if more, err := s.take(ctx, len(b.Events) == 0); err != nil || !more {
				return err
			}
			continue
		}
		n := min(len(s.items), b.Max-len(b.Events))
		s.add(b, s.items[:n])
		s.post.hold()
		token = append(token, s.post)
		if s.items = s.items[n:]; len(s.items) == 0 {
			s.post.release(nil)
			s.post = nil
		}
	}
	return nil
}

// add adds events to a batch.
func (s *Stream) add(b *event.Batch, items []Item) {
	for _, i := range items {
		if s.opts.Payload != nil {
			i.Data = s.opts.Payload(i.Data, b.Arena)
		}
		b.AddView(s.opts.PluginID, i.Time, i.Data)
	}
	if s.opts.Took != nil {
		s.opts.Took(len(items), items[len(items)-1].Time)
	}
}

// take gets the next post with events. Without wait it does not wait for one, and never
// longer than ctx. more is false if there is none.
func (s *Stream) take(ctx context.Context, wait bool) (more bool, err error) {
	for {
		p, open, ok := s.receive(ctx, wait)
		switch {
		case !ok:
			return false, nil
		case !open:
			return false, io.EOF
		}
		items := s.opts.Split(p)
		if len(items) == 0 {
			continue
		}
		if !s.heard {
			s.heard = true
			s.opts.Log.Info("first event received", "from", p.From, "path", p.Path)
		}
		s.post, s.items = &delivery{post: p, left: 1}, items
		return true, nil
	}
}

// receive gets a post. ok is false if there is none for now.
func (s *Stream) receive(ctx context.Context, wait bool) (p *Post, open, ok bool) {
	select {
	case p, open = <-s.endpoint.Posts():
		return p, open, true
	default:
	}
	for wait {
		select {
		case p, open = <-s.endpoint.Posts():
			return p, open, true
		case <-s.quiet.C:
			if !s.heard {
				s.opts.Log.Info("no event for a minute: waiting for posts to " + s.opts.URL)
			}
		case <-ctx.Done():
			return nil, true, false
		}
	}
	return nil, true, false
}

// Ack implements [event.Acker].
func (s *Stream) Ack(token any, err error) {
	for _, d := range token.([]*delivery) {
		d.release(err)
	}
}

// ReadAhead implements [event.Acker].
func (s *Stream) ReadAhead() int { return readAhead }

// Counts are those of the endpoint.
func (s *Stream) Counts() Counts { return s.endpoint.Counts() }

// Close implements [event.Source]. Who waits for an answer is told to send again.
func (s *Stream) Close() error {
	s.quiet.Stop()
	if s.post != nil {
		s.post.release(errClosed)
		s.post = nil
	}
	return s.endpoint.Close()
}

// Addr is the address that is listened on.
func (s *Stream) Addr() net.Addr { return s.endpoint.Addr() }
