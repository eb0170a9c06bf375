// SPDX-License-Identifier: Apache-2.0

package listen

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// opened opens an endpoint on loopback.
func opened(t *testing.T, change func(*Options)) *Endpoint {
	t.Helper()
	o := Options{
		Addr: "127.0.0.1:0", Types: []string{"application/json"}, MaxBody: 1 << 20, MaxPending: 4 << 20,
		AcceptTimeout: time.Minute, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&o)
	}
	e, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func shut(t *testing.T, e *Endpoint) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// client has no connection left when a test ends.
func client(t *testing.T) *http.Client {
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func (e *Endpoint) url(path string) string {
	scheme := "http"
	if e.tls != nil {
		scheme = "https"
	}
	return scheme + "://" + e.Addr().String() + path
}

// post sends a body and returns status and answer.
func post(t *testing.T, c *http.Client, url, body string, header ...string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Error(err)
		return 0, "", nil
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), resp.Header
}

// answering answers each post by what its body says.
func answering(e *Endpoint) *sync.WaitGroup {
	var wg sync.WaitGroup
	wg.Go(func() {
		for p := range e.Posts() {
			switch string(p.Body) {
			case "malformed":
				p.Refuse("not an event")
			case "lost":
				p.Done(errors.New("not delivered"))
			case "ping":
				p.Reply("text/plain", "pong")
			default:
				p.Done(nil)
			}
		}
	})
	return &wg
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.String()
}

// TestAnswers: each status of the package comment.
func TestAnswers(t *testing.T) {
	e := opened(t, func(o *Options) {
		o.Paths = []string{"/in"}
		o.Allow = func(r *http.Request, body []byte) bool {
			return r.Header.Get("Authorization") != "Bearer wrong" && !bytes.Contains(body, []byte("forged"))
		}
	})
	wg := answering(e)
	c := client(t)
	f := func(path, body string, want int, text string, header ...string) {
		t.Helper()
		got, answer, h := post(t, c, e.url(path), body, header...)
		if got != want || !strings.Contains(answer, text) {
			t.Errorf("%s %.20q %q: %d %q, want %d %q", path, body, header, got, answer, want, text)
		}
		if wait := h.Get("Retry-After") != ""; wait != (want == 503 || want == 429) {
			t.Errorf("%s %.20q: Retry-After %q", path, body, h.Get("Retry-After"))
		}
	}
	f("/in", `{}`, 200, "")
	f("/in", packed(`{}`), 200, "", "Content-Encoding", "gzip")
	f("/in", "ping", 200, "pong")
	f("/in", "lost", 503, "not delivered")
	f("/in", "malformed", 400, "not an event")
	f("/out", `{}`, 404, "")
	f("/in", `{}`, 401, "", "Authorization", "Bearer wrong")
	f("/in", packed("forged"), 200, "", "Content-Encoding", "gzip") // the raw bytes count
	f("/in", "forged", 401, "")
	f("/in", `{}`, 415, "Content-Type", "Content-Type", "text/plain")
	f("/in", `{}`, 415, "Content-Type", "Content-Type", "nonsense/")
	f("/in", `{}`, 415, "Content-Encoding", "Content-Encoding", "br")
	f("/in", `{}`, 400, "gzip", "Content-Encoding", "gzip")
	f("/in", packed("cut off")[:20], 400, "", "Content-Encoding", "gzip")
	f("/in", strings.Repeat("x", 1<<20), 200, "")
	f("/in", strings.Repeat("x", 1<<20+1), 413, "")
	f("/in", packed(strings.Repeat("x", 1<<20)), 200, "", "Content-Encoding", "gzip")
	f("/in", packed(strings.Repeat("x", 8<<20)), 413, "", "Content-Encoding", "gzip")
	resp, err := c.Get(e.url("/in"))
	if err != nil || resp.StatusCode != 405 || resp.Header.Get("Allow") != "POST" {
		t.Errorf("GET: %v %v", resp, err)
	}
	resp.Body.Close()
	resp, err = c.Get(e.url("/healthz"))
	if err != nil || resp.StatusCode != 200 {
		t.Errorf("healthz: %v %v", resp, err)
	}
	resp.Body.Close()
	if n := e.Counts(); n.Pending != 0 || n.Received != 19 || n.Answered != 6 || n.Refused != 12 {
		t.Errorf("counts %+v, want 19 received, 6 answered, 12 refused, nothing pending", n)
	}
	shut(t, e)
	wg.Wait()
}

