// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"testing"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// A plugin with constant strings, and keys as arguments.
type constants struct{}

func (constants) Info() sdk.Info { return sdk.Info{Name: "constants", Version: "1.0.0"} }

func (constants) Fields() []abi.FieldInfo {
	list := make([]abi.FieldInfo, 13)
	for i := range list {
		list[i] = abi.FieldInfo{Name: fmt.Sprint("c.", i), Type: abi.String, Desc: "constant"}
	}
	list[12].Arg = abi.FieldArg{Key: true, Index: true}
	return list
}

func (constants) Extract(e *event.Event, req *sdk.Request, out *event.Value, _ *event.Arena) error {
	if req.ByIndex && req.HasArg {
		*out = sdk.Bytes(e.Data[req.Index:])
	} else if req.HasArg {
		*out = sdk.String(req.Key)
	} else {
		*out = sdk.String("a constant of some length")
	}
	return nil
}

func TestMain(m *testing.M) {
	Export(func() sdk.Plugin { return constants{} }, []Symbols{Extraction})
	os.Exit(m.Run())
}

// What the host passes in, in Go: the layout of plugin_abi.h.
type (
	hostEvent struct {
		blob   unsafe.Pointer
		num    uint64
		source unsafe.Pointer
	}
	hostField struct {
		res        unsafe.Pointer
		resLen     uint64
		id         uint32
		_, key     unsafe.Pointer
		index      uint64
		argPresent uint32
		_, _       uint32
	}
	hostInput struct {
		owner, ownerError unsafe.Pointer
		n                 uint32
		fields            *hostField
		reader            [4]unsafe.Pointer
		readerExt         unsafe.Pointer
		offsets           unsafe.Pointer
	}
)

// call is a host that asks a state for fields.
type call struct {
	t      testing.TB
	state  unsafe.Pointer
	event  hostEvent
	fields []hostField
	input  hostInput
}

func newCall(t testing.TB, ids ...uint32) *call {
	s, rc := Init(nil)
	if rc != abi.Success {
		t.Fatalf("init: %s", goString(LastError(s)))
	}
	t.Cleanup(func() { Destroy(s) })
	e := event.Event{Type: abi.PluginEvent, Data: []byte("payload")}
	c := &call{t: t, state: s, event: hostEvent{blob: unsafe.Pointer(unsafe.SliceData(e.AppendBlob(nil))), num: 1}}
	for _, id := range ids {
		c.fields = append(c.fields, hostField{id: id, index: ^uint64(0)})
	}
	c.input.n, c.input.fields = uint32(len(ids)), unsafe.SliceData(c.fields)
	return c
}

func (c *call) do() int32 {
	return Extract(c.state, unsafe.Pointer(&c.event), unsafe.Pointer(&c.input))
}

// text returns the value of field i.
func (c *call) text(i int) string {
	if c.fields[i].resLen != 1 {
		c.t.Fatalf("field %d has %d values, want 1", i, c.fields[i].resLen)
	}
	return goString(*(*unsafe.Pointer)(c.fields[i].res))
}

