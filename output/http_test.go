// SPDX-License-Identifier: Apache-2.0

package output

import (
	"compress/gzip"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func newHTTP(t *testing.T, o HTTPOptions) *HTTP {
	t.Helper()
	h, err := NewHTTP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// late is a transport that reads the body of a request after it has answered, as the real
// one may where a server does not wait for the end of the request, or the time is up.
type late struct{ bodies []io.Reader }

func (l *late) RoundTrip(r *http.Request) (*http.Response, error) {
	l.bodies = append(l.bodies, r.Body)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

// TestHTTPKeepsNoAlert: the memory of an alert serves others when Write has returned.
func TestHTTPKeepsNoAlert(t *testing.T) {
	h := newHTTP(t, HTTPOptions{URL: "http://127.0.0.1:1"})
	l := &late{}
	h.client.Transport = l
	alerts := batch("first", "second")
	if err := all(h, alerts); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"first", "second"} {
		clear(alerts[i].Line)
		if got, err := io.ReadAll(l.bodies[i]); err != nil || string(got) != want {
			t.Errorf("the body is %q (%v), want %q", got, err, want)
		}
	}
}

func TestHTTP(t *testing.T) {
	type request struct{ body, contentType, agent, key string }
	var got []request
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Error(err)
				return
			}
			body = z
		}
		b, _ := io.ReadAll(body)
		got = append(got, request{string(b), r.Header.Get("Content-Type"), r.UserAgent(), r.Header.Get("Idempotency-Key")})
		io.WriteString(w, "thanks")
	}))
	defer srv.Close()
	f := func(o HTTPOptions, wantType string) {
		t.Helper()
		got = nil
		var echo strings.Builder
		o.URL, o.UserAgent, o.Echo = srv.URL, "agent/1", &echo
		alerts := batch("a", "b")
		alerts[1].ID[0] = 0xab
		if err := all(newHTTP(t, o), alerts); err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || got[1].key != `"ab000000000000000000000000000000"` || got[0] != (request{"a", wantType, "agent/1", ""}) || got[1].body != "b" {
			t.Errorf("%+v: requests %+v", o, got)
		}
		if echo.String() != "thanksthanks" {
			t.Errorf("echo %q, want the two answers", echo.String())
		}
	}
	f(HTTPOptions{}, "text/plain")
	f(HTTPOptions{JSON: true, Compress: true, KeepAlive: true}, "application/json")
}

// What each answer means for an alert.
func TestHTTPAnswers(t *testing.T) {
	var status int
	var header, value string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if header != "" {
			w.Header().Set(header, value)
		}
		w.WriteHeader(status)
	}))
	defer srv.Close()
	h := newHTTP(t, HTTPOptions{URL: srv.URL})
	f := func(s int, hdr, val, want string) {
		t.Helper()
		status, header, value = s, hdr, val
		n, err := h.Write(context.Background(), batch("a"))
		got := "retry"
		var refused *Refused
		var busy *Busy
		switch {
		case n == 1 && err == nil:
			got = "taken"
		case n != 0 || err == nil:
			got = fmt.Sprint(n, err)
		case errors.As(err, &refused):
			if got = "refused"; refused.Setup != slices.Contains([]int{401, 403, 404, 407}, s) {
				t.Errorf("status %d: setup %v", s, refused.Setup)
			}
		case errors.As(err, &busy):
			got = busy.After.Round(time.Second).String()
		}
		if got != want {
			t.Errorf("status %d, %s %s: %s (%v), want %s", s, hdr, val, got, err, want)
		}
		if err != nil && !strings.Contains(err.Error(), strconv.Itoa(s)) {
			t.Errorf("status %d: the error does not say so: %v", s, err)
		}
	}
	for _, s := range []int{200, 201, 202, 204, 299} {
		f(s, "", "", "taken")
	}
	for _, s := range []int{400, 401, 403, 404, 405, 407, 409, 413, 422, 499} {
		f(s, "", "", "refused")
		f(s, "Retry-After", "1", "refused")
	}
	for _, s := range []int{300, 301, 302, 303, 304, 307, 308, 408, 429, 500, 502, 503, 504, 599} {
		f(s, "", "", "retry")
	}
	f(503, "Retry-After", "0", "0s")
	f(429, "Retry-After", "7", "7s")
	f(408, "Retry-After", "300", "5m0s")
	f(503, "Retry-After", "301", "5m0s")
	f(503, "Retry-After", "99999999999999999999999", "5m0s")
	f(503, "Retry-After", "-1", "retry")
	f(503, "Retry-After", "soon", "retry")
	f(503, "Retry-After", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), "0s")
	f(503, "Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), "5m0s")
}

