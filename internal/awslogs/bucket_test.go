// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/internal/durable"
	"github.com/gyr-dev/gyr/internal/logfiles"
)

// next returns the next file, which must be that of a key.
func next(t *testing.T, in logfiles.Input, key string) *kept {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	f, err := in.Next(ctx)
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	if k := f.(*kept); k.key == key {
		return k
	}
	t.Fatalf("got %s, want %s", f.Name(), key)
	return nil
}

// followed are the options of an input that lists again at once.
func (p *peer) followed(state string) BucketOptions {
	o := p.options("AWSLogs/" + one)
	o.Follow, o.State = time.Millisecond, state
	return o
}

func at(minute, random string) string { return trail("AWSLogs/", one, "eu-west-1", minute, random) }

// An input that follows finds new objects, and each once.
func TestFollow(t *testing.T) {
	p := newPeer(t)
	p.put(at("20260301T0000", "b"), "")
	o := p.followed("")
	in := p.open(o)
	if !in.Settles() {
		t.Error("the input does not want to know what became of files")
	}
	first := next(t, in, at("20260301T0000", "b"))
	p.put(at("20260301T0000", "a"), "") // the same minute, before it in order
	next(t, in, at("20260301T0000", "a")).Settle(nil, nil)
	first.Settle(nil, nil)
	p.put(trail("AWSLogs/", one, "us-east-1", "20260228T1200", "c"), "") // of a new region
	next(t, in, trail("AWSLogs/", one, "us-east-1", "20260228T1200", "c")).Settle(nil, nil)
	p.put(at("20260301T0005", "d"), "")
	next(t, in, at("20260301T0005", "d")).Settle(nil, nil)
	if files, _ := in.Total(); files != 0 {
		t.Errorf("got a total of %d, want none", files)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if f, err := in.Next(ctx); f != nil || err == nil {
		t.Errorf("got %v, %v, want nothing more", f, err)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	if o.Counts.Listings.Load() < 3 {
		t.Errorf("got %d listings", o.Counts.Listings.Load())
	}
}

// What was dealt with is not read again after a start, everything else is.
func TestState(t *testing.T) {
	p := newPeer(t)
	state := filepath.Join(t.TempDir(), "state.json")
	var all []string
	for _, r := range []string{"a", "b", "c", "d", "e"} {
		key := at("20260301T0000", r)
		p.put(key, "")
		all = append(all, key)
	}
	o := p.options("AWSLogs/" + one)
	o.State = state
	in := p.open(o)
	if _, err := OpenBucket(p.client, o); !errors.Is(err, durable.ErrInUse) {
		t.Errorf("a second input with the same state: got %v", err)
	}
	next(t, in, all[0]).Settle(nil, nil)
	next(t, in, all[1]).Settle(nil, errors.New("gyr stopped"))
	next(t, in, all[2]).Settle(errors.New("no access"), nil)
	next(t, in, all[3]).Settle(nil, nil)
	next(t, in, all[4]) // still read
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(state)
	for _, want := range []string{`"format":1`, `no access`, `"tries":1`, `_20260301T0000Z_d.json.gz`, `"position":"2026/03/01/` + one + `_CloudTrail_eu-west-1_20260301T0000Z_a.json.gz"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the state lacks %s: %s", want, text)
		}
	}
	o.Counts = &Counts{}
	in = p.open(o)
	if got, want := keys(t, in), []string{all[1], all[2], all[4]}; !slices.Equal(got, want) {
		t.Errorf("after a start: got %q, want %q", got, want)
	}
	if o.Counts.Retried.Load() != 1 {
		t.Errorf("got %d retried, want the failed one", o.Counts.Retried.Load())
	}
	in.Close()

	// The state is for any number of buckets and prefixes.
	other := o
	other.Prefix = "AWSLogs/" + two
	p.put(trail("AWSLogs/", two, "eu-west-1", "20260301T0000", "x"), "")
	in = p.open(other)
	next(t, in, trail("AWSLogs/", two, "eu-west-1", "20260301T0000", "x")).Settle(nil, nil)
	in.Close()
	in = p.open(o)
	if got := keys(t, in); len(got) != 3 {
		t.Errorf("after another prefix: got %q", got)
	}
	in.Close()
}

func TestBadState(t *testing.T) {
	dir := t.TempDir()
	f := func(content, want string) {
		t.Helper()
		path := filepath.Join(dir, "state.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the lock is free again
			_, err := OpenBucket(nil, BucketOptions{Bucket: "b", State: path, Counts: &Counts{}})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", content, err, want)
			}
		}
	}
	f("", "cannot be read")
	f(`{"format":1,"prefixes":[`, "cannot be read")
	f(`{"format":2}`, "has format 2")
	if _, err := OpenBucket(nil, BucketOptions{Bucket: "b", State: filepath.Join(dir, "no", "x"), Counts: &Counts{}}); err == nil {
		t.Error("no folder: got no error")
	}
}

// After a minute without an object the log says what is waited for, once.
func TestQuietBucket(t *testing.T) {
	p := newPeer(t)
	p.put(at("20260301T0000", "a"), "")
	in := p.open(p.followed("")).(*bucket)
	now := time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC)
	in.now = func() time.Time { now = now.Add(10 * time.Second); return now }
	next(t, in, at("20260301T0000", "a"))
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	for in.Counts.Listings.Load() < 20 && ctx.Err() == nil {
		_, _ = in.Next(ctx)
	}
	in.Close()
	if n := strings.Count(p.log.String(), "no new object for a minute"); n != 1 {
		t.Errorf("%d times in the log: %s", n, p.log)
	}
}

// The input goes on when listings fail.
func TestFollowOutlivesFailures(t *testing.T) {
	hasten(t, time.Minute)
	p := newPeer(t)
	key := at("20260301T0000", "a")
	p.put(key, "")
	failures := 0
	p.interfere(func(w http.ResponseWriter, r *http.Request) bool {
		if failures++; failures > 3 {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `<Error><Code>ExpiredToken</Code><Message>too late</Message></Error>`)
		return true
	})
	o := p.followed("")
	in := p.open(o)
	next(t, in, key)
	in.Close()
	if o.Counts.Failed.Load() != 3 || strings.Count(p.log.String(), "ExpiredToken: too late") != 3 {
		t.Errorf("got %d failures, log %s", o.Counts.Failed.Load(), p.log)
	}
}

func TestFollowRefusals(t *testing.T) {
	o := BucketOptions{Follow: time.Second, Interval: Interval{End: time.Now()}, Counts: &Counts{}}
	if _, err := OpenBucket(nil, o); err == nil || !strings.Contains(err.Error(), "cannot be followed") {
		t.Errorf("got %v", err)
	}
}