func TestExtractAllocatesNothing(t *testing.T) {
	c := newCall(t, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	n := testing.AllocsPerRun(1000, func() {
		if rc := c.do(); rc != abi.Success {
			t.Fatalf("got %d: %s", rc, goString(LastError(c.state)))
		}
	})
	if n != 0 {
		t.Errorf("got %v allocations per call, want 0", n)
	}
	if got, want := c.text(11), "a constant of some length"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Values that are parts of the event tell their place in it.
func TestPlaces(t *testing.T) {
	c := newCall(t, 12)
	c.fields[0].argPresent, c.fields[0].index = 1, 3
	var offsets struct{ start, length *uint32 }
	c.input.offsets = unsafe.Pointer(&offsets)
	if rc := c.do(); rc != abi.Success {
		t.Fatal(goString(LastError(c.state)))
	}
	if *offsets.start != abi.PayloadOffset+3 || *offsets.length != 4 {
		t.Errorf("got %d+%d, want %d+4", *offsets.start, *offsets.length, abi.PayloadOffset+3)
	}
	c.fields[0].argPresent = 0
	c.do()
	if *offsets.start != 0 || *offsets.length != 0 {
		t.Errorf("a constant: got %d+%d", *offsets.start, *offsets.length)
	}
}

// The host may use the memory of a key for another key; the plan must follow.
func TestPlanFollowsKeys(t *testing.T) {
	c := newCall(t, 12)
	key := []byte("some key\x00")
	c.fields[0].argPresent, c.fields[0].key = 1, unsafe.Pointer(&key[0])
	for _, want := range []string{"some key", "same key", "same", "", "some key", "x"} {
		key[copy(key, want)] = 0
		if rc := c.do(); rc != abi.Success {
			t.Fatalf("%q: got %d: %s", want, rc, goString(LastError(c.state)))
		}
		if got := c.text(0); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	next := func() {
		key[0]++
		if key[0] > 'h' {
			key[0] = 'a'
		}
		c.do()
	}
	for range 10 {
		next()
	}
	n := testing.AllocsPerRun(100, next)
	if n != 0 {
		t.Errorf("got %v allocations per call with known keys, want 0", n)
	}
}

func TestPlanCacheIsBounded(t *testing.T) {
	c := newCall(t, 12)
	c.fields[0].argPresent = 1
	for i := range uint64(3 * maxPlans) {
		key := []byte(fmt.Sprint(i, "\x00"))
		c.fields[0].key = unsafe.Pointer(&key[0])
		c.do()
		if got, want := c.text(0), strconv.FormatUint(i, 10); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	if n := len(states.get(c.state).plans.byHash); n > maxPlans {
		t.Errorf("got %d plans, want at most %d", n, maxPlans)
	}
}

func TestBadCalls(t *testing.T) {
	f := func(what string, change func(c *call)) {
		t.Helper()
		c := newCall(t, 0)
		change(c)
		if rc := c.do(); rc != abi.Failure {
			t.Errorf("%s: got %d, want a failure", what, rc)
		}
		if goString(LastError(c.state)) == "" {
			t.Errorf("%s: there is no error text", what)
		}
	}
	f("unknown field", func(c *call) { c.fields[0].id = 13 })
	f("unknown field, far off", func(c *call) { c.fields[0].id = ^uint32(0) })
	f("argument that the field does not take", func(c *call) { c.fields[0].argPresent = 1 })
	f("event of another kind", func(c *call) { *(*uint16)(unsafe.Add(c.event.blob, 20)) = 1 })
	f("event with wrong parameters", func(c *call) { *(*uint32)(unsafe.Add(c.event.blob, 22)) = 9 })
	f("event with a wrong length", func(c *call) { *(*uint32)(unsafe.Add(c.event.blob, 30)) = 99 })
	f("event that is too short", func(c *call) { *(*uint32)(unsafe.Add(c.event.blob, 16)) = 25 })
}

func TestManyStates(t *testing.T) {
	list := make([]unsafe.Pointer, 300)
	for i := range list {
		s, rc := Init(nil)
		if rc != abi.Success {
			t.Fatal(goString(LastError(s)))
		}
		list[i] = s
	}
	for _, s := range list {
		Destroy(s)
	}
	s, _ := Init(nil)
	defer Destroy(s)
	if n := len(*states.list.Load()); n > 301 {
		t.Errorf("got %d places for states, want those of destroyed states used again", n)
	}
}

// Oracle: extraction succeeds just if the bytes are an event, and never writes a value
// otherwise. The length in the header is made true: the host vouches for it.
func FuzzExtractEvent(f *testing.F) {
	for _, e := range []event.Event{
		{Type: abi.PluginEvent},
		{Type: abi.PluginEvent, Data: []byte("payload")},
		{Type: abi.AsyncEvent, Name: "name", Data: []byte("payload")},
	} {
		f.Add(e.AppendBlob(nil))
	}
	f.Add(make([]byte, abi.HeaderSize))
	f.Fuzz(func(t *testing.T, blob []byte) {
		if len(blob) < abi.HeaderSize {
			return
		}
		binary.LittleEndian.PutUint32(blob[16:], uint32(len(blob)))
		c := newCall(t, 0)
		c.event.blob = unsafe.Pointer(&blob[0])
		c.fields[0].resLen = 3
		var e event.Event
		want, values := abi.Success, uint64(1)
		if e.Decode(blob) != nil {
			want, values = abi.Failure, 0
		}
		if rc := c.do(); rc != want || c.fields[0].resLen != values {
			t.Errorf("got %d and %d values, want %d and %d", rc, c.fields[0].resLen, want, values)
		}
		text := EventToString(c.state, unsafe.Pointer(&c.event))
		if text != nil {
			t.Errorf("got text %q from a plugin that has none", goString(text))
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	c := newCall(b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	for b.Loop() {
		c.do()
	}
}

func BenchmarkExtractOne(b *testing.B) {
	c := newCall(b, 0)
	for b.Loop() {
		c.do()
	}
}
