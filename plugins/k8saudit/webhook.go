// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/listen"
)

// webhook is a stream of the events that API servers post. It implements [event.Source] and
// [event.Acker]: a post is answered with 200 when all batches with its events are dealt with.
type webhook struct {
	endpoint *listen.Endpoint
	url      string
	split    splitter
	log      *slog.Logger
	counts   *counters

	post  *delivery // whose events are taken; nil for none
	items []item    // of it, those not taken yet
	quiet *time.Timer
	heard bool // there was an event
}

// quietTime is after how long without an event the log says what is waited for.
const quietTime = time.Minute

// readAhead is how many batches may be read before the first is dealt with.
const readAhead = 16

func (p *plugin) openWebhook(u *url.URL) (event.Source, error) {
	path := u.Path
	if path == "" {
		path = "/"
	}
	o := listen.Options{
		Addr: u.Host, Paths: []string{path}, Types: []string{"application/json"},
		MaxBody: p.config.MaxBatchSize, MaxPending: max(p.config.MaxPending, p.config.MaxBatchSize),
		AcceptTimeout: time.Duration(p.config.AcceptTimeout) * time.Second, Log: p.log,
	}
	if p.config.Token != "" {
		o.Allow = bearer(p.config.Token)
	}
	if u.Scheme == "https" {
		o.Certificate, o.Key, o.ClientCA = p.config.SSLCertificate, p.config.SSLKey, p.config.ClientCA
	} else if !loopback(u.Hostname()) {
		p.log.Warn("webhook without TLS on an address that other machines can reach", "address", u.Host)
	}
	e, err := listen.Open(o)
	if err != nil {
		return nil, err
	}
	w := &webhook{
		endpoint: e, url: u.Scheme + "://" + e.Addr().String() + path, log: p.log, counts: &p.counts, quiet: time.NewTimer(quietTime),
		split: splitter{max: p.config.MaxEventSize, counts: &p.counts, log: p.log},
	}
	p.counts.web.Store(w)
	return w, nil
}

// bearer allows posts with a token, which is compared in constant time.
func bearer(token string) func(*http.Request, []byte) bool {
	want := []byte("Bearer " + token)
	return func(r *http.Request, _ []byte) bool {
		return subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) == 1
	}
}

// delivery is a post whose events are on their way.
type delivery struct {
	post *listen.Post

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
func (w *webhook) Next(ctx context.Context, b *event.Batch) error {
	var token []*delivery
	for !b.Full() {
		if w.post == nil {
			if more, err := w.take(ctx, len(b.Events) == 0); err != nil || !more {
				if token != nil {
					b.Token = token
				}
				return err
			}
			continue
		}
		n := min(len(w.items), b.Max-len(b.Events))
		for _, i := range w.items[:n] {
			b.AddView(pluginID, i.time, compact(i.data, b.Arena))
		}
		w.counts.took(n, w.items[n-1].time)
		w.post.hold()
		token = append(token, w.post)
		if w.items = w.items[n:]; len(w.items) == 0 {
			w.post.release(nil)
			w.post = nil
		}
	}
	b.Token = token
	return nil
}

// take gets the next post with events. Without wait it does not wait for one, and never
// longer than ctx. more is false if there is none.
func (w *webhook) take(ctx context.Context, wait bool) (more bool, err error) {
	for {
		p, open, ok := w.receive(ctx, wait)
		switch {
		case !ok:
			return false, nil
		case !open:
			return false, io.EOF
		}
		w.split.items, w.split.from = nil, p.From
		if end, _ := w.split.split(p.Body); end < len(p.Body) {
			w.counts.skip(notJSON, p.From, len(p.Body), w.log)
			p.Refuse("body is not JSON")
			continue
		}
		if len(w.split.items) == 0 {
			p.Done(nil)
			continue
		}
		if !w.heard {
			w.heard = true
			w.log.Info("first event received", "from", p.From)
		}
		w.post, w.items = &delivery{post: p, left: 1}, w.split.items
		return true, nil
	}
}

// receive gets a post. ok is false if there is none for now.
func (w *webhook) receive(ctx context.Context, wait bool) (p *listen.Post, open, ok bool) {
	select {
	case p, open = <-w.endpoint.Posts():
		return p, open, true
	default:
	}
	for wait {
		select {
		case p, open = <-w.endpoint.Posts():
			return p, open, true
		case <-w.quiet.C:
			if !w.heard {
				w.log.Info("no event for a minute: waiting for an API server to post to " + w.url)
			}
		case <-ctx.Done():
			return nil, true, false
		}
	}
	return nil, true, false
}

// Ack implements [event.Acker].
func (w *webhook) Ack(token any, err error) {
	for _, d := range token.([]*delivery) {
		d.release(err)
	}
}

// ReadAhead implements [event.Acker].
func (w *webhook) ReadAhead() int { return readAhead }

// Close implements [event.Source].
func (w *webhook) Close() error {
	w.quiet.Stop()
	if w.post != nil {
		w.post.release(errClosed)
		w.post = nil
	}
	w.counts.web.CompareAndSwap(w, nil)
	return w.endpoint.Close()
}

var errClosed = errors.New("source is closed")