// Redirects that repeat the request are followed on the same server; others are errors
// that say where they lead.
func TestHTTPRedirects(t *testing.T) {
	var bodies []string
	handler := func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		status, _ := strconv.Atoi(r.URL.Query().Get("status"))
		switch to := r.URL.Query().Get("to"); {
		case to == "loop":
			http.Redirect(w, r, r.URL.String(), status)
		case to != "":
			http.Redirect(w, r, to, status)
		default:
			bodies = append(bodies, r.Method+" "+string(b))
		}
	}
	srv := httptest.NewServer(http.HandlerFunc(handler))
	defer srv.Close()
	other := httptest.NewServer(http.HandlerFunc(handler))
	defer other.Close()
	f := func(status int, to string, followed bool) {
		t.Helper()
		bodies = nil
		h := newHTTP(t, HTTPOptions{URL: srv.URL + "/?status=" + strconv.Itoa(status) + "&to=" + url.QueryEscape(to)})
		n, err := h.Write(context.Background(), batch("a"))
		if followed {
			if n != 1 || err != nil || !slices.Equal(bodies, []string{"POST a"}) {
				t.Errorf("%d to %s: %d, %v, %q; want it followed", status, to, n, err, bodies)
			}
			return
		}
		var refused *Refused
		if n != 0 || err == nil || errors.As(err, &refused) || len(bodies) != 0 {
			t.Fatalf("%d to %s: %d, %v, %q; want an error", status, to, n, err, bodies)
		}
		if !strings.Contains(err.Error(), "redirects to http") || !strings.Contains(err.Error(), strconv.Itoa(status)) {
			t.Errorf("%d to %s: the error does not say where: %v", status, to, err)
		}
	}
	for _, status := range []int{307, 308} {
		f(status, "/there", true)
		f(status, srv.URL+"/there", true)
		f(status, other.URL+"/there", false)
		f(status, "http://localhost/there", false)
		f(status, "loop", false)
	}
	for _, status := range []int{301, 302, 303} {
		f(status, "/there", false)
	}
}

func TestSameServer(t *testing.T) {
	f := func(from, to string, want bool) {
		t.Helper()
		a, _ := url.Parse(from)
		b, _ := url.Parse(to)
		if got := sameServer(a, b); got != want {
			t.Errorf("%s to %s: %v, want %v", from, to, got, want)
		}
	}
	f("http://h/a", "http://h/b", true)
	f("http://h/a", "http://H:80/b", true)
	f("http://h/a", "https://h/b", true)
	f("http://h:80/a", "https://h:443/b", true)
	f("https://h/a", "http://h/b", false)
	f("http://h:8080/a", "https://h/b", false)
	f("http://h:8080/a", "https://h:8080/b", false)
	f("http://h:8080/a", "http://h:8081/b", false)
	f("http://h:8080/a", "http://h:8080/b", true)
	f("http://h/a", "http://h.example/b", false)
}

// A request that has no answer in time is ended; after some in a row one line says so.
func TestHTTPTimeout(t *testing.T) {
	var lines safeBuffer
	over := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}))
	defer srv.Close()
	defer close(over)
	h := newHTTP(t, HTTPOptions{URL: srv.URL, Timeout: 10 * time.Millisecond, MaxTimeouts: 3, Log: logTo(&lines)})
	for range 5 {
		if n, err := h.Write(context.Background(), batch("a")); n != 0 || !os.IsTimeout(err) {
			t.Errorf("Write = %d, %v; want a timeout", n, err)
		}
	}
	if n := strings.Count(lines.String(), "http: 3 requests in a row had no answer within 10ms"); n != 1 {
		t.Errorf("%d lines about it, want one:\n%s", n, lines.String())
	}
	h = newHTTP(t, HTTPOptions{URL: srv.URL, Timeout: time.Hour})
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if n, err := h.Write(ctx, batch("a")); n != 0 || err == nil {
		t.Errorf("Write = %d, %v after its context was done", n, err)
	}
}

// Errors do not show the URL, whose path may be a secret.
func TestHTTPErrorsKeepSecrets(t *testing.T) {
	if _, err := NewHTTP(HTTPOptions{URL: "http://user:password@[::1/XXXX"}); err == nil || strings.Contains(err.Error(), "password") || strings.Contains(err.Error(), "XXXX") {
		t.Errorf("error of a malformed URL: %v", err)
	}
	srv := httptest.NewServer(http.RedirectHandler("https://user:password@example.com/services/XXXX", http.StatusMovedPermanently))
	defer srv.Close()
	_, err := newHTTP(t, HTTPOptions{URL: srv.URL}).Write(context.Background(), batch("a"))
	if err == nil || !strings.Contains(err.Error(), "https://example.com/...") || strings.Contains(err.Error(), "password") || strings.Contains(err.Error(), "XXXX") {
		t.Errorf("error of a redirect: %v", err)
	}
	h := newHTTP(t, HTTPOptions{URL: "http://user:password@127.0.0.1:1/services/T000/B000/XXXX"})
	_, err = h.Write(context.Background(), batch("a"))
	if err == nil || strings.Contains(err.Error(), "password") || strings.Contains(err.Error(), "XXXX") {
		t.Errorf("error %v", err)
	}
}

