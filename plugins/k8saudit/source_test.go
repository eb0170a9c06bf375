// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// audit is an event with that id.
func audit(id int) string {
	return fmt.Sprintf(`{"kind":"Event","auditID":"%d","stageTimestamp":"2026-01-02T03:04:05.%06dZ","verb":"get"}`, id, id)
}

// logged is what a plugin logs.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func started(t *testing.T, config string) (*plugin, *logged) {
	t.Helper()
	p, log := New().(*plugin), &logged{}
	p.SetLogger(slog.New(slog.NewTextHandler(log, nil)))
	if err := p.Init(config); err != nil {
		t.Fatal(err)
	}
	return p, log
}

func openedAt(t *testing.T, p *plugin, params string) event.Source {
	t.Helper()
	s, err := p.Open(params)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readAll reads a stream to its end; the events are joined by newlines.
func readAll(t *testing.T, s event.Source, size int) string {
	t.Helper()
	defer s.Close()
	var all []string
	b := event.NewBatch(size, event.NewArena(nil, nil))
	for {
		err := s.Next(t.Context(), b)
		for _, e := range b.Events {
			all = append(all, string(e.Data))
		}
		b.Release()
		if err == io.EOF {
			return strings.Join(all, "\n")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func metric(p *plugin, name string) uint64 {
	for _, m := range p.Metrics() {
		if m.Name == name {
			return m.Bits
		}
	}
	return 0
}

// TestFiles: what files may have in them.
func TestFiles(t *testing.T) {
	a, b, c := audit(1), audit(2), audit(3)
	f := func(text, want string, skipped map[string]uint64) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "audit.log")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, _ := started(t, `{"maxEventSize": 4096}`)
		if got := readAll(t, openedAt(t, p, file), 2); got != want {
			t.Errorf("%.60q: got %q, want %q", text, got, want)
		}
		for r := range reasons {
			if n := metric(p, about[r].metric); n != skipped[about[r].metric] {
				t.Errorf("%.60q: %s %d, want %d", text, about[r].metric, n, skipped[about[r].metric])
			}
		}
	}
	list := `{"kind":"EventList","items":[` + strings.ReplaceAll(a, `"kind":"Event",`, "") + "," + b + `]}`
	abc := strings.Join([]string{a, b, c}, "\n")
	f("", "", nil)
	f(abc, abc, nil)
	f(abc+"\n", abc, nil)
	f("\n\r\n"+abc+"\r\n", abc, nil)
	f(a+b+c, abc, nil)
	f("["+a+","+b+","+c+"]", abc, nil)
	f(list+"\n"+c, strings.ReplaceAll(a, `"kind":"Event",`, "")+"\n"+b+"\n"+c, nil)
	f("["+list+"]\n["+c+"]", strings.ReplaceAll(a, `"kind":"Event",`, "")+"\n"+b+"\n"+c, nil)
	f(strings.ReplaceAll(a, `":`, `" : `)+"\n"+b, a+"\n"+b, nil) // compact as the API server writes it
	f(strings.ReplaceAll(a, `,`, ",\n  "), a, nil)
	f(a+"\nnonsense\n"+b, a+"\n"+b, map[string]uint64{"skipped_not_json": 1})
	f(a+"\n"+b[:40]+"\n"+c, a+"\n"+c, map[string]uint64{"skipped_not_json": 1})
	f(a+"\n"+b[:40], a, map[string]uint64{"skipped_not_json": 1})
	f(`{"kind":"Pod"}`+"\n1\n\"x\"\n"+a, a, map[string]uint64{"skipped_not_event": 3})
	f(`{"kind":"Event","stageTimestamp":"1970-01-01T00:00:00+01:00"}`+"\n"+a, a, map[string]uint64{"skipped_no_time": 1}) // 1969
	f(`{"kind":"Event","auditID":"x"}`+"\n"+`{"kind":"Event","stageTimestamp":"yesterday"}`+"\n"+a, a, map[string]uint64{"skipped_no_time": 2})
	large := strings.Replace(a, `"verb":`, `"x":"`+strings.Repeat("y", 5000)+`","verb":`, 1)
	f(large+"\n"+a, a, map[string]uint64{"dropped_too_large": 1})
	f(`{"kind":"EventList","items":[1,`+a+`]}`, a, map[string]uint64{"skipped_not_event": 1})
	// An event inside of an event is none: whoever writes a ConfigMap must not make up events.
	f(strings.Replace(a, `"verb":`, `"requestObject":{"kind":"EventList","items":[`+b+`]},"verb":`, 1), strings.Replace(a, `"verb":`, `"requestObject":{"kind":"EventList","items":[`+b+`]},"verb":`, 1), nil)
}

// TestManyFiles: a folder is read in the order in which its files were changed, unpacked
// where they are compressed; one that is damaged does not keep back the others.
func TestManyFiles(t *testing.T) {
	dir := t.TempDir()
	var want []string
	base := time.Now()
	for n := range 4 {
		var text strings.Builder
		for i := range 3000 { // more than a block
			e := strings.Replace(audit(n*3000+i), `"verb"`, `"pad":"`+strings.Repeat("z", 400)+`","verb"`, 1)
			text.WriteString(e + "\n")
			if n != 2 || i < 10 {
				want = append(want, e)
			}
		}
		data := []byte(text.String())
		if n > 0 {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			if n == 2 {
				io.WriteString(z, strings.Join(strings.SplitAfter(text.String(), "\n")[:10], ""))
				z.Flush()
				data = b.Bytes() // ends too early
			} else {
				z.Write(data)
				z.Close()
				data = b.Bytes()
			}
		}
		name := filepath.Join(dir, strconv.Itoa(9-n))
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		at := base.Add(time.Duration(n) * time.Minute)
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	p, log := started(t, "")
	s := openedAt(t, p, dir)
	if got := readAll(t, s, 256); got != strings.Join(want, "\n") {
		t.Errorf("%d bytes of events, want %d", len(got), len(strings.Join(want, "\n")))
	}
	if n := metric(p, "files_damaged"); n != 1 || !strings.Contains(log.String(), filepath.Join(dir, "7")) {
		t.Errorf("%d files damaged, want 1: %s", n, log)
	}
	if share, text := s.(event.Progresser).Progress(); share != 1 || text != "4/4 files" {
		t.Errorf("progress %v %q", share, text)
	}
}

func TestOpenErrors(t *testing.T) {
	p, _ := started(t, `{"sslCertificate": "/nonexistent.pem"}`)
	for params, want := range map[string]string{
		"": "open_params is empty", "/nonexistent": "no such file", "ftp://x": `scheme "ftp" is not supported`, "http://x/": "host and port",
		"https://127.0.0.1:0/": "/nonexistent.pem", "http://203.0.113.1:1/": "listen on 203.0.113.1:1", "http://%zz": "open_params",
	} {
		if s, err := p.Open(params); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v, want %q", params, s, err, want)
		}
	}
	if err := New().(sdk.Initializer).Init("{"); err == nil {
		t.Error("broken configuration is accepted")
	}
}

// hook is a webhook that a test posts to.
type hook struct {
	t      *testing.T
	p      *plugin
	log    *logged
	s      *webhook
	client *http.Client
}

func newHook(t *testing.T, config string) *hook {
	t.Helper()
	p, log := started(t, config)
	s := openedAt(t, p, "http://127.0.0.1:0/audit")
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &hook{t, p, log, s.(*webhook), &http.Client{Transport: tr}}
}

// post sends a body from another goroutine; the channel gets the status.
func (h *hook) post(body string, header ...string) <-chan int {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.s.url, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	status := make(chan int, 1)
	go func() {
		resp, err := h.client.Do(req)
		if err != nil {
			status <- -1
			return
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		status <- resp.StatusCode
	}()
	return status
}

// batch reads a batch of at most n events.
func (h *hook) batch(n int) *event.Batch {
	h.t.Helper()
	b := event.NewBatch(n, event.NewArena(nil, nil))
	if err := h.s.Next(h.t.Context(), b); err != nil {
		h.t.Fatal(err)
	}
	return b
}

func unanswered(t *testing.T, status <-chan int) {
	t.Helper()
	select {
	case s := <-status:
		t.Errorf("answered %d before its events were dealt with", s)
	default:
	}
}

// TestAnsweredWhenDealtWith: 200 comes when all batches with events of a body are acknowledged.
func TestAnsweredWhenDealtWith(t *testing.T) {
	h := newHook(t, "")
	var items []string
	for i := range 5 {
		items = append(items, audit(i))
	}
	status := h.post(`{"kind":"EventList","items":[` + strings.Join(items, ",") + `]}`)
	one, two, three := h.batch(2), h.batch(2), h.batch(2)
	if len(one.Events)+len(two.Events)+len(three.Events) != 5 || string(three.Events[0].Data) != items[4] || three.Events[0].Time != 1767323045000004000 {
		t.Errorf("events %d %d %d", len(one.Events), len(two.Events), len(three.Events))
	}
	h.s.Ack(one.Token, nil)
	h.s.Ack(two.Token, nil)
	unanswered(t, status)
	h.s.Ack(three.Token, nil)
	if s := <-status; s != 200 {
		t.Errorf("status %d, want 200", s)
	}
	status = h.post("[" + strings.Join(items, ",") + "]")
	one, two, three = h.batch(2), h.batch(2), h.batch(2)
	h.s.Ack(one.Token, nil)
	h.s.Ack(two.Token, errors.New("gyr ended"))
	h.s.Ack(three.Token, nil)
	if s := <-status; s != 503 {
		t.Errorf("status %d after one batch was not dealt with, want 503", s)
	}
	a, b := h.post(items[0]), h.post(items[1])
	for {
		batch := h.batch(10)
		h.s.Ack(batch.Token, nil)
		if len(batch.Events) == 2 {
			break
		}
		batch = h.batch(10)
		h.s.Ack(batch.Token, nil)
		break
	}
	if x, y := <-a, <-b; x != 200 || y != 200 {
		t.Errorf("two bodies in one batch: %d and %d", x, y)
	}
	if err := h.s.Close(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(h.log.String(), "first event received") {
		t.Errorf("the log does not tell of the first event: %s", h.log)
	}
}

// TestBodies that have no events.
func TestBodies(t *testing.T) {
	h := newHook(t, `{"token": "secret", "webhookMaxBatchSize": 4096}`)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b := event.NewBatch(10, event.NewArena(nil, nil))
		for ctx.Err() == nil {
			if err := h.s.Next(ctx, b); err != nil {
				t.Error(err)
				return
			}
			if b.Token != nil {
				h.s.Ack(b.Token, nil)
			}
			b.Release()
		}
	}()
	f := func(body string, want int, header ...string) {
		t.Helper()
		if got := <-h.post(body, append([]string{"Authorization", "Bearer secret"}, header...)...); got != want {
			t.Errorf("%.40q: %d, want %d", body, got, want)
		}
	}
	f(audit(1), 200)
	f(`{"kind":"EventList","items":[]}`, 200)
	f(`{"kind":"EventList","items":[`+audit(1)+`,{"kind":"Event"}]}`, 200) // one bad event
	f(`{"kind":"Pod"}`, 200)
	f(`nonsense`, 400)
	f(audit(1)[:50], 400)
	f(audit(1), 401, "Authorization", "Bearer other")
	f(audit(1), 401, "Authorization", "")
	f(audit(1), 415, "Content-Type", "text/plain")
	f(strings.Repeat(" ", 5000), 413)
	cancel()
	<-ended
	if err := h.s.Close(); err != nil {
		t.Error(err)
	}
	if a, b, c := metric(h.p, "events"), metric(h.p, "skipped_no_time"), metric(h.p, "skipped_not_event"); a != 2 || b != 1 || c != 1 {
		t.Errorf("%d events, %d without time, %d no events, want 2, 1, 1", a, b, c)
	}
}

// TestCloseTellsWhoWaits: posts whose events were not dealt with are to be sent again.
func TestCloseTellsWhoWaits(t *testing.T) {
	h := newHook(t, "")
	half := h.post("[" + audit(1) + "," + audit(2) + "]")
	b := h.batch(1)
	h.s.Ack(b.Token, nil)
	if err := h.s.Close(); err != nil {
		t.Error(err)
	}
	if s := <-half; s != 503 {
		t.Errorf("status %d of a body of which half was read, want 503", s)
	}
}

// TestText: the text of an event is its payload.
func TestText(t *testing.T) {
	got, err := New().(sdk.Stringer).AppendString([]byte("x"), eventOf(pod))
	if err != nil || string(got) != "x"+pod {
		t.Errorf("text %.30q (%v)", got, err)
	}
}

// FuzzSplit splits any bytes. Oracle: whatever the blocks, the events are the same; each is a
// JSON object of the text; nothing is found twice.
func FuzzSplit(f *testing.F) {
	f.Add([]byte(audit(1) + "\n" + audit(2)))
	f.Add([]byte(`[{"kind":"EventList","items":[` + audit(1) + `]},` + audit(2) + `]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := splitter{max: 1 << 20, counts: &counters{}, log: slog.New(slog.DiscardHandler)}
		end, ok := s.split(data)
		if end > len(data) || ok && end < len(data) && len(bytes.TrimSpace(data[end:])) == 0 {
			t.Fatalf("ended at %d of %d", end, len(data))
		}
		at := 0
		for _, i := range s.items {
			if i.Data[0] != '{' || len(i.Data) > len(data) {
				t.Fatalf("event %q", i.Data)
			}
			n := bytes.Index(data[at:], i.Data)
			if n < 0 {
				t.Fatalf("event %q is not in the text behind the one before", i.Data)
			}
			at += n + len(i.Data)
		}
	})
}
