// SPDX-License-Identifier: Apache-2.0

package listen

import (
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter is when a client that has to wait is to come again, in seconds.
const retryAfter = 1

// serve answers a request.
func (e *Endpoint) serve(w http.ResponseWriter, r *http.Request) {
	// The body has a limit whatever the answer is, as the server reads the rest of it first.
	// The answer has one when it is there. Not all connections have limits.
	limits := http.NewResponseController(w)
	_ = limits.SetReadDeadline(time.Now().Add(bodyTimeout))
	_ = limits.SetWriteDeadline(time.Time{}) // that of the last answer
	if r.URL.Path == "/healthz" {
		_ = limits.SetWriteDeadline(time.Now().Add(answerTimeout))
		io.WriteString(w, "ok\n")
		return
	}
	e.received.Add(1)
	a := e.receive(w, r)
	switch a.status {
	case http.StatusOK:
		e.answered.Add(1)
	case http.StatusServiceUnavailable:
	default:
		e.refused.Add(1)
	}
	_ = limits.SetWriteDeadline(time.Now().Add(answerTimeout))
	if a.status == http.StatusServiceUnavailable || a.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	if a.header[0] != "" {
		w.Header().Set(a.header[0], a.header[1])
	}
	w.WriteHeader(a.status)
	if a.text != "" {
		io.WriteString(w, a.text+"\n")
	}
}

func refuse(status int, text string) answer { return answer{status: status, text: text} }

// receive checks a request, reads its body, hands it to the plugin and waits for the answer.
func (e *Endpoint) receive(w http.ResponseWriter, r *http.Request) answer {
	if a := e.check(r); a.status != 0 {
		return a
	}
	room := &room{e: e}
	body, a := e.read(w, r, room)
	if a.status != 0 {
		room.leave()
		return a
	}
	p := &Post{Body: body, Path: r.URL.Path, Header: r.Header, From: r.RemoteAddr, result: make(chan answer, 1), room: room}
	timeout := time.NewTimer(e.opts.AcceptTimeout)
	defer timeout.Stop()
	if !e.hand(p, timeout.C, r.Context().Done()) {
		room.leave()
		return refuse(http.StatusServiceUnavailable, "busy")
	}
	select {
	case a := <-p.result:
		return a
	case <-timeout.C:
		return refuse(http.StatusServiceUnavailable, "events are not delivered yet")
	case <-r.Context().Done():
		return refuse(http.StatusServiceUnavailable, "client is gone")
	}
}

// check refuses what need not be read.
func (e *Endpoint) check(r *http.Request) answer {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(e.paths) > 0 && !e.paths[r.URL.Path]:
		return refuse(http.StatusNotFound, "no such path")
	case r.Method != http.MethodPost:
		return answer{status: http.StatusMethodNotAllowed, text: r.Method + " method not allowed", header: [2]string{"Allow", http.MethodPost}}
	case e.opts.ClientCA != "" && (r.TLS == nil || len(r.TLS.VerifiedChains) == 0):
		return refuse(http.StatusUnauthorized, "client certificate required")
	case e.opts.Admit != nil && !e.opts.Admit(r):
		return refuse(http.StatusUnauthorized, "not allowed")
	case err != nil || !e.types[media]:
		return refuse(http.StatusUnsupportedMediaType, "wrong Content-Type")
	case r.ContentLength > e.opts.MaxBody:
		return refuse(http.StatusRequestEntityTooLarge, "body is too large")
	}
	switch enc := r.Header.Get("Content-Encoding"); {
	case enc == "", strings.EqualFold(enc, "identity"), strings.EqualFold(enc, "gzip"):
		return answer{}
	}
	return refuse(http.StatusUnsupportedMediaType, "wrong Content-Encoding")
}

// read reads the body and unpacks it.
func (e *Endpoint) read(w http.ResponseWriter, r *http.Request, room *room) ([]byte, answer) {
	limited := http.MaxBytesReader(w, r.Body, e.opts.MaxBody)
	raw, err := room.readAll(limited, r.ContentLength)
	if err != nil {
		return nil, e.unread(err)
	}
	if e.opts.Allow != nil && !e.opts.Allow(r, raw) {
		return nil, refuse(http.StatusUnauthorized, "not allowed")
	}
	if !strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		return raw, answer{}
	}
	z, err := gzip.NewReader(&byteReader{raw})
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "body is not gzip")
	}
	body, err := room.readAll(io.LimitReader(z, e.opts.MaxBody+1), -1)
	room.give(int64(cap(raw)))
	switch {
	case err != nil:
		return nil, e.unread(err)
	case int64(len(body)) > e.opts.MaxBody:
		return nil, refuse(http.StatusRequestEntityTooLarge, "body is too large when it is unpacked")
	}
	return body, answer{}
}

// unread says why a body was not read.
func (e *Endpoint) unread(err error) answer {
	var large *http.MaxBytesError
	switch {
	case errors.Is(err, errNoRoom):
		return refuse(http.StatusTooManyRequests, "too much is pending")
	case errors.As(err, &large):
		return refuse(http.StatusRequestEntityTooLarge, "body is too large")
	}
	return refuse(http.StatusBadRequest, "bad request: "+err.Error())
}

// byteReader reads bytes; it also spares gzip a buffer of its own.
type byteReader struct{ rest []byte }

func (b *byteReader) Read(p []byte) (int, error) {
	if len(b.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *byteReader) ReadByte() (byte, error) {
	if len(b.rest) == 0 {
		return 0, io.EOF
	}
	c := b.rest[0]
	b.rest = b.rest[1:]
	return c, nil
}

// hand gives a post to the plugin.
func (e *Endpoint) hand(p *Post, timeout <-chan time.Time, gone <-chan struct{}) bool {
	e.handing.RLock()
	defer e.handing.RUnlock()
	select {
	case <-e.closed:
		return false
	default:
	}
	select {
	case e.posts <- p:
		return true
	case <-timeout:
	case <-gone:
	case <-e.closed:
	}
	return false
}

// wait waits until no goroutine hands over a post any more.
func (e *Endpoint) wait() {
	e.handing.Lock()
	defer e.handing.Unlock()
}