func TestHTTPCertificates(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer srv.Close()
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.pem"), filepath.Join(dir, "bad.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	if err := errors.Join(os.WriteFile(good, cert, 0o600), os.WriteFile(bad, []byte("none"), 0o600), os.Mkdir(filepath.Join(dir, "folder"), 0o700)); err != nil {
		t.Fatal(err)
	}
	for _, o := range []HTTPOptions{{Insecure: true}, {CACert: good}, {CABundle: good}, {CAPath: dir}} {
		o.URL = srv.URL
		if err := all(newHTTP(t, o), batch("a")); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if err := all(newHTTP(t, HTTPOptions{URL: srv.URL}), batch("a")); err == nil {
		t.Error("a server with an unknown certificate is trusted")
	}
	for _, o := range []HTTPOptions{
		{CACert: filepath.Join(dir, "none.pem")}, {CACert: bad}, {CABundle: bad},
		{MTLS: true, ClientCert: good, ClientKey: bad},
		{URL: "http://[::1"},
	} {
		if _, err := NewHTTP(o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

// flaky is a server that fails some requests, in one of five ways each.
type flaky struct {
	mu    sync.Mutex
	rnd   *rand.Rand
	share float64
	got   []string
	fails int
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if f.rnd.Float64() >= f.share {
		f.got = append(f.got, string(b))
		return
	}
	f.fails++
	switch f.rnd.IntN(5) {
	case 0:
		w.WriteHeader(http.StatusInternalServerError)
	case 1:
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusServiceUnavailable)
	case 2:
		w.WriteHeader(http.StatusTooManyRequests)
	case 3:
		hijack(w, func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) })
	case 4:
		hijack(w, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut") })
	}
}

func hijack(w http.ResponseWriter, do func(net.Conn)) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	do(c)
	c.Close()
}

// A server that fails a third of the requests in five ways gets every alert once, in order.
func TestHTTPFlakyServer(t *testing.T) {
	for _, keep := range []bool{false, true} {
		f := &flaky{rnd: rand.New(rand.NewPCG(1, 2)), share: 0.3}
		srv := httptest.NewServer(f)
		d := &dones{}
		h := newHTTP(t, HTTPOptions{URL: srv.URL, KeepAlive: keep})
		q := NewQueue(h, Options{Log: quiet(), Timeout: 30 * time.Second})
		const calls, size = 5, 100
		var want []string
		for c := range calls {
			var lines []string
			for i := range size {
				lines = append(lines, strconv.Itoa(c*size+i))
			}
			want = append(want, lines...)
			q.Write(batch(lines...), d.one)
		}
		if err := q.Close(); err != nil || d.ok != calls {
			t.Errorf("Close = %v, %d dones; want nil and %d", err, d.ok, calls)
		}
		srv.Close()
		if !slices.Equal(f.got, want) {
			t.Errorf("keep alive %v: %d alerts arrive, want %d in order", keep, len(f.got), len(want))
		}
		if c := q.Counts(); c != (Counts{Queued: calls * size, Delivered: calls * size, Retried: uint64(f.fails)}) {
			t.Errorf("keep alive %v: counts %+v for %d failures", keep, c, f.fails)
		}
	}
}

// A server that closes kept connections between requests costs no alert.
func TestHTTPClosedKeepAlive(t *testing.T) {
	var mu sync.Mutex
	var got []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		got = append(got, string(b))
	}))
	defer srv.Close()
	q := NewQueue(newHTTP(t, HTTPOptions{URL: srv.URL, KeepAlive: true}), Options{Log: quiet(), Timeout: 30 * time.Second})
	var want []string
	for i := range 50 {
		want = append(want, strconv.Itoa(i))
		delivered := make(chan struct{})
		q.Write(batch(want[i]), func(error) { close(delivered) })
		<-delivered
		srv.CloseClientConnections()
	}
	if err := q.Close(); err != nil || !slices.Equal(got, want) {
		t.Errorf("Close = %v, %d alerts arrive; want nil and 50 in order", err, len(got))
	}
}

// slowly is a transport to a server that takes its time for each answer.
type slowly struct {
	wait time.Duration
	n    int
}

func (s *slowly) RoundTrip(r *http.Request) (*http.Response, error) {
	_, err := io.Copy(io.Discard, r.Body)
	time.Sleep(s.wait)
	s.n++
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, errors.Join(err, r.Body.Close())
}

// A healthy server gets everything at the end, however slow it is.
func TestHTTPSlowServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &slowly{wait: 80 * time.Millisecond}
		h := newHTTP(t, HTTPOptions{URL: "http://slow.example", KeepAlive: true})
		h.client.Transport = server
		q := NewQueue(h, Options{Log: quiet(), Timeout: 100 * time.Millisecond, First: 10 * time.Second})
		q.Write(batch(make([]string, 100)...), nothing)
		if err := q.Close(); err != nil {
			t.Error(err)
		}
		if c := q.Counts(); server.n != 100 || c.Delivered != 100 {
			t.Errorf("%d alerts arrive, counts %+v; want 100", server.n, c)
		}
	})
}
