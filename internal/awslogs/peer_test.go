// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/internal/logfiles"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// Connections of a peer that was closed end a little later.
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"))
}

// peer is an S3 on loopback with a bucket named logs.
type peer struct {
	tb     testing.TB
	store  *s3mem.Backend
	client *Client
	log    *bytes.Buffer // of the inputs, which may be read when they are closed

	mu sync.Mutex
	// meddle, if set, may answer a request itself; true means that it did.
	meddle   func(w http.ResponseWriter, r *http.Request) bool
	requests []string // method, path and query of each
}

func newPeer(tb testing.TB) *peer {
	tb.Helper()
	for _, v := range []string{"AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"} {
		setenv(tb, v, "")
	}
	setenv(tb, "AWS_ACCESS_KEY_ID", "key")
	setenv(tb, "AWS_SECRET_ACCESS_KEY", "secret")
	setenv(tb, "AWS_CONFIG_FILE", "/dev/null")
	setenv(tb, "AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	setenv(tb, "AWS_EC2_METADATA_DISABLED", "true")
	p := &peer{tb: tb, store: s3mem.New(), log: &bytes.Buffer{}}
	if err := p.store.CreateBucket("logs"); err != nil {
		tb.Fatal(err)
	}
	fake := gofakes3.New(p.store, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		meddle := p.meddle
		p.requests = append(p.requests, r.Method+" "+r.URL.String())
		p.mu.Unlock()
		if meddle == nil || !meddle(w, r) {
			fake.ServeHTTP(w, r)
		}
	}))
	tb.Cleanup(server.Close)
	var err error
	if p.client, err = Connect(context.Background(), Access{Endpoint: server.URL}, 8); err != nil {
		tb.Fatal(err)
	}
	return p
}

func setenv(tb testing.TB, name, value string) {
	if t, ok := tb.(*testing.T); ok {
		t.Setenv(name, value)
	}
}

// put stores an object.
func (p *peer) put(key, text string) {
	p.tb.Helper()
	if _, err := p.store.PutObject("logs", key, nil, bytes.NewReader([]byte(text)), int64(len(text)), nil); err != nil {
		p.tb.Fatal(err)
	}
}

func (p *peer) interfere(f func(w http.ResponseWriter, r *http.Request) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.meddle = f
}

// options are those of an input for the bucket.
func (p *peer) options(prefix string) BucketOptions {
	return BucketOptions{
		Bucket: "logs", Prefix: prefix, Suffixes: []string{".json", ".json.gz"}, Counts: &Counts{},
		Log: slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

func (p *peer) open(o BucketOptions) logfiles.Input {
	p.tb.Helper()
	in, err := OpenBucket(p.client, o)
	if err != nil {
		p.tb.Fatal(err)
	}
	return in
}

// keys returns the keys of all files of an input.
func keys(tb testing.TB, in logfiles.Input) (list []string) {
	tb.Helper()
	for {
		f, err := in.Next(context.Background())
		if err == io.EOF {
			return list
		}
		if err != nil {
			tb.Fatal(err)
		}
		switch f := f.(type) {
		case *object:
			list = append(list, f.key)
		case *kept:
			list = append(list, f.key)
		}
	}
}

// content reads a file.
func content(f logfiles.File) (string, error) {
	r, err := f.Open(context.Background())
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), errors.Join(err, r.Close())
}
