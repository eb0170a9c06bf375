// SPDX-License-Identifier: Apache-2.0

package listen

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener with one connection.
type pipes struct {
	net.Listener
	conn   chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conn:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { close(p.closed); return nil }

// piped serves a connection with an endpoint.
func piped(o Options) (e *Endpoint, client net.Conn, end func()) {
	o.MaxBody, o.MaxPending, o.Log = 1<<20, 1<<20, slog.New(slog.DiscardHandler)
	e = &Endpoint{opts: o, types: map[string]bool{"application/json": true}, posts: make(chan *Post, 1), closed: make(chan struct{})}
	server, client := net.Pipe()
	l := &pipes{conn: make(chan net.Conn, 1), closed: make(chan struct{})}
	l.conn <- server
	s := &http.Server{Handler: http.HandlerFunc(e.serve), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout}
	go s.Serve(l)
	return e, client, func() { client.Close(); s.Close() }
}

// TestAcceptTimeoutIsLongerThanThatOfBodies: the time limit of a body ends with the body.
func TestAcceptTimeoutIsLongerThanThatOfBodies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, client, end := piped(Options{AcceptTimeout: 5 * bodyTimeout})
		defer end()
		go io.WriteString(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
		p := <-e.Posts()
		time.AfterFunc(4*bodyTimeout, func() { p.Done(nil) })
		resp, err := http.ReadResponse(bufio.NewReader(client), nil)
		if err != nil || resp.StatusCode != 200 {
			t.Errorf("answer %v, error %v, want 200", resp, err)
		}
	})
}

// TestStalledConnectionsEnd: neither a body that does not come, although nobody wants it, nor
// an answer that is not read keeps a connection.
func TestStalledConnectionsEnd(t *testing.T) {
	for _, request := range []string{
		"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n",
		"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		t.Run(request, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, client, end := piped(Options{AcceptTimeout: time.Minute})
				defer end()
				io.WriteString(client, request)
				time.Sleep(3 * bodyTimeout)
				if _, err := client.Write([]byte("x")); err != io.ErrClosedPipe {
					t.Errorf("error %v, want a closed connection", err)
				}
			})
		})
	}
}

// TestStrangersTakeNoRoom: who only says that a body comes, or is not admitted, leaves the room
// to others.
func TestStrangersTakeNoRoom(t *testing.T) {
	e := opened(t, func(o *Options) {
		o.MaxPending = 1 << 20
		o.Admit = func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer x" }
	})
	say := func(header string) net.Conn {
		conn, err := net.Dial("tcp", e.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n%s\r\n", header)
		return conn
	}
	stranger := say("")
	resp, err := http.ReadResponse(bufio.NewReader(stranger), nil) // before the body
	if err != nil || resp.StatusCode != 401 {
		t.Errorf("answer %v, error %v, want 401", resp, err)
	}
	stranger.Close()
	slow := say("Authorization: Bearer x\r\n")
	for e.Counts().Pending == 0 {
		runtime.Gosched() // until it is read
	}
	wg := answering(e)
	if got, text, _ := post(t, client(t), e.url("/"), strings.Repeat("x", 700<<10), "Authorization", "Bearer x"); got != 200 {
		t.Errorf("%d %q beside a connection that sends nothing, want 200", got, text)
	}
	slow.Close()
	shut(t, e)
	wg.Wait()
}
