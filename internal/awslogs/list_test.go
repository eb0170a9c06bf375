// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// trail returns the key of a log file as CloudTrail names it.
func trail(root, account, region, minute, random string) string {
	t, err := time.Parse(minuteForm, minute)
	if err != nil {
		panic(err)
	}
	return root + account + "/CloudTrail/" + region + "/" + t.Format(dayForm) + "/" + account + "_CloudTrail_" + region + "_" + minute + "Z_" + random + ".json.gz"
}

const (
	one, two = "111111111111", "222222222222"
	org      = "o-abcdefghij"
)

func TestPrefixes(t *testing.T) {
	p := newPeer(t)
	a := trail("x/AWSLogs/", one, "eu-west-1", "20260301T0005", "a")
	b := trail("x/AWSLogs/", one, "us-east-1", "20260301T0000", "b")
	c := trail("x/AWSLogs/", two, "eu-west-1", "20260301T0010", "c")
	d := trail("x/AWSLogs/"+org+"/", one, "eu-west-1", "20260301T0010", "d")
	e := trail("AWSLogs/", one, "eu-west-1", "20260301T0010", "e")
	digest := "x/AWSLogs/" + one + "/CloudTrail-Digest/eu-west-1/2026/03/01/digest.json.gz"
	for _, key := range []string{a, b, c, d, e, digest, "x/AWSLogs/" + one + "/Config/x.json.gz", "x/AWSLogs/readme.txt", "other/f.json"} {
		p.put(key, "x")
	}
	f := func(prefix string, accounts []string, want ...string) {
		t.Helper()
		o := p.options(prefix)
		o.Accounts = accounts
		o.PassOver = func(key string) bool { return strings.Contains(key, "/CloudTrail-Digest/") }
		in := p.open(o)
		defer in.Close()
		if got := keys(t, in); !slices.Equal(got, want) {
			t.Errorf("%q %v: got %q, want %q", prefix, accounts, got, want)
		}
		if files, bytes := in.Total(); files != len(want) || bytes != int64(len(want)) {
			t.Errorf("%q: got a total of %d files, %d bytes", prefix, files, bytes)
		}
	}
	f("x/AWSLogs/", nil, a, b, c, d)
	f("x/AWSLogs", nil, a, b, c, d)
	f("x/AWSLogs", []string{two, "333333333333"}, c)
	f("x/AWSLogs/"+one, nil, a, b)
	f("x/AWSLogs/"+one+"/", []string{two}, a, b) // the prefix says it
	f("x/AWSLogs/"+org, nil, d)
	f("x/AWSLogs/"+org+"/"+one, nil, d)
	f("x/AWSLogs/"+one+"/CloudTrail/", nil, a, b)
	f("x/AWSLogs/"+one+"/CloudTrail/us-east-1/", nil, b)
	f("AWSLogs/", nil, e)
	f("other/", nil, "other/f.json")
	f("x/AWSLogs/"+one+"/Cloud", nil, a, b) // a prefix need not be a folder
	f("nothing/", nil)
	o := p.options("")
	o.PassOver = func(key string) bool { return strings.Contains(key, "/CloudTrail-Digest/") }
	in := p.open(o)
	if got := keys(t, in); len(got) != 7 || o.Counts.Passed.Load() != 1 || o.Counts.Listed.Load() != 9 {
		t.Errorf("all: got %q, %d passed over of %d", got, o.Counts.Passed.Load(), o.Counts.Listed.Load())
	}
	in.Close()
	if !strings.Contains(p.log.String(), `no log files found" bucket=logs prefix=nothing/`) {
		t.Errorf("got log %s", p.log)
	}
}

// Listings have pages, and those of several prefixes are made at the same time, in order.
func TestPages(t *testing.T) {
	p := newPeer(t)
	var want []string
	for r := range 20 {
		for i := range 120 {
			key := trail("AWSLogs/", one, fmt.Sprintf("region-%02d", r), "20260301T0000", fmt.Sprintf("%04d", i))
			p.put(key, "")
			want = append(want, key)
		}
	}
	p.interfere(func(_ http.ResponseWriter, r *http.Request) bool {
		q := r.URL.Query()
		q.Set("max-keys", "50")
		r.URL.RawQuery = q.Encode()
		return false
	})
	in := p.open(p.options("AWSLogs/" + one))
	defer in.Close()
	if got := keys(t, in); !slices.Equal(got, want) {
		t.Errorf("got %d keys, want %d, or another order", len(got), len(want))
	}
}

