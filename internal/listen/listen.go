// SPDX-License-Identifier: Apache-2.0

// Package listen receives HTTP posts for plugins that are webhooks, and answers each one when
// its events are dealt with.
//
//	client ─► server, one per address ─► endpoint ─► Posts ─► plugin ─► Post.Done ─► answer
//
// # Answers
//
//	200  the events are dealt with (Post.Done with nil)
//	400  the body cannot be read, or the plugin refuses it (Post.Refuse)
//	401  the token, the signature or the client certificate is wrong
//	404  no such path
//	405  not a POST
//	413  the body is larger than Options.MaxBody, also when it is unpacked
//	415  the content type is not one of Options.Types, or the encoding not gzip
//	429  Options.MaxPending bytes are pending; Retry-After says when to come again
//	503  not dealt with within Options.AcceptTimeout, given up, or the source ends; with
//	     Retry-After. The events may be dealt with all the same and then repeat.
//
// GET /healthz is 200 as long as the endpoint is open, without token or certificate.
//
// # What bounds it, who waits, who closes
//
// Bodies that are read, or that the plugin has not answered, have MaxPending bytes at most,
// unpacked; room is taken before a body is read, no more than it may soon need. Who is not
// admitted takes none. There are at most maxConns connections; one more closes the
// one that has waited longest without a request. Headers, bodies, answers and idle connections have time limits.
// Close ends the endpoint: posts that wait are answered with 503, Posts is closed, and the
// server ends with its last endpoint.
//
// # Handing over
//
// If an address is opened that this process has open, the newer endpoint gets the requests
// from then on, over the same socket: no connection is refused while one configuration
// replaces another. If the newer one is closed first, the older one has them again.
package listen

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Options say what an endpoint takes.
type Options struct {
	// Addr is host:port. Certificate, if not empty, makes it TLS.
	Addr string
	// Paths are the paths that take posts; none means all.
	Paths []string
	// Certificate is a PEM file with certificate and key, or only the certificate if Key is
	// set. Both are read again when they change.
	Certificate, Key string
	// ClientCA is a PEM file of authorities, one of which has to have signed the client's
	// certificate. "" asks for none.
	ClientCA string
	// Allow, if not nil, reports whether a post may come in. It gets the raw body, before
	// it is unpacked, and is called by several goroutines at once.
	Allow func(r *http.Request, body []byte) bool
	// Admit, if not nil, reports whether a request may send its body, as far as its header
	// tells. Who is not admitted takes no room. It is called like Allow.
	Admit func(r *http.Request) bool
	// Types are the media types that are taken.
	Types []string
	// MaxBody and MaxPending are in bytes.
	MaxBody, MaxPending int64
	// AcceptTimeout is how long a client waits for its answer.
	AcceptTimeout time.Duration
	Log           *slog.Logger

	conns int // maxConns, if not 0
}

// Endpoint receives posts.
type Endpoint struct {
	opts   Options
	types  map[string]bool
	paths  map[string]bool
	posts  chan *Post
	closed chan struct{}
	once   sync.Once
	tls    *tls.Config // nil for plain HTTP
	server *server
	// handing is held for reading by whoever hands over a post, so that Posts can be closed.
	handing sync.RWMutex

	pending                     atomic.Int64 // bytes
	received, refused, answered atomic.Uint64
}

// Counts are what an endpoint counts.
type Counts struct {
	// Received posts, those Refused with a status other than 200 and 503, and those Answered
	// with 200.
	Received, Refused, Answered uint64
	// Pending bytes of bodies that are not answered.
	Pending int64
}

// Open begins to listen. The plugin reads Posts until it is closed.
func Open(o Options) (*Endpoint, error) {
	e := &Endpoint{
		opts: o, types: map[string]bool{}, paths: map[string]bool{},
		posts: make(chan *Post, 64), closed: make(chan struct{}),
	}
	for _, t := range o.Types {
		e.types[t] = true
	}
	for _, p := range o.Paths {
		e.paths[p] = true
	}
	if o.Certificate != "" {
		var err error
		if e.tls, err = tlsConfig(&o); err != nil {
			return nil, err
		}
	}
	if err := servers.open(e); err != nil {
		return nil, err
	}
	return e, nil
}

// Posts are the posts, in the order in which they were received. It is closed by Close.
func (e *Endpoint) Posts() <-chan *Post { return e.posts }

// Addr is the address that is listened on, also where Options has port 0.
func (e *Endpoint) Addr() net.Addr { return e.server.listener.Addr() }

// Counts returns the counts up to now.
func (e *Endpoint) Counts() Counts {
	return Counts{
		Received: e.received.Load(), Refused: e.refused.Load(), Answered: e.answered.Load(), Pending: e.pending.Load(),
	}
}

// Close ends the endpoint; see the package comment. It returns when the plugin gets no more
// posts.
func (e *Endpoint) Close() error {
	var err error
	e.once.Do(func() {
		close(e.closed)
		e.wait()
		close(e.posts)
		for p := range e.posts {
			p.Done(errClosed)
		}
		err = servers.close(e)
	})
	return err
}

var errClosed = errors.New("source is closed")

const (
	// maxConns is how many connections an address has at most.
	maxConns      = 4096
	headerTimeout = 10 * time.Second
	bodyTimeout   = time.Minute
	answerTimeout = time.Minute
	idleTimeout   = 2 * time.Minute
	closeTimeout  = 2 * time.Second
	maxHeader     = 64 << 10
)

// servers are the addresses that this process has open.
var servers = &registry{byAddr: map[string]*server{}}

type registry struct {
	mu     sync.Mutex
	byAddr map[string]*server
}

// server is an open address and its endpoints, of which the last one has the requests.
type server struct {
	addr     string
	http     *http.Server
	listener net.Listener
	ended    chan struct{} // Serve has returned

	endpoints []*Endpoint // under the registry's lock
	current   atomic.Pointer[Endpoint]
}

// open gives an endpoint its server.
func (g *registry) open(e *Endpoint) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.byAddr[e.opts.Addr]
	if s == nil {
		var err error
		if s, err = listenOn(e); err != nil {
			return err
		}
		if _, port, _ := net.SplitHostPort(e.opts.Addr); port != "0" {
			g.byAddr[e.opts.Addr] = s
		}
	} else if (s.current.Load().tls == nil) != (e.tls == nil) {
		return fmt.Errorf("listen on %s: address is in use with the other scheme", e.opts.Addr)
	}
	e.server = s
	s.endpoints = append(s.endpoints, e)
	s.current.Store(e)
	return nil
}

// close takes an endpoint from its server, and ends the server behind the last one.
func (g *registry) close(e *Endpoint) error {
	g.mu.Lock()
	s := e.server
	for i, other := range s.endpoints {
		if other == e {
			s.endpoints = append(s.endpoints[:i], s.endpoints[i+1:]...)
			break
		}
	}
	if n := len(s.endpoints); n > 0 {
		s.current.Store(s.endpoints[n-1])
		g.mu.Unlock()
		return nil
	}
	if g.byAddr[s.addr] == s {
		delete(g.byAddr, s.addr)
	}
	g.mu.Unlock()
	// Answers that are being written go out; whoever sends slowly is cut off.
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	<-s.ended
	return err
}
