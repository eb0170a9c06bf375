// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/internal/logfiles"
)

// hasten makes what waits for AWS wait little.
func hasten(t *testing.T, stalls time.Duration) {
	oldStall, oldBackoff := stall, backoff
	t.Cleanup(func() { stall, backoff = oldStall, oldBackoff })
	stall, backoff = stalls, func(int) time.Duration { return time.Millisecond }
}

// first returns the only file of the bucket.
func (p *peer) first(o BucketOptions) logfiles.File {
	p.tb.Helper()
	in := p.open(o)
	p.tb.Cleanup(func() { in.Close() })
	f, err := in.Next(context.Background())
	if err != nil {
		p.tb.Fatal(err)
	}
	return f
}

// isObject reports whether a request reads an object.
func isObject(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, ".json")
}

// partly answers with the object from where it is asked for, but breaks off after n bytes.
func partly(w http.ResponseWriter, r *http.Request, text string, n int) {
	from := 0
	w.Header().Set("ETag", `"tag"`)
	if s := r.Header.Get("Range"); s != "" {
		from, _ = strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(s, "bytes="), "-"))
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(text)-1, len(text)))
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(text)-from))
	if from > 0 {
		w.WriteHeader(http.StatusPartialContent)
	}
	end := min(len(text), from+n)
	io.WriteString(w, text[from:end])
	w.(http.Flusher).Flush()
	if end < len(text) {
		panic(http.ErrAbortHandler) // resets the connection
	}
}

// A download goes on where the connection broke, and is whole in the end.
func TestDownloadIsResumed(t *testing.T) {
	hasten(t, time.Minute)
	p := newPeer(t)
	text := strings.Repeat("0123456789abcdef", 4096)
	p.put("a.json", text)
	r := rand.New(rand.NewPCG(1, 2))
	p.interfere(func(w http.ResponseWriter, req *http.Request) bool {
		if !isObject(req) {
			return false
		}
		if m := req.Header.Get("If-Match"); req.Header.Get("Range") != "" && m != `"tag"` {
			t.Errorf("another part without the tag of the first: %q", m)
		}
		partly(w, req, text, 1+r.IntN(20000))
		return true
	})
	o := p.options("")
	if got, err := content(p.first(o)); err != nil || got != text {
		t.Errorf("got %d bytes, %v, want %d", len(got), err, len(text))
	}
	if o.Counts.Resumed.Load() == 0 {
		t.Error("nothing was counted")
	}
}

// A download that brings nothing is given up after a few attempts.
func TestDownloadThatNeverEnds(t *testing.T) {
	hasten(t, time.Minute)
	p := newPeer(t)
	p.put("a.json", "0123456789")
	var n atomic.Int64
	p.interfere(func(w http.ResponseWriter, r *http.Request) bool {
		if isObject(r) {
			bytes := 0
			if n.Add(1) == 1 {
				bytes = 5
			}
			partly(w, r, "0123456789", bytes)
		}
		return false
	})
	got, err := content(p.first(p.options("")))
	if err == nil || got != "01234" {
		t.Errorf("got %q, %v", got, err)
	}
	if n.Load() != int64(patience) { // the first error comes with the first bytes
		t.Errorf("got %d requests, want %d", n.Load(), patience)
	}
}

// A peer that accepts the request and says nothing more is left.
func TestDownloadStalls(t *testing.T) {
	hasten(t, 20*time.Millisecond)
	p := newPeer(t)
	p.put("a.json", "0123456789")
	var n atomic.Int64
	p.interfere(func(w http.ResponseWriter, r *http.Request) bool {
		if !isObject(r) || n.Add(1) > 2 {
			return false
		}
		w.Header().Set("Content-Length", "10")
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return true
	})
	o := p.options("")
	if got, err := content(p.first(o)); err != nil || got != "0123456789" || o.Counts.Resumed.Load() != 2 {
		t.Errorf("got %q, %v, %d times resumed", got, err, o.Counts.Resumed.Load())
	}
}

// Errors of the server are tried again by the SDK; errors of the client are not.
func TestDownloadErrors(t *testing.T) {
	hasten(t, time.Minute)
	f := func(status int, code string, times int64, want string) {
		t.Helper()
		p := newPeer(t)
		p.put("a.json", "text")
		var n atomic.Int64
		p.interfere(func(w http.ResponseWriter, r *http.Request) bool {
			if !isObject(r) || n.Add(1) > times {
				return false
			}
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(status)
			fmt.Fprintf(w, `<Error><Code>%s</Code><Message>because</Message></Error>`, code)
			return true
		})
		got, err := content(p.first(p.options("")))
		if want == "" && (err != nil || got != "text") || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%s %d times: got %q, %v", code, times, got, err)
		}
	}
	f(503, "SlowDown", 2, "")
	f(500, "InternalError", 1, "")
	f(403, "AccessDenied", 1, "AccessDenied: because")
	f(400, "ExpiredToken", 1, "ExpiredToken: because")
	f(404, "NoSuchKey", 1, "NoSuchKey: because")
	f(403, "InvalidObjectState", 1, "InvalidObjectState: because")
}

// Reading ends soon when its context does.
func TestDownloadIsCancelled(t *testing.T) {
	hasten(t, time.Minute)
	p := newPeer(t)
	p.put("a.json", "0123456789")
	file := p.first(p.options(""))
	ctx, cancel := context.WithCancel(context.Background())
	p.interfere(func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Length", "10")
		io.WriteString(w, "012")
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
		return true
	})
	r, err := file.Open(ctx)
	if err == nil {
		_, err = io.ReadAll(r)
		r.Close()
	}
	if err == nil || ctx.Err() == nil {
		t.Errorf("got %v", err)
	}
}

// A bucket of another region is asked there.
func TestBucketOfAnotherRegion(t *testing.T) {
	p := newPeer(t)
	p.put("a.json", "text")
	var regions []string
	p.interfere(func(w http.ResponseWriter, r *http.Request) bool {
		auth := r.Header.Get("Authorization")
		_, rest, _ := strings.Cut(auth, "/20")
		region := strings.Split(rest, "/")[1]
		regions = append(regions, region)
		if region == "eu-north-1" {
			return false
		}
		w.Header().Set("X-Amz-Bucket-Region", "eu-north-1")
		w.WriteHeader(http.StatusMovedPermanently)
		io.WriteString(w, `<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>`)
		return true
	})
	if got, err := content(p.first(p.options(""))); err != nil || got != "text" {
		t.Errorf("got %q, %v", got, err)
	}
	if want := "[us-east-1 eu-north-1 eu-north-1]"; fmt.Sprint(regions) != want {
		t.Errorf("got requests to %v, want %s", regions, want)
	}
}
