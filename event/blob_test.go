// SPDX-License-Identifier: Apache-2.0

package event

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
)

// The form of an event is that of the C interface, byte by byte.
func TestAppendBlob(t *testing.T) {
	f := func(e Event, want string) {
		t.Helper()
		want = strings.ReplaceAll(want, " ", "")
		got := e.AppendBlob([]byte("before"))
		if hex.EncodeToString(got[6:]) != want || string(got[:6]) != "before" {
			t.Errorf("got  %x\nwant %s", got[6:], want)
		}
		if n := e.BlobLen(); n != len(got)-6 {
			t.Errorf("length %d, want %d", n, len(got)-6)
		}
	}
	f(Event{Time: 0x0102030405060708, PluginID: 0x0A0B, Type: abi.PluginEvent, Data: []byte("ab")},
		"0807060504030201 ffffffffffffffff 28000000 4201 02000000 04000000 02000000 0b0a0000 6162")
	f(Event{Time: 1, PluginID: 2, Type: abi.PluginEvent},
		"0100000000000000 ffffffffffffffff 26000000 4201 02000000 04000000 00000000 02000000")
	f(Event{Time: 1, PluginID: 2, Type: abi.AsyncEvent, Name: "n", Data: []byte("d")},
		"0100000000000000 ffffffffffffffff 2d000000 9201 03000000 04000000 02000000 01000000 02000000 6e00 64")
	f(Event{Time: 1, Blob: []byte{1, 2, 3}}, "010203") // as the source had it
}

func TestDecodeRefuses(t *testing.T) {
	le := binary.LittleEndian
	async := Event{Type: abi.AsyncEvent, Name: "name", Data: []byte("data")}
	plugin := Event{Type: abi.PluginEvent, Data: []byte("data")}
	f := func(e Event, why string, change func(b []byte) []byte) {
		t.Helper()
		var got Event
		err := got.Decode(change(e.AppendBlob(nil)))
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("error %v, want one that says %q", err, why)
		}
	}
	for n := range plugin.BlobLen() {
		f(plugin, "", func(b []byte) []byte { return b[:n] })
		f(plugin, "", func(b []byte) []byte { le.PutUint32(b[16:], uint32(n)); return b[:n] })
	}
	f(plugin, "event length 43 does not match its 42 bytes", func(b []byte) []byte { le.PutUint32(b[16:], 43); return b })
	f(plugin, "event type 7 is not a plugin event", func(b []byte) []byte { le.PutUint16(b[20:], 7); return b })
	f(plugin, "event of type 322 has 3 parameters instead of 2", func(b []byte) []byte { le.PutUint32(b[22:], 3); return b })
	f(async, "event of type 402 has 2 parameters instead of 3", func(b []byte) []byte { le.PutUint32(b[22:], 2); return b })
	f(plugin, "has parameter lengths [5 4]", func(b []byte) []byte { b[26] = 5; return b })
	f(plugin, "has parameter lengths [4 5]", func(b []byte) []byte { b[30] = 5; return b })
	f(async, "has parameter lengths [4 4294967295 4]", func(b []byte) []byte { le.PutUint32(b[30:], 1<<32-1); return b })
	f(async, "has parameter lengths [4 4294967295 10]", func(b []byte) []byte { // which is right modulo 2^32
		le.PutUint32(b[30:], 1<<32-1)
		le.PutUint32(b[34:], 4+5+1)
		return b
	})
	f(async, "name of an async event does not end with NUL", func(b []byte) []byte { b[len(b)-len("data")-1] = 'x'; return b })
	f(async, "name of an async event does not end with NUL", func(b []byte) []byte { // no name at all
		le.PutUint32(b[30:], 0)
		le.PutUint32(b[34:], 9)
		return b
	})
}

