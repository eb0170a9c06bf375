// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// numbered returns the records from first to before end.
func numbered(first, end int) (list []string) {
	for i := first; i < end; i++ {
		list = append(list, small(i))
	}
	return list
}

func TestReadFolder(t *testing.T) {
	dir := t.TempDir()
	writeLog(t, dir, "b.json.gz", numbered(3, 5)...)
	writeLog(t, dir, "a/z.json", numbered(0, 2)...)
	writeLog(t, dir, "a/zz.json.gz", numbered(2, 3)...)
	writeLog(t, dir, "c.json", numbered(5, 6)...)
	writeLog(t, dir, "c.txt", numbered(100, 101)...)
	writeLog(t, dir, "c.gz", numbered(100, 101)...)
	if err := os.Mkdir(filepath.Join(dir, "folder.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, max := range []int{1, 2, 100} {
		s, log := open(t, dir)
		got := readAll(t, s, max)
		if want := numbered(0, 6); !slices.Equal(got, want) {
			t.Errorf("batches of %d: got %q, want %q", max, got, want)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if log.Len() > 0 {
			t.Errorf("got log %s, want none", log)
		}
		checkMetrics(t, s, "files_read 4", "records_read 6")
	}
}

func TestReadLinks(t *testing.T) {
	dir := t.TempDir()
	writeLog(t, dir, "real/a.json", numbered(0, 2)...)
	for link, to := range map[string]string{"folder": "real", "file.json": "real/a.json"} {
		if err := os.Symlink(filepath.Join(dir, to), filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
		s, _ := open(t, filepath.Join(dir, link))
		if got, want := readAll(t, s, 10), numbered(0, 2); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", link, got, want)
		}
		s.Close()
	}
}

func TestReadOneFile(t *testing.T) {
	dir := t.TempDir()
	writeLog(t, dir, "x.json.gz", numbered(0, 3)...)
	s, _ := open(t, filepath.Join(dir, "x.json.gz"))
	defer s.Close()
	if got, want := readAll(t, s, 10), numbered(0, 3); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Files larger than a chunk, with records across the chunks' ends, and one value that is
// larger than a chunk.
func TestReadLargeFiles(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for i := range 5 {
		records := repeat(sampleRecords(t), 700)
		records[i*100] = strings.Replace(small(i), "{", `{"pad":"`+strings.Repeat("x", 200<<10)+`",`, 1)
		writeLog(t, dir, fmt.Sprintf("%d.json.gz", i), records...)
		want = append(want, records...)
	}
	writeFile(t, dir, "9.json", []byte(`{"pad":"`+strings.Repeat("x", 900<<10)+`","Records":[`+small(7)+`]}`))
	want = append(want, small(7))
	s, log := open(t, dir)
	got := readAll(t, s, 64)
	s.Close()
	if !slices.Equal(got, want) {
		t.Errorf("got %d records, want %d, or others", len(got), len(want))
	}
	if log.Len() > 0 {
		t.Errorf("got log %s, want none", log)
	}
}

func TestReadDamaged(t *testing.T) {
	records := repeat(sampleRecords(t), 600)
	text := logText(records...)
	gz := gzipped(t, text)
	corrupt := bytes.Clone(gz)
	for i := range 64 {
		corrupt[len(corrupt)/2+i] ^= 0x55
	}
	f := func(name string, data []byte, message string, min, max int) {
		t.Helper()
		dir := t.TempDir()
		writeLog(t, dir, "a.json", numbered(0, 1)...)
		writeFile(t, dir, name, data)
		writeLog(t, dir, "z.json.gz", numbered(1, 2)...)
		s, log := open(t, dir)
		got := readAll(t, s, 100)
		s.Close()
		if got[0] != small(0) || got[len(got)-1] != small(1) {
			t.Errorf("%s: the other files are not read", name)
		}
		got = got[1 : len(got)-1]
		if len(got) < min || len(got) > max || !slices.Equal(got, records[:len(got)]) {
			t.Errorf("%s: got %d records, want %d to %d", name, len(got), min, max)
		}
		if !strings.Contains(log.String(), message) || !strings.Contains(log.String(), filepath.Join(dir, name)) {
			t.Errorf("%s: got log %s, want %q", name, log, message)
		}
		if c := &s.p.counts; c.Files.Load() != 3 || c.Damaged.Load() != 1 || c.Events.Load() != uint64(len(got)+2) {
			t.Errorf("%s: got metrics %v", name, metricsOf(s))
		}
	}
	f("b.json.gz", corrupt, "file is damaged", 1, 599)
	f("b.json.gz", gz[:len(gz)/2], "the file ends too early", 100, 599)
	f("b.json.gz", gz[:len(gz)-4], "the file ends too early", 599, 600)
	f("b.json.gz", gz[:5], "not a gzip file", 0, 0)
	f("b.json.gz", nil, "not a gzip file", 0, 0)
	f("b.json.gz", []byte(text), "not a gzip file", 0, 0)
	f("b.json", []byte(text[:len(text)/2]), "in the middle of its records", 299, 300)
	f("b.json", []byte("{}"), "no records", 0, 0)
	f("b.json", nil, "the file is empty", 0, 0)
	f("b.json", []byte("\xFF\xFE{\x00"), "UTF-16", 0, 0)
	f("b.json", []byte(`{"pad":"`+strings.Repeat("x", 17<<20)), "the file ends too early", 0, 0)
	f("b.json", []byte(`{"`+strings.Repeat("x", 17<<20)+`":1}`), "larger than 16 MiB", 0, 0)
}

func TestReadUnreadable(t *testing.T) {
	dir := t.TempDir()
	writeLog(t, dir, "a.json", numbered(0, 1)...)
	if err := os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "b.json")); err != nil {
		t.Fatal(err)
	}
	s, log := open(t, dir)
	got := readAll(t, s, 100)
	s.Close()
	if !slices.Equal(got, numbered(0, 1)) || s.p.counts.Unreadable.Load() != 1 || !strings.Contains(log.String(), "b.json") {
		t.Errorf("got %q, %v, log %s", got, metricsOf(s), log)
	}
}

// What does not become an event is counted by its reason, and told in one line each at the end.
func TestReadSkipped(t *testing.T) {
	dir := t.TempDir()
	large := strings.Replace(small(1), "{", `{"pad":"`+strings.Repeat("x", MaxRecord)+`",`, 1)
	for _, name := range []string{"a.json", "b.json"} {
		writeLog(t, dir, name, small(0), `{"eventType":"x"}`, `{"eventTime":"2026-03-04T01:02:03Z"}`, `12`,
			strings.Replace(small(1), "AwsApiCall", "AwsCloudTrailInsight", 1), large, `{"a" 1}`, small(2))
	}
	writeFile(t, dir, "digest.json", []byte(`{"digestStartTime":"2026-03-04T01:02:03Z","logFiles":[]}`))
	s, log := open(t, dir)
	got := readAll(t, s, 100)
	before := log.String()
	s.Close()
	if log.String() != before {
		t.Errorf("told again when closed: %s", log.String()[len(before):])
	}
	if want := []string{small(0), small(2), small(0), small(2)}; !slices.Equal(got, want) {
		t.Errorf("got %d records, want %d", len(got), len(want))
	}
	checkMetrics(t, s, "files_read 3", "files_digest 1", "records_read 4", "records_skipped_no_type 2", "records_skipped_no_time 2",
		"records_skipped_insight 2", "records_skipped_not_json 2", "records_skipped_no_record 2", "records_dropped_too_large 2")
	for _, want := range []string{
		`level=INFO msg="digest files have no records and are passed over" files=1`,
		`level=WARN msg="records without eventType are skipped" records=2 first_in=`,
		`level=WARN msg="records without an eventTime that can be read are skipped" records=2 first_in=`,
		`level=INFO msg="records of CloudTrail Insights are skipped" records=2 first_in=`,
		`level=WARN msg="records that are no JSON are skipped" records=2 first_in=`,
		`level=WARN msg="values that are no records are skipped" records=2 first_in=`,
		`level=WARN msg="records of more than 256 KiB are dropped" records=2 first_in=`,
	} {
		if strings.Count(log.String(), want) != 1 {
			t.Errorf("got log %s, want %q once", log, want)
		}
	}
	if lines := regexp.MustCompile(`first_in=\S*/[ab]\.json\n`).FindAllString(log.String(), -1); len(lines) != 6 {
		t.Errorf("got log %s, want a file in six lines", log)
	}
}

// A stream that is closed before its end tells too.
func TestClosedEarlyTells(t *testing.T) {
	dir := t.TempDir()
	writeLog(t, dir, "a.json", `{"eventType":"x"}`, small(2))
	s, log := open(t, dir)
	b := event.NewBatch(1, event.NewArena(nil, nil))
	for len(b.Events) == 0 {
		if err := s.Next(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
	b.Release()
	s.Close()
	if want := "records without an eventTime"; !strings.Contains(log.String(), want) {
		t.Errorf("got log %s, want %q", log, want)
	}
}

// A record that no buffer can hold is dropped, the rest of its file is read; so is a log
// behind a member that large.
func TestReadHuge(t *testing.T) {
	dir := t.TempDir()
	pad := `"pad":"` + strings.Repeat("x", 20<<20) + `"`
	writeLog(t, dir, "a.json", small(0), `{`+pad+`}`, small(1))
	writeFile(t, dir, "b.json", []byte(`{`+pad+`,`+strings.Replace(logText(small(2)), "{", "", 1)))
	writeFile(t, dir, "c.json", []byte(`{`+pad+`}`+"\n"+small(3)))
	s, log := open(t, dir)
	got := readAll(t, s, 100)
	s.Close()
	if want := numbered(0, 4); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	checkMetrics(t, s, "files_read 3", "records_read 4", "records_skipped_no_record 1", "records_dropped_too_large 1")
	if strings.Contains(log.String(), "damaged") {
		t.Errorf("got log %s", log)
	}
}

// metricsOf returns the metrics of a stream's plugin that are not 0.
func metricsOf(s *stream) (list []string) {
	for _, m := range s.p.Metrics() {
		if m.Bits > 0 {
			list = append(list, fmt.Sprintf("%s %d", m.Name, m.Bits))
		}
	}
	return list
}

func checkMetrics(t *testing.T, s *stream, want ...string) {
	t.Helper()
	if got := metricsOf(s); !slices.Equal(got, want) {
		t.Errorf("got metrics %q, want %q", got, want)
	}
}

func TestEventTime(t *testing.T) {
	dir := t.TempDir()
	writeLog(t, dir, "a.json", small(0), strings.Replace(small(1), "03Z", "03.5+01:00", 1))
	s, _ := open(t, dir)
	defer s.Close()
	b := event.NewBatch(10, event.NewArena(nil, nil))
	for len(b.Events) < 2 {
		if err := s.Next(context.Background(), b); err != nil && err != io.EOF {
			t.Fatal(err)
		}
	}
	if got, want := b.Events[0].Time, uint64(1772586123000000000); got != want {
		t.Errorf("got %d, want %d", got, want)
	}
	if got, want := b.Events[1].Time, uint64(1772586123500000000-3600e9); got != want {
		t.Errorf("got %d, want %d", got, want)
	}
}

func TestProgress(t *testing.T) {
	dir := t.TempDir()
	for i := range 4 {
		writeLog(t, dir, fmt.Sprintf("%d.json", i), numbered(0, 10)...)
	}
	s, _ := open(t, dir)
	defer s.Close()
	progress := s.Source.(event.Progresser).Progress
	if share, text := progress(); share != 0 || text != "0/4 files" {
		t.Errorf("at first: got %v, %q", share, text)
	}
	b := event.NewBatch(1, event.NewArena(nil, nil))
	before := 0.0
	for {
		err := s.Next(context.Background(), b)
		b.Release()
		share, _ := progress()
		if share < before || share > 1 {
			t.Errorf("got %v after %v", share, before)
		}
		before = share
		if err == io.EOF {
			break
		}
	}
	if share, text := progress(); share != 1 || text != "4/4 files" {
		t.Errorf("at the end: got %v, %q", share, text)
	}
}

// A stream can be closed at any time, and Next returns soon when its context is done.
func TestStop(t *testing.T) {
	dir := t.TempDir()
	for i := range 8 {
		writeLog(t, dir, fmt.Sprintf("%d.json.gz", i), repeat(sampleRecords(t), 3000)...)
	}
	for n := range 4 {
		s, _ := open(t, dir)
		b := event.NewBatch(100, event.NewArena(nil, nil))
		ctx, cancel := context.WithCancel(context.Background())
		for range n {
			if err := s.Next(ctx, b); err != nil {
				t.Fatal(err)
			}
			b.Release()
		}
		cancel()
		if err := s.Next(ctx, b); err != nil {
			t.Errorf("context is done: got %v, want no error", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		b.Release()
	}
}

func TestOpenErrors(t *testing.T) {
	f := func(params, want string) {
		t.Helper()
		_, err := New().(sdk.Sourcer).Open(params)
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", params, err, want)
		}
	}
	dir := t.TempDir()
	f("", "cloudtrail plugin error: missing input directory argument")
	f("/does/not/exist", "cloudtrail plugin error: cannot open /does/not/exist")
	f(dir, "cloudtrail plugin error: no json files found in "+dir)
	writeFile(t, dir, "log.txt", nil)
	f(dir, "cloudtrail plugin error: no json files found in "+dir)
	f(dir+"/log.txt", "cloudtrail plugin error: no json files found in "+dir+"/log.txt")
	f("s3:///logs", `cloudtrail plugin error: cannot open s3:///logs: "s3:///logs" names no bucket`)
	f("sqs://", "cloudtrail plugin error: cannot open sqs://: it names no queue")
}
