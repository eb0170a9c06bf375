// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// seeds adds the committed corpus and one file of every kind.
func seeds(f *testing.F) {
	f.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "malformed", "*.scap"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		if data, err := os.ReadFile(path); err != nil {
			f.Fatal(err)
		} else if len(data) < 4096 {
			f.Add(data)
		}
	}
	for _, o := range packings {
		o.Plugins = testPlugins
		o.Initial = []event.Event{async(3, 1, "dump", "")}
		f.Add(write(f, o, plugin(3, 1, "a"), async(3, 2, "tick", "b"), plugin(4, 3, "")))
	}
	f.Add(append(section(), block(typeEventFlags, cpu, flag1, old(plugin(3, 1, "a"), 2))...))
}

// FuzzReader reads any bytes. It never panics; what it hands out lies within the file and
// is well formed: every event has the numbers that its blob has, and numbers count up
// within a section. The end is io.EOF or a FormatError within the file.
func FuzzReader(f *testing.F) {
	seeds(f)
	r := &Reader{o: ReaderOptions{MaxBlock: 1 << 20}}
	b := event.NewBatch(64, event.NewArena(nil, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		if isGzip(data) && len(data) > 512 {
			data = data[:512] // large bombs are for TestPackedClaim
		}
		err := r.ResetBytes("f", data)
		if err == nil {
			err = drainChecked(t, r, b, data)
		}
		var fe *FormatError
		switch {
		case errors.Is(err, io.EOF):
		case !errors.As(err, &fe):
			t.Fatalf("unexpected error %v", err)
		case fe.Offset < 0 || !fe.Packed && fe.Offset > int64(len(data)) || fe.Reason == "":
			t.Fatalf("error %+v for %d bytes", fe, len(data))
		}
		if tail := r.Tail(); tail != nil && !r.Packed() && tail.Offset+tail.Rest != int64(len(data)) {
			t.Fatalf("tail %+v of %d bytes", tail, len(data))
		}
	})
}

func drainChecked(t *testing.T, r *Reader, b *event.Batch, data []byte) error {
	t.Helper()
	total := 0
	for {
		err := r.Next(context.Background(), b)
		for i := range b.Events {
			e := &b.Events[i]
			n := abi.PayloadOffset + len(e.Data)
			if e.IsAsync() {
				n = abi.AsyncNameOffset + len(e.Name) + 1 + len(e.Data)
			}
			if len(e.Blob) != n || le.Uint64(e.Blob) != e.Time || le.Uint16(e.Blob[20:]) != e.Type || e.Num == 0 {
				t.Fatalf("event %+v", e)
			}
			if total += len(e.Blob); !r.Packed() && total > 2*len(data) { // v1 events grow
				t.Fatalf("%d bytes of events in a file of %d", total, len(data))
			}
		}
		b.Release()
		if err != nil {
			return err
		}
	}
}

// FuzzRoundTrip writes events made from the input and reads them back: they must be equal,
// whatever the writer's options, and independent code must find the file well formed.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("\x01\x05hello\x02\x03abc"), uint16(64), false)
	f.Add([]byte("\x81\x05hello\x00\x00\x84\x00"), uint16(0), true)
	f.Add(bytes.Repeat([]byte("\x03\xf0payload"), 300), uint16(1), true)
	f.Fuzz(func(t *testing.T, data []byte, flush uint16, packed bool) {
		events := eventsOf(data)
		o := WriterOptions{Gzip: packed, FlushBytes: int(flush) + 1, Header: testHeader, Plugins: testPlugins}
		if len(events) > 2 {
			o.Initial, events = events[:1], events[1:]
		}
		file := write(t, o, events...)
		r, err := NewReader("f", bytes.NewReader(file), ReaderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		back, err := drain(r)
		if err != nil || r.Tail() != nil {
			t.Fatalf("error %v, tail %v", err, r.Tail())
		}
		var want []got
		for i, e := range append(o.Initial[:len(o.Initial):len(o.Initial)], events...) {
			src := map[uint32]string{3: "dummy"}[e.PluginID]
			want = append(want, got{src, i < len(o.Initial), uint64(i + 1), e.Time, e.PluginID, e.Type, e.Name, string(e.Data)})
		}
		if diff := cmp.Diff(want, back); diff != "" {
			t.Fatal(diff)
		}
		if packed {
			file = gunzip(t, file)
		}
		if _, err := walk(file); err != nil {
			t.Fatal(err)
		}
	})
}

// eventsOf makes events of bytes: a byte for type and plugin, one for the length of the
// payload, the payload, eight bytes for the time if there are as many.
func eventsOf(data []byte) []event.Event {
	var events []event.Event
	for len(data) >= 2 && len(events) < 200 {
		head, n := data[0], min(int(data[1]), len(data)-2)
		payload := data[2 : 2+n]
		data = data[2+n:]
		at := uint64(len(data))
		if len(data) >= 8 {
			at = binary.LittleEndian.Uint64(data) &^ (1 << 63)
		}
		if e := plugin(uint32(head&7), at, string(payload)); head&0x80 == 0 {
			events = append(events, e)
		} else {
			events = append(events, async(uint32(head&7), at, "n"+itoa(uint32(head)), string(payload)))
		}
	}
	return events
}
