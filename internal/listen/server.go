// SPDX-License-Identifier: Apache-2.0

package listen

import (
	"cmp"
	"container/list"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
)

// listenOn opens the address of an endpoint and serves it.
func listenOn(e *Endpoint) (*server, error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", e.opts.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", e.opts.Addr, err)
	}
	s := &server{addr: e.opts.Addr, listener: l, ended: make(chan struct{})}
	s.current.Store(e)
	waiting := &waiting{most: cmp.Or(e.opts.conns, maxConns), byConn: map[net.Conn]*list.Element{}, order: list.New()}
	s.http = &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.current.Load().serve(w, r) }),
		ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ConnState: waiting.note,
		ErrorLog:  slog.NewLogLogger(e.opts.Log.Handler(), slog.LevelDebug), // what clients do wrong
	}
	if e.tls != nil {
		// The endpoint that has the requests now says how clients are met.
		l = tls.NewListener(l, &tls.Config{
			MinVersion:         tls.VersionTLS12,
			GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return s.current.Load().tls, nil },
		})
	}
	go func() {
		defer close(s.ended)
		if err := s.http.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			s.current.Load().opts.Log.Error(fmt.Sprintf("listen on %s: %v", s.addr, err))
		}
	}()
	return s, nil
}

// waiting are the connections that have no request, those that have waited longest first. If
// there are too many connections, the first one of them is closed.
type waiting struct {
	most   int
	mu     sync.Mutex
	total  int
	byConn map[net.Conn]*list.Element
	order  *list.List
}

// note implements [http.Server.ConnState].
func (w *waiting) note(c net.Conn, state http.ConnState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e := w.byConn[c]; e != nil {
		w.order.Remove(e)
		delete(w.byConn, c)
	}
	switch state {
	case http.StateNew:
		w.total++
		w.byConn[c] = w.order.PushBack(c)
	case http.StateIdle:
		w.byConn[c] = w.order.PushBack(c)
	case http.StateClosed, http.StateHijacked:
		w.total--
	}
	if w.total <= w.most || state != http.StateNew {
		return
	}
	if first := w.order.Front(); first != nil {
		oldest := first.Value.(net.Conn)
		go oldest.Close() // its state changes, which takes the lock
	}
}