// reference decodes a blob in the plainest way: ok is false if it is not one event.
func reference(blob []byte) (e Event, ok bool) {
	var head struct {
		Time, Thread uint64
		Len          uint32
		Type         uint16
		Params       uint32
	}
	r := bytes.NewReader(blob)
	if binary.Read(r, binary.LittleEndian, &head) != nil || int(head.Len) != len(blob) {
		return e, false
	}
	var lens []uint32
	switch {
	case head.Type == abi.PluginEvent && head.Params == 2:
		lens = make([]uint32, 2)
	case head.Type == abi.AsyncEvent && head.Params == 3:
		lens = make([]uint32, 3)
	default:
		return e, false
	}
	if binary.Read(r, binary.LittleEndian, lens) != nil || lens[0] != 4 {
		return e, false
	}
	var params [][]byte
	for _, n := range lens {
		if int64(n) > int64(r.Len()) {
			return e, false
		}
		p := make([]byte, n)
		_, _ = r.Read(p)
		params = append(params, p)
	}
	if r.Len() > 0 {
		return e, false
	}
	e = Event{Time: head.Time, Type: head.Type, PluginID: binary.LittleEndian.Uint32(params[0]), Data: params[len(params)-1]}
	if e.IsAsync() {
		name, ended := strings.CutSuffix(string(params[1]), "\x00")
		if !ended {
			return e, false
		}
		e.Name = name
	}
	return e, true
}

// same reports whether two events are the same but for the blob.
func same(a, b *Event) bool {
	return a.Num == b.Num && a.Time == b.Time && a.PluginID == b.PluginID && a.Type == b.Type && a.Name == b.Name && bytes.Equal(a.Data, b.Data)
}

// FuzzDecode: any bytes are decoded exactly if the plain decoder takes them, to the same
// event; what was decoded is written again as the same bytes, but for the thread.
func FuzzDecode(f *testing.F) {
	for _, e := range []Event{
		{Time: 1, PluginID: 2, Type: abi.PluginEvent, Data: []byte("data")},
		{Time: abi.NoTime, PluginID: 2, Type: abi.AsyncEvent, Name: "name", Data: []byte("data")},
		{Type: abi.AsyncEvent},
		{Type: 5},
	} {
		f.Add(e.AppendBlob(nil))
	}
	f.Fuzz(func(t *testing.T, blob []byte) {
		before := bytes.Clone(blob)
		got := Event{Num: 7, Name: "old", Data: []byte("old")}
		err := got.Decode(blob)
		want, ok := reference(blob)
		want.Num = 7
		if ok != (err == nil) {
			t.Fatalf("error %v, but the plain decoder takes it: %v", err, ok)
		}
		if !bytes.Equal(before, blob) {
			t.Fatal("the blob was changed")
		}
		if !ok {
			return
		}
		if !same(&got, &want) || cap(got.Data) != len(got.Data) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
		if again := got.AppendBlob(nil); !bytes.Equal(again, blob) {
			t.Fatalf("with the blob at hand it is written as %x, not as %x", again, blob)
		}
		got.Blob = nil
		again := got.AppendBlob(nil)
		copy(again[8:16], blob[8:16]) // the thread
		if !bytes.Equal(again, blob) || got.BlobLen() != len(blob) {
			t.Fatalf("it is written as %x, not as %x", again, blob)
		}
	})
}

// FuzzBlob: any event is read as it was written.
func FuzzBlob(f *testing.F) {
	f.Add(uint64(1), uint32(2), false, "", []byte("data"))
	f.Add(uint64(abi.NoTime), uint32(0), true, "name", []byte(nil))
	f.Add(uint64(0), uint32(1<<31), true, "a\x00b", []byte{0})
	f.Fuzz(func(t *testing.T, time uint64, id uint32, async bool, name string, data []byte) {
		e := Event{Num: 3, Time: time, PluginID: id, Type: abi.PluginEvent, Data: data}
		if async {
			e.Type, e.Name = abi.AsyncEvent, name
		}
		blob := e.AppendBlob(nil)
		got := Event{Num: 3}
		if err := got.Decode(blob); err != nil || !same(&got, &e) || len(blob) != e.BlobLen() {
			t.Fatalf("%+v is read as %+v, %v", e, got, err)
		}
	})
}

func TestBlobsAllocateNothing(t *testing.T) {
	async := Event{Type: abi.AsyncEvent, Name: "name", Data: []byte("data")}
	blob := async.AppendBlob(nil)
	buf := make([]byte, 0, len(blob))
	var e Event
	n := testing.AllocsPerRun(100, func() {
		if e.Decode(blob) != nil || len(async.AppendBlob(buf)) != len(blob) {
			t.Fatal("not read")
		}
	})
	if n != 0 {
		t.Errorf("%v allocations per event, want none", n)
	}
}