// An input can be closed in the middle of a listing.
func TestCloseWhileListing(t *testing.T) {
	p := newPeer(t)
	for r := range 30 {
		p.put(trail("AWSLogs/", one, fmt.Sprintf("region-%02d", r), "20260301T0000", "x"), "")
	}
	for n := range 4 {
		in := p.open(p.options("AWSLogs/" + one))
		ctx, cancel := context.WithCancel(context.Background())
		for range n {
			if _, err := in.Next(ctx); err != nil {
				t.Fatal(err)
			}
		}
		cancel()
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestListingOfATime(t *testing.T) {
	p := newPeer(t)
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	var all []string
	for i := range 10 {
		key := trail("AWSLogs/", one, "eu-west-1", day.AddDate(0, 0, i).Add(12*time.Hour).Format(minuteForm), "x")
		p.put(key, "")
		all = append(all, key)
	}
	odd := "AWSLogs/" + one + "/CloudTrail/eu-west-1/2026/03/04/odd.json"
	p.put(odd, "")
	f := func(prefix, interval string, want ...string) {
		t.Helper()
		o := p.options(prefix)
		var err error
		if o.Interval, err = ParseInterval(interval, day.AddDate(0, 0, 10)); err != nil {
			t.Fatal(err)
		}
		in := p.open(o)
		defer in.Close()
		if got := keys(t, in); !slices.Equal(got, want) {
			t.Errorf("%s of %s: got %q, want %q", interval, prefix, got, want)
		}
	}
	for _, prefix := range []string{"AWSLogs/" + one, "AWSLogs/" + one + "/CloudTrail/eu-west-1/"} {
		f(prefix, "", append(append(append([]string{}, all[:4]...), odd), all[4:]...)...)
		f(prefix, "2d", all[8:]...)
		f(prefix, "2d - 1d", all[8])
		f(prefix, "2026-03-03T12:00:00Z - 2026-03-04T11:59:00Z", all[2], odd)
		f(prefix, "2026-03-03T12:01:00Z - 2026-03-04T12:00:00Z", all[3], odd)
	}
	f("AWSLogs/"+one+"/Cloud", "2d", odd, all[8], all[9]) // what has no time in its name stays
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.ContainsFunc(p.requests, func(s string) bool {
		return strings.Contains(s, "start-after=AWSLogs%2F"+one+"%2FCloudTrail%2Feu-west-1%2F2026%2F03%2F09%2F")
	}) {
		t.Errorf("no listing begins behind what is too old: %q", p.requests)
	}
}

func TestParseInterval(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	f := func(text string, start, end time.Time) {
		t.Helper()
		got, err := ParseInterval(text, now)
		if err != nil || !got.Start.Equal(start) || !got.End.Equal(end) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	none := time.Time{}
	date := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	f("", none, none)
	f(" ", none, none)
	f("5d", now.AddDate(0, 0, -5), none)
	f("2w", now.AddDate(0, 0, -14), none)
	f("36h - 90m", now.Add(-36*time.Hour), now.Add(-90*time.Minute))
	f("36h-90s", now.Add(-36*time.Hour), now.Add(-90*time.Second))
	f("2026-01-02T03:04:05Z", date, none)
	f("2026-01-02T03:04:05Z-1d", date, now.AddDate(0, 0, -1))
	f(" 2026-01-02T03:04:05Z  -  2026-01-02T03:04:05Z ", date, date)
	f("2000d - 2026-01-02T03:04:05Z", now.Add(-2000*24*time.Hour), date)
	for _, text := range []string{
		"x", "5", "d", "5y", "-5d", "5 d", "5d - ", "- 5d", "5d - 4d - 3d", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z",
		"5d 4d", "99999999999d", "4294967295w", "1.5d",
	} {
		if got, err := ParseInterval(text, now); err == nil {
			t.Errorf("%q: got %v, want an error", text, got)
		}
	}
}

// FuzzParseInterval: what is accepted is two ends that are accepted alone.
func FuzzParseInterval(f *testing.F) {
	for _, s := range []string{"5d - 2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z-1w", "--", "5d-"} {
		f.Add(s)
	}
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseInterval(text, now)
		if err != nil || strings.TrimSpace(text) == "" {
			return
		}
		if one, err := ParseInterval(text+" - 0s", now); got.End.IsZero() && (err != nil || !one.Start.Equal(got.Start) || !one.End.Equal(now)) {
			t.Errorf("%q with an end: got %v, %v", text, one, err)
		}
		if got.Start.IsZero() && got.End.IsZero() {
			t.Errorf("%q is no limit", text)
		}
	})
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{"s3://b": "b|", "s3://b/": "b|", "s3://b/a/c/": "b|a/c/", "s3://": "", "s3:///x": "", "x": ""} {
		bucket, prefix, err := ParseBucket(text)
		if got := bucket + "|" + prefix; (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
	for text, want := range map[string]int{"": 0, " ": 0, one: 1, one + ", " + two + ",": 2, " " + one + " ,": 1, "1": -1, one + two: -1, one + ";" + two: -1, "x": -1} {
		list, err := ParseAccounts(text)
		if n := len(list); err != nil && want >= 0 || err == nil && n != want {
			t.Errorf("%q: got %q, %v", text, list, err)
		}
	}
	_, err := OpenBucket(nil, BucketOptions{Interval: Interval{Start: time.Unix(2000, 0).UTC(), End: time.Unix(1000, 0).UTC()}})
	if err == nil || err.Error() != "start time 1970-01-01T00:33:20Z must be less than end time 1970-01-01T00:16:40Z" {
		t.Errorf("interval that ends before it starts: got %v", err)
	}
}

// What is wrong with the listing ends an input that does not follow, in words of AWS.
func TestListingFails(t *testing.T) {
	p := newPeer(t)
	o := p.options("x")
	o.Bucket = "missing"
	in := p.open(o)
	defer in.Close()
	_, err := in.Next(context.Background())
	var fault *Error
	if !errors.As(err, &fault) || fault.Code != "NoSuchBucket" || !strings.HasPrefix(err.Error(), "NoSuchBucket: ") {
		t.Errorf("got %v", err)
	}
	p.put("a.json", "")
	p.interfere(func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`)
		return true
	})
	in = p.open(p.options(""))
	defer in.Close()
	if _, err := in.Next(context.Background()); err == nil || err.Error() != "AccessDenied: no" {
		t.Errorf("got %v", err)
	}
}
