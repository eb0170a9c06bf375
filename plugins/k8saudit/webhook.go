// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/listen"
)

// webhook is a stream of the events that API servers post.
type webhook struct {
	*listen.Stream
	url    string
	counts *counters
}

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
		o.Admit = bearer(p.config.Token)
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
	w := &webhook{url: u.Scheme + "://" + e.Addr().String() + path, counts: &p.counts}
	split := &splitter{max: p.config.MaxEventSize, counts: &p.counts, log: p.log}
	w.Stream = listen.NewStream(e, listen.StreamOptions{
		PluginID: pluginID, URL: w.url, Split: split.post, Payload: compact, Took: p.counts.took, Log: p.log,
	})
	p.counts.web.Store(w)
	return w, nil
}

// bearer allows posts with a token, which is compared in constant time.
func bearer(token string) func(*http.Request) bool {
	want := []byte("Bearer " + token)
	return func(r *http.Request) bool {
		return subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) == 1
	}
}

// post returns the events of a post, and answers one that has none.
func (s *splitter) post(p *listen.Post) []listen.Item {
	s.items, s.from = nil, p.From
	if end, _ := s.split(p.Body); end < len(p.Body) {
		s.skip(notJSON, p.Body)
		p.Refuse("body is not JSON")
		return nil
	}
	if len(s.items) == 0 {
		p.Done(nil)
	}
	return s.items
}

// Close implements [event.Source].
func (w *webhook) Close() error {
	w.counts.web.CompareAndSwap(w, nil)
	return w.Stream.Close()
}
