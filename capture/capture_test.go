// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

func TestMain(m *testing.M) {
	if recordAndDie() {
		return
	}
	goleak.VerifyTestMain(m)
}

var testHeader = &Header{
	Machine:    Machine{CPUs: 4, Memory: 8 << 30, MaxPID: 32768, Hostname: "box", BootTime: 1_700_000_000_000_000_000},
	Interfaces: []Interface{{Name: "eth0", Addr: prefix("10.1.2.3/20"), Speed: 1000}, {Name: "lo", Addr: prefix("::1/128")}},
	Users:      []User{{UID: 0, GID: 0, Name: "root", Home: "/root", Shell: "/bin/sh"}},
	Groups:     []Group{{GID: 0, Name: "root"}},
}

var testPlugins = []Plugin{{ID: 3, Name: "dummy", Version: "0.11.5", Source: "dummy", ConfigDigest: ConfigDigest("{}")}}

// got is what a test sees of an event.
type got struct {
	Source string
	State  bool
	Num    uint64
	Time   uint64
	ID     uint32
	Type   uint16
	Name   string
	Data   string
}

func plugin(id uint32, time uint64, data string) event.Event {
	return event.Event{Time: time, PluginID: id, Type: abi.PluginEvent, Data: []byte(data)}
}

func async(id uint32, time uint64, name, data string) event.Event {
	return event.Event{Time: time, PluginID: id, Type: abi.AsyncEvent, Name: name, Data: []byte(data)}
}

// write returns a capture with the events.
func write(t testing.TB, o WriterOptions, events ...event.Event) []byte {
	t.Helper()
	var file bytes.Buffer
	if o.Header == nil {
		o.Header = testHeader
	}
	w, err := NewWriter(&file, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		if err := w.Write("any", &events[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// readers are the ways into a capture; all must behave the same.
var readers = map[string]func(data []byte, o ReaderOptions) (*Reader, error){
	"bytes":  func(d []byte, o ReaderOptions) (*Reader, error) { return NewBytesReader("f", d, o) },
	"stream": func(d []byte, o ReaderOptions) (*Reader, error) { return NewReader("f", bytes.NewReader(d), o) },
	"trickle": func(d []byte, o ReaderOptions) (*Reader, error) {
		return NewReader("f", io.MultiReader(bytes.NewReader(d[:len(d)/3]), &oneByte{d[len(d)/3:]}), o)
	},
}

// oneByte gives a byte per read.
type oneByte struct{ rest []byte }

func (o *oneByte) Read(p []byte) (int, error) {
	if len(o.rest) == 0 {
		return 0, io.EOF
	}
	p[0], o.rest = o.rest[0], o.rest[1:]
	return 1, nil
}

// drain reads all events and the error that ends them, nil for io.EOF.
func drain(r *Reader) ([]got, error) {
	var all []got
	b := event.NewBatch(7, event.NewArena(nil, nil))
	for {
		err := r.Next(context.Background(), b)
		for i := range b.Events {
			e := &b.Events[i]
			all = append(all, got{b.Source, b.StateOnly, e.Num, e.Time, e.PluginID, e.Type, e.Name, string(e.Data)})
		}
		b.Release()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
	}
}

// read drains a capture by all ways and checks that they agree.
func read(t testing.TB, data []byte, o ReaderOptions) ([]got, error, *Reader) {
	t.Helper()
	var events []got
	var first error
	var reader *Reader
	for _, way := range []string{"bytes", "stream", "trickle"} {
		r, err := readers[way](data, o)
		var ev []got
		if err == nil {
			ev, err = drain(r)
		}
		if way != "bytes" {
			if diff := cmp.Diff(events, ev); diff != "" {
				t.Fatalf("%s differs from bytes:\n%s", way, diff)
			}
			if fmt.Sprint(first) != fmt.Sprint(err) {
				t.Fatalf("%s: got error %v, bytes had %v", way, err, first)
			}
		} else {
			events, first, reader = ev, err, r
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return events, first, reader
}

func mustRead(t testing.TB, data []byte, o ReaderOptions) []got {
	t.Helper()
	events, err, _ := read(t, data, o)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

var packings = map[string]WriterOptions{"plain": {}, "gzip": {Gzip: true}}

func TestRoundTrip(t *testing.T) {
	for name, o := range packings {
		t.Run(name, func(t *testing.T) {
			o.Plugins = testPlugins
			big := string(bytes.Repeat([]byte("0123456789abcdef"), 40<<10)) // 640 KiB
			file := write(t, o, plugin(3, 10, "a"), plugin(3, 11, ""), async(3, 12, "tick", "x\x00y"),
				plugin(3, 13, big), plugin(3, 9, "late"))
			want := []got{
				{"dummy", false, 1, 10, 3, 322, "", "a"}, {"dummy", false, 2, 11, 3, 322, "", ""},
				{"dummy", false, 3, 12, 3, 402, "tick", "x\x00y"}, {"dummy", false, 4, 13, 3, 322, "", big},
				{"dummy", false, 5, 9, 3, 322, "", "late"},
			}
			events, err, r := read(t, file, ReaderOptions{})
			if err != nil || r.Tail() != nil {
				t.Fatalf("error %v, tail %v", err, r.Tail())
			}
			if diff := cmp.Diff(want, events); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(testPlugins, r.Plugins()); diff != "" {
				t.Error(diff)
			}
			if m, ok := r.Machine(); !ok || m != testHeader.Machine {
				t.Errorf("machine is %+v, want %+v", m, testHeader.Machine)
			}
		})
	}
}

// A big capture crosses chunks at every kind of place; batches stay valid until released,
// in any order, and after Close.
func TestBatchesOutliveReader(t *testing.T) {
	var events []event.Event
	for i := range 3000 {
		events = append(events, plugin(3, uint64(i), fmt.Sprintf("%06d%s", i, bytes.Repeat([]byte{'.'}, i%700))))
	}
	file := write(t, WriterOptions{}, events...)
	r, err := NewReader("f", bytes.NewReader(file), ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var batches []*event.Batch
	for err == nil {
		b := event.NewBatch(100, event.NewArena(nil, nil))
		err = r.Next(context.Background(), b)
		batches = append(batches, b)
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, b := range batches {
		for i := range b.Events {
			if want := string(events[n].Data); string(b.Events[i].Data) != want {
				t.Fatalf("event %d is %.20q, want %.20q", n, b.Events[i].Data, want)
			}
			n++
		}
	}
	if n != len(events) {
		t.Fatalf("got %d events, want %d", n, len(events))
	}
	for _, b := range batches {
		b.Release()
	}
	if k := len(r.in.pool.idle); k == 0 {
		t.Error("no chunk came back to the pool")
	}
}
