// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/gyr-dev/gyr/event"
)

// store is an S3 on loopback with a bucket named logs.
type store struct {
	t     *testing.T
	mem   *s3mem.Backend
	url   string
	mu    sync.Mutex
	fault func(r *http.Request) (status int, code string) // 0 for none
}

func newStore(t *testing.T) *store {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
		"AWS_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_SESSION_TOKEN": "", "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	s := &store{t: t, mem: s3mem.New()}
	if err := s.mem.CreateBucket("logs"); err != nil {
		t.Fatal(err)
	}
	fake := gofakes3.New(s.mem, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status, code := s.faultOf(r); status > 0 {
			w.WriteHeader(status)
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>injected</Message></Error>", code)
			return
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *store) faultOf(r *http.Request) (status int, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault == nil {
		return 0, ""
	}
	return s.fault(r)
}

// key returns the name of the i-th log file of a region, with a minute between two.
func (s *store) key(region string, i int) string {
	at := time.Date(2026, 3, 1, 0, i, 0, 0, time.UTC)
	return fmt.Sprintf("AWSLogs/111122223333/CloudTrail/%s/%s/111122223333_CloudTrail_%s_%sZ_x.json.gz", region, at.Format("2006/01/02"), region, at.Format("20060102T1504"))
}

func (s *store) put(key string, data []byte) {
	s.t.Helper()
	if _, err := s.mem.PutObject("logs", key, nil, bytes.NewReader(data), int64(len(data)), nil); err != nil {
		s.t.Fatal(err)
	}
}

func (s *store) putLog(key string, records ...string) { s.put(key, gzipped(s.t, logText(records...))) }

func (s *store) inject(fault func(r *http.Request) (int, string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// open opens a stream with further settings.
func (s *store) open(params string, settings map[string]any) (*stream, *bytes.Buffer) {
	s.t.Helper()
	conf := map[string]any{"aws": map[string]any{"endpoint": s.url}}
	for k, v := range settings {
		conf[k] = v
	}
	text, _ := json.Marshal(conf)
	var log bytes.Buffer
	p := New().(*plugin)
	p.SetLogger(slog.New(slog.NewTextHandler(&log, nil)))
	if err := p.Init(string(text)); err != nil {
		s.t.Fatal(err)
	}
	src, err := p.Open(params)
	if err != nil {
		s.t.Fatal(err)
	}
	return &stream{src, p}, &log
}

func TestReadBucket(t *testing.T) {
	s := newStore(t)
	var want []string
	for i := range 60 {
		s.putLog(s.key("eu-west-1", i), numbered(10*i, 10*i+10)...)
		want = append(want, numbered(10*i, 10*i+10)...)
	}
	s.putLog("AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/d.json.gz", small(1000))
	requests := 0
	s.inject(func(*http.Request) (int, string) { // the SDK tries again
		if requests++; requests%9 == 0 {
			return 503, "SlowDown"
		}
		return 0, ""
	})
	for _, prefix := range []string{"", "/AWSLogs", "/AWSLogs/111122223333/"} {
		stream, log := s.open("s3://logs"+prefix, map[string]any{"s3DownloadConcurrency": 7})
		if got := readAll(t, stream, 64); !slices.Equal(got, want) {
			t.Errorf("%s: got %d records, want %d, or another order", prefix, len(got), len(want))
		}
		if share, text := stream.Source.(event.Progresser).Progress(); share != 1 || text != "60/60 files" {
			t.Errorf("%s: got progress %v, %s", prefix, share, text)
		}
		stream.Close()
		if passed := strings.Contains(log.String(), "objects of digests and of CloudTrail Insights are passed over"); passed != (prefix == "") {
			t.Errorf("%s: got log %s", prefix, log)
		}
	}
}

// What cannot be read or is damaged is reported with its key, and the rest is read.
func TestReadBucketWithFaults(t *testing.T) {
	s := newStore(t)
	var want []string
	for i := range 9 {
		key, records := s.key("eu-west-1", i), repeat(sampleRecords(t), 300)
		data := gzipped(t, logText(records...))
		switch i {
		case 2: // forbidden
		case 4: // cut
			s.put(key, data[:len(data)/2])
			continue
		case 6:
			data = []byte("not gzip")
		default:
			want = append(want, records...)
		}
		s.put(key, data)
	}
	s.inject(func(r *http.Request) (int, string) {
		if strings.Contains(r.URL.Path, "T0002Z") {
			return 403, "AccessDenied"
		}
		return 0, ""
	})
	stream, log := s.open("s3://logs/AWSLogs/111122223333", map[string]any{"s3DownloadConcurrency": 3})
	got := readAll(t, stream, 100)
	stream.Close()
	for _, r := range want {
		i := slices.Index(got, r)
		if i < 0 {
			t.Fatalf("a record is missing")
		}
		got = got[i+1:]
	}
	for _, want := range []string{
		`file cannot be read to its end" file=s3://logs/` + s.key("eu-west-1", 2) + ` error="AccessDenied: injected"`,
		`file is damaged or no log, the rest of it is not read" file=s3://logs/` + s.key("eu-west-1", 4),
		`file=s3://logs/` + s.key("eu-west-1", 6) + ` error="not a gzip file`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("got log %s, want %s", log, want)
		}
	}
	m := metricsOf(stream)
	if !slices.Contains(m, "files_read 9") || !slices.Contains(m, "files_unreadable 1") || !slices.Contains(m, "files_damaged 2") || !slices.Contains(m, "s3_objects_listed 9") {
		t.Errorf("got metrics %q", m)
	}
}

// A bucket is followed, and the state goes beyond what is delivered in no case: after a start
// everything else is read.
func TestFollowBucket(t *testing.T) {
	s := newStore(t)
	settings := map[string]any{"follow": "1ms", "state": filepath.Join(t.TempDir(), "state.json")}
	s.putLog(s.key("eu-west-1", 0), numbered(0, 5)...)
	read := func(stream *stream, n int, ack func(token any)) (got []string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		b := event.NewBatch(3, event.NewArena(nil, nil))
		for len(got) < n {
			if err := stream.Next(ctx, b); err != nil || ctx.Err() != nil {
				t.Fatalf("after %d of %d events: %v, %v", len(got), n, err, ctx.Err())
			}
			for _, e := range b.Events {
				got = append(got, string(e.Data))
			}
			if b.Token != nil {
				ack(b.Token)
			}
			b.Release()
		}
		return got
	}
	stream, _ := s.open("s3://logs/AWSLogs", settings)
	acker := stream.Source.(event.Acker)
	dealt := func(token any) { acker.Ack(token, nil) }
	if got := read(stream, 5, dealt); !slices.Equal(got, numbered(0, 5)) {
		t.Errorf("got %q", got)
	}
	s.putLog(s.key("us-east-1", 1), numbered(5, 9)...)
	read(stream, 4, dealt)
	s.putLog(s.key("us-east-1", 2), numbered(9, 12)...)
	read(stream, 3, func(token any) { acker.Ack(token, io.ErrClosedPipe) }) // gyr stops
	s.putLog(s.key("us-east-1", 3), numbered(12, 14)...)
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
	delete(settings, "follow")
	stream, _ = s.open("s3://logs/AWSLogs", settings)
	if got := readAll(t, stream, 10); !slices.Equal(got, numbered(9, 14)) {
		t.Errorf("after a start: got %q, want %q", got, numbered(9, 14))
	}
	stream.Close()
}

func TestBucketErrors(t *testing.T) {
	s := newStore(t)
	f := func(params, settings, want string) {
		t.Helper()
		p := New().(*plugin)
		if err := p.Init(strings.Replace(settings, "{", `{"endpoint":"`+s.url+`",`, 1)); err != nil {
			t.Fatal(err)
		}
		src, err := p.Open(params)
		if err == nil {
			b := event.NewBatch(1, event.NewArena(nil, nil))
			err = src.Next(context.Background(), b)
			src.Close()
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s, %s: got %v, want %s", params, settings, err, want)
		}
	}
	f("s3://missing", `{"x":1}`, "cloudtrail plugin error: NoSuchBucket: ")
	f("s3://logs", `{"s3DownloadConcurrency":0}`, `cloudtrail invalid S3DownloadConcurrency: "0"`)
	f("s3://logs", `{"s3Interval":"5y"}`, `cloudtrail invalid interval: "5y": `)
	f("s3://logs", `{"s3Interval":"1d - 2d"}`, `cloudtrail start time `)
	f("s3://logs", `{"s3AccountList":"12"}`, `cloudtrail invalid account list: "12"`)
	f("s3://logs", `{"s3Interval":"2d - 1d","follow":"60s"}`, `cloudtrail an interval with an end cannot be followed`)
	f("s3://logs", `{"aws":{"profile":"nobody"}}`, `cloudtrail plugin error: configuration of AWS: `)
	f("s3://logs", `{"state":"/does/not/exist"}`, `cloudtrail state: `)
	if _, err := parseConfig(`{"follow":"soon"}`); err == nil {
		t.Error("follow: soon: got no error")
	}
	if _, err := parseConfig(`{"follow":"-1s"}`); err == nil {
		t.Error("follow: -1s: got no error")
	}
}
