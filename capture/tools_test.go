// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gyr-dev/gyr/event"
)

var bg = context.Background()

func bytesReader(t *testing.T, file []byte) *Reader {
	t.Helper()
	r, err := NewBytesReader("f", file, ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// into runs f with a writer and returns what it wrote.
func into(t *testing.T, f func(w *Writer) error) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := NewWriter(&file, WriterOptions{Header: testHeader})
	if err != nil {
		t.Fatal(err)
	}
	if err := f(w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := walk(file.Bytes()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestMerge(t *testing.T) {
	f := func(want string, captures ...[]event.Event) {
		t.Helper()
		var rs []*Reader
		for _, c := range captures {
			rs = append(rs, bytesReader(t, write(t, WriterOptions{}, c...)))
		}
		file := into(t, func(w *Writer) error { return Merge(bg, w, rs...) })
		if got := strings.Join(short(mustRead(t, file, ReaderOptions{})), " "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	list := func(letters string, times ...uint64) []event.Event {
		var l []event.Event
		for i, at := range times {
			l = append(l, plugin(3, at, letters[i:i+1]))
		}
		return l
	}
	f("")
	f("", nil, nil)
	f("a b c", list("abc", 1, 2, 3))
	f("a x b y c", list("abc", 1, 3, 5), list("xy", 2, 4))
	f("a b x y", list("ab", 7, 7), list("xy", 7, 7))
	f("x a b y", list("ab", 5, 1), list("xy", 4, 6)) // b's time is early: it stays behind a
	f("u a x", list("a", 2), list("x", 3), list("u", 1))
	var long []event.Event
	for i := range 2000 {
		long = append(long, plugin(3, uint64(i), "l"))
	}
	f(strings.Repeat("l ", 1001)+"x"+strings.Repeat(" l", 999), long, list("x", 1000))
}

func TestMergeState(t *testing.T) {
	a := write(t, WriterOptions{Initial: []event.Event{async(3, 50, "dumpA", "")}}, plugin(3, 10, "a"))
	b := write(t, WriterOptions{Initial: []event.Event{async(4, 60, "dumpB", "")}}, plugin(4, 5, "b"))
	file := into(t, func(w *Writer) error {
		return Merge(bg, w, bytesReader(t, a), bytesReader(t, b))
	})
	if diff := cmp.Diff([]string{"dumpA state", "dumpB state", "b", "a"}, short(mustRead(t, file, ReaderOptions{}))); diff != "" {
		t.Error(diff)
	}
	bad := bytesReader(t, append(append([]byte{}, a...), make([]byte, 12)...))
	w, err := NewWriter(&bytes.Buffer{}, WriterOptions{Header: testHeader})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	var fe *FormatError
	if err := Merge(bg, w, bad); !errors.As(err, &fe) {
		t.Errorf("a malformed capture merges with error %v", err)
	}
}

func TestEach(t *testing.T) {
	in := write(t, WriterOptions{Initial: []event.Event{async(3, 1, "dump", "")}}, plugin(3, 1, "one"), plugin(3, 2, "two"), async(3, 3, "three", ""))
	stop := errors.New("enough")
	n := 0
	err := Each(bg, bytesReader(t, in), func(b *event.Batch) error {
		if n += len(b.Events); !b.StateOnly {
			return stop
		}
		return nil
	})
	if err != stop || n != 4 {
		t.Errorf("saw %d events, error %v", n, err)
	}
	ctx, cancel := context.WithCancel(bg)
	cancel()
	if err := Each(ctx, bytesReader(t, in), func(*event.Batch) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after cancel", err)
	}
}

func TestConvert(t *testing.T) {
	lines := `{"eventTime":"2024-01-02T03:04:05Z","n":1}

{"timestamp":1704164646,"n":2}
{"ts":1704164647250,"n":3}
{"time":"yesterday","n":4}
{"timestamp":1704164648.5}
["no object"]`
	var st ConvertStats
	file := into(t, func(w *Writer) (err error) {
		st, err = Convert(bg, "x.jsonl", strings.NewReader(lines), w, ConvertOptions{PluginID: 2})
		return err
	})
	var times []uint64
	for _, e := range mustRead(t, file, ReaderOptions{}) {
		times = append(times, e.Time)
		if e.ID != 2 || !strings.Contains(lines, e.Data) {
			t.Errorf("event %+v", e)
		}
	}
	want := []uint64{1704164645e9, 1704164646e9, 170416464725e7, 170416464725e7, 17041646485e8, 17041646485e8}
	if diff := cmp.Diff(want, times); diff != "" {
		t.Error(diff)
	}
	if st != (ConvertStats{Lines: 7, Events: 6, Untimed: 2}) {
		t.Errorf("stats %+v", st)
	}
	f := func(lines, want string, o ConvertOptions) {
		t.Helper()
		w, err := NewWriter(&bytes.Buffer{}, WriterOptions{Header: testHeader})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if _, err := Convert(bg, "x.jsonl", strings.NewReader(lines), w, o); err == nil && want != "" || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q", lines, err, want)
		}
	}
	f("{}\n{bad}\n", "x.jsonl:2: line is not valid JSON", ConvertOptions{})
	f("{}\n{bad}\n", "", ConvertOptions{Any: true})
	f("{}\n"+strings.Repeat(" ", 200000), "x.jsonl:2: bufio.Scanner: token too long", ConvertOptions{MaxLine: 100000})
}

func TestInfo(t *testing.T) {
	o := WriterOptions{Gzip: true, Plugins: testPlugins, Initial: []event.Event{async(3, 90, "dump", "")}}
	file := write(t, o, plugin(3, 100, "abc"), plugin(2, 300, "de"), async(3, 200, "tick", "x"), plugin(77, 150, ""))
	path := filepath.Join(t.TempDir(), "f.scap")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	share := 0.0
	in, err := ReadInfo(bg, path, func(s float64) { share = s })
	if err != nil {
		t.Fatal(err)
	}
	want := &Info{
		File: path, Size: int64(len(file)), Unpacked: int64(len(gunzip(t, file))), Packed: true, Captures: 1,
		Machine: &testHeader.Machine, Recorded: testPlugins, Events: 5, State: 1, First: 90, Last: 300,
		Plugins: []PluginInfo{
			{ID: 2, Name: "cloudtrail", Source: "aws_cloudtrail", Events: 1, Bytes: 2, First: 300, Last: 300},
			{ID: 3, Name: "dummy", Source: "dummy", Events: 3, Async: 2, Bytes: 4, First: 90, Last: 200},
			{ID: 77, Events: 1, First: 150, Last: 150},
		},
	}
	if diff := cmp.Diff(want, in, cmpopts.IgnoreUnexported(Info{})); diff != "" {
		t.Error(diff)
	}
	if share != 1 {
		t.Errorf("progress ends at %v", share)
	}
	text := in.Text()
	for _, w := range []string{"gzip", "5 (1 state), 0 not from plugins", "plugin 2:", "cloudtrail, source aws_cloudtrail: 1 events", "recorded by", "dummy 0.11.5 (ID 3", "plugin 77:", "unknown"} {
		if !strings.Contains(text, w) {
			t.Errorf("text has no %q:\n%s", w, text)
		}
	}
	if _, err := json.Marshal(in); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, file[:len(file)-30], 0o600); err != nil {
		t.Fatal(err)
	}
	if in, err = ReadInfo(bg, path, nil); err != nil || in.Tail == nil || !strings.Contains(in.Text(), "truncated") {
		t.Errorf("of a cut file: %+v, error %v", in, err)
	}
	if _, err := ReadInfo(bg, path+".no", nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of no file: error %v", err)
	}
}
