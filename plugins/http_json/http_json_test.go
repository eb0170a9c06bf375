// SPDX-License-Identifier: Apache-2.0

package httpjson

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/listen"
	"github.com/gyr-dev/gyr/sdk"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func started(t testing.TB, config string) *plugin {
	t.Helper()
	p := New().(*plugin)
	p.SetLogger(slog.New(slog.DiscardHandler))
	if err := p.Init(config); err != nil {
		t.Fatal(err)
	}
	return p
}

// hook is a webhook that a test posts to; its events are acknowledged as they come.
type hook struct {
	t      *testing.T
	s      *listen.Stream
	url    string
	events chan string // payload and time
	end    func()
}

func newHook(t *testing.T, config string) *hook {
	t.Helper()
	p := started(t, config)
	src, err := p.Open("http://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hook{t: t, s: src.(*listen.Stream), events: make(chan string, 100)}
	h.url = "http://" + h.s.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b := event.NewBatch(3, event.NewArena(nil, nil))
		for ctx.Err() == nil {
			if err := h.s.Next(ctx, b); err != nil {
				t.Error(err)
				return
			}
			for _, e := range b.Events {
				at := "now"
				if e.Time != abi.NoTime {
					at = strconv.FormatUint(e.Time, 10)
				}
				h.events <- string(e.Data) + " " + at
			}
			if b.Token != nil {
				h.s.Ack(b.Token, nil)
			}
			b.Release()
		}
	}()
	h.end = func() {
		cancel()
		<-ended
		if err := h.s.Close(); err != nil {
			t.Error(err)
		}
	}
	return h
}

// post wants a status, an answer and events.
func (h *hook) post(path, body string, header map[string]string, status int, answer string, events ...string) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		req.Header.Set(k, v)
	}
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	resp, err := (&http.Client{Transport: tr}).Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != status || !strings.Contains(string(text), answer) {
		h.t.Errorf("%s %.40q: %d %q, want %d %q", path, body, resp.StatusCode, text, status, answer)
	}
	if len(h.events) != len(events) {
		h.t.Errorf("%s %.40q: %d events, want %d", path, body, len(h.events), len(events))
	}
	for _, want := range events {
		if len(h.events) == 0 {
			return
		}
		if got := <-h.events; got != want {
			h.t.Errorf("%s: event %q, want %q", path, got, want)
		}
	}
}