// TestUnknownLength: a body that comes in chunks.
func TestUnknownLength(t *testing.T) {
	e := opened(t, nil)
	defer shut(t, e)
	got := make(chan string, 1)
	go func() {
		p := <-e.Posts()
		got <- string(p.Body)
		p.Done(nil)
	}()
	text := strings.Repeat("0123456789", 30_000)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.url("/"), io.MultiReader(strings.NewReader(text[:7]), strings.NewReader(text[7:])))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client(t).Do(req)
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	if body := <-got; body != text {
		t.Errorf("%d bytes received, want %d", len(body), len(text))
	}
}

// TestPendingIsBounded: what the plugin has not answered counts, also when its client has
// been told to come again.
func TestPendingIsBounded(t *testing.T) {
	e := opened(t, func(o *Options) { o.MaxPending, o.AcceptTimeout = 1<<20, 50*time.Millisecond })
	c := client(t)
	body := strings.Repeat("x", 600<<10)
	first := make(chan int, 1)
	go func() {
		status, _, _ := post(t, c, e.url("/"), body)
		first <- status
	}()
	p := <-e.Posts()
	if status, _, h := post(t, c, e.url("/"), body); status != 429 || h.Get("Retry-After") == "" {
		t.Errorf("status %d, want 429", status)
	}
	if status := <-first; status != 503 {
		t.Errorf("status %d after the accept timeout, want 503", status)
	}
	if status, _, _ := post(t, c, e.url("/"), body); status != 429 {
		t.Errorf("status %d while the plugin has the first body, want 429", status)
	}
	p.Done(nil)
	go func() { (<-e.Posts()).Done(nil) }()
	if status, _, _ := post(t, c, e.url("/"), body); status != 200 {
		t.Errorf("status %d when there is room again, want 200", status)
	}
	if n := e.Counts().Pending; n != 0 {
		t.Errorf("%d bytes pending", n)
	}
	shut(t, e)
}

// TestClose: who waits is told to come again, and the address is free.
func TestClose(t *testing.T) {
	e := opened(t, nil)
	addr := e.Addr().String()
	c := client(t)
	status := make(chan int, 2)
	for range 2 {
		go func() {
			s, _, _ := post(t, c, e.url("/"), "{}")
			status <- s
		}()
	}
	taken := <-e.Posts() // the plugin has one, the other waits in the channel
	for e.Counts().Pending < 4 {
		runtime.Gosched() // until both are read
	}
	go taken.Done(nil)
	shut(t, e)
	a, b := <-status, <-status
	if a+b != 200+503 {
		t.Errorf("answers %d and %d, want 200 and 503", a, b)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatalf("the address is not free: %v", err)
	}
	l.Close()
	shut(t, e) // again
}

// TestHandOver: the newer endpoint of an address has the requests; if it goes, the older one.
func TestHandOver(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	c := client(t)
	open := func(path string) *Endpoint {
		return opened(t, func(o *Options) { o.Addr, o.Paths = addr, []string{path} })
	}
	f := func(e *Endpoint, path string, want int) {
		t.Helper()
		if got, _, _ := post(t, c, e.url(path), "{}"); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	one := open("/one")
	first := answering(one)
	f(one, "/one", 200)
	two := open("/two")
	second := answering(two)
	f(two, "/two", 200)
	f(two, "/one", 404)
	shut(t, two)
	second.Wait()
	f(one, "/one", 200)
	three := open("/three")
	third := answering(three)
	shut(t, one)
	first.Wait()
	f(three, "/three", 200)
	if _, err := Open(Options{Addr: addr, Certificate: "none.pem"}); err == nil {
		t.Error("opened with a certificate that is not there")
	}
	shut(t, three)
	third.Wait()
}

// TestManyConnections: those that send nothing give way to those that do.
func TestManyConnections(t *testing.T) {
	e := opened(t, func(o *Options) { o.conns = 50 })
	wg := answering(e)
	var idle []net.Conn
	for range 200 {
		conn, err := net.Dial("tcp", e.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		idle = append(idle, conn)
	}
	c := client(t)
	for range 20 {
		if got, _, _ := post(t, c, e.url("/"), "{}"); got != 200 {
			t.Errorf("status %d beside idle connections", got)
		}
	}
	for _, conn := range idle {
		conn.Close()
	}
	shut(t, e)
	wg.Wait()
}
