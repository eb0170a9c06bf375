// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/cbuild"
)

// numbers are the payloads "0", "1"... that the source plugin makes.
func numbers(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprint(i))
	}
	return list
}

func TestStreams(t *testing.T) {
	p := start(t, load(t, "source.c"), "")
	malformed := "malformed plugin event produced by plugin: 'source'"
	f := func(params string, want []string, wantErr string) {
		t.Helper()
		for _, size := range []int{1, 7, 128} {
			got, err := drain(t, p, openStream(t, p, params), size)
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%s in batches of %d: %d events %.80v, want %d %.80v", params, size, len(got), got, len(want), want)
			}
			if text := fmt.Sprint(err); text != wantErr {
				t.Errorf("%s in batches of %d ends with %q, want %q", params, size, text, wantErr)
			}
		}
	}
	ends := "<nil>"
	f("count:0", nil, ends)
	f("count:1000", numbers(1000), ends)
	f("batch:0", nil, ends)
	f("batch:1", numbers(1), ends)
	f("batch:300", numbers(300), ends) // events and EOF in one call, more than a batch holds
	f("timeout:20", numbers(20), ends)
	f("idle:5", nil, ends)
	f("size:0", []string{""}, ends)
	f("size:100000", []string{strings.Repeat("a", 100000)}, ends)
	f("size:3000000", []string{strings.Repeat("a", 3000000)}, ends)
	f("shifted:40", strings.Fields(strings.Repeat("odd ", 40)), ends)
	f("fail:0", nil, "plugin source: next batch: the source broke")
	f("fail:200", numbers(200), "plugin source: next batch: the source broke")
	f("odd:3", numbers(3), "plugin source: next batch: odd")
	f("empty:0", nil, "unexpected 0 size event returned by plugin source")
	f("id:901", nil, "unexpected plugin ID in plugin event: plugin='source', expected_id=902, actual_id=901")
	f("type:1", nil, malformed)
	f("async:0", nil, malformed)
	f("params:3", nil, malformed)
	f("lens:4000000000", nil, malformed)
	f("lens:0", nil, malformed)
	f("len:0", nil, malformed)
	f("len:37", nil, malformed)
	f("len:4294967295", nil, "plugin source: next batch: an event of 4294967295 bytes is larger than the limit of 268435456")
	f("null:0", numbers(1), malformed)
	f("nulls:0", nil, malformed)
	f("many:4294967295", nil, "plugin source: next batch: 4294967295 events in one batch are too many")
	f("error:0", nil, "plugin source: next batch: "+strings.Repeat("x", 1023))

	var grow []string
	for i := range 200 {
		grow = append(grow, strings.Repeat(string(rune('a'+i%26)), max(i*1000, 1)))
	}
	f("grow:200", grow, ends)

	params, err := p.OpenParams()
	if err != nil || len(params) != 2 || params[1].Value != "0" {
		t.Errorf("open params are %+v, %v; want 0 errors asked for without a failure", params, err)
	}
}

func TestOpenFails(t *testing.T) {
	p := start(t, load(t, "source.c"), "")
	for _, params := range []string{"open:0", "openh:0"} {
		_, err := p.Open(params)
		if want := "plugin source: open: this source does not open"; err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", params, err, want)
		}
	}
}

func TestAnEndedStreamStaysEnded(t *testing.T) {
	p := start(t, load(t, "source.c"), "")
	b := newBatch(t, p, 8)
	s := openStream(t, p, "batch:2")
	for range 3 {
		if err := s.Next(context.Background(), b); !errors.Is(err, io.EOF) || len(b.Events) != 2 {
			t.Fatalf("%d events and %v, want 2 and EOF", len(b.Events), err)
		}
	}
}

func TestNothingIsReadWhenTheContextIsDone(t *testing.T) {
	p := start(t, load(t, "source.c"), "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := newBatch(t, p, 8)
	if err := openStream(t, p, "count:5").Next(ctx, b); err != nil || len(b.Events) != 0 {
		t.Errorf("%d events and %v, want nothing", len(b.Events), err)
	}
}

// A plugin that brings one event per call waits for the next one in that call: the event
// it has brought is not kept back for it. Only a quick one is called again at once.
func TestSlowCallsAreNotRepeated(t *testing.T) {
	p := start(t, load(t, "source.c"), "")
	b := newBatch(t, p, 128)
	s := openStream(t, p, "count:1000")
	for i := range 3 {
		if err := s.Next(context.Background(), b); err != nil {
			t.Fatal(err)
		}
		if len(b.Events) != i+1 {
			t.Fatalf("%d events after %d calls of a new stream", len(b.Events), i+1)
		}
	}
}

func TestProgress(t *testing.T) {
	p := start(t, load(t, "source.c"), "")
	s := openStream(t, p, "count:9")
	b := newBatch(t, p, 1)
	pr, ok := s.(event.Progresser)
	if !ok {
		t.Fatal("the stream does not tell its progress")
	}
	for _, want := range []string{"25.50%", "1 events"} {
		if share, text := pr.Progress(); share != 0.255 || text != want {
			t.Errorf("progress is %v %q, want 0.255 %q", share, text, want)
		}
		if err := s.Next(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := openStream(t, start(t, load(t, "strict.c"), ""), "").(event.Progresser); ok {
		t.Error("a stream without get_progress tells progress")
	}
}

func TestEventLimit(t *testing.T) {
	m, err := Open(cbuild.Library(t, "source.c"), nil, Options{MaxEvent: 100})
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, m, "")
	got, err := drain(t, p, openStream(t, p, "size:62"), 1)
	if err != nil || len(got) != 1 {
		t.Errorf("%d events, %v", len(got), err)
	}
	if _, err = drain(t, p, openStream(t, p, "size:63"), 1); err == nil {
		t.Error("an event of 101 bytes is accepted")
	}
}

// Batches stay valid when the stream, and the state, are closed.
func TestBatchOutlivesItsStream(t *testing.T) {
	p, err := load(t, "source.c").New("")
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Open("batch:3")
	if err != nil {
		t.Fatal(err)
	}
	b := newBatch(t, p, 8)
	if err := s.Next(context.Background(), b); !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if err := errors.Join(s.Close(), p.Close()); err != nil {
		t.Fatal(err)
	}
	for i := range b.Events {
		if string(b.Events[i].Data) != fmt.Sprint(i) {
			t.Errorf("event %d is %q", i, b.Events[i].Data)
		}
	}
	if s.Close() == nil || p.Close() == nil {
		t.Error("closing twice is no error")
	}
}