func sign(secret string, parts ...string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	for _, p := range parts {
		io.WriteString(mac, p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.String()
}

type header = map[string]string

// TestPosts: what a body may be, and the time of its events.
func TestPosts(t *testing.T) {
	h := newHook(t, `{"routes": {"/a": {}, "/t": {"timePointer": "/meta/at"}}, "maxEventSize": 100}`)
	defer h.end()
	h.post("/a", `{"x":1}`, nil, 200, "", `{"x":1} now`)
	h.post("/a", `[{"x":1}, 2, "y"]`, nil, 200, "", `{"x":1} now`, `2 now`, `"y" now`)
	h.post("/a", "{\"x\":1}\n{\"x\":2}\n", header{"Content-Type": "application/x-ndjson"}, 200, "", `{"x":1} now`, `{"x":2} now`)
	h.post("/a", packed(`{"x":1}`), header{"Content-Encoding": "gzip"}, 200, "", `{"x":1} now`)
	h.post("/a", `[]`, nil, 200, "")
	h.post("/a", ``, nil, 200, "")
	h.post("/a", `{"x":`, nil, 400, "not JSON")
	h.post("/a", `{"x":1} nonsense`, nil, 400, "not JSON")
	h.post("/b", `{}`, nil, 404, "")
	h.post("/a", `{}`, header{"Content-Type": "text/plain"}, 415, "")
	h.post("/a", `[{"x":"`+strings.Repeat("y", 200)+`"},1]`, nil, 200, "", `1 now`)
	for at, want := range map[string]string{
		`"2026-01-02T03:04:05.5Z"`: "1767323045500000000", `1767323045`: "1767323045000000000", `1767323045250`: "1767323045250000000",
		`"1767323045"`: "1767323045000000000", `1767323045.5`: "1767323045500000000",
		`"1970-01-01T00:00:00+01:00"`: "now", `"yesterday"`: "now", `null`: "now", `-5`: "now", `1e300`: "now", `{}`: "now",
	} {
		body := `{"meta":{"at":` + at + `}}`
		h.post("/t", body, nil, 200, "", body+" "+want)
	}
	h.post("/t", `{}`, nil, 200, "", "{} now")
}

// TestWhoMayPost: each kind of authentication, over the bytes as they were sent.
func TestWhoMayPost(t *testing.T) {
	h := newHook(t, `{"routes": {
		"/github": {"auth": {"type": "github", "secret": "s"}}, "/slack": {"auth": {"type": "slack", "secret": "s"}},
		"/hmac": {"auth": {"type": "hmac", "secret": "s", "header": "X-Sig"}}, "/bearer": {"auth": {"type": "bearer", "secret": "s"}}}}`)
	defer h.end()
	const body = `{"x":1}`
	f := func(path string, head header, ok bool) {
		t.Helper()
		if ok {
			h.post(path, body, head, 200, "", body+" now")
		} else {
			h.post(path, body, head, 401, "")
		}
	}
	f("/github", header{"X-Hub-Signature-256": "sha256=" + sign("s", body)}, true)
	f("/github", header{"X-Hub-Signature-256": "sha256=" + sign("t", body)}, false)
	f("/github", header{"X-Hub-Signature-256": "sha256=" + sign("s", body+" ")}, false)
	f("/github", header{"X-Hub-Signature-256": "sha256=zz"}, false)
	f("/github", nil, false)
	f("/hmac", header{"X-Sig": sign("s", body)}, true)
	f("/hmac", header{"X-Sig": ""}, false)
	f("/bearer", header{"Authorization": "Bearer s"}, true)
	f("/bearer", header{"Authorization": "Bearer "}, false)
	slack := func(age time.Duration, key string) header {
		at := strconv.FormatInt(time.Now().Add(-age).Unix(), 10)
		return header{"X-Slack-Request-Timestamp": at, "X-Slack-Signature": "v0=" + sign(key, "v0:", at, ":", body)}
	}
	f("/slack", slack(0, "s"), true)
	f("/slack", slack(4*time.Minute, "s"), true)
	f("/slack", slack(6*time.Minute, "s"), false) // a copy
	f("/slack", slack(-6*time.Minute, "s"), false)
	f("/slack", slack(0, "t"), false)
	f("/slack", header{"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0="}, false)

	zip := packed(body)
	h.post("/github", zip, header{"Content-Encoding": "gzip", "X-Hub-Signature-256": "sha256=" + sign("s", zip)}, 200, "", body+" now")
	h.post("/github", zip, header{"Content-Encoding": "gzip", "X-Hub-Signature-256": "sha256=" + sign("s", body)}, 401, "")
	// Senders that want to know whether somebody is there.
	h.post("/github", body, header{"X-GitHub-Event": "ping", "X-Hub-Signature-256": "sha256=" + sign("s", body)}, 200, "pong")
	const challenge = `{"type":"url_verification","challenge":"a\"b"}`
	at := strconv.FormatInt(time.Now().Unix(), 10)
	h.post("/slack", challenge, header{"X-Slack-Request-Timestamp": at, "X-Slack-Signature": "v0=" + sign("s", "v0:", at, ":", challenge)}, 200, `a"b`)
	h.post("/slack", challenge, nil, 401, "")
}

// TestRefused: configurations that are wrong, or that would let everybody in.
func TestRefused(t *testing.T) {
	for config, want := range map[string]string{
		`{"routes": {"x": {}}}`: "not a path", `{"routes": {"/x": {"auth": {"type": "github"}}}}`: "needs a secret",
		`{"routes": {"/x": {"auth": {"secret": "s"}}}}`: "no type", `{"routes": {"/x": {"auth": {"type": "hmac", "secret": "s"}}}}`: "needs a header",
		`{"routes": {"/x": {"auth": {"type": "basic", "secret": "s"}}}}`: "unknown type", `{"routes": 1}`: "routes",
	} {
		if err := New().(sdk.Initializer).Init(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", config, err, want)
		}
	}
	f := func(config, params, want string) {
		t.Helper()
		s, err := started(t, config).Open(params)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s %s: %v, want %q", config, params, err, want)
		}
	}
	f("", "", "open_params is empty")
	f("", "ftp://x", "not supported")
	f("", "http://127.0.0.1", "host and port")
	f("", "http://0.0.0.0:1/x", "/x takes posts from other machines without authentication")
	f("", "http://203.0.113.1:1/x", "without authentication")
	f(`{"insecure": true}`, "http://203.0.113.1:1/x", "listen on")
	f(`{"routes": {"/a": {"auth": {"type": "bearer", "secret": "s"}}, "/b": {}}}`, "http://0.0.0.0:1", "/b takes posts")
	f(`{"routes": {"/a": {}}}`, "http://127.0.0.1:0/b", "leave the path out")
	f(`{"sslCertificate": "/none.pem"}`, "https://127.0.0.1:0/", "/none.pem")
	f("", "/nonexistent", "no such file")
	f("", t.TempDir(), "not a file")
}

// TestLines: a file of JSON lines.
func TestLines(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events")
	var text strings.Builder
	var want []string
	for i := range 1000 {
		line := fmt.Sprintf(`{"n":%d,"pad":"%s"}`, i, strings.Repeat("x", i*50%3000))
		text.WriteString(line + "\r\n\n")
		want = append(want, line)
	}
	text.WriteString("nonsense\n{\"long\":\"" + strings.Repeat("y", 200_000) + "\"}\n[1,2]")
	want = append(want, "[1,2]")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	p := started(t, `{"maxEventSize": 100000}`)
	s, err := p.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	b := event.NewBatch(100, event.NewArena(nil, nil))
	for err == nil {
		err = s.Next(t.Context(), b)
		for _, e := range b.Events {
			got = append(got, string(e.Data))
		}
		b.Release()
	}
	if err != io.EOF || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%d events (%v), want %d", len(got), err, len(want))
	}
	if p.counts.events.Load() != 1001 || p.counts.skipped.Load() != 1 || p.counts.dropped.Load() != 1 {
		t.Errorf("metrics %+v, want 1001 events, 1 skipped, 1 dropped", p.Metrics())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestCloseBeforeTheEnd leaves nothing running.
func TestCloseBeforeTheEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events")
	if err := os.WriteFile(file, bytes.Repeat([]byte("1\n"), 10_000), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := started(t, "").Open(file)
	if err != nil {
		t.Fatal(err)
	}
	b := event.NewBatch(10, event.NewArena(nil, nil))
	if err := s.Next(t.Context(), b); err != nil || len(b.Events) != 10 {
		t.Errorf("%d events, %v", len(b.Events), err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// FuzzPost splits any body. Oracle: it is answered or has events, not both; events lie in the
// body, one behind the other, and are JSON by the standard library's judgement or by its
// scanner's, which accepts control characters and invalid UTF-8 in strings.
func FuzzPost(f *testing.F) {
	f.Add([]byte(`{"a":1}`), "/a")
	f.Add([]byte("[1,{\"type\":\"url_verification\"}]\n2"), "/0")
	f.Fuzz(func(t *testing.T, body []byte, pointer string) {
		p := started(t, "")
		set, slots := newSet(pointer)
		post := listen.NewPost(body)
		items := p.split(&target{set: set, slots: slots}, post)
		if post.Answered() == (len(items) > 0) {
			t.Fatalf("%d events, answered %v", len(items), post.Answered())
		}
		at := 0
		for _, i := range items {
			n := bytes.Index(body[at:], i.Data)
			if n < 0 || len(i.Data) == 0 {
				t.Fatalf("event %q is not in the body behind the one before", i.Data)
			}
			at += n + len(i.Data)
		}
	})
}
