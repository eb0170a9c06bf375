// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"compress/gzip"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
)

func itoa(n uint32) string { return strconv.Itoa(int(n)) }

// pack packs with the compressor of the standard library.
func pack(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A file may end after any byte: what is whole is read, and the reader says what is not.
func TestCutAnywhere(t *testing.T) {
	all := []event.Event{plugin(3, 1, "first"), async(3, 2, "second", "2"), plugin(3, 3, "third")}
	for name, o := range packings {
		o.Plugins = testPlugins
		file := write(t, o, all...)
		whole := short(mustRead(t, file, ReaderOptions{}))
		last := -1
		for n := range len(file) {
			events, err, r := read(t, file[:n], ReaderOptions{})
			if err != nil {
				t.Fatalf("%s cut at %d: %v", name, n, err)
			}
			if len(events) < last || !cmp.Equal(short(events), whole[:len(events)], nilIsEmpty) {
				t.Fatalf("%s cut at %d: got %q", name, n, short(events))
			}
			last = len(events)
			if r.Tail() == nil && (o.Gzip || !atBlock(file, n)) {
				t.Fatalf("%s cut at %d: the reader says nothing", name, n)
			}
			if tail := r.Tail(); tail != nil && !o.Gzip && tail.Offset+tail.Rest != int64(n) {
				t.Fatalf("%s cut at %d: tail is %+v", name, n, tail)
			}
		}
		if last < len(all)-1 {
			t.Errorf("%s: only %d events before the last byte", name, last)
		}
	}
}

var nilIsEmpty = cmp.Transformer("empty", func(s []string) []string { return append([]string{}, s...) })

// atBlock reports whether a plain capture has a block's end at n.
func atBlock(file []byte, n int) bool {
	at := 0
	for at < n {
		at += int(le.Uint32(file[at+4:]))
	}
	return at == n && n > 0
}

func TestEmptyFiles(t *testing.T) {
	head := write(t, WriterOptions{Header: testHeader})
	f := func(name string, file []byte, want string) {
		t.Helper()
		var log bytes.Buffer
		o := ReaderOptions{Log: slog.New(slog.NewTextHandler(&log, nil))}
		r, err := NewReader("f.scap", bytes.NewReader(file), o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		defer r.Close()
		if events, err := drain(r); len(events) > 0 || err != nil {
			t.Errorf("%s: got %d events, error %v", name, len(events), err)
		}
		if !strings.Contains(log.String(), "no events in file") || !strings.Contains(log.String(), want) {
			t.Errorf("%s: log is %q, want %q in it", name, log.String(), want)
		}
	}
	f("no byte", nil, "the file is empty")
	f("three bytes", head[:3], "expecting block header, read 3 bytes")
	f("header only", head, "no events in file")
	f("within a list", head[:len(head)-20], "Is the file truncated?")
	f("gzip without end", write(t, WriterOptions{Gzip: true})[:150], "truncated")
	f("gzip header", write(t, WriterOptions{Gzip: true})[:5], "truncated")
}

func TestTailInLog(t *testing.T) {
	file := write(t, WriterOptions{}, plugin(3, 1, "a"), plugin(3, 2, "b"))
	var log bytes.Buffer
	r, err := NewBytesReader("f.scap", file[:len(file)-5], ReaderOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if events, err := drain(r); len(events) != 1 || err != nil {
		t.Errorf("got %d events, error %v", len(events), err)
	}
	at := strconv.Itoa(len(file) - (8 + 2 + 39 + 3 + 4))
	for _, want := range []string{"f.scap", "offset=" + at, "expecting event block with 56 bytes, read 51 bytes", "events=1"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log %q has no %q", log.String(), want)
		}
	}
	if s := r.Tail().String(); !strings.HasPrefix(s, "f.scap: offset "+at+": expecting") {
		t.Errorf("tail is %q", s)
	}
}
