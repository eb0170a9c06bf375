// SPDX-License-Identifier: Apache-2.0

// Package httpjson is the http_json plugin: it receives JSON that is posted to it, such as
// the webhooks of GitHub and Slack, or reads JSON lines from files and the standard input.
// Rules use the fields of the json plugin on its events. The README beside this file describes
// its configuration.
//
//	routes.go   what is taken on which path, and from whom (auth.go)
//	post.go     a post is split into events; challenges of senders are answered
//	lines.go    files and the standard input
package httpjson

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/listen"
	"github.com/gyr-dev/gyr/sdk"
)

const (
	// pluginID is of the private range: the plugin has no registered id yet.
	pluginID    = 1073741825
	eventSource = "http_json"
)

// New returns a new state of the plugin.
func New() sdk.Plugin {
	return &plugin{config: defaults, log: slog.New(slog.DiscardHandler)}
}

type plugin struct {
	config settings
	log    *slog.Logger
	counts counters
}

var (
	_ sdk.Initializer    = (*plugin)(nil)
	_ sdk.SchemaProvider = (*plugin)(nil)
	_ sdk.Sourcer        = (*plugin)(nil)
	_ sdk.Stringer       = (*plugin)(nil)
	_ sdk.LogSetter      = (*plugin)(nil)
	_ sdk.Metered        = (*plugin)(nil)
)

func (*plugin) Info() sdk.Info {
	return sdk.Info{
		Name: "http_json", Description: "receives JSON over HTTP, or reads it from files", Contact: "github.com/gyr-dev/gyr",
		Version: "0.1.0", ID: pluginID, EventSource: eventSource,
	}
}

// SetLogger implements [sdk.LogSetter].
func (p *plugin) SetLogger(log *slog.Logger) { p.log = log }

// InitSchema implements [sdk.SchemaProvider].
func (*plugin) InitSchema() string { return schema }

// Init implements [sdk.Initializer].
func (p *plugin) Init(config string) error {
	if err := sdk.DecodeConfig(config, &p.config); err != nil {
		return err
	}
	return p.config.check()
}

// AppendString implements [sdk.Stringer]: the text of an event is its payload.
func (*plugin) AppendString(dst []byte, e *event.Event) ([]byte, error) {
	return append(dst, e.Data...), nil
}

// counters count what becomes of posts and lines. Any goroutine may use them.
type counters struct {
	events, dropped, skipped atomic.Uint64
	stream                   atomic.Pointer[listen.Stream]
}

// Metrics implements [sdk.Metered].
func (p *plugin) Metrics() []sdk.Metric {
	list := []sdk.Metric{
		sdk.Counter("events", p.counts.events.Load()), sdk.Counter("dropped_too_large", p.counts.dropped.Load()),
		sdk.Counter("skipped_not_json", p.counts.skipped.Load()),
	}
	if s := p.counts.stream.Load(); s != nil {
		n := s.Counts()
		list = append(list,
			sdk.Counter("posts_received", n.Received), sdk.Counter("posts_refused", n.Refused),
			sdk.Counter("posts_answered", n.Answered), sdk.Gauge("pending_bytes", n.Pending))
	}
	return list
}

// Open starts a stream of what params names: http://host:port or https://host:port, a file,
// or - for the standard input.
func (p *plugin) Open(params string) (event.Source, error) {
	params = strings.TrimSpace(params)
	switch {
	case params == "":
		return nil, errors.New("open_params is empty: it is an address such as http://127.0.0.1:8080, a file, or - for the standard input")
	case !strings.Contains(params, "://"):
		return p.openLines(params)
	}
	u, err := url.Parse(params)
	if err != nil {
		return nil, fmt.Errorf("open_params: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("scheme %q is not supported: use http or https", u.Scheme)
	}
	if u.Hostname() == "" || u.Port() == "" {
		return nil, fmt.Errorf("open_params %s: host and port are needed, as in %s://127.0.0.1:8080", params, u.Scheme)
	}
	return p.openWebhook(u)
}

func (p *plugin) openWebhook(u *url.URL) (event.Source, error) {
	routes, err := p.config.routes(u.Path)
	if err != nil {
		return nil, err
	}
	ip := net.ParseIP(u.Hostname())
	if local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback(); !local {
		if err := routes.fit(p.config.Insecure); err != nil {
			return nil, err
		}
		if u.Scheme == "http" {
			p.log.Warn("webhook without TLS on an address that other machines can reach", "address", u.Host)
		}
	}
	o := listen.Options{
		Addr: u.Host, Types: []string{"application/json", "application/x-ndjson", "application/ndjson"}, Admit: routes.admit, Allow: routes.allow,
		MaxBody: p.config.MaxBodySize, MaxPending: max(p.config.MaxPending, p.config.MaxBodySize),
		AcceptTimeout: time.Duration(p.config.AcceptTimeout) * time.Second, Log: p.log,
	}
	for path := range routes {
		o.Paths = append(o.Paths, path)
	}
	if u.Scheme == "https" {
		o.Certificate, o.Key, o.ClientCA = p.config.SSLCertificate, p.config.SSLKey, p.config.ClientCA
	}
	e, err := listen.Open(o)
	if err != nil {
		return nil, err
	}
	s := listen.NewStream(e, listen.StreamOptions{
		PluginID: pluginID, URL: u.Scheme + "://" + e.Addr().String(), Log: p.log,
		Split: func(post *listen.Post) []listen.Item { return p.split(routes[post.Path], post) },
		Took:  func(n int, _ uint64) { p.counts.events.Add(uint64(n)) },
	})
	p.counts.stream.Store(s)
	return s, nil
}
